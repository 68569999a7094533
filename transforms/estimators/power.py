"""What a study could have seen, and p-values of many questions.

Belongs here: the smallest detectable effect, Holm's adjustment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from transforms.estimators.results import EstimationError, Floats


def smallest_detectable_effect(
    se: ArrayLike, power: float = 0.8, alpha: float = 0.05, df: float | None = None
) -> float | Floats:
    """The true effect that a two-sided test at `alpha` finds with chance `power`: (q(1 - alpha/2) + q(power)) se (Bloom 1995).

    q: quantiles of t with `df` degrees of freedom, of the normal when None (2.80 se by default). In the units of `se`; a number for a number, an array for an array.
    Raises `EstimationError` for a standard error that is negative or not finite, degrees of freedom of 0 or less, or power and alpha outside 0 to 1 (power at most alpha included).
    """
    errors = np.asarray(se, dtype=np.float64)
    if not np.isfinite(errors).all() or (errors < 0).any():
        raise EstimationError("standard errors must be finite and not negative")
    if not 0 < alpha < 1 or not alpha < power < 1:
        raise EstimationError(f"alpha must lie between 0 and 1 and power between alpha and 1, not {alpha} and {power}")
    if df is not None and not df > 0:
        raise EstimationError(f"degrees of freedom must be above 0, not {df}")
    quantiles = np.array([1 - alpha / 2, power])
    factor = float((stats.norm.ppf(quantiles) if df is None else stats.t.ppf(quantiles, df)).sum())
    return float(factor * errors) if errors.ndim == 0 else np.asarray(factor * errors)


def holm(p: ArrayLike) -> Floats:
    """Adjusted p-values of a family (Holm 1979), in the order given: the i-th smallest of m times (m - i + 1), never below the one before, at most 1.

    NaN (a question without a p-value) stays NaN and does not count in m. Raises `EstimationError` for values outside 0 to 1.
    """
    values = np.atleast_1d(np.asarray(p, dtype=np.float64))
    asked = np.flatnonzero(~np.isnan(values))
    if ((values[asked] < 0) | (values[asked] > 1)).any():
        raise EstimationError("p-values must lie between 0 and 1")
    order = asked[np.argsort(values[asked], kind="stable")]
    result = np.full(len(values), np.nan)
    result[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1)))
    return result
