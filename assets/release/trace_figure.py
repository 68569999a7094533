"""A figure of a release: its row, found by what an asker names, as the public tier shows it.

Belongs here: opening a release, table, dimensions and measure by name, what is hidden. Not here: the rule behind a figure (trace_rule.py), the persons behind it (trace_members.py), printing.
Reads the release's public folder and its manifest and nothing else: no person-level data.
"""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import pandas as pd

from assets.ingest.problems import Problem
from assets.release.manifest import MANIFEST, sha256
from transforms.release.design import Design, PublicTable, read_design

PREVIEW: Final = "report"
TOTALS: Final = ("all", "0")
HIDDEN: Final = "[c]"
MOST_NAMED: Final = 12
Labels = Mapping[str, Mapping[str, Sequence[str]]]


class TraceError(Exception):
    """Why a figure cannot be traced: file, what, rule and remedy."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def refuse(file: str | None, rule: str, message: str, remedy: str) -> NoReturn:
    """Raises TraceError."""
    raise TraceError(Problem(file, None, f"trace.{rule}", message, remedy))


@dataclass(frozen=True)
class Release:
    """A release's folder, or the preview's, with what it says of itself."""

    folder: Path
    name: str
    manifest: Mapping[str, Any]
    labels: Labels
    limits: Mapping[str, Any]
    design: Design


@dataclass(frozen=True)
class Measure:
    """A number of the row. `value` is None when hidden or when there is none."""

    name: str
    label: str
    unit: str
    value: Any
    is_hidden: bool


@dataclass(frozen=True)
class Figure:
    """A row of a public table. `key`: every dimension with its value. `asked`: the measure asked for, or None: all of the row."""

    table: PublicTable
    key: Mapping[str, Any]
    measures: tuple[Measure, ...]
    asked: str | None

    @property
    def is_hidden(self) -> bool:
        """Whether disclosure control hides any of it."""
        return any(measure.is_hidden for measure in self.measures)


def open_release(warehouse: Path, name: str) -> Release:
    """The release `evaluation/<name>` of a warehouse, or its preview (`report`).

    Raises:
        TraceError: no such release, or a file of it that is missing.
    """
    releases = warehouse / "evaluation"
    folder = warehouse / PREVIEW if name == PREVIEW else releases / name
    if not (folder / MANIFEST).is_file():
        known = sorted(path.parent.name for path in releases.glob(f"[!.]*/{MANIFEST}"))
        if (warehouse / PREVIEW / MANIFEST).is_file():
            known.append(PREVIEW)
        remedy = "make one: fodfaeste release NAME" if not known else f"name one of {', '.join(known)}"
        near = nearest(name, known)
        refuse(str(folder / MANIFEST), "release_unknown", f"no release is called {name}{near}", remedy)
    public = folder / "public"
    texts = {}
    for file in (folder / MANIFEST, public / "labels.json", public / "limits.json"):
        try:
            texts[file.name] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            refuse(str(file), "file_unreadable", "the file is missing or cannot be read", "take the release whole, from where it was made")  # fmt: skip
    return Release(folder, name, texts[MANIFEST], texts["labels.json"], texts["limits.json"], _design())


@functools.cache
def _design() -> Design:
    """The design of this code: half of the time of a public trace."""
    return read_design()


def find_table(release: Release, name: str) -> PublicTable:
    """The public table of that name.

    Raises:
        TraceError: no such table.
    """
    tables = {table.name: table for table in release.design.tables}
    if name not in tables:
        refuse("tables.yml", "table_unknown", f"no public table is called {name}{nearest(name, tables)}", f"name one of {', '.join(tables)}")  # fmt: skip
    return tables[name]


def find_figure(release: Release, table: PublicTable, given: Mapping[str, str], measure: str | None = None) -> Figure:
    """The row of `table` that `given` (dimension -> value or label) names.

    A dimension that is not given takes its only value, else its total (`all`, 0).

    Raises:
        TraceError: a dimension, value or measure that the table has not got, one that is missing, a row that is not there, a file that is not the one that was released.
    """
    place = f"{table.name}.parquet"
    for name in given:
        if name not in table.dimensions:
            refuse(place, "dimension_unknown", f"{name} is no dimension of {table.name}{nearest(name, table.dimensions)}", f"name some of {', '.join(table.dimensions)}")  # fmt: skip
    if measure is not None and measure not in table.measures:
        refuse(place, "measure_unknown", f"{measure} is no measure of {table.name}{nearest(measure, table.measures)}", f"name one of {', '.join(table.measures)}")  # fmt: skip
    rows = read_released(release, "public", table.name)
    # Values by themselves first: a mistake in one is not to be told as a row that is not there.
    wanted = {name: _code(release, table, rows, name, value) for name, value in given.items()}
    for name, code in wanted.items():
        left = rows[rows[name].astype(str) == code]
        if left.empty:
            named = " ".join(f"{other}={wanted[other]}" for other in wanted if other != name)
            refuse(place, "row_missing", f"with {named} there is no row of {name} {code}: nobody was counted there", f"{name} there: {_values(rows, name)}")  # fmt: skip
        rows = left
    for name in table.dimensions:
        values = rows[name].astype(str)
        total = next((one for one in TOTALS if (values == one).any()), None)
        if values.nunique() > 1 and total is None:
            refuse(place, "dimension_missing", f"{name} is not given and has several values", f"add {name}=VALUE, one of {_values(rows, name)}")  # fmt: skip
        rows = rows[values == (total or values.iloc[0])] if values.nunique() > 1 else rows
    row = {str(name): value for name, value in rows.iloc[0].items()}
    key = {name: row[name] for name in table.dimensions}
    shown = [name for name in table.measures if measure in (None, name)]
    hiding = release.design.hidden_by(table)
    return Figure(table, key, tuple(_measure(release, row, name, hiding.get(name, ("status",))) for name in shown), measure)  # fmt: skip


def read_released(release: Release, tier: str, name: str) -> pd.DataFrame:
    """A table of the release, when it is the file that was released.

    Raises:
        TraceError: it is not.
    """
    path = release.folder / tier / f"{name}.parquet"
    if not path.is_file():
        refuse(str(path), "file_unreadable", "the file is missing", "take the release whole, from where it was made")
    if release.manifest.get("files", {}).get(f"{tier}/{path.name}") != sha256(path):
        refuse(str(path), "file_changed", f"the file is not the one that {MANIFEST} has the hash of", "take the release anew from where it was made")  # fmt: skip
    return pd.read_parquet(path)


def _code(release: Release, table: PublicTable, rows: pd.DataFrame, name: str, value: str) -> str:
    """The code of a value given as code or as label."""
    codes = rows[name].astype(str)
    if (codes == value).any():
        return value
    labels = release.labels.get(name, {})
    present = {code: labels.get(code, ()) for code in codes.unique()}
    named = [code for code, texts in present.items() if value.casefold() in (text.casefold() for text in texts)]
    if len(named) == 1:
        return named[0]
    words = {text: code for code, texts in present.items() for text in (code, *texts)}
    near = difflib.get_close_matches(value, words, n=1, cutoff=0.6)
    hint = f"; did you mean {words[near[0]]}?" if near else ""
    refuse(f"{table.name}.parquet", "value_unknown", f"{name} has no value {value}{hint}", f"{name}: {_values(rows, name)}")  # fmt: skip


def _values(rows: pd.DataFrame, name: str) -> str:
    values = [str(value) for value in sorted(rows[name].unique())]
    more = f" and {len(values) - MOST_NAMED} more" if len(values) > MOST_NAMED else ""
    return ", ".join(values[:MOST_NAMED]) + more


def nearest(name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """A question after the known name that is like `name`; nothing when none is."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _measure(release: Release, row: Mapping[str, Any], name: str, statuses: Sequence[str]) -> Measure:
    column = release.design.columns[name]
    is_missing = bool(pd.isna(row[name]))
    is_suppressed = any(row[status] != "ok" for status in statuses)
    # What a row says of itself in words may name its count.
    is_hidden = is_suppressed and (is_missing or name == "reason")
    return Measure(name, column.label[0], column.unit, None if is_missing or is_hidden else row[name], is_hidden)
