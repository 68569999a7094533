"""A long frame as arrays: units by periods, checked.

Belongs here: what a panel must be before anything is estimated. Not here: estimation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.estimators.results import EstimationError, Flags, Floats


@dataclass(frozen=True)
class Panel:
    """`outcome` n x T, `covariates` n x T x k, `is_missing` n x T (no row: outcome and covariates are 0 there), `constants` one value a unit, `weight` n, `clusters` codes n."""

    units: pd.Index
    times: NDArray[Any]
    outcome: Floats
    covariates: Floats
    is_missing: Flags
    constants: dict[str, Floats]
    weight: Floats
    clusters: NDArray[np.int64] | None


def read_panel(
    frame: pd.DataFrame,
    unit: str,
    time: str,
    outcome: str,
    covariates: Sequence[str],
    *,
    constant: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
) -> Panel:
    """Check a long frame and lay it out by unit (sorted) and period (sorted).

    Raises:
        EstimationError: a column that is missing or stands twice, no rows, an empty unit or period, a unit twice in a period, a value that is not a finite number (in
            `constant` columns missing is allowed), a constant, weight or cluster that changes within a unit, a weight that is not positive.
    """
    named = [unit, time, outcome, *covariates, *constant, *([weight] if weight else [])]
    absent = sorted({name for name in [*named, *([cluster] if cluster else [])] if name not in frame.columns})
    if absent:
        raise EstimationError(f"The frame has no column {', '.join(map(repr, absent))}.")
    if len(set(covariates)) < len(covariates):
        raise EstimationError("A covariate is named twice.")
    if frame.empty:
        raise EstimationError("The frame has no rows.")
    if frame[unit].isna().any() or frame[time].isna().any():
        raise EstimationError(f"Columns {unit!r} and {time!r} must not be empty.")
    twice = int(frame.duplicated([unit, time]).sum())
    if twice:
        raise EstimationError(f"{twice} rows repeat a unit and period ({unit!r}, {time!r}).")
    values = {
        name: _numbers(frame, name, allow_missing=name in constant)
        for name in dict.fromkeys([outcome, *covariates, *constant, *([weight] if weight else [])])
    }

    unit_codes, units = pd.factorize(frame[unit], sort=True)
    time_codes, times = pd.factorize(frame[time], sort=True)
    shape = (len(units), len(times))
    is_missing = np.ones(shape, dtype=bool)
    is_missing[unit_codes, time_codes] = False

    def laid_out(name: str) -> Floats:
        laid: Floats = np.zeros(shape)
        laid[unit_codes, time_codes] = values[name]
        return laid

    def per_unit(name: str) -> Floats:
        first = np.full(len(units), np.nan)
        first[unit_codes] = values[name]
        same = (values[name] == first[unit_codes]) | (np.isnan(values[name]) & np.isnan(first[unit_codes]))
        if not same.all():
            raise EstimationError(
                f"Column {name!r} changes within {len(np.unique(unit_codes[~same]))} units; it must be the same in all rows of a unit."
            )
        return first

    weights = per_unit(weight) if weight else np.ones(len(units))
    if (weights <= 0).any():
        raise EstimationError(f"Column {weight!r} must be positive; {int((weights <= 0).sum())} units are not.")
    clusters = None
    if cluster:
        if frame[cluster].isna().any():
            raise EstimationError(f"Column {cluster!r} must not be empty.")
        codes, _ = pd.factorize(frame[cluster], sort=True)
        clusters = np.zeros(len(units), dtype=np.int64)
        clusters[unit_codes] = codes
        if (clusters[unit_codes] != codes).any():
            raise EstimationError(f"Column {cluster!r} changes within a unit: a unit belongs to one cluster.")
    stacked = np.stack([laid_out(name) for name in covariates], axis=2) if covariates else np.zeros((*shape, 0))
    return Panel(
        pd.Index(units, name=unit),
        np.asarray(times),
        laid_out(outcome),
        stacked,
        is_missing,
        {name: per_unit(name) for name in constant},
        weights,
        clusters,
    )


def _numbers(frame: pd.DataFrame, name: str, allow_missing: bool) -> Floats:
    try:
        values: Floats = np.asarray(frame[name].to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise EstimationError(f"Column {name!r} must hold numbers.") from error
    wrong = int((~np.isfinite(values)).sum())
    if wrong and not allow_missing:
        raise EstimationError(f"Column {name!r} has {wrong} values that are missing or infinite.")
    return values
