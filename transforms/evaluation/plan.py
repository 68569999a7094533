"""The protocol as a list of things to estimate: every one of them has its row, whether it can be estimated or not.

Belongs here: groups (arm, family, instrument), outcomes, horizons, subgroups, specifications. Not here: the protocol's file (protocol.py), estimating (run.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from transforms.evaluation.protocol import Protocol

DESIGN: Final = "target_trial"
MAIN: Final = "main"
ALL: Final = "all"
Estimator = Literal["aipw", "entropy"]
AIPW: Final[Estimator] = "aipw"
ENTROPY: Final[Estimator] = "entropy"


@dataclass(frozen=True)
class Specification:
    """One way to run a group. Only `main` answers the protocol's questions; the others say how much hangs on a choice.

    `outcomes` None: all of the plan; else these. `horizons` likewise. `is_always_beside`: the primary question of it stands in every build, the rest with the full run. `is_first_start_only`: a person counts once per arm, family and family of instruments. `cell`: what treated and comparators share.
    """

    name: str = MAIN
    is_first_start_only: bool = True
    without_rsv_later: bool = False
    without_exits: bool = False
    cell: tuple[str, ...] = ("cell",)
    terms: Literal["squares_and_products", "linear"] = "squares_and_products"
    outcome_model: Literal["ridge", "logistic", "boosted"] = "ridge"
    outcomes: tuple[str, ...] | None = None
    horizons: tuple[int, ...] | None = None
    estimators: tuple[Estimator, ...] = (AIPW,)
    is_always_beside: bool = False


@dataclass(frozen=True)
class Group:
    """Treated and comparators that are estimated together. `instruments`: one, or those of a family (cells hold the instrument, so kinds are never compared with each other)."""

    arm: str
    family: str
    instrument: str
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """When a diagnostic passes."""

    largest_difference: float = 0.1
    equipoise: float = 0.2
    largest_weight: float = 0.02
    largest_weight_of_equal: float = 2.0
    comparators_of_treated: float = 1.0
    placebo_in_time: float = 0.05
    placebo_size: tuple[float, float] = (0.02, 0.08)
    smallest_detectable: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a protocol asks for, in the words of `run.py`."""

    protocol_hash: str
    groups: tuple[Group, ...]
    outcomes: tuple[str, ...]
    shares: frozenset[str]  # outcomes that are 0 or 1
    horizons: tuple[int, ...]
    curve_outcomes: tuple[str, ...]
    first_month: int
    last_month: int
    primary: tuple[str, str, str, str, int]  # arm, family, instrument, outcome, horizon
    beside: tuple[str, ...]  # outcomes that stand beside the primary: subgroups are about them
    covariates: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]  # by arm
    placebo_covariates: tuple[str, ...]
    placebo_months: tuple[int, ...]
    subgroups: tuple[str, ...]
    least_treated: int
    least_enterprises: int
    least_effective: float  # these three: of a subgroup
    specifications: tuple[Specification, ...]
    limits: Limits
    least_of_group: int = 30  # treated starts of a whole group
    linear: frozenset[str] = frozenset()  # of the covariates of either kind: those without squares and products
    folds: int = 5
    seed: int = 20170101
    propensity_penalty: float = 1.0
    outcome_penalty: float = 1.0
    moments: int = 1
    tolerance: float = 1e-8
    draws: int = 1000
    placebo_seed: int = 20170101
    band_seed: int = 20170101
    placebo_outcome: str = "employed"
    placebo_horizon: int = 12
    break_even_outcome: str | None = "cumulative_hours"
    inference: Mapping[str, str] = field(default_factory=lambda: {"RO": "jackknife", "RN": "two_way"})
    alpha: float = 0.05
    instrument_families: tuple[tuple[str, tuple[str, ...]], ...] = ()
    registration_outcomes: tuple[str, ...] = ()
    registration_horizon: int = 12
    registration_comparison: str = "not_yet_treated"
    registration_method: str = "doubly_robust"
    registration_magnitudes: tuple[float, ...] = (0.5, 1.0, 2.0)
    registration_breakdown: float = 1.0

    @property
    def main(self) -> Specification:
        """The specification that answers the protocol."""
        return self.specifications[0]

    def outcomes_of(self, specification: Specification) -> tuple[str, ...]:
        """Its outcomes."""
        return self.outcomes if specification.outcomes is None else specification.outcomes

    def horizons_of(self, specification: Specification) -> tuple[int, ...]:
        """Its horizons."""
        return self.horizons if specification.horizons is None else specification.horizons

    def is_primary(self, group: Group, outcome: str, horizon: int) -> bool:
        """Whether this is the one question that the protocol puts first."""
        return (group.arm, group.family, group.instrument, outcome, horizon) == self.primary


# What counts months 13 to 24 is defined at month 24 alone.
LAST_ONLY: Final = {"months_employed_13_24": 24}
STARTS: Final = ("all_starts", "first_starts")
BREAK_EVEN: Final = "break_even_month"


def is_defined(outcome: str, month: int) -> bool:
    """Whether an outcome exists at an event month: what adds up from month 1 on, or counts later months, has no value before."""
    if outcome.startswith("cumulative") or outcome.endswith("_by"):
        return month >= 1
    return month == LAST_ONLY[outcome] if outcome in LAST_ONLY else True


RUNS: Final[dict[str, dict[str, Any]]] = {
    "all_starts": {"is_first_start_only": False},
    "first_starts": {"is_first_start_only": True},
    "without_rsv_later": {"without_rsv_later": True},
    "within_municipality": {"cell": ("cell", "municipality_code")},
    "without_exits": {"without_exits": True},
    "linear_terms": {"terms": "linear"},
    "logistic_outcome": {"outcome_model": "logistic"},
    "boosted_outcome": {"outcome_model": "boosted"},
}


def plan_of(protocol: Protocol) -> Plan:
    """The plan of a protocol."""
    primary, named, limits = protocol.primary, protocol.estimators, protocol.diagnostics
    terms: Any = named.terms
    main = Specification(is_first_start_only=primary.first_start_only, terms=terms, estimators=(AIPW, ENTROPY))
    runs = []
    for name in protocol.sensitivity:
        changed = RUNS[name]
        is_of_primary = "outcome_model" in changed
        only: dict[str, Any] = {"outcomes": (primary.outcome,), "horizons": (primary.horizon,)} if is_of_primary else {}
        run = replace(main, name=name, estimators=(AIPW,), is_always_beside=name in STARTS, **changed, **only)
        runs.append(run)
    return Plan(
        protocol_hash=protocol.sha256,
        groups=tuple(
            groups_of(
                tuple(contrast.name for contrast in protocol.contrasts), protocol.families, protocol.instrument_families
            )
        ),
        outcomes=tuple(outcome.name for outcome in protocol.outcomes),
        shares=frozenset(outcome.name for outcome in protocol.outcomes if outcome.kind == "share"),
        horizons=protocol.horizons.reported,
        curve_outcomes=protocol.horizons.curves,
        first_month=protocol.horizons.first_month,
        last_month=protocol.horizons.last_month,
        break_even_outcome=protocol.horizons.break_even,
        primary=(primary.contrast, primary.family, primary.instrument_family, primary.outcome, primary.horizon),
        beside=(primary.outcome, *primary.beside),
        covariates=protocol.covariates.names,
        linear=frozenset(protocol.covariates.linear_of_both),
        categories=protocol.covariates.categories,
        placebo_covariates=protocol.covariates.placebo,
        placebo_months=tuple(range(protocol.placebo.first_month, protocol.placebo.last_month + 1)),
        subgroups=protocol.subgroups.by,
        least_treated=protocol.subgroups.least_treated,
        least_enterprises=protocol.subgroups.least_enterprises,
        least_effective=protocol.subgroups.least_effective_enterprises,
        specifications=(main, *runs),
        limits=Limits(
            largest_difference=limits.largest_difference,
            equipoise=limits.equipoise,
            largest_weight=limits.largest_weight,
            largest_weight_of_equal=limits.largest_weight_of_equal,
            comparators_of_treated=limits.comparators_of_treated,
            placebo_in_time=limits.placebo_in_time,
            placebo_size=limits.placebo_size,
            smallest_detectable={outcome.name: outcome.smallest_effect for outcome in protocol.outcomes},
        ),
        least_of_group=named.least_treated,
        folds=named.folds,
        seed=protocol.seeds.folds,
        placebo_seed=protocol.seeds.placebo,
        band_seed=protocol.seeds.bands,
        propensity_penalty=named.propensity_penalty,
        outcome_penalty=named.outcome_penalty,
        moments=named.moments,
        tolerance=named.tolerance,
        draws=protocol.placebo.draws,
        placebo_outcome=protocol.placebo.outcome,
        placebo_horizon=protocol.placebo.horizon,
        inference={contrast.name: contrast.inference for contrast in protocol.contrasts},
        alpha=round(1 - protocol.inference.level, 10),
        instrument_families=tuple(protocol.instrument_families.items()),
        registration_outcomes=protocol.registration.outcomes,
        registration_horizon=protocol.registration.horizon,
        registration_comparison=protocol.registration.comparison,
        registration_method=protocol.registration.method,
        registration_magnitudes=protocol.registration.relative_magnitudes,
        registration_breakdown=protocol.registration.least_breakdown,
    )


def groups_of(
    arms: tuple[str, ...], families: tuple[str, ...], instrument_families: Mapping[str, tuple[str, ...]]
) -> Iterator[Group]:
    """Arm x family x instrument, and the instruments of a family together where it has more than one."""
    for arm in arms:
        for family in families:
            for name, instruments in instrument_families.items():
                for instrument in instruments:
                    yield Group(arm, family, instrument, (instrument,))
                if len(instruments) > 1:
                    yield Group(arm, family, name, tuple(instruments))
