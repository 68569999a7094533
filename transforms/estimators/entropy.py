"""Entropy balancing (Hainmueller 2012): weights of comparators that reproduce the moments of the treated.

Belongs here: the weights and the effect by them. Not here: errors, tables (their own files).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from transforms.estimators.aipw import assemble, scaled_to_cells
from transforms.estimators.diagnostics import effective_sample
from transforms.estimators.features import Features, Terms, build_features
from transforms.estimators.frames import Sample, comparator_weights, prepare
from transforms.estimators.results import Balance, Floats, Scores, TreatedEffect
from transforms.estimators.summary import Inference, groups_of

MAX_STEPS = 200


@dataclass(frozen=True)
class _Solution:
    """`weight`: of comparators, sum 1. `imbalance`: p differences of moments, treated minus weighted comparators."""

    weight: Floats
    imbalance: Floats
    steps: int


def entropy_balance(
    frame: pd.DataFrame,
    *,
    treatment: str,
    covariates: Sequence[str],
    categories: Sequence[str] = (),
    weight: str | None = None,
    moments: int = 1,
    terms: Terms = "linear",
    cell: str | None = None,
    unit: str | None = None,
    tolerance: float = 1e-8,
) -> Balance:
    """Comparators' weights w, closest to their base weights s in entropy, whose weighted moments equal those of the treated.

        min sum_i w_i log(w_i / s_i)   subject to   sum_i w_i f(x_i) = mean of f(x) among treated,   sum_i w_i = 1

    solved by Newton's method on its dual, min_b log sum_i s_i exp(d_i b), d_i = f(x_i) - mean of treated. f: each covariate, powers up to `moments` of those with more than two
    values, squares and products too with `terms="squares_and_products"`, flags of categories: standardised, which changes no weight. Support by `cell` as in `aipw_treated`;
    base weights s: `weight` (1 where none is named), scaled so that in each cell comparators weigh as much as treated.
    `tolerance`: the largest imbalance, in standard deviations over all rows on support, at which it has converged.

    Where the treated's moments cannot be reached by any weights (a mean outside what comparators span), `is_converged` is false and `reason` names the moment that is farthest off.
    Raises `EstimationError` for bad input as `aipw_treated` does.
    """
    with threadpool_limits(1):
        sample = prepare(
            frame,
            outcomes=None,
            treatment=treatment,
            covariates=covariates,
            categories=categories,
            cell=cell,
            weight=weight,
            unit=unit,
        )
        features = build_features(
            sample.data, covariates=covariates, categories=categories, terms=terms, moments=moments
        )
        solution = _solve(sample, features, tolerance)
        everyone = np.zeros(len(sample.treated))
        everyone[~sample.treated] = solution.weight
        return Balance(
            weights=comparator_weights(sample, everyone),
            effective_sample=effective_sample(solution.weight),
            is_converged=_why_not(solution, features, tolerance) is None,
            largest_imbalance=float(np.abs(solution.imbalance).max()),
            iterations=solution.steps,
            treated=int(sample.treated.sum()),
            comparators=int((~sample.treated).sum()),
            off_support=len(sample.off_support),
            reason=_why_not(solution, features, tolerance),
            notes=features.notes,
        )


def entropy_effect(
    frame: pd.DataFrame,
    *,
    outcomes: Sequence[str],
    treatment: str,
    covariates: Sequence[str],
    categories: Sequence[str] = (),
    cluster: str | None = None,
    cell: str | None = None,
    weight: str | None = None,
    terms: Terms = "squares_and_products",
    moments: int = 1,
    tolerance: float = 1e-8,
    inference: Inference = "jackknife",
    person: str | None = None,
    unit: str | None = None,
    alpha: float = 0.05,
    seed: int = 20170101,
    band_groups: Sequence[Sequence[str]] | None = None,
) -> TreatedEffect:
    """E[Y(1) - Y(0) | treated] for K outcomes by entropy balancing: sum_T s y / sum_T s - sum_C w y, w as `entropy_balance` with the same arguments.

    Errors: weights stay fixed and the scores are residuals of y from its linear projection on the balanced moments among weighted comparators. As the moments agree exactly the
    projection cancels from the estimate, but not from its variance: what balancing removes is not counted as noise (Zhao and Percival 2017). Inference, support, units
    and refusals as `aipw_treated`; `propensity`, `folds` and equipoise are None. Where balance cannot be reached every row has a `reason` in place of an estimate.
    """
    with threadpool_limits(1):
        sample = prepare(
            frame,
            outcomes=outcomes,
            treatment=treatment,
            covariates=covariates,
            categories=categories,
            cluster=cluster,
            person=person,
            cell=cell,
            weight=weight,
            unit=unit,
        )
        groups_of(inference, sample.clusters, sample.persons)
        features = build_features(
            sample.data, covariates=covariates, categories=categories, terms=terms, moments=moments
        )
        solution = _solve(sample, features, tolerance)
        reason = _why_not(solution, features, tolerance)
        everyone = np.zeros(len(sample.treated))
        everyone[~sample.treated] = solution.weight
        residual = sample.outcomes if reason is not None else _residuals(sample, features.matrix, solution.weight)
        return assemble(
            sample,
            Scores(residual, sample.weight * sample.treated, everyone),
            covariates=covariates,
            categories=categories,
            propensity=None,
            fold=None,
            inference=inference,
            alpha=alpha,
            seed=seed,
            band_groups=band_groups,
            notes=features.notes,
            reason=reason,
        )


def _solve(sample: Sample, features: Features, tolerance: float) -> _Solution:
    """Newton's method with halved steps. The Hessian is the weighted covariance of the moments; directions in which comparators do not vary are left alone."""
    treated = sample.treated
    target = np.average(features.matrix[treated], axis=0, weights=sample.weight[treated])
    distance = features.matrix[~treated] - target
    base = np.log(_base_weights(sample))
    coefficients = np.zeros(distance.shape[1])
    value, weight = _dual(distance, base, coefficients)
    gradient = weight @ distance
    steps = 0
    while steps < MAX_STEPS and np.abs(gradient).max() > tolerance / 10:
        steps += 1
        hessian = (distance * weight[:, None]).T @ distance - np.outer(gradient, gradient)
        values, vectors = np.linalg.eigh(hessian)
        usable = values > max(values[-1], 0.0) * 1e-12
        direction = vectors[:, usable] @ ((vectors[:, usable].T @ gradient) / values[usable])
        decrement = float(gradient @ direction)
        length = 1.0
        while length > 1e-8:
            candidate = coefficients - length * direction
            new_value, new_weight = _dual(distance, base, candidate)
            if new_value <= value - 1e-4 * length * decrement + 1e-14 * abs(value):
                break
            length /= 2
        else:
            break
        coefficients, value, weight = candidate, new_value, new_weight
        gradient = weight @ distance
    return _Solution(weight, -gradient, steps)


def _base_weights(sample: Sample) -> Floats:
    """Where the search begins: sampling weights, scaled so that comparators weigh as much as treated in each cell."""
    if sample.cells is None:
        return sample.weight[~sample.treated]
    return scaled_to_cells(sample.weight * ~sample.treated, sample.weight * sample.treated, sample.cells)[
        ~sample.treated
    ]


def _dual(distance: Floats, base: Floats, coefficients: Floats) -> tuple[float, Floats]:
    """log sum s exp(d b), and the weights s exp(d b) over their sum."""
    exponent = base + distance @ coefficients
    top = exponent.max()
    raw = np.exp(exponent - top)
    total = raw.sum()
    return float(top + np.log(total)), np.asarray(raw / total)


def _why_not(solution: _Solution, features: Features, tolerance: float) -> str | None:
    worst = int(np.argmax(np.abs(solution.imbalance)))
    if np.abs(solution.imbalance[worst]) <= tolerance:
        return None
    return (
        f"no weights of the comparators reproduce the moments of the treated: '{features.names[worst]}' stays "
        f"{abs(solution.imbalance[worst]):.3g} standard deviations apart; balance fewer moments"
    )


def _residuals(sample: Sample, matrix: Floats, weight: Floats) -> Floats:
    """y minus its projection on the moments, fitted to comparators with the balancing weights; the smallest solution where moments are collinear."""
    comparators = matrix[~sample.treated]
    centre = weight @ comparators
    mean = weight @ sample.outcomes[~sample.treated]
    centred = comparators - centre
    weighted = centred * weight[:, None]
    coefficients = np.linalg.pinv(weighted.T @ centred, rcond=1e-10, hermitian=True) @ (
        weighted.T @ (sample.outcomes[~sample.treated] - mean)
    )
    return np.asarray(sample.outcomes - (matrix - centre) @ coefficients)
