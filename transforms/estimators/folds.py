"""Folds for cross-fitting: no unit on both sides, no name decides.

Belongs here: dealing enterprises and persons to folds. Not here: the fits.
"""

from __future__ import annotations

import heapq

import numpy as np
import pandas as pd

from transforms.estimators.frames import Hashes, Sample
from transforms.estimators.results import EstimationError, Flags, Floats, Integers


def given_folds(frame: pd.DataFrame, fold_of: str | pd.Series | None) -> pd.Series | None:
    """The caller's folds: a column's name or a series indexed as the frame."""
    if not isinstance(fold_of, str):
        return fold_of
    if fold_of not in frame.columns:
        raise EstimationError(f"the frame has no column '{fold_of}'")
    return frame[fold_of]


def folds_for(
    sample: Sample, units: Integers | None, folds: int, given: pd.Series | None, seed: int, notes: list[str]
) -> Integers:
    """A fold for each row of a sample: those given, else dealt by unit, else by row (which `notes` is told) where one unit holds all treated or all comparators.

    Raises `EstimationError` when a fold's models could not be fitted without it.
    """
    if given is not None:
        given = given.reindex(sample.data.index)
        if given.isna().any():
            raise EstimationError(f"{int(given.isna().sum())} rows have no fold")
        fold = pd.factorize(given, sort=True)[0].astype(np.int64)
        if fold.max() < 1:
            raise EstimationError("the folds given are one fold: at least 2 are needed")
        if not is_trainable(fold, sample.treated):
            raise EstimationError("the folds given leave no treated or no comparator outside one of them")
        return fold
    if folds < 2:
        raise EstimationError(f"at least 2 folds are needed, not {folds}")
    rows = np.arange(len(sample.treated), dtype=np.int64)
    for attempt in (rows if units is None else units, rows):
        fold = make_folds(attempt, sample.treated, sample.signature, sample.tie, folds=folds, seed=seed)
        if is_trainable(fold, sample.treated):
            if attempt is not units and units is not None:
                notes.append("folds are by row: all treated, or all comparators, stand in one cluster")
            return fold
    raise EstimationError(
        "one treated or one comparator is too few: the models are fitted without the row they are used for"
    )


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


def _mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): close inputs, unrelated outputs."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)
