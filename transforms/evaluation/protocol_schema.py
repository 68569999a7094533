"""What a protocol may name: the columns that the cohorts have, and the choices that the code knows.

Belongs here: names and ranges. Not here: reading a file (protocol.py), the meaning of a choice (plan.py, the models).
"""

from __future__ import annotations

from typing import Final

INSTRUMENTS: Final = (
    "guidance_upskilling",
    "work_trial",
    "community_service",
    "mentor",
    "wage_subsidy",
    "job_rotation",
    "flex_job",
    "small_job",
)
COMPARATOR_KINDS: Final = ("private", "nonprofit", "public")
MUNICIPALITY_GROUPS: Final = ("1", "2", "3", "4", "5")
FAMILIES: Final = ("A", "B")
CONTRASTS: Final = ("RO", "RN")
COMPARATORS: Final = {"RO": "O", "RN": "N"}

STATES: Final = (
    "ordinary_117",
    "ordinary_78",
    "ordinary_39",
    "ordinary_1",
    "supported_work",
    "disability_pension",
    "early_retirement",
    "other_benefit",
    "education_or_leave",
    "unknown",
    "no_known_income",
    "exit",
)
# The outcome columns of int_effect_outcomes; a test holds the list to the table.
OUTCOMES: Final = (
    "employed",
    "at_least_39_hours",
    "employed_reported_hours",
    "at_least_39_reported_hours",
    "ordinary_hours",
    "hours_change",
    "cumulative_hours",
    "cumulative_wage_dkk",
    "cumulative_benefit_weeks",
    "self_supporting",
    *(f"state_{state}" for state in STATES),
    "first_ordinary_hour_by",
    "lasting_six_in_row_by",
    "lasting_six_of_twelve_by",
    "months_employed_13_24",
)
# What is 0 or 1 by construction.
SHARES: Final = frozenset(
    name
    for name in OUTCOMES
    if not name.startswith(("cumulative", "months")) and name not in ("ordinary_hours", "hours_change")
)
# Defined at this month alone.
LAST_ONLY: Final = {"months_employed_13_24": 24}

WINDOWS: Final = ("1_3", "4_6", "7_12", "13_24")
CATEGORIES: Final = (
    "sex",
    "age_band",
    "target_group",
    "municipality_group",
    "benefit_group",
    "quarter",
    "is_town",
    "municipality_code",
)
# What a control does not have.
ONLY_OF_STARTS: Final = ("target_group",)
# Controls are drawn by these cells in SQL: no protocol can have others.
CELLS: Final = ("instrument", "benefit_group", "quarter", "is_town")
SUBGROUPS: Final = ("target_group", "age_band", "sex", "municipality_group", "benefit_group", "is_town")
SENSITIVITY_RUNS: Final = (
    "all_starts",
    "first_starts",
    "without_rsv_later",
    "within_municipality",
    "without_exits",
    "linear_terms",
    "logistic_outcome",
    "boosted_outcome",
)
EXITS: Final = {"emigrated": ("censoring_weights",), "dead": ("zero_hours",), "pension": ("zero_hours",)}


def covariates(instruments: tuple[str, ...]) -> tuple[str, ...]:
    """The covariate columns of int_effect_trials for a protocol that names these instruments."""
    return (
        "x_age",
        *(f"x_hours_{window}" for window in WINDOWS),
        *(f"x_benefit_{window}" for window in WINDOWS),
        *(f"x_missing_{window}" for window in WINDOWS[1:]),
        "x_months_on_group",
        "x_activity_ready",
        *(f"x_earlier_{instrument}" for instrument in instruments),
        "x_earlier_other",
        "x_missing_earlier",
    )
