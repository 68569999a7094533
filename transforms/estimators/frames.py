"""A frame becomes arrays: checked, cut to common support, in an order that neither rows nor ids decide.

Belongs here: what is refused and in which words, support by cells, the canonical order. Not here: features, fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.estimators.results import EstimationError, Flags, Floats, Integers

Hashes = NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Sample:
    """Rows on support (n), in canonical order.

    `data`: their covariates and categories. `treated` n, `weight` n (sampling weights), `outcomes` n x K. `clusters`, `persons`, `cells`: codes 0.., a row without cluster is a
    cluster of its own; `cluster_labels`: labels of the first codes, the named ones. `signature`: n hashes of treatment, covariates, categories and cell;
    `tie`: n numbers made of the outcomes, which order rows of equal signature. `position`: the rows' places in the
    frame. `off_support`: index labels of treated without comparator in their cell. `comparators`, `comparator_position`: of all comparators, in the frame's order.
    """

    data: pd.DataFrame
    names: tuple[str, ...]
    treated: Flags
    weight: Floats
    outcomes: Floats
    clusters: Integers | None
    cluster_labels: tuple[object, ...]
    persons: Integers | None
    cells: Integers | None
    signature: Hashes
    tie: Floats
    position: Integers
    off_support: pd.Index
    comparators: pd.Index
    comparator_position: Integers


def prepare(
    frame: pd.DataFrame,
    *,
    outcomes: Sequence[str] | None,
    treatment: str,
    covariates: Sequence[str],
    categories: Sequence[str] = (),
    cluster: str | None = None,
    person: str | None = None,
    cell: str | None = None,
    weight: str | None = None,
    unit: str | None = None,
) -> Sample:
    """Check a frame and cut it to common support.

    `outcomes` None: weights alone are wanted (K = 0). Refused (`EstimationError`): a column that is not there, an index or `unit` with duplicates, a treatment that is not 0 or 1, nulls or non-finite numbers, weights
    that are not positive, no treated, no comparator, no comparator in any cell that has treated. Raises nothing else.
    """
    if outcomes is not None and (isinstance(outcomes, str) or not outcomes):
        raise EstimationError("outcomes must be a list with at least one name")
    outcomes = outcomes or ()
    _check_columns(frame, [*outcomes, treatment, *covariates, *categories, cluster, person, cell, weight, unit])
    _check_roles(outcomes, treatment, [*covariates, *categories])
    ids = frame.index if unit is None else pd.Index(frame[unit])
    if not ids.is_unique:
        where = "the index" if unit is None else f"'{unit}'"
        raise EstimationError(f"{where} must name each row once: {int(ids.duplicated().sum())} rows repeat an id")
    treated = _treatment(frame[treatment], treatment)
    adjusted = {name: numbers(frame, name) for name in covariates}
    weights = np.ones(len(frame)) if weight is None else numbers(frame, weight)
    if (weights <= 0).any():
        raise EstimationError(f"'{weight}' must be positive: {int((weights <= 0).sum())} rows are zero or below")
    for name in [*categories, *([] if cell is None else [cell]), *([] if person is None else [person])]:
        if frame[name].isna().any():
            raise EstimationError(f"'{name}' has {int(frame[name].isna().sum())} rows without a value")
    if not treated.any():
        raise EstimationError(f"no treated: '{treatment}' is 0 in all {len(frame)} rows")
    if treated.all():
        raise EstimationError(f"no comparator: '{treatment}' is 1 in all {len(frame)} rows")

    supported = np.ones(len(frame), dtype=bool) if cell is None else _support(frame[cell], treated)
    if not supported.any():
        raise EstimationError(
            f"no comparator in any cell of '{cell}' that has treated: all {int(treated.sum())} treated are off support"
        )
    keep = np.flatnonzero(supported)
    texts = [*categories, *([] if cell is None else [cell])]
    signature = _signature(frame, texts, keep, treated, weights, list(adjusted.values()))
    factors = np.random.default_rng(7).uniform(0.5, 1.5, len(outcomes))
    # A weighted sum of the outcomes: equal outcomes give equal numbers, other ones nearly never.
    tie = np.zeros(len(keep))
    for name, factor in zip(outcomes, factors, strict=True):
        tie += factor * numbers(frame, name)[keep]
    order = np.lexsort((tie, signature))
    keep = keep[order]
    matrix = np.empty((len(keep), len(outcomes)))
    for place, name in enumerate(outcomes):
        matrix[:, place] = numbers(frame, name)[keep]
    clusters, labels = codes(frame[cluster].iloc[keep]) if cluster is not None else (None, ())
    persons = codes(frame[person].iloc[keep])[0] if person is not None else None
    return Sample(
        data=frame[[*covariates, *categories]].iloc[keep],
        names=tuple(outcomes),
        treated=treated[keep],
        weight=weights[keep],
        outcomes=matrix,
        clusters=clusters,
        cluster_labels=labels,
        persons=persons,
        cells=codes(frame[cell].iloc[keep])[0] if cell is not None else None,
        signature=signature[order],
        tie=tie[order],
        position=keep,
        off_support=frame.index[~supported & treated],
        comparators=frame.index[~treated],
        comparator_position=np.flatnonzero(~treated),
    )


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """A column as finite numbers, or an `EstimationError` that says how many are not."""
    try:
        values = np.asarray(frame[name].to_numpy(dtype=np.float64, na_value=np.nan)) + 0.0
    except (TypeError, ValueError) as error:
        raise EstimationError(f"'{name}' is not numeric") from error
    missing = ~np.isfinite(values)
    if missing.any():
        raise EstimationError(
            f"'{name}' has {int(missing.sum())} rows that are null or not finite: leave them out or flag them before"
        )
    return values


def codes(labels: pd.Series) -> tuple[Integers, tuple[object, ...]]:
    """Codes 0.. of labels, in order of appearance; a null is a group of its own, after the named ones."""
    found, uniques = pd.factorize(labels, use_na_sentinel=True)
    result = found.astype(np.int64)
    empty = result < 0
    result[empty] = len(uniques) + np.arange(int(empty.sum()))
    return result, tuple(uniques)


def _check_columns(frame: pd.DataFrame, names: Sequence[str | None]) -> None:
    missing = sorted({name for name in names if name is not None and name not in frame.columns})
    if missing:
        raise EstimationError(f"the frame has no column {', '.join(repr(name) for name in missing)}")
    if not frame.columns.is_unique:
        raise EstimationError("the frame has two columns of the same name")


def _check_roles(outcomes: Sequence[str], treatment: str, adjusted: Sequence[str]) -> None:
    if treatment in adjusted or treatment in outcomes:
        raise EstimationError(f"'{treatment}' is the treatment: it cannot be a covariate or an outcome too")
    for name in (*outcomes, *adjusted):
        if list(outcomes).count(name) > 1 or list(adjusted).count(name) > 1:
            raise EstimationError(f"'{name}' is named twice")
    both = [name for name in outcomes if name in adjusted]
    if both:
        raise EstimationError(f"'{both[0]}' is an outcome: adjusting for it would explain the effect away")


def _treatment(column: pd.Series, name: str) -> Flags:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~np.isin(values, (0.0, 1.0))
    if wrong.any():
        raise EstimationError(f"'{name}' must be 0 or 1: {int(wrong.sum())} rows are something else")
    return np.asarray(values == 1.0)


def _support(cell: pd.Series, treated: Flags) -> Flags:
    found = pd.factorize(cell)[0]
    with_treated = np.bincount(found, weights=treated) > 0
    with_comparators = np.bincount(found, weights=~treated) > 0
    return np.asarray((with_treated & with_comparators)[found])


def _signature(
    frame: pd.DataFrame,
    texts: Sequence[str],
    keep: Integers,
    treated: Flags,
    weights: Floats,
    columns: Sequence[Floats],
) -> Hashes:
    """A hash a row of everything but outcomes and ids. Outcomes stay out so that an added constant moves no row into another fold."""
    result = pd.util.hash_array(treated[keep].astype(np.float64))
    for values in [weights, *columns]:
        result = result * _ODD + pd.util.hash_array(values[keep])
    for name in texts:
        found, uniques = pd.factorize(frame[name].iloc[keep])
        names = pd.util.hash_array(np.array([str(unique) for unique in uniques], dtype=object))
        result = result * _ODD + names[found]
    return np.asarray(result, dtype=np.uint64)


def comparator_weights(sample: Sample, weight: Floats) -> pd.Series:
    """Comparators' weights, sum 1, in the order of the frame; comparators in cells without treated stand with 0."""
    everyone = np.zeros(int(max(sample.position.max(), sample.comparator_position.max())) + 1)
    total = weight[~sample.treated].sum()
    everyone[sample.position[~sample.treated]] = weight[~sample.treated] / (total if total > 0 else 1.0)
    return pd.Series(everyone[sample.comparator_position], index=sample.comparators, name="weight")
