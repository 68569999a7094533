"""Nuisance models, cross-fitted: who is treated, and what comparators' outcomes would be.

Belongs here: the propensity, the ridge regression. Not here: folds, what is made of the fits.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from transforms.estimators.results import EstimationError, Flags, Floats, Integers


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
