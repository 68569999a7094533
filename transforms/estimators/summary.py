"""Scores become a table of effects: errors, bands, counts, and a reason in words for what has no number.

Belongs here: rows of `effects`, subgroups. Not here: fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from transforms.estimators.diagnostics import effective_sample
from transforms.estimators.inference import effective_clusters, jackknife, two_way, uniform_bands
from transforms.estimators.results import (
    EFFECT_COLUMNS,
    EstimationError,
    Floats,
    Integers,
    Jackknife,
    Scores,
    TreatedEffect,
)

Inference = Literal["jackknife", "two_way", "person"]
NUMBERS = EFFECT_COLUMNS[1:-1]
CONSTANT = "the outcome has one value in all rows: the effect is zero and has no error"
FROZEN = "the outcome does not vary within the arms: no error can be estimated"


def groups_of(inference: str, clusters: Integers | None, persons: Integers | None) -> Integers | None:
    """What is left out one at a time: enterprises, or persons; None where rows stand for themselves."""
    if inference not in ("jackknife", "two_way", "person"):
        raise EstimationError(f"inference must be 'jackknife', 'two_way' or 'person', not {inference!r}")
    if inference == "two_way" and (clusters is None or persons is None):
        raise EstimationError("two-way inference needs both 'cluster' and 'person'")
    if inference == "person" and persons is None:
        raise EstimationError("inference by person needs 'person'")
    return persons if inference == "person" else clusters


def infer(
    scores: Scores,
    *,
    names: Sequence[str],
    clusters: Integers | None,
    labels: Sequence[object],
    persons: Integers | None,
    inference: str,
    alpha: float,
) -> Jackknife:
    """Errors of the scores in the way asked. Without a cluster every row is one."""
    groups = groups_of(inference, clusters, persons)
    if inference == "two_way" and clusters is not None and persons is not None:
        return two_way(scores, clusters, persons, labels=labels, names=names, alpha=alpha)
    if groups is None:
        groups = np.arange(len(scores.residual), dtype=np.int64)
    return jackknife(scores, groups, labels=() if inference == "person" else labels, names=names, alpha=alpha)


def table_of_effects(
    scores: Scores,
    outcomes: Floats,
    names: Sequence[str],
    errors: Jackknife,
    *,
    off_support: int,
    alpha: float,
    seed: int,
    band_groups: Sequence[Sequence[str]] | None = None,
    reason: str | None = None,
) -> pd.DataFrame:
    """`EFFECT_COLUMNS`, one row an outcome. `band_groups`: outcomes that share a band (one curve each); all outcomes together when None.

    `reason` given: no estimate at all, for that reason; counts and means stay.
    """
    rows = (scores.treated_weight > 0) | (scores.comparator_weight > 0)
    highest = outcomes.max(axis=0, where=rows[:, None], initial=-np.inf)
    lowest = outcomes.min(axis=0, where=rows[:, None], initial=np.inf)
    spread = highest - lowest
    size = np.maximum(np.maximum(np.abs(highest), np.abs(lowest)), np.finfo(float).tiny)
    constant = spread <= 1e-12 * size
    estimate, se = np.where(constant, 0.0, errors.estimate), np.where(constant, 0.0, errors.se)
    frozen = ~constant & (errors.se <= 1e-10 * spread)
    low, high, p = (
        np.where(constant, fill, np.where(frozen, np.nan, values))
        for fill, values in ((0.0, errors.low), (0.0, errors.high), (np.nan, errors.p))
    )
    se = np.where(frozen, np.nan, se)
    band_low, band_high = np.where(constant, 0.0, np.nan), np.where(constant, 0.0, np.nan)
    if errors.reason is None:
        for group in _band_places(names, band_groups):
            moving = [place for place in group if not constant[place] and not frozen[place]]
            if moving:
                band_low[moving], band_high[moving], _ = uniform_bands(
                    estimate[moving],
                    errors.covariance[np.ix_(moving, moving)],
                    degrees_of_freedom=errors.degrees_of_freedom,
                    alpha=alpha,
                    seed=seed,
                )
    frame = pd.DataFrame(
        {
            "outcome": list(names),
            "estimate": estimate,
            "se": se,
            "low": low,
            "high": high,
            "band_low": band_low,
            "band_high": band_high,
            "p": p,
            "treated": int((scores.treated_weight > 0).sum()),
            "comparators": int((scores.comparator_weight > 0).sum()),
            "off_support": off_support,
            "mean_treated": _mean(outcomes, scores.treated_weight),
            "mean_weighted_comparators": _mean(outcomes, scores.comparator_weight),
            "effective_comparators": effective_sample(scores.comparator_weight),
            "effective_clusters": errors.effective_clusters,
            "reason": [
                CONSTANT if still else FROZEN if stuck else errors.reason
                for still, stuck in zip(constant, frozen, strict=True)
            ],
        },
        columns=list(EFFECT_COLUMNS),
    )
    if reason is not None:
        frame[["estimate", "se", "low", "high", "band_low", "band_high", "p"]] = np.nan
        frame["reason"] = reason
    frame["reason"] = frame["reason"].astype(object).where(frame["reason"].notna(), None)
    return frame


def subgroup_effects(
    effect: TreatedEffect,
    subgroups: Mapping[str, pd.Series],
    *,
    band_groups: Sequence[Sequence[str]] | None = None,
    alpha: float | None = None,
) -> pd.DataFrame:
    """Effects in subgroups from the scores and weights of a fit, renormalised within each; nothing is fitted again.

    `subgroups`: name -> flags indexed as the fitted frame (treated and comparators of the subgroup; rows off support are passed over). Returns `subgroup` and `EFFECT_COLUMNS`, a row a subgroup
    and outcome, in the order given. A subgroup without treated or comparators has rows without estimate and the reason. For entropy balancing the weights balance
    the whole, not each subgroup.

    Raises `EstimationError` when flags are not indexed as the frame.
    """
    result = []
    level = effect.alpha if alpha is None else alpha
    names = list(effect.effects["outcome"])
    refused = effect.effects["reason"].iloc[0] if effect.effects["estimate"].isna().all() else None
    with threadpool_limits(1):
        for name, flags in subgroups.items():
            if not flags.index.is_unique or not effect.rows.isin(flags.index).all():
                raise EstimationError(f"the flags of subgroup '{name}' are not indexed as the frame that was fitted")
            rows = flags.reindex(effect.rows).to_numpy(dtype=bool)
            outside = int(flags.reindex(effect.off_support).fillna(False).to_numpy(dtype=bool).sum())
            scores = effect.scores.within(rows)
            reason = refused
            for arm, weights in (("treated", scores.treated_weight), ("comparators", scores.comparator_weight)):
                if reason is None and weights.sum() <= 0:
                    reason = f"no {arm} on support in this subgroup"
            if reason is None:
                clusters = None if effect.cluster_codes is None else effect.cluster_codes[rows]
                persons = None if effect.person_codes is None else effect.person_codes[rows]
                errors = infer(
                    scores,
                    names=names,
                    clusters=clusters,
                    labels=effect.cluster_labels,
                    persons=persons,
                    inference=effect.inference,
                    alpha=level,
                )
            else:
                errors = without_errors(
                    scores, names, None if effect.cluster_codes is None else effect.cluster_codes[rows]
                )
            table = table_of_effects(
                scores,
                effect.outcomes[rows],
                names,
                errors,
                off_support=outside,
                alpha=level,
                seed=effect.seed,
                band_groups=band_groups,
                reason=reason,
            )
            table.insert(0, "subgroup", name)
            result.append(table)
    return pd.concat(result, ignore_index=True) if result else pd.DataFrame(columns=["subgroup", *EFFECT_COLUMNS])


def without_errors(scores: Scores, names: Sequence[str], clusters: Integers | None) -> Jackknife:
    """Inference where there is no estimate: everything NaN, the effective clusters counted."""
    nothing = np.full(len(names), np.nan)
    effective = (
        float((scores.treated_weight > 0).sum())
        if clusters is None
        else effective_clusters(scores.treated_weight, clusters)
    )
    empty = pd.DataFrame(columns=list(names), dtype=np.float64)
    return Jackknife(
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        np.full((len(names),) * 2, np.nan),
        empty,
        0,
        effective,
        np.nan,
        "no estimate",
    )


def _band_places(names: Sequence[str], band_groups: Sequence[Sequence[str]] | None) -> list[list[int]]:
    if band_groups is None:
        return [list(range(len(names)))]
    places = {name: place for place, name in enumerate(names)}
    unknown = sorted({name for group in band_groups for name in group} - set(places))
    if unknown:
        raise EstimationError(f"band groups name outcomes that were not asked for: {', '.join(unknown)}")
    return [[places[name] for name in group] for group in band_groups]


def _mean(outcomes: Floats, weights: Floats) -> Floats:
    total = weights.sum()
    return np.asarray(weights @ outcomes / total) if total > 0 else np.full(outcomes.shape[1], np.nan)
