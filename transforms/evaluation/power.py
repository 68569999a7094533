"""How small an effect could be seen, before any outcome is looked at.

Belongs here: counts, past months of comparators, the smallest detectable effect of each group and horizon. Not here: outcomes after a start, files, plots.

    se^2 = v [ r / G_T + (1 - r) / n_T + r / G_C + (1 - r) / n_C ]
    smallest detectable effect = (t(1 - alpha/2; G_T - 1) + t(0.8; G_T - 1)) se

n treated (T) and comparators (C) on support and observed at the horizon, G = 1 / sum of squared shares by enterprise (RN comparators: by person), v the variance and r the intra-class correlation by enterprise (one-way analysis
of variance; Donner and Koval 1980) of the outcome among comparators in the months before the start. Covariates explain part of v and weights cost some of n_C: neither is known before. Bloom (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from transforms.estimators import smallest_detectable_effect
from transforms.evaluation.fits import cell_of
from transforms.evaluation.plan import Group, Plan
from transforms.evaluation.samples import CELL, TREATED, Cohorts, effective, select

COLUMNS = (
    "arm",
    "family",
    "instrument",
    "outcome",
    "horizon",
    "treated",
    "comparators",
    "enterprises",
    "effective_enterprises",
    "variance",
    "intraclass_correlation",
    "smallest_detectable_effect",
    "smallest_effect_that_matters",
    "reason",
)


def power_table(plan: Plan, cohorts: Cohorts, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """One row per group, outcome and reported horizon. Asks the cohorts for months before the start alone."""
    rows: list[dict[str, Any]] = []
    for group in plan.groups:
        chosen = select(cohorts.trials(group), plan.main)
        for outcome in outcomes or (plan.primary[3], "ordinary_hours"):
            spread = _spread(plan, group, cohorts, chosen, outcome)
            rows += [_row(plan, group, chosen, outcome, horizon, *spread) for horizon in plan.horizons]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _spread(
    plan: Plan, group: Group, cohorts: Cohorts, chosen: pd.DataFrame, outcome: str
) -> tuple[float, float, str | None]:
    """Variance and intra-class correlation of the outcome in months before those that the family is defined by, among comparators."""
    others = chosen[chosen[TREATED] == 0]
    months = range(plan.first_month, -3)
    past = cohorts.outcomes(group, others["trial_id"], months, [outcome])
    past = past[past[outcome].notna()]
    if past["trial_id"].nunique() < 10:
        return np.nan, np.nan, "fewer than 10 comparators have months before their start"
    # One month a trial: months of a trial are no new people. The earliest is the least bound by eligibility.
    first = past.loc[past.groupby("trial_id")["h"].idxmin()].set_index("trial_id")
    values = first[outcome].astype(float)
    variance = float(values.var(ddof=1))
    if not variance > 0:
        return np.nan, np.nan, "the outcome does not vary among comparators before their start"
    clusters = others.set_index("trial_id")["cluster_id"].reindex(values.index)
    return variance, intraclass_correlation(values, clusters), None


def intraclass_correlation(values: pd.Series, clusters: pd.Series) -> float:
    """One-way analysis of variance: (MSB - MSW) / (MSB + (n0 - 1) MSW), not below 0; 0 where no cluster has two."""
    known = clusters.notna()
    values, clusters = values[known], clusters[known]
    sizes = values.groupby(clusters).size().to_numpy(dtype=float)
    total, groups = sizes.sum(), len(sizes)
    if groups < 2 or total <= groups:
        return 0.0
    means = values.groupby(clusters).transform("mean")
    within = float(((values - means) ** 2).sum()) / (total - groups)
    between = float(((means - values.mean()) ** 2).sum()) / (groups - 1)
    size = (total - (sizes**2).sum() / total) / (groups - 1)
    divisor = between + (size - 1) * within
    return max(0.0, (between - within) / divisor) if divisor > 0 else 0.0


def _row(
    plan: Plan,
    group: Group,
    chosen: pd.DataFrame,
    outcome: str,
    horizon: int,
    variance: float,
    correlation: float,
    reason: str | None,
) -> dict[str, Any]:
    seen = chosen[chosen["last_h"] >= horizon]
    treated, others = seen[seen[TREATED] == 1], seen[seen[TREATED] == 0]
    treated = treated[treated[CELL].isin(others[CELL])]
    others = others[others[CELL].isin(treated[CELL])]
    enterprises, effective_enterprises = effective(treated["cluster_id"].to_numpy())
    row: dict[str, Any] = {name: value for name, value in cell_of(group, plan.main).items() if name in COLUMNS} | {
        "outcome": outcome,
        "horizon": horizon,
        "treated": len(treated),
        "comparators": len(others),
        "enterprises": enterprises,
        "effective_enterprises": effective_enterprises,
        "variance": variance,
        "intraclass_correlation": correlation,
        "smallest_effect_that_matters": plan.limits.smallest_detectable.get(outcome),
    }
    if len(treated) < plan.least_of_group:
        reason = f"{len(treated)} treated starts: fewer than {plan.least_of_group} are not estimated at all"
    if reason is None and effective_enterprises < 2:
        reason = f"the treated stand at {effective_enterprises:.2f} effective enterprises: at least 2 are needed"
    if reason is not None:
        return row | {"smallest_detectable_effect": np.nan, "reason": reason}
    by = "cluster_id" if group.arm == "RO" else "person_key"
    error = standard_error(
        variance, correlation, len(treated), effective_enterprises, len(others), effective(others[by].to_numpy())[1]
    )
    found = float(smallest_detectable_effect(error, alpha=plan.alpha, df=effective_enterprises - 1))
    return row | {"smallest_detectable_effect": found, "reason": None}


def standard_error(
    variance: float, correlation: float, treated: int, clusters: float, comparators: int, other_clusters: float
) -> float:
    """The error of a difference of means of two clustered samples; see the formula above. Units of the outcome."""
    part = correlation / clusters + (1 - correlation) / treated
    part += correlation / other_clusters + (1 - correlation) / comparators
    return float(np.sqrt(variance * part))
