"""From influence functions to standard errors and simultaneous bands.

Belongs here: covariance, critical values, one thread. Not here: which influence function an estimator has (did_panel.py, group_time.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from transforms.estimators.results import Floats

_F = TypeVar("_F", bound=Callable[..., Any])


def one_thread(function: _F) -> _F:
    """Run a function on one thread of linear algebra: sums in a fixed order give the same digits on every machine with the same library."""

    @wraps(function)
    def limited(*arguments: Any, **named: Any) -> Any:
        with threadpool_limits(limits=1, user_api="blas"):
            return function(*arguments, **named)

    return limited  # type: ignore[return-value]


def influence_covariance(influence: Floats, clusters: NDArray[Any] | None = None) -> Floats:
    """Covariance of estimates from their influence functions.

    V = (1 / n^2) sum_c s_c s_c', s_c the sum of the influence functions of the units in cluster c (each unit a cluster of its own without `clusters`). No
    small-sample factor, as in R's `did`: with few treated clusters it is too small, so callers take t on the effective number of them, or say so.

    Args:
        influence: n units x K estimates, mean zero, in the units of the estimates.
        clusters: n codes 0, 1, ..., or None.

    Returns:
        K x K.
    """
    total = influence
    if clusters is not None:
        total = np.zeros((int(clusters.max()) + 1, influence.shape[1]))
        np.add.at(total, clusters, influence)
    return np.asarray(total.T @ total / float(len(influence)) ** 2)


def critical_value(covariance: Floats, alpha: float, seed: int, draws: int = 20_000) -> float:
    """Critical value c of a simultaneous band: P(max_k |Z_k| <= c) = 1 - alpha, Z normal with the correlation of `covariance` (sup-t).

    What the multiplier bootstrap with normal multipliers gives, drawn from the covariance itself: the order of units changes nothing. One estimate: exact. Estimates
    without variance are left out. Never below the pointwise value. Source: Montiel Olea & Plagborg-Møller, J. Applied Econometrics 2019; Callaway & Sant'Anna 2021, algorithm 1.
    """
    pointwise = float(norm.ppf(1 - alpha / 2))
    scale = np.sqrt(np.clip(np.diag(covariance), 0.0, None))
    kept = np.flatnonzero(scale > 0)
    if len(kept) <= 1:
        return pointwise
    correlation = covariance[np.ix_(kept, kept)] / np.outer(scale[kept], scale[kept])
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    # root root' is the correlation whatever the signs of the eigenvectors; its symmetric square root makes the draws depend on nothing else.
    drawn = np.random.default_rng(seed).standard_normal((draws, len(kept))) @ (root @ vectors.T)
    return max(pointwise, float(np.quantile(np.abs(drawn).max(axis=1), 1 - alpha)))
