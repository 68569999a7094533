"""Diagnostics of a fit, which the gate reads before a result is seen.

Belongs here: differences before and after, equipoise, effective samples, largest weights. Not here: limits (the protocol has them).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from transforms.estimators.frames import numbers
from transforms.estimators.results import Diagnostics, Flags, Floats

EQUIPOISE = (0.3, 0.7)


def effective_sample(weights: Floats) -> float:
    """(sum w)^2 / sum w^2 (Kish 1965): as many rows of equal weight would have the same variance. 0 when all weights are 0."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def largest_share(weights: Floats) -> float:
    """The largest part of the total weight that one row has; 0 when all weights are 0."""
    total = float(weights.sum())
    return float(weights.max()) / total if total > 0 else 0.0


def preference_score(propensity: Floats, treated: Flags, weight: Floats) -> Floats:
    """F with logit F = logit e - logit P, P the (weighted) share of treated: the propensity as if both arms were equally common (Walker et al. 2013)."""
    share = float(weight[treated].sum() / weight.sum())
    odds = propensity / (1 - propensity) * (1 - share) / share
    return np.asarray(odds / (1 + odds))


def balance_table(
    data: pd.DataFrame,
    *,
    covariates: Sequence[str],
    categories: Sequence[str],
    treated: Flags,
    weight: Floats,
    comparator_weight: Floats,
) -> pd.DataFrame:
    """Standardised mean differences: covariate (a category as `name=level`), before, after.

    (mean of treated - mean of comparators) / sqrt((variance of treated + variance of comparators) / 2), variances before weighting in both (Austin 2009). `before` with the
    sampling weights, `after` with the comparators' final weights. 0 where neither arm varies and means agree, infinite where they disagree.
    """
    columns = [(name, numbers(data, name)) for name in covariates]
    for name in categories:
        found, levels = pd.factorize(data[name], sort=True)
        columns += [(f"{name}={level}", (found == place).astype(np.float64)) for place, level in enumerate(levels)]
    rows = [(name, *_differences(values, treated, weight, comparator_weight)) for name, values in columns]
    return pd.DataFrame(rows, columns=["covariate", "before", "after"])


def diagnose(
    balance: pd.DataFrame, comparator_weight: Floats, *, propensity: Floats | None, treated: Flags, weight: Floats
) -> Diagnostics:
    """The figures of the gate; `equipoise` shares are weighted by the sampling weights. `propensity` None: no equipoise."""
    shares: list[float | None] = [None, None, None]
    if propensity is not None:
        score = preference_score(propensity, treated, weight)
        inside = (score >= EQUIPOISE[0]) & (score <= EQUIPOISE[1])
        shares = [
            float(np.average(inside[rows], weights=weight[rows])) for rows in (np.ones_like(treated), treated, ~treated)
        ]
    return Diagnostics(
        largest_difference_before=float(balance["before"].abs().max()),
        largest_difference_after=float(balance["after"].abs().max()),
        effective_comparators=effective_sample(comparator_weight),
        largest_weight=largest_share(comparator_weight),
        equipoise=shares[0],
        equipoise_treated=shares[1],
        equipoise_comparators=shares[2],
    )


def _differences(values: Floats, treated: Flags, weight: Floats, comparator_weight: Floats) -> tuple[float, float]:
    mean, variance = _moments(values[treated], weight[treated])
    other, other_variance = _moments(values[~treated], weight[~treated])
    after = float(np.average(values, weights=comparator_weight)) if comparator_weight.sum() > 0 else other
    spread = float(np.sqrt((variance + other_variance) / 2))
    tiny = 1e-12 * max(1.0, abs(mean), abs(other))
    if spread <= tiny:
        return tuple(
            0.0 if abs(gap) <= tiny else float(np.copysign(np.inf, gap)) for gap in (mean - other, mean - after)
        )  # type: ignore[return-value]
    return (mean - other) / spread, (mean - after) / spread


def _moments(values: Floats, weight: Floats) -> tuple[float, float]:
    mean = float(np.average(values, weights=weight))
    return mean, float(np.average((values - mean) ** 2, weights=weight))
