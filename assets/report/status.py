"""Why a measure is null: protected, or not there. A row has one status for its own counts and may have others for parts of them.

Belongs here: which status column says what of which measure. Not here: how a null is written (language.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from assets.report.language import OK, is_known

BANDS: Final = ("small_jobs", "band_0", "band_1", "band_2", "band_3", "band_4", "exited")
RESULTS: Final = ("employed_status", "events_status")
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "spells_started": ("spells_started_status",),
    "employed": ("employed_status",),
    "events": ("events_status",),
    "competing": ("competing_status",),
    "share": RESULTS,
    "ci_lower": RESULTS,
    "ci_upper": RESULTS,
    **dict.fromkeys(BANDS, ("bands_status",)),
}


def status_of(row: pd.Series, measure: str) -> str:
    """`ok` of a measure that is shown, and of one that was never observed; else why it is hidden."""
    if is_known(row.get(measure)):
        return OK
    found = (str(row[name]) for name in ("status", *PARTS.get(measure, ())) if name in row.index)
    return next((status for status in found if status != OK), OK)


def is_protected(rows: pd.DataFrame, measure: str) -> pd.Series:
    """Which rows' measure is hidden."""
    hidden = pd.Series(False, index=rows.index)
    for name in ("status", *PARTS.get(measure, ())):
        if name in rows:
            hidden |= rows[name] != OK
    return hidden & rows[measure].isna()


def state(row: pd.Series | None, measure: str) -> str:
    """`ok`, `protected` or `missing`, of a measure of a row of a public table."""
    if row is None:
        return "missing"
    if is_known(row.get(measure)):
        return "ok"
    return "missing" if status_of(row, measure) == OK else "protected"


def protections(rows: pd.DataFrame) -> tuple[int, int]:
    """Rows in which a count is hidden because it is too small, and rows in which one is hidden for the sake of others alone."""
    statuses = rows[[name for name in rows if str(name) == "status" or str(name).endswith("_status")]]
    first = (statuses == "suppressed_primary").any(axis=1)
    second = (statuses == "suppressed_secondary").any(axis=1) & ~first
    return int(first.sum()), int(second.sum())
