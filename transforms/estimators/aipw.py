"""Augmented inverse probability weighting for the effect on the treated.

Belongs here: the estimator and its entry points. Not here: nuisances, errors, tables (their own files).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits

from transforms.estimators.diagnostics import balance_table, diagnose
from transforms.estimators.features import Terms, build_features
from transforms.estimators.folds import folds_for, given_folds
from transforms.estimators.frames import Sample, comparator_weights, prepare
from transforms.estimators.nuisances import cross_fitted_outcomes, cross_fitted_propensity
from transforms.estimators.results import EstimationError, Flags, Floats, Integers, Scores, TreatedEffect
from transforms.estimators.summary import Inference, groups_of, infer, table_of_effects, without_errors

NEARLY_CERTAIN = 0.99


def aipw_treated(
    frame: pd.DataFrame,
    *,
    outcomes: Sequence[str],
    treatment: str,
    covariates: Sequence[str],
    categories: Sequence[str] = (),
    linear: Sequence[str] = (),
    cluster: str | None = None,
    cell: str | None = None,
    weight: str | None = None,
    folds: int = 5,
    fold_of: str | pd.Series | None = None,
    seed: int = 20170101,
    propensity_penalty: float = 1.0,
    outcome_penalty: float = 1.0,
    terms: Terms = "squares_and_products",
    normalise: bool = True,
    inference: Inference = "jackknife",
    person: str | None = None,
    unit: str | None = None,
    alpha: float = 0.05,
    band_groups: Sequence[Sequence[str]] | None = None,
) -> TreatedEffect:
    """E[Y(1) - Y(0) | treated] for K outcomes, doubly robust and cross-fitted.

        estimate = sum_T s (y - m) / sum_T s - sum_C w (y - m) / sum_C w,     w = s o sum_T,cell s / sum_C,cell s o,     o = e / (1 - e)

    T treated, C comparators, s sampling weight, e the propensity, m the prediction of Y(0), both from models fitted without the row's fold (Robins, Rotnitzky and
    Zhao 1994; Chernozhukov et al. 2018; for the treated: Hahn 1998). Weights are normalised within each `cell` (Hajek; one cell where none is named), which keeps what
    differs from cell to cell out of the comparison (docs/decisions/0005). `normalise=False`: sum_C s o (y - m) / sum_T s, cells for support alone (DoubleML's IRM, score ATTE).
    Propensity: L2 logistic; m: one ridge regression for all outcomes (`nuisances`); covariates as `features.build_features` has them (those of `linear`
    without squares and products).

    Support: a treated row without comparator in its `cell` is off support (counted, listed); comparators in cells without treated get weight 0. Neither enters a fit.
    Folds by `cluster` (inference by jackknife) or `person` (otherwise); by row where all treated or all comparators share one, which `notes` says. `fold_of`: a column, or a series
    indexed as the frame, to use other folds.

    Inference: `jackknife` leaves out one `cluster` at a time (rows when None), `person` one person, `two_way` both; t on G* - 1 degrees of freedom; sup-t bands over `band_groups`
    (`inference`). Estimates carry the outcomes' units.

    Raises `EstimationError` in words: no treated, no comparator, none in any cell, ids twice, nulls, weights not positive. Where propensities separate the arms completely, or all
    treated stand in one cluster, the rows of `effects` carry no estimate, or no error, and a `reason`.
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
        groups = groups_of(inference, sample.clusters, sample.persons)
        units = groups if inference == "jackknife" else sample.persons
        features = build_features(sample.data, covariates=covariates, categories=categories, linear=linear, terms=terms)
        notes = list(features.notes)
        fold = folds_for(sample, units, folds, given_folds(frame, fold_of), seed, notes)
        propensity = cross_fitted_propensity(
            features.matrix, sample.treated, sample.weight, fold, penalty=propensity_penalty
        )
        prediction = cross_fitted_outcomes(
            features.matrix, sample.outcomes, sample.treated, sample.weight, fold, penalty=outcome_penalty
        )
        reason = _separation(propensity, sample.treated, notes)
        if reason is None:
            scores = aipw_treated_from(
                sample.outcomes,
                sample.treated,
                propensity,
                prediction,
                weight=sample.weight,
                cell=sample.cells,
                normalise=normalise,
            )
        else:
            scores = Scores(
                sample.outcomes - prediction, sample.weight * sample.treated, np.zeros(len(propensity)), normalise
            )
        return assemble(
            sample,
            scores,
            covariates=covariates,
            categories=categories,
            propensity=propensity,
            fold=fold,
            inference=inference,
            alpha=alpha,
            seed=seed,
            band_groups=band_groups,
            notes=notes,
            reason=reason,
        )


def aipw_treated_from(
    y: ArrayLike,
    d: ArrayLike,
    propensity: ArrayLike,
    outcome_prediction: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    cell: ArrayLike | None = None,
    normalise: bool = True,
) -> Scores:
    """The estimator of `aipw_treated` from given nuisances; its `.estimate` has the K effects, the rest is for `inference.jackknife`.

    `y` n or n x K, `d` n of 0 and 1, `propensity` n, `outcome_prediction` as `y`: predictions of Y(0). Raises `EstimationError` for unequal lengths, values that are not
    finite, an empty arm, and a comparator's propensity of 1 (its weight would be infinite) or one outside 0 to 1.
    """
    outcomes, prediction = (np.asarray(values, dtype=np.float64) for values in (y, outcome_prediction))
    outcomes, prediction = (values[:, None] if values.ndim == 1 else values for values in (outcomes, prediction))
    chance = np.asarray(propensity, dtype=np.float64)
    arm = np.asarray(d, dtype=np.float64)
    weights = np.ones(len(arm)) if weight is None else np.asarray(weight, dtype=np.float64)
    if outcomes.shape != prediction.shape or not len(outcomes) == len(chance) == len(arm) == len(weights):
        raise EstimationError(
            f"lengths differ: {len(outcomes)} outcomes, {len(prediction)} predictions, {len(chance)} propensities, {len(arm)} treatments"
        )
    for name, values in (
        ("outcomes", outcomes),
        ("predictions", prediction),
        ("propensities", chance),
        ("weights", weights),
    ):
        if not np.isfinite(values).all():
            raise EstimationError(f"the {name} have values that are not finite")
    if not np.isin(arm, (0.0, 1.0)).all():
        raise EstimationError("the treatment must be 0 or 1")
    treated = arm == 1.0
    if not treated.any() or treated.all():
        raise EstimationError("no treated" if not treated.any() else "no comparator")
    if ((chance < 0) | (chance > 1)).any():
        raise EstimationError("propensities must lie between 0 and 1")
    if (chance[~treated] >= 1).any():
        raise EstimationError(
            f"{int((chance[~treated] >= 1).sum())} comparators have a propensity of 1: their weight would be infinite"
        )
    odds = np.zeros(len(arm))
    odds[~treated] = chance[~treated] / (1 - chance[~treated])
    if not (weights * odds).sum() > 0:
        raise EstimationError("all comparators have a propensity of 0: nobody can stand in for the treated")
    if cell is None or not normalise:
        return Scores(outcomes - prediction, weights * treated, weights * odds, normalise)
    cells = pd.factorize(np.asarray(cell))[0].astype(np.int64)
    if len(cells) != len(arm):
        raise EstimationError(f"lengths differ: {len(arm)} rows, {len(cells)} cells")
    return Scores(outcomes - prediction, weights * treated, scaled_to_cells(weights * odds, weights * treated, cells))


def scaled_to_cells(comparators: Floats, treated: Floats, cells: Integers) -> Floats:
    """Comparators' weights scaled so that in every cell they add up to the treated's weight; 0 in cells without treated.

    Raises `EstimationError` where a cell's treated have no comparator with weight: the caller decides support before.
    """
    there, here = np.bincount(cells, weights=comparators), np.bincount(cells, weights=treated)
    if ((here > 0) & (there <= 0)).any():
        raise EstimationError(
            f"{int(((here > 0) & (there <= 0)).sum())} cells have treated and no comparator with weight"
        )
    return np.asarray(comparators * np.divide(here, there, out=np.zeros_like(here), where=there > 0)[cells])


def assemble(
    sample: Sample,
    scores: Scores,
    *,
    covariates: Sequence[str],
    categories: Sequence[str],
    propensity: Floats | None,
    fold: Integers | None,
    inference: str,
    alpha: float,
    seed: int,
    band_groups: Sequence[Sequence[str]] | None,
    notes: Sequence[str],
    reason: str | None,
) -> TreatedEffect:
    """Scores of either estimator become a `TreatedEffect`; `reason` given: rows without estimate."""
    if reason is None:
        errors = infer(
            scores,
            names=sample.names,
            clusters=sample.clusters,
            labels=sample.cluster_labels,
            persons=sample.persons,
            inference=inference,
            alpha=alpha,
        )
    else:
        errors = without_errors(scores, sample.names, sample.clusters)
    effects = table_of_effects(
        scores,
        sample.outcomes,
        sample.names,
        errors,
        off_support=len(sample.off_support),
        alpha=alpha,
        seed=seed,
        band_groups=band_groups,
        reason=reason,
    )
    balance = balance_table(
        sample.data,
        covariates=covariates,
        categories=categories,
        treated=sample.treated,
        weight=sample.weight,
        comparator_weight=scores.comparator_weight,
    )
    rows = sample.data.index
    return TreatedEffect(
        effects=effects,
        weights=comparator_weights(sample, scores.comparator_weight),
        propensity=None if propensity is None else pd.Series(propensity, index=rows, name="propensity"),
        left_out=errors.left_out,
        covariance=errors.covariance,
        degrees_of_freedom=errors.degrees_of_freedom,
        balance=balance,
        diagnostics=diagnose(
            balance, scores.comparator_weight, propensity=propensity, treated=sample.treated, weight=sample.weight
        ),
        folds=None if fold is None else pd.Series(fold, index=rows, name="fold"),
        notes=tuple(notes),
        scores=scores,
        rows=rows,
        outcomes=sample.outcomes,
        cluster_codes=sample.clusters,
        cluster_labels=sample.cluster_labels,
        person_codes=sample.persons,
        inference=inference,
        alpha=alpha,
        seed=seed,
        off_support=sample.off_support,
    )


def _separation(propensity: Floats, treated: Flags, notes: list[str]) -> str | None:
    """Why there is no overlap, or None; treated whom hardly any comparator resembles are noted."""
    certain = int((propensity[treated] > NEARLY_CERTAIN).sum())
    if certain:
        notes.append(f"{certain} treated have a propensity above {NEARLY_CERTAIN}: hardly any comparator is like them")
    if propensity[treated].min() > propensity[~treated].max():
        return (
            "the covariates separate treated from comparators: every treated has a higher propensity than every comparator "
            f"({propensity[treated].min():.3g} against {propensity[~treated].max():.3g}), so nobody can stand in for them"
        )
    return None
