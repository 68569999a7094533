"""Covariates as a matrix: standardised, with squares and products of the continuous ones, categories as flags.

Belongs here: which columns and how they are scaled. Not here: fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from transforms.estimators.frames import numbers
from transforms.estimators.results import EstimationError, Floats

Terms = Literal["squares_and_products", "linear"]


@dataclass(frozen=True)
class Features:
    """`matrix`: n x p, mean 0 over the rows, and standard deviation 1 but for flags. `names`: p. `notes`: what was left out, in words."""

    matrix: Floats
    names: tuple[str, ...]
    notes: tuple[str, ...]


def build_features(
    data: pd.DataFrame,
    *,
    covariates: Sequence[str],
    categories: Sequence[str] = (),
    linear: Sequence[str] = (),
    terms: Terms = "squares_and_products",
    moments: int = 1,
    scale_flags: bool = False,
) -> Features:
    """z = (x - mean) / sd for every covariate; for continuous ones (more than two values) z^2 and z_i z_j with `squares_and_products`,
    and powers up to `moments`; a flag for each value of a category but its commonest. Derived columns are standardised again. Flags and covariates of two values are 0 and 1 minus
    their mean, or standardised with `scale_flags`: dividing a rare flag by its standard deviation would free it from the penalty, and a level that one fold lacks then makes a
    propensity of nearly 1.

    Squares and products are of standardised covariates, so that x and x^2 are not collinear. Covariates also named in `linear` have none (counts that are mostly 0: their squares
    are outliers). A constant column is left out and noted. `EstimationError` for unknown terms, moments below 1, a name in `linear` that is no covariate, or when nothing varies.
    """
    if terms not in ("squares_and_products", "linear"):
        raise EstimationError(f"terms must be 'squares_and_products' or 'linear', not {terms!r}")
    if moments < 1:
        raise EstimationError(f"moments must be at least 1, not {moments}")
    if strange := [name for name in linear if name not in covariates]:
        raise EstimationError(f"'linear' names what is no covariate: {', '.join(strange)}")
    columns: list[Floats] = []
    names: list[str] = []
    notes: list[str] = []
    continuous: list[tuple[str, Floats]] = []
    for name in covariates:
        values = numbers(data, name)
        scaled = _standardise(values)
        if scaled is None:
            notes.append(f"'{name}' is constant and was left out")
            continue
        is_flag = len(pd.unique(values)) == 2
        columns.append(_flag(values) if is_flag and not scale_flags else scaled)
        names.append(name)
        if not is_flag and name not in linear:
            continuous.append((name, scaled))
    highest = max(moments, 2 if terms == "squares_and_products" else 1)
    derived = [(f"{name}^{power}", scaled**power) for name, scaled in continuous for power in range(2, highest + 1)]
    for label, values in derived:
        _append(columns, names, label, values)
    if terms == "squares_and_products":
        for (first, left), (second, right) in combinations(continuous, 2):
            _append(columns, names, f"{first} x {second}", left * right)
    for name in categories:
        found, levels = pd.factorize(data[name], sort=True)
        if len(levels) < 2:
            notes.append(f"'{name}' is constant and was left out")
            continue
        commonest = int(np.argmax(np.bincount(found)))
        for place, level in enumerate(levels):
            if place != commonest:
                flag = (found == place).astype(np.float64)
                columns.append(np.asarray(_standardise(flag)) if scale_flags else _flag(flag))
                names.append(f"{name}={level}")
    if not columns:
        raise EstimationError("no covariate varies: there is nothing to adjust for")
    matrix = np.empty((len(data), len(columns)))
    for place, values in enumerate(columns):
        matrix[:, place] = values
    return Features(matrix, tuple(names), tuple(notes))


def _append(columns: list[Floats], names: list[str], name: str, values: Floats) -> None:
    scaled = _standardise(values)
    if scaled is not None:
        columns.append(scaled)
        names.append(name)


def _flag(values: Floats) -> Floats:
    """Two values as 0 and 1, minus their mean."""
    low, high = values.min(), values.max()
    flag = (values - low) / (high - low)
    return np.asarray(flag - flag.mean())


def _standardise(values: Floats) -> Floats | None:
    """Mean 0, standard deviation 1; None when the values are all the same."""
    low, high = values.min(), values.max()
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        return None
    centred = values - values.mean()
    return np.asarray(centred / np.sqrt(np.mean(centred**2)))
