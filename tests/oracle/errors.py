"""Errors by leaving out one enterprise at a time, and the limits made of them.

What is estimated belongs to `employment` and `curves`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.stats import beta, t

EQUAL_WITHIN = 1e-12


@cache
def _t_quantile(degrees: int) -> float:
    return float(t.ppf(0.975, degrees))


@cache
def exact_limits(successes: float, trials: int) -> tuple[float, float]:
    """Clopper-Pearson by beta quantiles."""
    lower = 0.0 if successes <= 0 else float(beta.ppf(0.025, successes, trials - successes + 1))
    upper = 1.0 if successes >= trials else float(beta.ppf(0.975, successes + 1, trials - successes))
    return lower, upper


def error_and_limits(estimate: float, left_out: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Standard error and 95 % limits from the estimates that leave out one cluster each."""
    clusters = len(left_out)
    if clusters < 2:
        return None, None, None
    if left_out.max() - left_out.min() <= EQUAL_WITHIN:
        return 0.0, *exact_limits(round(estimate * clusters, 9), clusters)
    error = float(np.sqrt((clusters - 1) / clusters * ((left_out - left_out.mean()) ** 2).sum()))
    reach = _t_quantile(clusters - 1) * error
    return error, max(0.0, estimate - reach), min(1.0, estimate + reach)
