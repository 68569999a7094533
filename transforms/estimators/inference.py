"""Errors of a difference of weighted means: leave one cluster out, two ways of clustering, bands.

Belongs here: covariance, degrees of freedom, intervals. Not here: estimates and fits (nuisances stay fixed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats
from threadpoolctl import threadpool_limits

from transforms.estimators.frames import prepare
from transforms.estimators.results import EstimationError, Floats, Integers, Jackknife, Scores

BAND_DRAWS = 40_000
OUTCOMES_AT_ONCE = 32


def cluster_jackknife(
    frame: pd.DataFrame,
    *,
    outcomes: Sequence[str],
    treatment: str,
    cluster: str,
    weight: str | None = None,
    alpha: float = 0.05,
) -> Jackknife:
    """Leave-one-cluster-out inference for the difference of weighted means between treated and comparators, for any frame.

    estimate = sum_T a y / sum_T a - sum_C a y / sum_C a, with `weight` a (1 where none is named; treated and comparators each normalised). Covariance
    (G - 1)/G sum_g d_g d_g', d_g the estimate without cluster g minus the estimate, G all clusters with weight: CV3 of MacKinnon, Nielsen and Webb (2023). Intervals and p from t
    on G* - 1 degrees of freedom, G* = 1 / sum(share^2) of the treated's weight per cluster (effective clusters, after Carter, Schnepel and Steigerwald 2017).
    A row without cluster counts as a cluster of its own.

    Units: those of the outcomes. Raises `EstimationError` for bad input (`frames.prepare`). Where all treated or all comparators stand in one cluster, or G* < 2, errors are NaN and
    `reason` says so.
    """
    with threadpool_limits(1):
        sample = prepare(frame, outcomes=outcomes, treatment=treatment, covariates=(), cluster=cluster, weight=weight)
        assert sample.clusters is not None
        scores = Scores(sample.outcomes, sample.weight * sample.treated, sample.weight * ~sample.treated)
        return jackknife(scores, sample.clusters, labels=sample.cluster_labels, names=sample.names, alpha=alpha)


def jackknife(
    scores: Scores, clusters: Integers, *, labels: Sequence[object], names: Sequence[str], alpha: float = 0.05
) -> Jackknife:
    """`cluster_jackknife` for scores (n x K) and cluster codes (n); codes beyond `labels` are clusters without a name."""
    estimate = scores.estimate
    effective = effective_clusters(scores.treated_weight, clusters)
    covariance, left_out, counted, reason = _left_out_covariance(scores, clusters, labels, names)
    if reason is None and effective < 2 - 1e-9:
        reason = f"the treated stand at {effective:.2f} effective clusters; an interval needs at least 2"
        return _jackknife(
            estimate, np.sqrt(np.diag(covariance)), covariance, left_out, counted, effective, reason, alpha
        )
    se = np.full(len(estimate), np.nan) if reason else np.sqrt(np.diag(covariance))
    return _jackknife(estimate, se, covariance, left_out, counted, effective, reason, alpha)


def two_way(
    scores: Scores,
    clusters: Integers,
    persons: Integers,
    *,
    labels: Sequence[object],
    names: Sequence[str],
    alpha: float = 0.05,
) -> Jackknife:
    """Inference when rows share a person or an enterprise: V = V_enterprise + V_person - V_both (Cameron, Gelbach and Miller 2011), each a leave-one-out covariance.

    A variance below the larger of V_enterprise and V_person is raised to it (the sum can fall below either, or below zero, in small samples); correlations are those of V with negative
    eigenvalues set to zero. Degrees of freedom: the smaller G* - 1 of enterprises and of persons. Shapes as `jackknife`.
    """
    estimate = scores.estimate
    both = pd.factorize(clusters * (int(persons.max()) + 1) + persons)[0].astype(np.int64)
    effective = min(
        effective_clusters(scores.treated_weight, clusters), effective_clusters(scores.treated_weight, persons)
    )
    first, left_out, counted, reason = _left_out_covariance(scores, clusters, labels, names)
    second, _, _, other_reason = _left_out_covariance(scores, persons, (), names)
    reason = reason or other_reason
    if reason is not None:
        return _jackknife(estimate, np.full(len(estimate), np.nan), first, left_out, counted, effective, reason, alpha)
    third, _, _, _ = _left_out_covariance(scores, both, (), names)
    variance = np.maximum.reduce([np.diag(first + second - third), np.diag(first), np.diag(second)])
    values, vectors = np.linalg.eigh(first + second - third)
    covariance = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = np.sqrt(variance / np.where(np.diag(covariance) > 0, np.diag(covariance), 1.0))
    covariance = covariance * np.outer(scale, scale)
    if effective < 2 - 1e-9:
        reason = f"the treated stand at {effective:.2f} effective clusters; an interval needs at least 2"
    return _jackknife(estimate, np.sqrt(variance), covariance, left_out, counted, effective, reason, alpha)


def effective_clusters(treated_weight: Floats, clusters: Integers) -> float:
    """G* = 1 / sum(share^2), share = a cluster's part of the treated's weight: as many clusters of equal size would weigh the same. 0 without treated."""
    sums = np.bincount(clusters, weights=treated_weight)
    total = sums.sum()
    return float(total**2 / (sums**2).sum()) if total > 0 else 0.0


def uniform_bands(
    estimate: Floats,
    covariance: Floats,
    *,
    degrees_of_freedom: float | None = None,
    alpha: float = 0.05,
    seed: int = 20170101,
) -> tuple[Floats, Floats, float]:
    """Simultaneous bands estimate +- c se (sup-t): all K parameters lie inside with probability 1 - alpha.

    c = the 1 - alpha quantile of max_k |T_k|, T multivariate t with the covariance's correlations and `degrees_of_freedom` (normal when None), by 40,000 seeded draws; never
    below the pointwise quantile, and equal to it for K = 1. Returns low (K), high (K) and c. A parameter with variance 0 has a band of no width.
    Montiel Olea and Plagborg-Møller (2019). Raises `EstimationError` for a covariance of the wrong shape, not finite, or degrees of freedom of 0 or less.
    """
    estimate, covariance = (
        np.atleast_1d(np.asarray(estimate, dtype=np.float64)),
        np.atleast_2d(np.asarray(covariance, dtype=np.float64)),
    )
    if covariance.shape != (len(estimate), len(estimate)):
        raise EstimationError(f"{len(estimate)} estimates need a covariance of that size, not {covariance.shape}")
    if not np.isfinite(covariance).all() or (np.diag(covariance) < 0).any():
        raise EstimationError("the covariance has values that are not finite, or negative variances")
    if degrees_of_freedom is not None and not degrees_of_freedom > 0:
        raise EstimationError(f"degrees of freedom must be above 0, not {degrees_of_freedom}")
    se = np.sqrt(np.diag(covariance))
    pointwise = critical_value(alpha, degrees_of_freedom)
    moving = se > 0
    critical = pointwise
    if moving.sum() > 1:
        with threadpool_limits(1):
            correlation = covariance[np.ix_(moving, moving)] / np.outer(se[moving], se[moving])
            values, vectors = np.linalg.eigh(correlation)
            root = vectors * np.sqrt(np.maximum(values, 0.0))
            random = np.random.default_rng(seed)
            draws = random.standard_normal((BAND_DRAWS, int(moving.sum()))) @ root.T
            largest = np.abs(draws).max(axis=1)
            if degrees_of_freedom is not None:
                largest = largest / np.sqrt(random.chisquare(degrees_of_freedom, BAND_DRAWS) / degrees_of_freedom)
            critical = max(pointwise, float(np.quantile(largest, 1 - alpha)))
    return estimate - critical * se, estimate + critical * se, critical


def critical_value(alpha: float, degrees_of_freedom: float | None) -> float:
    """The two-sided quantile of t, or of the normal when degrees of freedom are None."""
    if not 0 < alpha < 1:
        raise EstimationError(f"alpha must be between 0 and 1, not {alpha}")
    return float(
        stats.norm.ppf(1 - alpha / 2) if degrees_of_freedom is None else stats.t.ppf(1 - alpha / 2, degrees_of_freedom)
    )


def _left_out_covariance(
    scores: Scores, clusters: Integers, labels: Sequence[object], names: Sequence[str]
) -> tuple[Floats, pd.DataFrame, int, str | None]:
    """Covariance (K x K), the estimates without each named cluster that holds treated, clusters with weight, and why there is no error (or None)."""
    count = int(clusters.max()) + 1
    outcomes = scores.residual.shape[1]
    empty = pd.DataFrame(columns=list(names), dtype=np.float64)
    sizes = {
        arm: np.bincount(clusters, weights=weight > 0, minlength=count)
        for arm, weight in (("treated", scores.treated_weight), ("comparators", scores.comparator_weight))
    }
    weighted = (sizes["treated"] + sizes["comparators"]) > 0
    groups = int(weighted.sum())
    reason = None
    for arm, rows in sizes.items():
        if (rows > 0).sum() < 2:
            reason = f"all {arm} stand in one cluster: without it nobody is left, so no error can be estimated"
    without = left_out_estimates(scores, clusters) if reason is None else np.empty((0, outcomes))
    if reason is None and np.isnan(without[weighted]).any():
        reason = "without one of the clusters no treated is left on support, so no error can be estimated"
    if reason is not None:
        return np.full((outcomes, outcomes), np.nan), empty, groups, reason
    deviation = (without - scores.estimate)[weighted]
    covariance = (groups - 1) / groups * deviation.T @ deviation
    named = np.flatnonzero(sizes["treated"][: len(labels)] > 0)
    left_out = pd.DataFrame(without[named], index=[labels[int(place)] for place in named], columns=list(names))
    return covariance, left_out.sort_index(key=lambda index: index.map(str)), groups, None


def left_out_estimates(scores: Scores, clusters: Integers) -> Floats:
    """The estimates without each cluster, clusters x K; NaN where no treated or no comparator is left. Weights stay what they are, but for their sum.

    Weights that were scaled within cells are not scaled anew: where a cell has two comparators, that would let the one stand for both and count the cell's noise twice (docs/decisions/0007).
    """
    count = int(clusters.max()) + 1
    here, there = (_sums(clusters, weight, count) for weight in (scores.treated_weight, scores.comparator_weight))
    left_here, left_there = (
        np.where(one.count < one.count.sum(), one.total.sum() - one.total, 0.0) for one in (here, there)
    )
    divisor = left_there if scores.is_normalised else np.where(left_there > 0, left_here, 0.0)
    result = np.empty((count, scores.residual.shape[1]))
    for start in range(0, result.shape[1], OUTCOMES_AT_ONCE):
        block = scores.residual[:, start : start + OUTCOMES_AT_ONCE]
        part_here, part_there = here.matrix @ block, there.matrix @ block
        with np.errstate(divide="ignore", invalid="ignore"):
            values = (part_here.sum(axis=0) - part_here) / left_here[:, None] - (
                part_there.sum(axis=0) - part_there
            ) / divisor[:, None]
        is_there = (left_here > 0) & (left_there > 0)
        result[:, start : start + OUTCOMES_AT_ONCE] = np.where(is_there[:, None], values, np.nan)
    return result


@dataclass(frozen=True)
class _Sums:
    """Of groups of rows: how many have weight, the weight's total, and the matrix that sums weighted columns."""

    count: Integers
    total: Floats
    matrix: sparse.csr_matrix


def _sums(groups: Integers, weight: Floats, count: int) -> _Sums:
    rows = np.flatnonzero(weight)
    matrix = sparse.csr_matrix((weight[rows], (groups[rows], rows)), shape=(count, len(weight)))
    return _Sums(
        np.bincount(groups[rows], minlength=count),
        np.bincount(groups, weights=weight, minlength=count).astype(np.float64),
        matrix,
    )


def _jackknife(
    estimate: Floats,
    se: Floats,
    covariance: Floats,
    left_out: pd.DataFrame,
    clusters: int,
    effective: float,
    reason: str | None,
    alpha: float,
) -> Jackknife:
    freedom = effective - 1
    if reason is None:
        width = critical_value(alpha, freedom) * se
        low, high = estimate - width, estimate + width
        with np.errstate(divide="ignore", invalid="ignore"):
            p = 2 * stats.t.sf(np.abs(estimate / se), freedom)
    else:
        low, high, p = (np.full(len(estimate), np.nan) for _ in range(3))
    return Jackknife(estimate, se, low, high, np.asarray(p), covariance, left_out, clusters, effective, freedom, reason)
