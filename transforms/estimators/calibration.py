"""Empirical calibration: what negative controls say about systematic error.

Belongs here: its distribution by maximum likelihood, and the p-value and interval it gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from transforms.estimators.results import EstimationError, Floats


@dataclass(frozen=True)
class Calibration:
    """`mean`, `standard_deviation`: of the systematic error. `p`: two-sided, calibrated; `estimate`, `low`, `high`: calibrated. `controls`: how many negatives."""

    mean: float
    standard_deviation: float
    estimate: float
    se: float
    low: float
    high: float
    p: float
    p_before: float
    controls: int


def empirical_calibration(
    negative_estimates: ArrayLike, negative_ses: ArrayLike, estimate: float, se: float, *, alpha: float = 0.05
) -> Calibration:
    """A p-value and an interval that count the systematic error seen among negative controls, whose true effect is 0.

    Negatives: b_i ~ N(mu, sigma^2 + se_i^2), mu and sigma by maximum likelihood. Then z = (estimate - mu) / sqrt(sigma^2 + se^2), p = 2 min(Phi(z), 1 - Phi(z)) (Schuemie et al. 2014) and
    the interval estimate - mu +- q sqrt(sigma^2 + se^2) (Schuemie et al. 2018, systematic error that does not depend on the size of the effect: negatives alone cannot say more).
    All on one additive scale (differences, log ratios).

    Raises `EstimationError` for fewer than 3 negatives, unequal lengths, values that are not finite, or standard errors that are not positive.
    """
    values, errors = np.asarray(negative_estimates, dtype=np.float64), np.asarray(negative_ses, dtype=np.float64)
    if values.shape != errors.shape or values.ndim != 1:
        raise EstimationError(
            f"negative controls need one standard error each: {values.shape} estimates, {errors.shape} standard errors"
        )
    if len(values) < 3:
        raise EstimationError(f"{len(values)} negative controls: at least 3 are needed to see a spread")
    if not (np.isfinite(values).all() and np.isfinite(errors).all() and np.isfinite([estimate, se]).all()):
        raise EstimationError("estimates and standard errors must be finite")
    if (errors <= 0).any() or se <= 0:
        raise EstimationError("standard errors must be above 0")
    if not 0 < alpha < 1:
        raise EstimationError(f"alpha must be between 0 and 1, not {alpha}")
    mean, variance = _systematic_error(values, errors**2)
    total = float(np.sqrt(variance + se**2))
    width = float(stats.norm.ppf(1 - alpha / 2)) * total
    return Calibration(
        mean=mean,
        standard_deviation=float(np.sqrt(variance)),
        estimate=estimate - mean,
        se=total,
        low=estimate - mean - width,
        high=estimate - mean + width,
        p=float(2 * stats.norm.sf(abs(estimate - mean) / total)),
        p_before=float(2 * stats.norm.sf(abs(estimate) / se)),
        controls=len(values),
    )


def _systematic_error(values: Floats, noise: Floats) -> tuple[float, float]:
    """Mean and variance of largest likelihood. For a given variance the mean is the weighted mean, so one number is searched; variance 0 is a possible answer.

    The profile can have more than one peak: it is looked at on a grid of the variance first, and the best place refined.
    """
    highest = float(np.var(values)) + float(noise.max()) + 1e-300
    grid = np.concatenate([[0.0], highest * np.geomspace(1e-8, 4.0, 200)])
    losses = np.array([_loss(variance, values, noise) for variance in grid])
    best = int(np.argmin(losses))
    left, right = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(
        _loss, bounds=(left, right), args=(values, noise), method="bounded", options={"xatol": 1e-12 * highest}
    )
    variance = float(found.x) if found.fun < losses[best] else float(grid[best])
    return _mean(variance, values, noise), variance


def _mean(variance: float, values: Floats, noise: Floats) -> float:
    weight = 1 / (variance + noise)
    return float((weight * values).sum() / weight.sum())


def _loss(variance: float, values: Floats, noise: Floats) -> float:
    total = variance + noise
    return float(0.5 * (np.log(total) + (values - _mean(variance, values, noise)) ** 2 / total).sum())
