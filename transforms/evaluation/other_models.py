"""The primary outcome with other models of what comparators' outcomes would be: how much hangs on the ridge regression.

Belongs here: logistic regression and gradient boosting in its place, with the folds and propensities of the main fit. Not here: the main fit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from transforms.estimators import EstimationError, TreatedEffect
from transforms.estimators.features import build_features
from transforms.estimators.results import Scores
from transforms.estimators.summary import infer, table_of_effects
from transforms.evaluation.fits import Fit, fit
from transforms.evaluation.plan import AIPW, Group, Plan, Specification
from transforms.evaluation.samples import TREATED, WEIGHT, Cohorts, column, sample_at


def other_models(plan: Plan, group: Group, specification: Specification, cohorts: Cohorts, chosen: pd.DataFrame) -> Fit:
    """The fit of the specification's outcome and horizon with its model in place of the ridge regression."""
    (outcome,), (horizon,) = plan.outcomes_of(specification), plan.horizons_of(specification)
    observed = cohorts.outcomes(group, chosen["trial_id"], [horizon], [outcome])
    sample = sample_at(chosen, observed, horizon, [(outcome, horizon)])
    fitted = fit(plan, group, specification, AIPW, sample, [(outcome, horizon)])
    if fitted.effect is not None and fitted.effect.effects["estimate"].notna().all():
        try:
            effect = with_model(plan, group, specification, fitted, column(outcome, horizon))
            fitted = replace(fitted, effect=effect)
        except EstimationError as problem:
            fitted = replace(fitted, effect=None, reason=str(problem))
    return fitted


def with_model(plan: Plan, group: Group, specification: Specification, fitted: Fit, name: str) -> TreatedEffect:
    """The effect with predictions of the specification's model, cross-fitted in the folds of the fit; weights and propensities stay.

    Raises:
        EstimationError: when the outcome has one value among the comparators outside a fold.
    """
    effect = fitted.effect
    assert effect is not None and effect.folds is not None
    data = fitted.sample.loc[effect.rows]
    values = data[name].to_numpy(dtype=float)
    treated = data[TREATED].to_numpy() == 1
    weight = data[WEIGHT].to_numpy(dtype=float)
    with threadpool_limits(1):
        features = build_features(
            data,
            covariates=plan.covariates,
            categories=plan.categories[group.arm],
            linear=[name for name in plan.covariates if name in plan.linear],
            terms="linear" if specification.outcome_model == "boosted" else specification.terms,
        ).matrix
        predicted = np.empty(len(values))
        fold = effect.folds.to_numpy()
        for one in np.unique(fold):
            outside = (fold != one) & ~treated
            predicted[fold == one] = _predict(
                plan, specification.outcome_model, name, features, values, weight, outside, fold == one
            )
        scores = replace_residual(effect.scores, (values - predicted)[:, None])
        errors = infer(
            scores,
            names=[name],
            clusters=effect.cluster_codes,
            labels=effect.cluster_labels,
            persons=effect.person_codes,
            inference=effect.inference,
            alpha=effect.alpha,
        )
        table = table_of_effects(
            scores,
            values[:, None],
            [name],
            errors,
            off_support=len(effect.off_support),
            alpha=effect.alpha,
            seed=effect.seed,
        )
    return replace(effect, effects=table, scores=scores)


def replace_residual(scores: Scores, residual: np.ndarray) -> Scores:
    """The same weights with other residuals."""
    return replace(scores, residual=residual)


def _predict(
    plan: Plan,
    model: str,
    name: str,
    features: np.ndarray,
    values: np.ndarray,
    weight: np.ndarray,
    train: np.ndarray,
    rows: np.ndarray,
) -> np.ndarray:
    is_share = name.partition("@")[0] in plan.shares
    if is_share and len(np.unique(values[train])) < 2:
        raise EstimationError("the outcome has one value among the comparators of a fold: no model can be fitted")
    fitted: Any
    if model == "logistic" and is_share:
        fitted = LogisticRegression(C=1.0 / plan.outcome_penalty, solver="newton-cholesky", max_iter=200)
    elif model == "logistic":
        raise EstimationError("a logistic outcome model needs an outcome of 0 and 1")
    elif is_share:
        fitted = HistGradientBoostingClassifier(random_state=plan.seed, early_stopping=False)
    else:
        fitted = HistGradientBoostingRegressor(random_state=plan.seed, early_stopping=False)
    fitted.fit(features[train], values[train], sample_weight=weight[train])
    return np.asarray(fitted.predict_proba(features[rows])[:, 1] if is_share else fitted.predict(features[rows]))
