"""One fit and its rows: an estimator of transforms/estimators on a sample, and what it says about each outcome.

Belongs here: calling the estimators, words where there is no estimate, E-values, smallest detectable effects. Not here: samples, the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from transforms.estimators import (
    EstimationError,
    TreatedEffect,
    aipw_treated,
    e_value,
    entropy_effect,
    smallest_detectable_effect,
)
from transforms.evaluation.plan import AIPW, DESIGN, Group, Plan, Specification
from transforms.evaluation.samples import CELL, TREATED, WEIGHT, column, effective

Pair = tuple[str, int]  # outcome and month
NUMBERS = ("estimate", "se", "low", "high", "band_low", "band_high", "p", "mean_treated", "mean_weighted_comparators")


@dataclass(frozen=True)
class Fit:
    """A fitted sample, or why it could not be fitted (`reason`). `pairs` were asked for; `unobserved` of them lack a value in some rows and were left out."""

    estimator: str
    sample: pd.DataFrame
    pairs: tuple[Pair, ...]
    unobserved: frozenset[Pair]
    effect: TreatedEffect | None
    reason: str | None

    @cached_property
    def supported(self) -> pd.DataFrame:
        """The sample's rows on support, in the order of the effect's scores; none without an effect."""
        return self.sample.iloc[:0] if self.effect is None else self.sample.loc[self.effect.rows]


def fit(
    plan: Plan,
    group: Group,
    specification: Specification,
    estimator: str,
    sample: pd.DataFrame,
    pairs: Sequence[Pair],
    *,
    covariates: Sequence[str] | None = None,
    band_groups: Sequence[Sequence[Pair]] | None = None,
) -> Fit:
    """Fits all pairs at once. Never raises for a cohort that cannot bear an estimate: `reason` says why, in words."""
    reason = too_little(plan, sample)
    if reason is not None:
        return Fit(estimator, sample, tuple(pairs), frozenset(), None, reason)
    complete = sample[[column(*pair) for pair in pairs]].notna().all().to_numpy()
    unobserved = frozenset(pair for pair, is_there in zip(pairs, complete, strict=True) if not is_there)
    kept = [pair for pair in pairs if pair not in unobserved]
    effect = None
    if not kept:
        reason = "no outcome is observed for everybody in the sample"
    if reason is None:
        try:
            # What overflows on the way to weights that do not exist ends in a reason, not in a line on somebody's screen.
            with np.errstate(all="ignore"):
                effect = _estimate(plan, group, specification, estimator, sample, kept, covariates, band_groups)
        except EstimationError as problem:
            reason = str(problem)
    return Fit(estimator, sample, tuple(pairs), unobserved, effect, reason)


def too_little(plan: Plan, sample: pd.DataFrame) -> str | None:
    """Why a sample bears no estimate whatever the outcome, or None."""
    if not len(sample):
        return "nobody in the cohort is observed that long"
    is_treated = sample[TREATED] == 1
    treated = is_treated.sum()
    if not treated:
        return "no treated start is observed that long"
    if treated == len(sample):
        return "no comparator is observed that long"
    if treated < plan.least_of_group:
        return f"{treated:.0f} treated starts are observed that long: fewer than {plan.least_of_group}, too few to estimate anything"
    supported = sample.loc[is_treated, CELL].isin(sample.loc[~is_treated, CELL]).sum()
    # None at all is the estimators' to say.
    if 0 < supported < plan.least_of_group:
        return f"{supported} of {treated} treated starts have a comparator in their cell: fewer than {plan.least_of_group}, too few to estimate anything"
    return None


def refused(plan: Plan, estimator: str, chosen: pd.DataFrame, pairs: Sequence[Pair]) -> Fit | None:
    """A fit that is not tried, where a cohort has too few treated whatever the horizon: no outcome needs to be read for it. None where it may be tried."""
    treated = chosen[TREATED].sum() if len(chosen) else 0
    if treated >= plan.least_of_group:
        return None
    reason = (
        f"{treated:.0f} treated starts in the cohort: fewer than {plan.least_of_group}, too few to estimate anything"
        if treated
        else "no treated start in the cohort"
    )
    return Fit(estimator, chosen, tuple(pairs), frozenset(), None, reason)


def _estimate(
    plan: Plan,
    group: Group,
    specification: Specification,
    estimator: str,
    sample: pd.DataFrame,
    pairs: Sequence[Pair],
    covariates: Sequence[str] | None,
    band_groups: Sequence[Sequence[Pair]] | None,
) -> TreatedEffect:
    categories = [*plan.categories[group.arm]]
    if len(group.instruments) > 1 and "instrument" not in categories:
        categories.append("instrument")
    shared: dict[str, Any] = {
        "outcomes": [column(*pair) for pair in pairs],
        "treatment": TREATED,
        "covariates": list(plan.covariates if covariates is None else covariates),
        "categories": categories,
        "cluster": "cluster_id",
        "person": "person_key",
        "cell": CELL,
        "weight": WEIGHT,
        "inference": plan.inference[group.arm],
        "alpha": plan.alpha,
        "seed": plan.seed,
        "band_groups": [[column(*pair) for pair in one if pair in pairs] for one in band_groups]
        if band_groups is not None
        else [[column(*pair)] for pair in pairs],
    }
    if estimator == AIPW:
        return aipw_treated(
            sample,
            linear=[name for name in shared["covariates"] if name in plan.linear],
            folds=plan.folds,
            propensity_penalty=plan.propensity_penalty,
            outcome_penalty=plan.outcome_penalty,
            terms=specification.terms,
            **shared,
        )
    # Means (and further moments where the protocol asks): products of all of them are more than any comparators can reproduce.
    return entropy_effect(sample, terms="linear", moments=plan.moments, tolerance=plan.tolerance, **shared)


def narrowed(effect: TreatedEffect, names: Sequence[str]) -> TreatedEffect:
    """The same fit with these outcomes alone: what is computed again for every subgroup is then a few columns."""
    places = [list(effect.effects["outcome"]).index(name) for name in names]
    return replace(
        effect,
        effects=effect.effects.iloc[places].reset_index(drop=True),
        outcomes=effect.outcomes[:, places],
        scores=replace(effect.scores, residual=effect.scores.residual[:, places]),
        covariance=effect.covariance[np.ix_(places, places)],
        left_out=effect.left_out[list(names)] if len(effect.left_out) else effect.left_out,
    )


def cell_of(group: Group, specification: Specification) -> dict[str, str]:
    """The columns that say which group and specification a row is of."""
    return {
        "design": DESIGN,
        "family": group.family,
        "specification": specification.name,
        "arm": group.arm,
        "instrument": group.instrument,
    }


def counts_of(sample: pd.DataFrame, treated: pd.Series, comparators: int, off_support: int) -> dict[str, Any]:
    """Counts of the treated (flags over the sample's rows) and their enterprises."""
    clusters = sample["cluster_id"].to_numpy()[treated.to_numpy()]
    number, equal = effective(clusters)
    return {
        "treated": len(clusters),
        "comparators": comparators,
        "off_support": off_support,
        "enterprises": number,
        "effective_enterprises": equal,
    }


def rows_of(plan: Plan, group: Group, specification: Specification, subgroup: str, fitted: Fit) -> pd.DataFrame:
    """Rows of `estimates` of a fit; pairs that were left out, or all where nothing could be fitted, are there with the reason."""
    effect = fitted.effect
    if effect is None:
        return _rows_without(plan, group, specification, subgroup, fitted)
    rows = pd.Series(False, index=fitted.sample.index)
    rows.loc[effect.rows] = True
    treated = rows & (fitted.sample[TREATED] == 1)
    shared = cell_of(group, specification) | {"subgroup": subgroup, "estimator": fitted.estimator}
    table = table_of(plan, group, effect.effects, shared, fitted.pairs, fitted.unobserved)
    counts = counts_of(fitted.sample, treated, 0, len(effect.off_support))
    for name in ("enterprises", "effective_enterprises"):
        table[name] = counts[name]
    return with_magnitudes(plan, table, effect)


def table_of(
    plan: Plan,
    group: Group,
    effects: pd.DataFrame,
    shared: dict[str, Any],
    pairs: Sequence[Pair],
    unobserved: frozenset[Pair],
) -> pd.DataFrame:
    """A frame of effects (one row an outcome column) as rows of `estimates`, in the order of the pairs."""
    found: dict[Any, dict[Any, Any]] = effects.set_index("outcome").to_dict("index")
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        outcome, month = pair
        row: dict[str, Any] = shared | {
            "outcome": outcome,
            "horizon": month,
            "is_primary": shared["estimator"] == AIPW
            and shared["subgroup"] == "all"
            and shared["specification"] == plan.main.name
            and plan.is_primary(group, outcome, month),
        }
        if pair in unobserved:
            row |= {"reason": "the outcome is not observed for everybody in the sample"}
        else:
            one = found[column(outcome, month)]
            row |= {name: one[name] for name in NUMBERS}
            if not np.isfinite(one["estimate"]):
                # Weights that were not found weigh nothing.
                row["mean_weighted_comparators"] = one["effective_comparators"] = np.nan
            row |= {
                "treated": int(one["treated"]),
                "comparators": int(one["comparators"]),
                "off_support": int(one["off_support"]),
                "effective_comparators": one["effective_comparators"],
                "freedom": one["effective_clusters"] - 1,
                "reason": one["reason"],
            }
        rows.append(row)
    return pd.DataFrame(rows)


def _rows_without(plan: Plan, group: Group, specification: Specification, subgroup: str, fitted: Fit) -> pd.DataFrame:
    """Rows of `estimates` where nothing could be estimated: counts and the reason."""
    treated = (
        fitted.sample[TREATED] == 1 if len(fitted.sample) else pd.Series(False, index=fitted.sample.index, dtype=bool)
    )
    counts = counts_of(fitted.sample, treated, int((~treated).sum()), 0)
    shared = cell_of(group, specification) | {"subgroup": subgroup, "estimator": fitted.estimator} | counts
    is_asked = fitted.estimator == AIPW and subgroup == "all" and specification.name == plan.main.name
    return pd.DataFrame(
        [
            shared
            | {
                "outcome": outcome,
                "horizon": month,
                "reason": fitted.reason,
                "is_primary": is_asked and plan.is_primary(group, outcome, month),
            }
            for outcome, month in fitted.pairs
        ]
    )


def with_magnitudes(plan: Plan, table: pd.DataFrame, effect: TreatedEffect) -> pd.DataFrame:
    """Adds E-values and smallest detectable effects; where they cannot be said they are null."""
    weight = effect.scores.comparator_weight
    places = {name: number for number, name in enumerate(effect.effects["outcome"])}
    points, limits, smallest = [], [], []
    row: dict[str, Any]
    for row in table.to_dict("records"):  # type: ignore[assignment]
        point = limit = detectable = np.nan
        estimate, se, freedom = (float(row.get(name, np.nan)) for name in ("estimate", "se", "freedom"))
        if np.isfinite(estimate) and np.isfinite(se) and se > 0 and np.isfinite(row["low"]):
            detectable = float(smallest_detectable_effect(se, alpha=plan.alpha, df=freedom if freedom > 0 else None))
            values = effect.outcomes[:, places[column(row["outcome"], row["horizon"])]]
            point, limit = _e_values(plan, row, values, weight)
        points.append(point)
        limits.append(limit)
        smallest.append(detectable)
    return table.assign(e_value=points, e_value_limit=limits, smallest_detectable_effect=smallest)


def _e_values(plan: Plan, row: dict[str, Any], values: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    try:
        if row["outcome"] in plan.shares:
            baseline = float(row["mean_treated"] - row["estimate"])
            found = e_value(row["estimate"], row["low"], row["high"], "risk_difference", baseline=baseline)
        else:
            mean = float(np.average(values, weights=weight))
            deviation = float(np.sqrt(np.average((values - mean) ** 2, weights=weight)))
            found = e_value(row["estimate"], row["low"], row["high"], "mean_difference", standard_deviation=deviation)
    except EstimationError:
        return np.nan, np.nan
    return found.point, found.limit
