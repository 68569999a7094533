"""Shares over bands of hours, with an interval.

Belongs here: adding bands up, and how sure the sum is. Not here: sentences (answers.py, progression.py).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd
from scipy.stats import beta

from assets.report.language import is_known

FROM_39: Final = ("band_2", "band_3", "band_4")
LEVEL: Final = 0.95
Z: Final = 1.959964


class Share(NamedTuple):
    """A share with its 95 % interval."""

    value: float
    low: float | None
    high: float | None


def at_least_39_hours(row: pd.Series) -> Share | None:
    """Share of spells with at least 39 ordinary hours in the month; None where the row is protected or empty.

    The table's own interval when it has one (`at_least_39_lower`, `_upper`). Else Korn and Graubard's (1998): exact for the effective number of spells, which is the spells
    divided by the design effect that the published interval of `share` shows in the same row (at least 1): spells of one enterprise are alike.
    """
    spells = row.get("spells")
    if not is_known(spells) or spells is None or float(spells) == 0 or not all(is_known(row[band]) for band in FROM_39):
        return None
    count = float(sum(row[band] for band in FROM_39))
    value = count / float(spells)
    if is_known(row.get("at_least_39_lower")) and is_known(row.get("at_least_39_upper")):
        return Share(value, float(row["at_least_39_lower"]), float(row["at_least_39_upper"]))
    if not is_known(row["ci_lower"]) or not is_known(row["ci_upper"]):
        return Share(value, None, None)
    effective = float(spells) / design_effect(row)
    return Share(value, *exact_limits(value * effective, effective))


def design_effect(row: pd.Series) -> float:
    """How many times larger the published variance of `share` is than that of independent spells; at least 1."""
    share, spells = float(row["share"]), float(row["spells"])
    independent = share * (1 - share) / spells
    if independent == 0:
        return 1.0
    error = (float(row["ci_upper"]) - float(row["ci_lower"])) / (2 * Z)
    return max(1.0, error**2 / independent)


def exact_limits(count: float, total: float) -> tuple[float, float]:
    """Clopper and Pearson's 95 % limits, also of counts that are not whole."""
    tail = (1 - LEVEL) / 2
    low = 0.0 if count <= 0 else float(beta.ppf(tail, count, total - count + 1))
    high = 1.0 if count >= total else float(beta.ppf(1 - tail, count + 1, total - count))
    return low, high
