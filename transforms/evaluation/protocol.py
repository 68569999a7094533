"""The protocol of the evaluation: `transforms/protocol.yml` as typed values, checked, and named by the hash of its bytes.

Belongs here: the values, loading, what dbt takes from them. Not here: which values are allowed (protocol_sections.py, protocol_schema.py), the list of estimates that follows (plan.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROTOCOL_FILE: Final = Path(__file__).resolve().parents[1] / "protocol.yml"


class ProtocolError(ValueError):
    """A protocol that cannot be followed. `mistakes` has one line each: key path, what was found, what is allowed."""

    def __init__(self, file: str, mistakes: list[str]) -> None:
        """Names the file and all its mistakes."""
        self.mistakes = tuple(mistakes)
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__(f"{file}: {count}\n" + "\n".join(f"  {line}" for line in mistakes))


@dataclass(frozen=True)
class Eligibility:
    """Who could start in a trial month. Ages in whole years on its first day; `months_before` in calendar months."""

    age_from: int
    age_to: int
    months_before: int


@dataclass(frozen=True)
class Contrast:
    """Treated R against `comparator` (O or N). `folds_by`: enterprise or person; `inference`: jackknife or two_way."""

    name: str
    comparator: str
    folds_by: str
    inference: str


@dataclass(frozen=True)
class Outcome:
    """A column of int_effect_outcomes. `kind`: share (0 or 1) or amount; `smallest_effect` in the outcome's own unit."""

    name: str
    kind: str
    smallest_effect: float


@dataclass(frozen=True)
class Horizons:
    """Months from the start month: those reported, the first and last of curves, the outcomes whose curves every build draws, the outcome of the break-even month."""

    reported: tuple[int, ...]
    first_month: int
    last_month: int
    curves: tuple[str, ...]
    break_even: str


@dataclass(frozen=True)
class Primary:
    """The one primary question, and the outcomes always shown beside it."""

    contrast: str
    family: str
    instrument_family: str
    outcome: str
    horizon: int
    beside: tuple[str, ...]
    first_start_only: bool


@dataclass(frozen=True)
class Covariates:
    """Columns of int_effect_trials: those with squares and products, those without, and categories by contrast."""

    continuous: tuple[str, ...]
    linear: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """All that are numbers."""
        return self.continuous + self.linear

    @property
    def placebo(self) -> tuple[str, ...]:
        """The numbers as they stood twelve months before the start: `xp_` for `x_`, age as it is, and the flag of months 1-3, which only they can miss."""
        return (*map(_a_year_before, self.names), "xp_missing_1_3")

    @property
    def linear_of_both(self) -> tuple[str, ...]:
        """The linear ones, as they stood at the start and a year before."""
        return (*self.linear, *map(_a_year_before, self.linear))


def _a_year_before(name: str) -> str:
    return name if name == "x_age" else f"xp_{name.removeprefix('x_')}"


@dataclass(frozen=True)
class Estimators:
    """Folds and penalties of AIPW (L2, on standardised columns), moments and tolerance of entropy balancing; the treated starts that a whole group needs for either."""

    folds: int
    propensity_penalty: float
    outcome_penalty: float
    terms: str
    moments: int
    tolerance: float
    least_treated: int


@dataclass(frozen=True)
class Inference:
    """Level of intervals, and how p-values of a family are held together."""

    level: float
    multiplicity: str


@dataclass(frozen=True)
class Diagnostics:
    """The limits of the gate; see the comments of the file."""

    largest_difference: float
    equipoise: float
    comparators_of_treated: float
    largest_weight: float
    largest_weight_of_equal: float
    placebo_in_time: float
    placebo_size: tuple[float, float]


@dataclass(frozen=True)
class Subgroups:
    """Columns of int_effect_trials whose levels are estimated apart, and how many a level needs."""

    by: tuple[str, ...]
    least_treated: int
    least_enterprises: int
    least_effective_enterprises: float


@dataclass(frozen=True)
class Placebo:
    """In time: outcome months and the month from which covariates look back. Enterprises: draws, outcome, horizon."""

    first_month: int
    last_month: int
    covariates_from: int
    draws: int
    outcome: str
    horizon: int


@dataclass(frozen=True)
class Registration:
    """The third design: registration as an event of the enterprise."""

    comparison: str
    method: str
    outcomes: tuple[str, ...]
    horizon: int
    relative_magnitudes: tuple[float, ...]
    least_breakdown: float


@dataclass(frozen=True)
class Seeds:
    """What random draws begin from."""

    sampling: int
    folds: int
    bands: int
    placebo: int


@dataclass(frozen=True)
class Protocol:
    """A whole protocol. `sha256` is of the file's bytes: it stands in every row of the results."""

    sha256: str
    version: int
    title: str
    eligibility: Eligibility
    small_job_hours: float
    comparator_kinds: tuple[str, ...]
    controls_per_treated: int
    contrasts: tuple[Contrast, ...]
    families: tuple[str, ...]
    instrument_families: Mapping[str, tuple[str, ...]]
    cells: tuple[str, ...]
    town_groups: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    horizons: Horizons
    primary: Primary
    covariates: Covariates
    estimators: Estimators
    inference: Inference
    exits: Mapping[str, str]
    diagnostics: Diagnostics
    subgroups: Subgroups
    placebo: Placebo
    sensitivity: tuple[str, ...]
    registration: Registration
    seeds: Seeds

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments of all families, in the file's order."""
        return tuple(name for names in self.instrument_families.values() for name in names)

    def dbt_variables(self) -> dict[str, Any]:
        """What the cohort models take, as the dbt variables; every name here is one that `protocol(...)` in macros/effect.sql knows."""
        return {
            "effect": {
                "age_from": self.eligibility.age_from,
                "age_to": self.eligibility.age_to,
                "months_before": self.eligibility.months_before,
                "families": list(self.families),
                "small_job_hours": self.small_job_hours,
                "comparator_kinds": list(self.comparator_kinds),
                "instrument_families": {
                    instrument: family for family, names in self.instrument_families.items() for instrument in names
                },
                "town_groups": list(self.town_groups),
                "controls_per_treated": self.controls_per_treated,
                "seed": self.seeds.sampling,
                "first_event_month": self.horizons.first_month,
                "last_event_month": self.horizons.last_month,
            }
        }


def load_protocol(file: Path = PROTOCOL_FILE) -> Protocol:
    """Reads and checks a protocol.

    Raises:
        ProtocolError: naming every mistake by its key path, with what was found and what is allowed.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ProtocolError(file.name, [f"the file: cannot be read: {error.strerror}"]) from None
    return read_protocol(content, file.name)


def read_protocol(content: bytes, name: str = "protocol.yml") -> Protocol:
    """Checks a protocol's bytes; raises `ProtocolError` as `load_protocol` does."""
    import yaml

    from transforms.evaluation.protocol_reader import Section, parse
    from transforms.evaluation.protocol_sections import read_sections

    try:
        parsed = parse(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ProtocolError(name, ["the file: is not UTF-8"]) from None
    except yaml.YAMLError as error:
        raise ProtocolError(name, [f"the file: {' '.join(str(error).split())}"]) from None
    mistakes: list[str] = []
    values = read_sections(Section("", parsed, mistakes))
    if mistakes:
        raise ProtocolError(name, mistakes)
    return Protocol(sha256=hashlib.sha256(content).hexdigest(), **values)
