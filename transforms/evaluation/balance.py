"""Balance: how alike treated and comparators are, before and after weighting.

Belongs here: rows of `balance`, the largest difference within a subgroup. Not here: the estimators' own table (transforms/estimators/diagnostics.py), limits (gate.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from transforms.evaluation.fits import Fit, cell_of
from transforms.evaluation.plan import Group, Plan, Specification
from transforms.evaluation.samples import TREATED, WEIGHT


def columns_of(plan: Plan, group: Group, fitted: Fit) -> np.ndarray:
    """Covariates and a flag for each level of each category, of the rows on support (n x p): what balance is about."""
    if "columns" not in fitted.__dict__:
        data = fitted.supported
        blocks = [data[list(plan.covariates)].to_numpy(dtype=float)]
        for name in plan.categories[group.arm]:
            codes, levels = pd.factorize(data[name], sort=True)
            blocks.append((codes[:, None] == np.arange(len(levels))).astype(float))
        fitted.__dict__["columns"] = np.hstack(blocks)
    return np.asarray(fitted.__dict__["columns"])


def largest_difference(
    columns: np.ndarray, treated: np.ndarray, others: np.ndarray, comparators: np.ndarray
) -> float | None:
    """The largest absolute standardised mean difference after weighting, as `estimators.diagnostics.balance_table` measures it; None without an arm.

    columns n x p; treated, others: sampling weights of the arms before weighting (n, 0 elsewhere); comparators: final weights (n).
    """
    if not treated.sum() > 0 or not comparators.sum() > 0:
        return None
    (mean, variance), (other, other_variance) = _moments(columns, treated), _moments(columns, others)
    after, _ = _moments(columns, comparators)
    spread = np.sqrt((variance + other_variance) / 2)
    gap = np.abs(mean - after)
    still = spread <= 1e-12 * np.maximum(1.0, np.maximum(np.abs(mean), np.abs(other)))
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.where(still, np.where(gap <= 1e-12 * np.maximum(1.0, np.abs(mean)), 0.0, np.inf), gap / spread)
    return float(difference.max())


def _moments(columns: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(weight)
    share, inside = weight[rows] / weight.sum(), columns[rows]
    mean = share @ inside
    return mean, share @ (inside - mean) ** 2


def balance_rows(plan: Plan, group: Group, specification: Specification, fitted: Fit) -> pd.DataFrame:
    """Rows of `balance` of a fit: every covariate and level of a category; without a fit every covariate with the reason."""
    shared: dict[str, Any] = cell_of(group, specification) | {"estimator": fitted.estimator}
    if fitted.effect is None:
        names = [*plan.covariates, *plan.categories[group.arm]]
        return pd.DataFrame(
            [shared | {"covariate": name, "is_worst": False, "reason": fitted.reason} for name in names]
        )
    table = fitted.effect.balance
    data = fitted.supported
    treated = data[data[TREATED] == 1]
    worst = table["after"].abs().max()
    rows = []
    for name, before, after in table[["covariate", "before", "after"]].itertuples(index=False):
        column_name, _, level = name.partition("=")
        values = treated[column_name].astype(str) == level if level else treated[column_name].astype(float)
        is_known = np.isfinite(after)
        rows.append(
            shared
            | {
                "covariate": name,
                "mean_treated": float(np.average(values, weights=treated[WEIGHT])),
                "before": before,
                "after": after,
                "is_worst": bool(is_known and abs(after) == worst),
                "reason": None
                if is_known
                else "neither arm varies and their means differ: no standard deviation to measure the difference by",
            }
        )
    return pd.DataFrame(rows)
