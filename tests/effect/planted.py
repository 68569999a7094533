"""A small country of trials with a planted effect. Belongs here: frames with the columns of the cohorts, and a plan for them. Not here: tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.evaluation.plan import Group, Limits, Plan, Specification
from transforms.evaluation.samples import FrameCohorts

EFFECT = 0.15
FIRST, LAST = -4, 12
GROUP = Group("RO", "A", "work_trial", ("work_trial",))
PLAN = Plan(
    protocol_hash="0" * 64,
    groups=(GROUP, Group("RN", "A", "work_trial", ("work_trial",))),
    outcomes=("employed", "ordinary_hours", "cumulative_hours", "state_work", "state_none"),
    shares=frozenset({"employed", "state_work", "state_none"}),
    horizons=(3, 12),
    curve_outcomes=("employed", "cumulative_hours"),
    first_month=FIRST,
    last_month=LAST,
    primary=("RO", "A", "work_trial", "employed", 12),
    beside=("employed", "ordinary_hours"),
    covariates=("x_age", "x_hours"),
    categories={"RO": ("sex",), "RN": ("sex",)},
    placebo_covariates=("x_age",),
    placebo_months=(-4, -3),
    subgroups=("sex", "age_band"),
    least_treated=50,
    least_enterprises=5,
    least_effective=5,
    specifications=(
        Specification(terms="linear", estimators=("aipw", "entropy")),
        Specification(name="all_starts", terms="linear", is_first_start_only=False),
        Specification(
            name="boosted_outcome", terms="linear", outcome_model="boosted", outcomes=("employed",), horizons=(12,)
        ),
    ),
    limits=Limits(smallest_detectable={"employed": 0.2}),
    draws=200,
)


def country(
    seed: int = 1, treated: int = 400, others: int = 1200, effect: float = EFFECT, before: float = 1 / 3
) -> FrameCohorts:
    """Trials of all three arms; `employed` in every month from 3 on is `effect` likelier among the treated, ordinary hours 100 for who works. Before the start `before` times as many work."""
    random = np.random.default_rng(seed)
    size = treated + 2 * others
    arm = np.repeat(["R", "O", "N"], [treated, others, others])
    age = random.normal(size=size) + 0.4 * (arm == "R")
    hours = random.normal(size=size)
    cluster = np.where(arm == "R", random.integers(0, 20, size), 1000 + random.integers(0, 150, size))
    shock = random.normal(scale=0.03, size=2000)[cluster]
    chance = np.clip(0.25 + 0.05 * age + 0.03 * hours + shock, 0.02, 0.8)
    trials = pd.DataFrame(
        {
            "trial_id": np.arange(size) * 7 + 3, "person_key": [f"p{number}" for number in range(size)], "arm": arm, "family": "A", "instrument": "work_trial",
            "cell": random.choice(["a", "b"], size), "benefit_group": random.choice(["one", "two"], size), "quarter": random.choice(["2019Q1", "2019Q2"], size),
            "cluster_id": [None if one == "N" else f"c{number}" for one, number in zip(arm, cluster, strict=True)],
            "is_rsv_later": False, "is_primary": True, "sampling_weight": np.where(arm == "N", 2.0, 1.0), "age": 40.0, "age_band": random.choice(["30-39", "40-49"], size),
            "sex": random.choice(["man", "woman"], size), "municipality_code": "0101", "last_h": LAST, "exit_reason": None, "exit_h": np.nan, "x_age": age, "x_hours": hours,
        }
    )  # fmt: skip
    luck = random.random(size)
    months = []
    total = np.zeros(size)
    for month in range(FIRST, LAST + 1):
        gain = effect * (arm == "R") * (month >= 3)
        employed = (luck < chance + gain).astype(float) if month > 0 else (luck < chance * before).astype(float)
        total = total + 100 * employed * (month >= 1)
        months.append(
            pd.DataFrame(
                {
                    "trial_id": trials["trial_id"], "h": month, "is_censored": False, "employed": employed, "ordinary_hours": 100 * employed,
                    "cumulative_hours": total if month >= 1 else np.nan, "state_work": employed, "state_none": 1 - employed,
                }
            )
        )  # fmt: skip
    return FrameCohorts(trials, pd.concat(months, ignore_index=True))


def without(cohorts: FrameCohorts, arm: str) -> FrameCohorts:
    """The country without an arm."""
    return replace(cohorts, all_trials=cohorts.all_trials[cohorts.all_trials["arm"] != arm])
