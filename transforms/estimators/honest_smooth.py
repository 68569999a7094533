"""Smoothness: the slope of the difference in trends changes by at most m between periods.

Belongs here: the optimal fixed-length interval. Not here: checks of the input (honest.py).

theta is estimated by weights' beta_post + v' beta_pre, with v such that every linear trend drops out. Write delta by its second differences and u_i = sum_k (k - i)+ v_k, v_k the
weight of k periods before the base period: then the worst bias is m (|u_1| + ... + |u_{pre-1}| + a constant), v_k = u_{k-1} - 2 u_k + u_{k+1} with u_0 fixed by the linear trend, and the
least variance for a given bias is a lasso in u. Its path is piecewise linear and known exactly; the shortest interval lies on it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr, ndtri
from sklearn.linear_model import lars_path_gram

from transforms.estimators.results import Floats


def folded_normal_quantile(bias: float, alpha: float) -> float:
    """c with P(|Z + bias| <= c) = 1 - alpha, Z standard normal."""
    bias = abs(bias)
    # The part beyond the bias lies between the one-sided and the two-sided quantile, however large the bias is.
    low, high = ndtri(1 - alpha) - 1e-9, ndtri(1 - alpha / 2) + 1e-9
    return bias + float(
        brentq(lambda beyond: ndtr(beyond) - ndtr(-beyond - 2 * bias) - (1 - alpha), low, high, xtol=1e-13)
    )


def fixed_length_interval(
    beta: Floats, sigma: Floats, pre: int, weights: Floats, m: float, alpha: float
) -> tuple[float, float]:
    """The interval estimate -/+ sd c(bias / sd), with the affine estimator that makes it shortest; units of the outcome."""
    estimator, constant = _path(sigma, pre, weights)

    def half_length(full: Floats, absolute: float) -> float:
        sd = float(np.sqrt(full @ sigma @ full))
        return sd * folded_normal_quantile(m * (absolute + constant) / sd, alpha)

    # estimator: rows of (u, affine weights of beta) at the corners of the path, from no u to the least variance.
    corners = [(float(np.abs(u).sum()), full) for u, full in estimator]
    best_length, best = min(((half_length(full, size), full) for size, full in corners), key=lambda pair: pair[0])
    if m > 0:
        for (size, full), (next_size, next_full) in pairwise(corners):

            def between(
                share: float,
                size: float = size,
                full: Floats = full,
                next_size: float = next_size,
                next_full: Floats = next_full,
            ) -> float:
                # Between corners no u changes its sign, so the sum of absolute values is linear too.
                return half_length(full + share * (next_full - full), size + share * (next_size - size))

            found = minimize_scalar(between, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-10})
            if found.fun < best_length:
                best_length, best = float(found.fun), full + float(found.x) * (next_full - full)
    centre = float(best @ beta)
    return centre - best_length, centre + best_length


def _path(sigma: Floats, pre: int, weights: Floats) -> tuple[list[tuple[Floats, Floats]], float]:
    """Corners of the path of (u, weights of beta), and the bias per m that no u can take away."""
    post = len(weights)
    ahead = np.arange(1, post + 1)
    trend = float(weights @ ahead)
    constant = float(sum(abs(float(weights[i:] @ (ahead[i:] - i))) for i in range(post)))
    # v_k, k = 1..pre, from u_0 = trend, u_1..u_{pre-1}, u_pre = u_{pre+1} = 0.
    second = np.zeros((pre, pre))
    for k in range(1, pre + 1):
        for place, factor in ((k - 1, 1.0), (k, -2.0), (k + 1, 1.0)):
            if place < pre:
                second[k - 1, place] = factor
    # Estimates before treatment stand in the order of time: k = pre, ..., 1.
    to_full = np.vstack([second[::-1, 1:], np.zeros((post, pre - 1))])
    fixed = np.concatenate([trend * second[::-1, 0], weights])
    if pre == 1:
        return [(np.zeros(0), fixed)], constant
    scale = float(np.trace(sigma)) / len(sigma)
    gram, pull = to_full.T @ sigma @ to_full / scale, -to_full.T @ sigma @ fixed / scale
    _, _, path = lars_path_gram(Xy=pull, Gram=gram, n_samples=1, method="lasso", alpha_min=0.0, max_iter=50 * pre)
    corners = [path[:, place] for place in range(path.shape[1])]
    # The end of the path is the least variance: solved by itself, so that rounding on the way does not stay.
    corners[-1] = np.linalg.solve(gram, pull)
    return [(np.asarray(u), fixed + to_full @ u) for u in corners], constant
