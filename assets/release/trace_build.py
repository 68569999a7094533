"""The build that a release was made from, opened to look behind a figure: only when it is that build.

Belongs here: finding, comparing and opening it. Not here: what is looked up in it (trace_members.py, trace_lines.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from assets.publishing.audit import connect
from assets.release.trace_figure import Release, refuse

COMPARED: Final = (
    "as_of",
    "code_version",
    "observed_from",
    "observed_through",
    "placement_first_month",
    "register_day",
)
END: Final = "select * from final"


@dataclass(frozen=True)
class Build:
    """An open build file. `warehouse`: where its lake stands; `compiled`: the SQL that made its tables."""

    connection: duckdb.DuckDBPyConnection
    warehouse: Path
    compiled: Path

    def steps_of(self, table: str) -> str:
        """The SQL that made a mart (`schema.table`), up to its last select: every step of it can be selected from.

        Raises:
            TraceError: it is not there, or does not end as every model does.
        """
        schema, name = table.split(".")
        path = self.compiled / schema / f"{name}.sql"
        try:
            text = path.read_text(encoding="utf-8").rstrip()
        except OSError:
            refuse(str(path), "sql_missing", f"the SQL that made {table} is not there", "build again: fodfaeste build --force")  # fmt: skip
        if not text.endswith(END):
            refuse(str(path), "sql_unknown", f"the SQL does not end in {END!r}", "see CONTRIBUTING.md, and build again")
        return text.removesuffix(END)

    def one(self, query: str, values: list[Any] | None = None) -> Any:
        """The first value of the first row; None without one."""
        row = self.connection.execute(query, values or []).fetchone()
        return row[0] if row else None


@contextmanager
def open_build(warehouse: Path, release: Release) -> Iterator[Build]:
    """The build file of the warehouse, read-only, when the release was made from it.

    Raises:
        TraceError: no build file, one that is being written, one of other files, another cut-off, code or parameters: with what differs.
    """
    path = warehouse / "build" / "outcome.duckdb"
    again = f"build again from the files of the release, with its code: fodfaeste build --raw DIR --warehouse {warehouse} --as-of {release.manifest['as_of']}"
    if not path.is_file():
        refuse(str(path), "build_missing", "the build file is not there", again)
    try:
        connection = connect(path)
    except duckdb.Error:
        refuse(str(path), "build_busy", "the build file cannot be opened, as when a build writes it", "try again when no build runs; when it stays, build again")  # fmt: skip
    with connection:
        differences = _differences(connection, release)
        if differences:
            refuse(str(path), "build_other", f"the build is not the one that release {release.name} was made from: {'; '.join(differences)}", again)  # fmt: skip
        yield Build(connection, warehouse, warehouse / "dbt" / "compiled" / "fodfaeste" / "models" / "marts")


def _differences(connection: duckdb.DuckDBPyConnection, release: Release) -> list[str]:
    """What of the build is other than the release's manifest says, each with both."""
    ours = dict(zip(*_row(connection, "select * from quality.fct_builds"), strict=True))
    found = []
    for name in COMPARED:
        here = None if ours[name] is None else str(ours[name])[:10] if name != "code_version" else ours[name]
        if here != release.manifest[name]:
            found.append(f"{name} is {here}, the release's {release.manifest[name]}")
    if json.loads(ours["parameters"]) != release.manifest["parameters"]:
        found.append("the parameters differ")
    protocol = connection.execute("select distinct protocol_hash from effect.fct_effect_estimates").fetchall()
    if [row[0] for row in protocol] != [release.manifest["protocol_hash"]]:
        found.append("the protocol differs")
    here = Counter(connection.execute("select kind, sha256, outcome from quality.fct_deliveries").fetchall())
    there = Counter((one["kind"], one["sha256"], one["outcome"]) for one in release.manifest["deliveries"])
    if here != there:
        found.append(f"{(here - there).total()} deliveries here are not among the release's, {(there - here).total()} of the release's are not here")  # fmt: skip
    return found


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], tuple[Any, ...]]:
    cursor = connection.execute(query)
    return [column[0] for column in cursor.description or ()], cursor.fetchone() or ()
