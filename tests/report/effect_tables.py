"""Tables of the effect that could be true: a primary that fails its gate, estimates that pass, estimates that could not be made, an open break-even.

Belongs here: effect_estimates and effect_curves of the tests' public tier. Not here: the other tables (public_tier.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

FAMILY = "work_trial_and_wage_subsidy"
GUIDANCE = "guidance_and_upskilling"
SHARES = {
    "employed": 0.006, "at_least_39_hours": -0.002, "employed_reported_hours": 0.007, "at_least_39_reported_hours": -0.001, "self_supporting": -0.029,
    "first_ordinary_hour_by": 0.022, "lasting_six_in_row_by": -0.016, "lasting_six_of_twelve_by": -0.011,
}  # fmt: skip
AMOUNTS = {"cumulative_benefit_weeks": (1.6, 4.3), "cumulative_wage_dkk": (7596.99, 20257.0), "ordinary_hours": (-0.75, 7.0)}  # fmt: skip
BROKEN = "outside the limits: largest_difference 0.461 (at most 0.1), smallest_detectable 0.152 (at most 0.05)"
SUBGROUPS = {
    "sex": ["woman", "man"],
    "age_band": ["25-29", "30-39", "40-49", "50-59"],
    "target_group": ["cash_activity_ready", "cash_job_ready"],
    "municipality_group": list("1345"),
}


def effect_estimates(rng: np.random.Generator) -> pd.DataFrame:
    """The estimates table: both arms, both instrument families, both estimators, subgroups, the break-even month."""
    rows: list[dict[str, Any]] = []
    for arm in ("RO", "RN"):
        for instrument in (FAMILY, "guidance_upskilling"):
            shared = {"arm": arm, "family": "A", "instrument": instrument}
            rows += _whole(rng, shared)
            rows += _subgroups(rng, shared)
        rows.append(_row(arm=arm, family="B", instrument=FAMILY, gate="not_estimated", reason="fewer than 30 treated starts in the cohort, too few to estimate anything"))  # fmt: skip
    rows += _registration()
    frame = pd.DataFrame(rows)
    protected = frame["subgroup"].eq("50-59") & frame["arm"].eq("RN")
    protected |= frame["arm"].eq("registration") & frame["family"].eq("B") & frame["instrument"].eq(FAMILY)
    frame["status"] = np.where(protected, "suppressed_primary", "ok")
    numbers = ["estimate", "low", "high", "p", "p_holm", "treated", "comparators", "enterprises", "mean_treated", "mean_weighted_comparators", "smallest_detectable"]  # fmt: skip
    frame[numbers] = frame[numbers].astype(float).mask(protected)
    frame.loc[protected, "reason"] = "too few treated starts to publish"
    return frame


def _row(**given: Any) -> dict[str, Any]:
    empty = dict.fromkeys(
        [
            "estimate",
            "low",
            "high",
            "p",
            "p_holm",
            "treated",
            "comparators",
            "enterprises",
            "mean_treated",
            "mean_weighted_comparators",
            "smallest_detectable",
            "reason",
        ]
    )
    base = {"subgroup_by": "all", "subgroup": "all", "outcome": "employed", "horizon": 12, "estimator": "aipw", "specification": "main", "is_primary": False}  # fmt: skip
    return {**base, **empty, **given}


def _filled(estimate: float, half: float, **given: Any) -> dict[str, Any]:
    return _row(
        estimate=estimate, low=estimate - half, high=estimate + half, p=0.4, p_holm=1.0, treated=298, comparators=2400, enterprises=120,
        mean_treated=0.2 + estimate, mean_weighted_comparators=0.2, smallest_detectable=1.45 * half, **given,
    )  # fmt: skip


def _whole(rng: np.random.Generator, shared: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    is_first = shared["arm"] == "RO" and shared["instrument"] == FAMILY
    for outcome, effect in SHARES.items():
        for horizon in (3, 6, 12, 24):
            for estimator in ("aipw", "entropy"):
                half = 0.107 if is_first else 0.04
                gate = "fail" if is_first or horizon == 3 else "pass"
                rows.append(
                    _filled(
                        effect - 0.03 + 0.0015 * horizon + rng.normal(0, 0.004),
                        half,
                        **shared,
                        outcome=outcome,
                        horizon=horizon,
                        estimator=estimator,
                        gate=gate,
                    )
                    | {
                        "reason": BROKEN if gate == "fail" else None,
                        "is_primary": is_first and outcome == "employed" and horizon == 12 and estimator == "aipw",
                    }
                )
    for outcome, (effect, half) in AMOUNTS.items():
        rows.append(_filled(effect, 2 * half, **shared, outcome=outcome, horizon=24, gate="fail" if is_first else "pass"))  # fmt: skip
    rows.append(_filled(0.012, 0.09, **shared, specification="first_starts", gate="fail") | {"reason": BROKEN})
    even = {"outcome": "break_even_month", "horizon": 24}
    if is_first:
        rows.append(_row(**shared, **even, low=1, gate="not_estimated", reason="the cumulative effect is not at zero or above by month 24"))  # fmt: skip
    elif shared["arm"] == "RO":
        rows.append(_row(**shared, **even, estimate=18, low=1, treated=298, gate="pass", reason="the interval is open above: the band holds losses up to month 24"))  # fmt: skip
    else:
        rows.append(_row(**shared, **even, estimate=7, low=1, high=17, treated=298, gate="pass"))
    return rows


def _registration() -> list[dict[str, Any]]:
    """The third design: a group that fails, one that passes, one that is protected (its numbers are hidden later), one that could not be made."""
    rows = []
    for outcome, unit in (("employed", 0.01), ("ordinary_hours", 1.0)):
        shared = {"arm": "registration", "outcome": outcome, "estimator": "group_time", "horizon": 12}
        blind = "49 of 82 cells have no estimate and are left out; outside the limits: pre_trend unknown (at most 0.05), effective_registered_enterprises 6 (at least 10)"
        first = {"family": "A", "instrument": FAMILY}
        rows.append(_filled(3 * unit, 9 * unit, **shared, **first, gate="fail") | {"reason": blind})
        rows.append(_filled(6 * unit, 4 * unit, **shared, family="A", instrument=GUIDANCE, gate="pass"))
        rows.append(_filled(unit, 9 * unit, **shared, family="B", instrument=FAMILY, gate="fail"))
        none = "4 enterprises became RSV with citizens in the period before and in one since: fewer than 10, too few to say anything"
        rows.append(_row(**shared, family="B", instrument=GUIDANCE, gate="not_estimated", reason=none))
    return rows


def _subgroups(rng: np.random.Generator, shared: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for by, levels in SUBGROUPS.items():
        for level in levels:
            given = shared | {"subgroup_by": by, "subgroup": level}
            if level == "25-29":
                rows.append(_row(**given, gate="not_estimated", reason="too small for a subgroup: too few treated starts, the protocol asks for at least 50"))  # fmt: skip
            else:
                rows.append(_filled(rng.normal(0, 0.03), 0.13, **given, gate="fail") | {"reason": BROKEN})
    return rows


def effect_curves(rng: np.random.Generator) -> pd.DataFrame:
    """Curves of both arms on one fixed cohort: a lock-in, then a gain."""
    rows = []
    for arm in ("RO", "RN"):
        for instrument in (FAMILY, "guidance_upskilling"):
            for outcome, unit in (("employed", 0.03), ("ordinary_hours", 3.0), ("cumulative_hours", 10.0)):
                for month in range(1 if outcome == "cumulative_hours" else -12, 25):
                    shape = 0 if month < 0 else (-1.2 * np.exp(-month / 5) + 0.9 * (1 - np.exp(-month / 8)))
                    estimate = unit * shape * (1 if arm == "RN" else 0.5) + rng.normal(0, unit * 0.05)
                    wide = unit * (0.4 + 0.04 * abs(month))
                    rows.append(
                        {"arm": arm, "family": "A", "instrument": instrument, "outcome": outcome, "event_month": month, "estimator": "aipw",
                         "estimate": estimate, "low": estimate - wide, "high": estimate + wide, "band_low": estimate - 1.5 * wide,
                         "band_high": estimate + 1.5 * wide, "treated": 298, "gate": "fail" if arm == "RO" else "pass", "status": "ok"}
                    )  # fmt: skip
    return pd.DataFrame([*rows, *_half_years()])


def _half_years() -> list[dict[str, Any]]:
    """Curves of the third design: the half-year before registration is the base, the first two are protected."""
    rows: list[dict[str, Any]] = []
    for instrument, gate in ((FAMILY, "fail"), (GUIDANCE, "pass")):
        for outcome, unit in (("employed", 0.02), ("ordinary_hours", 2.0)):
            for month in range(-30, 19, 6):
                numbers = dict.fromkeys(["estimate", "low", "high", "band_low", "band_high", "treated"])
                if month == -6:
                    numbers |= {"estimate": 0.0, "treated": 15}
                elif month > -24:
                    at = unit * (0.5 if month < 0 else 2)
                    numbers |= {
                        "estimate": at,
                        "low": at - unit,
                        "high": at + unit,
                        "band_low": at - 1.5 * unit,
                        "band_high": at + 1.5 * unit,
                        "treated": 15,
                    }
                rows.append(
                    {"arm": "registration", "family": "A", "instrument": instrument, "outcome": outcome, "event_month": month, "estimator": "group_time", **numbers,
                     "gate": gate, "status": "ok" if month > -24 else "suppressed_primary"}
                )  # fmt: skip
    return rows
