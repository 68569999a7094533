"""Relative magnitudes: trends after treatment differ by at most m times the largest step before it.

Belongs here: the conditional test with a least-favourable first stage, inverted. Not here: checks of the input (honest.py).

The linear program of Andrews, Roth and Pakes is solved once, on paper. With D the first differences of the post periods, the moments come in pairs
+(D delta)_i - m v <= 0 and -(D delta)_i - m v <= 0 (v the largest step before, signed). Multipliers that are free of the other post effects satisfy
(lambda+ - lambda-)' D = c weights', so with w = D'^-1 weights the vertices of the dual are: all of w (c > 0), all of it with the signs turned (c < 0), and each pair
by itself (c = 0). The statistic is the largest of these few normal variables; no solver, no tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from transforms.estimators.results import EstimationError, Flags, Floats


@dataclass(frozen=True)
class _Vertices:
    """For one step before and one sign: at theta the vertices' values are `rows @ beta - slope * theta`, normal with `covariance`."""

    rows: Floats
    slope: Floats
    covariance: Floats
    critical: float


def relative_magnitude_set(
    beta: Floats, sigma: Floats, pre: int, weights: Floats, m: float, alpha: float, seed: int, draws: int
) -> tuple[float, float]:
    """Lowest and highest theta that is not rejected for some step before treatment and sign."""
    accepts = relative_magnitude_test(beta, sigma, pre, weights, m, alpha, seed, draws)
    steps = np.diff(np.append(beta[:pre], 0.0))
    spread = np.sqrt(sigma.diagonal()[:pre].max())
    reach_of_trend = (
        m * (np.abs(steps).max() + 10 * spread) * np.abs(np.linalg.solve(_differences(len(weights)).T, weights)).sum()
    )
    se = float(np.sqrt(weights @ sigma[pre:, pre:] @ weights))
    centre, half = float(weights @ beta[pre:]), float(10 * se + reach_of_trend)
    for _ in range(12):
        # A fiftieth of a standard error between points: the set can have gaps, and its ends must not hide in one.
        grid = np.linspace(centre - half, centre + half, int(np.clip(100 * half / se, 2_000, 50_000)) + 1)
        accepted = accepts(grid)
        if not accepted.any():
            raise EstimationError("Every value is rejected: the estimates before treatment contradict the restriction.")
        if not (accepted[0] or accepted[-1]):
            places = np.flatnonzero(accepted)
            return (
                _edge(accepts, grid[places[0]], grid[places[0] - 1], se),
                _edge(accepts, grid[places[-1]], grid[places[-1] + 1], se),
            )
        half *= 3
    raise EstimationError("The set has no end within reach: the restriction says nothing about the effect.")


def relative_magnitude_test(
    beta: Floats, sigma: Floats, pre: int, weights: Floats, m: float, alpha: float, seed: int, draws: int
) -> Callable[[Floats], Flags]:
    """The test itself: a function from values of theta to whether each is accepted for some step before treatment and sign."""
    first_stage = alpha / 10
    normal = np.random.default_rng(seed).standard_normal((draws, len(beta)))
    # The root by eigenvectors is symmetric: the draws depend on the covariance alone.
    values, vectors = np.linalg.eigh(sigma)
    noise = normal @ ((vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T)
    pieces = [
        _vertices(sigma, pre, weights, m, step, sign, first_stage, noise) for step in range(pre) for sign in (1.0, -1.0)
    ]

    def accepts(theta: Floats) -> Flags:
        return np.logical_or.reduce(
            [_accepts(piece, piece.rows @ beta - theta[:, None] * piece.slope, alpha, first_stage) for piece in pieces]
        )

    return accepts


def _differences(periods: int) -> Floats:
    """First differences of the post periods; the base period before them is 0."""
    return np.eye(periods) - np.eye(periods, k=-1)


def _vertices(
    sigma: Floats, pre: int, weights: Floats, m: float, step: int, sign: float, first_stage: float, noise: Floats
) -> _Vertices:
    post = len(weights)
    # Step `step` before: delta_{step + 1} - delta_step over (pre, base).
    largest = np.zeros(pre + post)
    largest[step] = -sign
    if step + 1 < pre:
        largest[step + 1] = sign
    moves = np.hstack([np.zeros((post, pre)), _differences(post)])
    up, down = moves - m * largest, -moves - m * largest
    scale_up, scale_down = (np.sqrt(np.einsum("ij,jk,ik->i", rows, sigma, rows)) for rows in (up, down))

    w = np.linalg.solve(_differences(post).T, weights)
    w[np.abs(w) < 1e-12 * np.abs(w).max()] = 0.0
    plus, minus = np.clip(w, 0.0, None), np.clip(-w, 0.0, None)
    rows, slopes = [], []
    for lift, drop, slope in ((plus, minus, 1.0), (minus, plus, -1.0)):
        norm_of = lift @ scale_up + drop @ scale_down
        rows.append((lift @ up + drop @ down) / norm_of)
        slopes.append(slope / norm_of)
    if post == 1:
        # One post period: the moments of the steps before are tested with it.
        earlier = np.hstack([np.eye(pre, k=1) - np.eye(pre), np.zeros((pre, post))])
        for candidate in np.vstack([earlier - largest, -earlier - largest]):
            scale = float(np.sqrt(candidate @ sigma @ candidate))
            if np.abs(candidate).max() > 1e-12:
                rows.append(candidate / scale)
                slopes.append(0.0)
    elif np.count_nonzero(w) > 1 or m > 0:
        # A pair alone says only that the signed step is not negative; where w is that one moment, the two rows above already say it.
        for place in range(post):
            if np.count_nonzero(w) > 1 or w[place] == 0:
                rows.append((up[place] + down[place]) / (scale_up[place] + scale_down[place]))
                slopes.append(0.0)
    matrix = np.array(rows)
    eta = (noise @ matrix.T).max(axis=1)
    return _Vertices(matrix, np.array(slopes), matrix @ sigma @ matrix.T, float(np.quantile(eta, 1 - first_stage)))


def _accepts(piece: _Vertices, values: Floats, alpha: float, first_stage: float) -> Flags:
    """Whether the hybrid test does not reject, for each row of values of the vertices.

    Statistic eta = max of the vertices. Rejected when eta exceeds the least-favourable critical value (size kappa = alpha / 10); else when it exceeds 0 and
    P(Z > eta | lowest < Z < highest) < (alpha - kappa) / (1 - kappa), Z ~ N(0, variance of the largest vertex), between the values at which another vertex would be largest,
    given what is independent of it, and below the first stage's critical value.
    """
    top = values.argmax(axis=1)
    eta = values[np.arange(len(values)), top]
    variance = piece.covariance[top, top]
    size = (alpha - first_stage) / (1 - first_stage)
    flat = variance < 1e-14
    ratio = piece.covariance[top, :] / np.where(flat, 1.0, variance)[:, None]
    independent = values - ratio * eta[:, None]
    slack = 1.0 - ratio
    slack[np.arange(len(values)), top] = 0.0
    near = np.abs(slack) < 1e-10
    limit = independent / np.where(near, 1.0, slack)
    lowest = np.where((slack > 0) & ~near, limit, -np.inf).max(axis=1)
    highest = np.minimum(np.where((slack < 0) & ~near, limit, np.inf).min(axis=1), piece.critical)
    sd = np.sqrt(np.where(flat, 1.0, variance))
    with np.errstate(divide="ignore", invalid="ignore"):
        above = _log_between(eta / sd, highest / sd)
        all_of_it = _log_between(np.minimum(lowest, eta) / sd, highest / sd)
        chance = np.exp(above - all_of_it)
    rejected = (eta > 0) & ((eta > piece.critical) | flat | (chance < size))
    return ~rejected


def _log_between(low: Floats, high: Floats) -> Floats:
    """log P(low < Z < high), Z standard normal, exact in the upper tail."""
    first, second = log_ndtr(-low), log_ndtr(-high)
    return first + np.log1p(-np.exp(np.minimum(second - first, 0.0)))


def _edge(accepts: Callable[[Floats], Flags], accepted: float, rejected: float, se: float) -> float:
    """The end between an accepted and a rejected value, on its outer side."""
    while abs(accepted - rejected) > 1e-9 * se:
        middle = (accepted + rejected) / 2
        if middle in (accepted, rejected):
            break
        accepted, rejected = (middle, rejected) if accepts(np.array([middle]))[0] else (accepted, middle)
    return float(rejected)
