"""Which cells say too much by themselves.

Belongs here: the primary rules, cell by cell. Not here: what can be worked out from other cells (attacker.py), limits (limits.py).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from transforms.disclosure.limits import Limits

# In the order in which a cell's reason is named when it has several.
RULES: Final = (
    "few_persons",
    "few_enterprises",
    "one_enterprise_dominates",
    "two_enterprises_dominate",
    "all_do_the_same",
    "percentile_of_few",
    "small_count",
)
# Columns of cells that are not counts of a public table.
DESCRIPTIONS: Final = ("enterprises", "largest", "second", "percentile_sharing", "is_protected", "is_uniform")


def count_columns(cells: pd.DataFrame) -> tuple[str, ...]:
    """The columns that hold counts: all but those that describe the cell. `persons` is one of them."""
    return tuple(name for name in cells.columns if name not in DESCRIPTIONS)


def is_empty(cells: pd.DataFrame) -> pd.Series:
    """Cells in which nobody is: every count that the cell has is 0, and it has one. They say nothing about anyone and are never suppressed."""
    counts = cells[list(count_columns(cells))]
    return (counts.fillna(0.0) == 0.0).all(axis=1) & counts.notna().any(axis=1)


def broken_rules(cells: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """One row a cell, one boolean column a rule of `RULES`: whether the cell breaks it.

    `cells`: count columns and those of `DESCRIPTIONS` that apply; a null means that the rule does not apply to the cell. Public facts (`is_protected` false) and empty cells break none.
    """

    def column(name: str) -> np.ndarray:
        return cells[name].to_numpy(dtype=float) if name in cells else np.full(len(cells), np.nan)

    persons, enterprises = column("persons"), column("enterprises")
    largest, second = column("largest"), column("second")
    sharing = column("percentile_sharing")
    uniform = cells["is_uniform"].fillna(False).to_numpy(dtype=bool) if "is_uniform" in cells else False
    counts = cells[list(count_columns(cells))].to_numpy(dtype=float)
    # A comparison with a null is false: the rule does not apply.
    with np.errstate(invalid="ignore"):
        broken = {
            "few_persons": (persons > 0) & (persons < limits.persons),
            "few_enterprises": (enterprises < limits.enterprises) & ~(persons == 0),
            "one_enterprise_dominates": (persons > 0) & (largest > limits.dominance_1 * persons),
            "two_enterprises_dominate": (persons > 0)
            & (largest + np.nan_to_num(second) > limits.dominance_2 * persons),
            "all_do_the_same": np.full(len(cells), True) & uniform,
            "percentile_of_few": sharing < limits.percentile_sharing,
            "small_count": ((counts > 0) & (counts < limits.small_count)).any(axis=1),
        }
    can_be = (is_protected(cells) & ~is_empty(cells)).to_numpy()
    return pd.DataFrame({rule: broken[rule] & can_be for rule in RULES}, index=cells.index)


def is_protected(cells: pd.DataFrame) -> pd.Series:
    """Cells that may be suppressed: all but public facts."""
    if "is_protected" not in cells:
        return pd.Series(True, index=cells.index)
    return cells["is_protected"].fillna(True).astype(bool)


def first_reason(broken: pd.DataFrame) -> pd.Series:
    """The first rule that each cell breaks, '' where none."""
    reason = pd.Series("", index=broken.index, dtype=object)
    for rule in reversed(RULES):
        reason = reason.mask(broken[rule], rule)
    return reason
