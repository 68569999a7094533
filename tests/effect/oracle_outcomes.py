"""The outcomes of a trial, month by month in plain loops.

Belongs here: what a person's months and exit make of each outcome. Not here: who is in a trial (oracle_cohorts.py).
"""

from __future__ import annotations

from tests.effect.oracle_cohorts import Cohorts
from tests.effect.oracle_tables import Row, number
from transforms.evaluation.protocol_schema import OUTCOMES, STATES


def outcomes(cohorts: Cohorts, person: object, month: int) -> dict[int, Row]:
    """By h: every outcome and `is_censored`, for the months that are observed."""
    warehouse, horizons = cohorts.warehouse, cohorts.protocol.horizons
    panel = warehouse.months[person]
    exit_month, reason = warehouse.exits[person]["exit_month"], warehouse.exits[person]["exit_reason"]
    left = number(exit_month) if exit_month else None
    baseline = float(sum(panel[one]["ordinary_hours"] for one in range(month - 3, month))) / 3
    found: dict[int, Row] = {}
    for h in range(horizons.first_month, horizons.last_month + 1):
        now = month + h
        if not number(warehouse.build["observed_from"]) <= now <= number(warehouse.build["observed_through"]):
            continue
        is_out = left is not None and now >= left
        if is_out and reason == "emigrated":
            found[h] = dict.fromkeys(OUTCOMES) | {"is_censored": True}
            continue
        after = [panel[one] for one in range(month + 1, now + 1) if one in panel]
        row = None if is_out else panel[now]
        hours = float(row["ordinary_hours"]) if row else 0.0
        reported = max(0.0, float(row["ordinary_hours"] - row["imputed_hours"])) if row else 0.0
        state = row["labour_state"] if row else "exit"
        found[h] = {
            "is_censored": False,
            "employed": float(bool(row and row["is_employed"])),
            "at_least_39_hours": float(hours >= 39),
            "employed_reported_hours": float(reported >= 1),
            "at_least_39_reported_hours": float(reported >= 39),
            "ordinary_hours": hours,
            "hours_change": hours - baseline,
            "self_supporting": float(bool(row and row["is_self_supporting"])),
            "months_employed_13_24": None,
        } | {f"state_{name}": float(name == state) for name in STATES}
        if h < 1:
            found[h] |= dict.fromkeys(
                (
                    "cumulative_hours",
                    "cumulative_wage_dkk",
                    "cumulative_benefit_weeks",
                    "first_ordinary_hour_by",
                    "lasting_six_in_row_by",
                    "lasting_six_of_twelve_by",
                )
            )
            continue
        worked = [bool(one in panel and panel[one]["is_employed"]) for one in range(month + 1, now + 1)]
        found[h] |= {
            "cumulative_hours": float(sum(one["ordinary_hours"] for one in after)),
            "cumulative_wage_dkk": float(sum(one["wage_dkk"] for one in after)),
            "cumulative_benefit_weeks": float(sum(one["benefit_weeks"] for one in after)),
            "first_ordinary_hour_by": float(any(worked)),
            "lasting_six_in_row_by": float(any(all(worked[t - 6 : t]) for t in range(6, h + 1))),
            "lasting_six_of_twelve_by": float(
                any(worked[t - 1] and sum(worked[t - 12 : t]) >= 6 for t in range(12, h + 1))
            ),
        }
        if h == 24:
            found[h]["months_employed_13_24"] = float(sum(worked[12:24]))
    return found
