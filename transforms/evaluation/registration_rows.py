"""The third design in the result tables: registration as an event of the enterprise.

Belongs here: enterprise months out of the cohorts, rows of the tables out of `RegistrationEffects`. Not here: the design (registration.py).

Rows: design `registration`, arm `registration`, the outcome at the protocol's horizon after a citizen's start. `event_study`: event_month in months since the registration's half-year began (half-years x 6). The
gate is its own (registration_gate.py): trends before, how far they may differ after, enough enterprises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from transforms.estimators import EstimationError
from transforms.evaluation.plan import ALL, MAIN, Plan
from transforms.evaluation.registration import RegistrationEffects, registration_effects
from transforms.evaluation.registration_gate import gate_rows, gate_rows_without, smallest_detectable_of

DESIGN = "registration"
ESTIMATOR = "group_time"
MONTHS_OF_PERIOD = 6
COPIED = ("estimate", "se", "low", "high", "band_low", "band_high", "p", "treated", "comparators", "effective_enterprises", "reason")  # fmt: skip


@runtime_checkable
class EnterpriseMonths(Protocol):
    """Where the months of enterprises come from."""

    def enterprise_months(self, family: str, instruments: Sequence[str], outcome: str, horizon: int) -> pd.DataFrame:
        """`enterprise`, `month`, `outcome` (mean of the citizens who start there in the month, at the horizon), `citizens`, `first_registered`, `enterprise_kind`."""


def registration_rows(plan: Plan, months: EnterpriseMonths) -> dict[str, pd.DataFrame]:
    """Rows of `estimates`, `event_study` and `diagnostics`, a group of instruments and outcome at a time, not yet conformed."""
    found: dict[str, list[pd.DataFrame]] = {"estimates": [], "event_study": [], "diagnostics": []}
    for family in dict.fromkeys(group.family for group in plan.groups):
        for instrument, instruments in plan.instrument_families:
            for outcome in plan.registration_outcomes:
                shared = {
                    "design": DESIGN,
                    "family": family,
                    "specification": MAIN,
                    "arm": DESIGN,
                    "instrument": instrument,
                    "outcome": outcome,
                    "estimator": ESTIMATOR,
                }
                frame = months.enterprise_months(family, instruments, outcome, plan.registration_horizon)
                effects, reason = _effects(plan, frame)
                for name, part in _rows(plan, shared, effects, reason).items():
                    found[name].append(part)
    return {name: pd.concat(parts, ignore_index=True) if parts else pd.DataFrame() for name, parts in found.items()}


def _effects(plan: Plan, frame: pd.DataFrame) -> tuple[RegistrationEffects | None, str | None]:
    if not len(frame):
        return None, "no enterprise received anybody who is observed that long"
    try:
        return (
            registration_effects(
                frame,
                comparison=plan.registration_comparison,
                method=plan.registration_method,
                relative_magnitudes=plan.registration_magnitudes,
                least_enterprises=plan.least_enterprises,
                alpha=plan.alpha,
                seed=plan.band_seed,
            ),
            None,
        )
    except EstimationError as problem:
        return None, str(problem)


def _rows(
    plan: Plan, shared: dict[str, Any], effects: RegistrationEffects | None, reason: str | None
) -> dict[str, pd.DataFrame]:
    at = shared | {"subgroup": ALL, "horizon": plan.registration_horizon}
    if effects is None:
        return {
            "estimates": pd.DataFrame([at | {"is_primary": False, "reason": reason}]),
            "event_study": pd.DataFrame([shared | {"event_month": 0, "reason": reason}]),
            "diagnostics": pd.DataFrame(gate_rows_without(plan, at, reason)),
        }
    whole: dict[str, Any] = effects.effects[effects.effects["aggregate"] == "simple"].iloc[0].to_dict()  # type: ignore[assignment]
    estimate = {name: whole[name] for name in COPIED}
    estimate |= {
        "enterprises": whole["treated"],
        "off_support": None,
        "is_primary": False,
        "smallest_detectable_effect": smallest_detectable_of(plan, whole),
    }
    events = [
        shared
        | {name: row[name] for name in COPIED if name not in ("p", "effective_enterprises")}
        | {"event_month": int(row["event_period"]) * MONTHS_OF_PERIOD, "enterprises": row["treated"]}
        for row in effects.event_study.to_dict("records")
    ] or [shared | {"event_month": 0, "reason": whole["reason"]}]
    return {
        "estimates": pd.DataFrame([at | estimate]),
        "event_study": pd.DataFrame(events),
        "diagnostics": pd.DataFrame(gate_rows(plan, at, effects, whole)),
    }
