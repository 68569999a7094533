"""Nuisance models, cross-fitted: who is treated, and what comparators' outcomes would be.

Belongs here: folds, the propensity, the ridge regression. Not here: what is made of them.
"""

from __future__ import annotations

import heapq
import warnings

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from transforms.estimators.frames import Hashes
from transforms.estimators.results import EstimationError, Flags, Floats, Integers


def make_folds(units: Integers, treated: Flags, signature: Hashes, tie: Floats, *, folds: int, seed: int) -> Integers:
    """A fold 0..folds-1 for each row (n); all rows of a unit (enterprise, person) share one.

    Units with treated are dealt largest first, each to the fold with the fewest treated so far; then the others by rows. Units of equal size are dealt in an order
    that seed and content decide (a hash of treatment, covariates and categories; outcomes only where all that is equal), never their names.
    """
    count = int(units.max()) + 1
    mark = np.zeros(count, dtype=np.uint64)
    np.add.at(mark, units, signature)
    mark = _mix(mark ^ _mix(np.array([seed % 2**64], dtype=np.uint64)))
    last = np.bincount(units, weights=tie, minlength=count)
    treated_rows = np.bincount(units, weights=treated, minlength=count).astype(np.int64)
    other_rows = np.bincount(units, minlength=count) - treated_rows
    order = np.lexsort((last, mark, -other_rows, -treated_rows))
    result = np.empty(count, dtype=np.int64)
    loads = [[0, 0] for _ in range(folds)]
    heap = [(0, 0, fold) for fold in range(folds)]
    with_treated = order[treated_rows[order] > 0]
    for unit in with_treated:
        _, _, fold = heapq.heappop(heap)
        result[unit] = fold
        loads[fold][0] += int(treated_rows[unit])
        loads[fold][1] += int(other_rows[unit])
        heapq.heappush(heap, (loads[fold][0], loads[fold][1], fold))
    other_heap = [(loads[fold][1], fold) for fold in range(folds)]
    heapq.heapify(other_heap)
    for unit in order[treated_rows[order] == 0]:
        load, fold = heapq.heappop(other_heap)
        result[unit] = fold
        heapq.heappush(other_heap, (load + int(other_rows[unit]), fold))
    return np.asarray(result[units])


def is_trainable(fold: Integers, treated: Flags) -> bool:
    """Whether both arms stand outside every fold, so that each fold's models can be fitted without it."""
    return all(treated[fold != one].any() and (~treated[fold != one]).any() for one in np.unique(fold))


def cross_fitted_propensity(
    features: Floats, treated: Flags, weight: Floats, fold: Integers, *, penalty: float
) -> Floats:
    """P(treated | x) of each row (n) by a model fitted without its fold: minimises penalty/2 |b|^2 + sum_i s_i log-loss_i, intercept free, by newton-cholesky.

    `features` n x p, standardised. Raises `EstimationError` when the fit does not converge (as with perfect separation and hardly any penalty).
    """
    if penalty <= 0:
        raise EstimationError(f"the propensity's penalty must be above 0, not {penalty}")
    result = np.empty(len(treated))
    for one in np.unique(fold):
        outside = fold != one
        model = LogisticRegression(C=1.0 / penalty, solver="newton-cholesky", tol=1e-9, max_iter=200)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            try:
                model.fit(features[outside], treated[outside], sample_weight=weight[outside])
            except ConvergenceWarning as problem:
                raise EstimationError(
                    "the propensity did not converge: treated and comparators may be separated by the covariates; use a larger penalty or fewer terms"
                ) from problem
        result[~outside] = model.predict_proba(features[~outside])[:, 1]
    return result


def cross_fitted_outcomes(
    features: Floats, outcomes: Floats, treated: Flags, weight: Floats, fold: Integers, *, penalty: float
) -> Floats:
    """E[Y | x, comparator] of each row for all K outcomes (n x K) by ridge regressions fitted to comparators outside its fold.

    Minimises sum_i s_i (y_i - a - x_i b)^2 + penalty |b|^2, intercept free: b = (X'SX + penalty I)^-1 X'SY, one Cholesky factor a fold for all K right-hand sides. Being one
    linear map of Y, predictions of outcomes that sum to one sum to one. Raises `EstimationError` when X'SX + penalty I cannot be factorised.
    """
    if penalty < 0:
        raise EstimationError(f"the outcome model's penalty must not be negative, it is {penalty}")
    centre = np.average(outcomes[~treated], axis=0, weights=weight[~treated])
    size = features.shape[1] + 1
    numbered = np.unique(fold)
    grams = np.zeros((len(numbered), size, size))
    products = np.zeros((len(numbered), size, outcomes.shape[1]))
    for place, one in enumerate(numbered):
        rows = (fold == one) & ~treated
        design = _with_intercept(features[rows])
        weighted = design * weight[rows, None]
        grams[place] = weighted.T @ design
        products[place] = weighted.T @ (outcomes[rows] - centre)
    ridge = np.diag(np.concatenate([[0.0], np.full(size - 1, float(penalty))]))
    result = np.empty_like(outcomes)
    for place, one in enumerate(numbered):
        others = np.arange(len(numbered)) != place
        try:
            factor = cho_factor(grams[others].sum(axis=0) + ridge)
        except LinAlgError as problem:
            raise EstimationError(
                "the outcome model's covariates are collinear among comparators: use a penalty above 0"
            ) from problem
        coefficients = cho_solve(factor, products[others].sum(axis=0))
        inside = fold == one
        result[inside] = features[inside] @ coefficients[1:] + coefficients[0] + centre
    return result


def _with_intercept(matrix: Floats) -> Floats:
    return np.asarray(np.column_stack([np.ones(len(matrix)), matrix]))


def _mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): close inputs, unrelated outputs."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)
