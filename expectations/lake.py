"""Holds every accepted period of the lake to its contract; what was found good once is remembered by content.

Belongs here: which periods need a look, frames with the columns that a suite needs, the summary in numbers. Not here: the suites, Dagster.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from assets.ingest.code_lists import CodeLists
from expectations.catalogue import CATEGORIES, read_catalogue
from expectations.suites import columns_of, rows_suite, tables_suite
from expectations.validation import Expectation, Outcome, validate

# Small periods are held together up to this many rows, and one by one when that finds anything: starting a suite costs 0.1 s.
ROWS_AT_ONCE = 500_000
# These look at values alone: each distinct value once (3 million texts against a form took seconds).
OF_VALUES = ("ExpectColumnValuesToBeInSet", "ExpectColumnValuesToMatchRegex")
VERSION = "2"
TABLES = "tables"  # the suite on columns and types; told with conformance


@dataclass
class KindResult:
    """What was found in the periods of a kind: for each category the outcomes that are not met, and how much was looked at."""

    kind: str
    periods: int = 0
    looked_through_now: int = 0
    rows: int = 0
    tests: dict[str, int] = field(default_factory=dict)
    broken: dict[str, list[tuple[str, Outcome]]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _municipalities() -> frozenset[str]:
    return CodeLists().municipalities


def suites_of(kind: str) -> dict[str, list[Expectation]]:
    """The suites on accepted rows of a kind, by category."""
    return {category: rows_suite(kind, category, _municipalities()) for category in CATEGORIES} | {
        TABLES: tables_suite(kind)
    }


def check_kind(lake: Path, kind: str, memory: Path) -> KindResult:
    """Holds every period of a kind to its suites; periods whose content and suites are as remembered are not read again.

    Args:
        lake: the folder with one folder a kind.
        memory: the folder of what was found before, one JSON file a kind.
    """
    suites = suites_of(kind)
    version = _version(suites)
    remembered = read_memory(memory / f"{kind}.json")
    found: dict[str, dict[str, Any]] = {}
    new: list[Path] = []
    for folder in sorted(path for path in (lake / kind).glob("*") if (path / "report.json").exists()):
        key = f"{json.loads((folder / 'report.json').read_text(encoding='utf-8'))['cache_key']}:{version}"
        entry = remembered.get(folder.name)
        if entry and entry["key"] == key:
            found[folder.name] = entry
        else:
            found[folder.name] = {"key": key}
            new.append(folder)
    for batch in _batches(new):
        for folder, (rows, outcomes) in _look(batch, suites).items():
            found[folder.name] |= {
                "rows": rows,
                "outcomes": {category: [outcome.to_json() for outcome in outcomes[category]] for category in outcomes},
            }
    if new or found.keys() != remembered.keys():
        write_memory(memory / f"{kind}.json", found)
    result = KindResult(kind, periods=len(found), looked_through_now=len(new))
    for period, entry in found.items():
        result.rows += entry["rows"]
        for category, outcomes in entry["outcomes"].items():
            result.tests[category] = result.tests.get(category, 0) + len(outcomes)
            for values in outcomes:
                outcome = Outcome(**values)
                if not outcome.is_met:
                    result.broken.setdefault(category, []).append((period, outcome))
    return result


def _version(suites: dict[str, list[Expectation]]) -> str:
    text = repr((VERSION, sorted(suites.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_memory(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_memory(path: Path, values: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(values), encoding="utf-8")
    os.replace(beside, path)


def _batches(folders: Iterable[Path]) -> list[list[Path]]:
    batches: list[list[Path]] = []
    held = 0
    for folder in folders:
        rows = _rows(folder)
        if not batches or held + rows > ROWS_AT_ONCE:
            batches.append([])
            held = 0
        batches[-1].append(folder)
        held += rows
    return batches


def _rows(folder: Path) -> int:
    row = duckdb.execute(
        "select sum(num_rows) from parquet_file_metadata(?)", [str(folder / "rows.parquet")]
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _look(
    folders: list[Path], suites: dict[str, list[Expectation]]
) -> dict[Path, tuple[int, dict[str, list[Outcome]]]]:
    outcomes = _validate(folders, suites)
    if len(folders) > 1 and any(not outcome.is_met for found in outcomes.values() for outcome in found):
        together: dict[Path, tuple[int, dict[str, list[Outcome]]]] = {}
        for folder in folders:
            together |= _look([folder], suites)
        return together
    return {folder: (_rows(folder), outcomes) for folder in folders}


def _validate(folders: list[Path], suites: dict[str, list[Expectation]]) -> dict[str, list[Outcome]]:
    """One frame of rows and one of distinct values for all categories; outcomes in the suites' order."""
    every = [(category, expectation) for category, suite in suites.items() for expectation in suite]
    of_tables = [pair for pair in every if pair[0] == TABLES]
    of_values = [pair for pair in every if pair[1].kind in OF_VALUES and pair[0] != TABLES]
    of_rows = [pair for pair in every if pair[1].kind not in OF_VALUES and pair[0] != TABLES]
    files = [str(folder / "rows.parquet") for folder in folders]
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": 2}
    )
    found: dict[str, list[Outcome]] = {category: [] for category in CATEGORIES}
    # Columns and types first: a table that lacks one cannot be read for the others.
    with connection:
        for group, make in ((of_tables, _tables_frame), (of_rows, _rows_frame), (of_values, _values_frame)):
            if found["conformance"] and any(not outcome.is_met for outcome in found["conformance"][: len(of_tables)]):
                break
            if group:
                frame = make(connection, files, columns_of([expectation for _, expectation in group]))
                for (category, _), outcome in zip(
                    group, validate(frame, [expectation for _, expectation in group]), strict=True
                ):
                    found["conformance" if category == TABLES else category].append(outcome)
    return found


def _tables_frame(connection: duckdb.DuckDBPyConnection, files: list[str], columns: list[str]) -> Any:
    """One row a period: for each table its columns and types in order, null when the file is missing."""
    import pandas as pd

    rows = []
    for file in files:
        row: dict[str, str] = {}
        for table in columns:
            path = Path(file).with_name(f"{table}.parquet")
            if path.exists():
                found = connection.execute(
                    "select name, duckdb_type from parquet_schema(?) where type is not null", [str(path)]
                ).fetchall()
                row[table] = ", ".join(f"{name} {kind}" for name, kind in found)
            else:
                row[table] = "missing"
        rows.append(row)
    return pd.DataFrame(rows, columns=columns)


def _rows_frame(connection: duckdb.DuckDBPyConnection, files: list[str], columns: list[str]) -> Any:
    kinds = dict(
        connection.execute(
            "select column_name, column_type from (describe select * from read_parquet(?))", [files]
        ).fetchall()
    )
    # A pseudonym is only looked at for being there and for being one: 16 bytes as a number, not as text.
    chosen = ", ".join(
        f'case when "{name}" is not null then hash("{name}") end as "{name}"'
        if kinds.get(name) == "UUID"
        else f'"{name}"'
        for name in columns
        if name != "period"
    )
    period = "split_part(filename, '/', -2) as period" if "period" in columns else "null as no_period"
    return connection.execute(f"select {chosen}, {period} from read_parquet(?, filename = true)", [files]).df()


def _values_frame(connection: duckdb.DuckDBPyConnection, files: list[str], columns: list[str]) -> Any:
    import pandas as pd

    series = {
        name: connection.execute(
            f'select distinct "{name}" from read_parquet(?) where "{name}" is not null order by all', [files]
        ).df()[name]
        for name in columns
    }
    return pd.concat(series, axis=1) if series else pd.DataFrame()


def rule_names() -> dict[str, str]:
    """For each rule its remedy, for messages."""
    return {rule.rule: rule.remedy for rule in read_catalogue()}
