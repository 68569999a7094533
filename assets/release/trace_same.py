"""Whether every figure that a release shows in a table is the build's.

Belongs here: the comparison of a public table with the rows that it was made of. Not here: what a release says of its build (trace_build.py).
The code version that a release names is that of the ingest: models that changed since would count other members for a hidden figure, and only the shown ones can tell.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from assets.release.public_rows import CURVES, ESTIMATES, INEQUALITY, REGISTER, SUPPLY, rows_of_system
from assets.release.trace_build import Build
from assets.release.trace_figure import Release, read_released, refuse
from transforms.release.design import PublicTable
from transforms.release.national import DIGITS, rounded

CLOSE = 1e-9
ROUNDED = ("treated", "comparators")
SHORTENED = ("mean_treated", "mean_weighted_comparators")
NATIONAL = {
    "register": REGISTER,
    "supply_by_municipality": SUPPLY,
    "supply_inequality": INEQUALITY,
    "effect_estimates": ESTIMATES,
    "effect_curves": CURVES,
}


def require_same_figures(build: Build, release: Release, table: PublicTable) -> None:
    """Refuses a build in which a figure that the release shows in `table` is another one, or its row is not there.

    Raises:
        TraceError: how many differ.
    """
    shown = read_released(release, "public", table.name)
    ours = _rows(build, release, table)
    keys = list(table.dimensions)
    both = shown.merge(ours, on=keys, how="left", suffixes=("", "_of_build"), indicator="found")
    differing = both["found"] != "both"
    for name in table.measures:
        # Reasons name counts, which the release leaves out.
        if f"{name}_of_build" in both and name != "reason":
            differing |= ~_is_same(name, both[name], both[f"{name}_of_build"], release)
    if differing.any():
        refuse(f"{table.name}.parquet", "build_other", f"{differing.sum():,} of {len(shown):,} rows show another figure than the build has: its models are not those of the release", "build again from the files of the release, with its code")  # fmt: skip


def _rows(build: Build, release: Release, table: PublicTable) -> pd.DataFrame:
    if table.system is None:
        return build.connection.execute(NATIONAL[table.name]).df()
    found = rows_of_system(build.connection, release.design.systems[table.system])
    for column, value in table.where.items():
        found = found[found[column] == value]
    return found


def coarse(name: str, values: pd.Series, release: Release) -> pd.Series:
    """Values of a measure of the effect as a release says them: beside an estimate exact ones would tell a group of few by subtraction."""
    if name in ROUNDED:
        return rounded(values, int(release.limits["persons"]))
    if name in SHORTENED:
        return values.map(lambda value: float(f"{value:.{DIGITS}g}"), na_action="ignore")
    return values


def _is_same(name: str, shown: pd.Series, ours: pd.Series, release: Release) -> pd.Series:
    """Equal, or not shown."""
    if pd.api.types.is_numeric_dtype(shown) and not pd.api.types.is_bool_dtype(shown):
        found = shown.isna()
        # A count that stands in no estimate is exact.
        for one in (ours, coarse(name, ours, release)):
            found |= pd.Series(np.abs(shown.astype(float) - one.astype(float)) <= CLOSE, index=shown.index)
        return found
    return shown.isna() | (shown.astype(str) == ours.astype(str))
