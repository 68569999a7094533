"""Holds every accepted period of the lake to its contract; what was found good once is remembered by content.

Belongs here: which periods need a look, the summary in numbers. Not here: the suites, the frames they need, Dagster.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from expectations.catalogue import CATEGORIES, read_catalogue
from expectations.code_lists import CodeLists
from expectations.frames import Make, cases, tables_frame, whole
from expectations.suites import rows_suite, tables_suite
from expectations.validation import Expectation, Outcome, validate

# Small periods are held together up to this many rows, and one by one when that finds anything: starting a suite costs 0.1 s.
ROWS_AT_ONCE = 2_000_000
VERSION = "3"
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
    outcomes = _validate(folders, suites, cases)
    if _is_broken(outcomes):
        if len(folders) > 1:
            together: dict[Path, tuple[int, dict[str, list[Outcome]]]] = {}
            for folder in folders:
                together |= _look([folder], suites)
            return together
        outcomes = _validate(folders, suites, whole)
    return {folder: (_rows(folder), outcomes) for folder in folders}


def _is_broken(outcomes: dict[str, list[Outcome]]) -> bool:
    return any(not outcome.is_met for found in outcomes.values() for outcome in found)


def _validate(
    folders: list[Path],
    suites: dict[str, list[Expectation]],
    frames: Callable[[Sequence[Expectation]], list[tuple[list[Expectation], Make]]],
) -> dict[str, list[Outcome]]:
    """Columns and types first: a table that lacks one cannot be read for the others. Then the rows, in the frames that `frames` chooses."""
    files = [str(folder / "rows.parquet") for folder in folders]
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": 2}
    )
    found: dict[str, list[Outcome]] = {category: [] for category in CATEGORIES}
    category_of = {id(expectation): category for category in CATEGORIES for expectation in suites[category]}
    with connection:
        tables = suites[TABLES]
        found["conformance"] += validate(tables_frame(connection, files, tables), tables)
        if not _is_broken(found):
            every = [expectation for category in CATEGORIES for expectation in suites[category]]
            for group, make in frames(every):
                for expectation, outcome in zip(group, validate(make(connection, files, group), group), strict=True):
                    found[category_of[id(expectation)]].append(outcome)
    return found


def rule_names() -> dict[str, str]:
    """For each rule its remedy, for messages."""
    return {rule.rule: rule.remedy for rule in read_catalogue()}
