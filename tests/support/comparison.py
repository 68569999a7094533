"""Holding tables to others: the oracle's, a warehouse's, those of a folder of CSV files.

Counts, dates, codes and categories are exact, hours and money to the fourth decimal, shares and errors within 1e-6; `spell_id`
is free, a spell is known by what it stands for.
"""

from __future__ import annotations

import csv
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

SPELL = ["person_key", "instrument", "enterprise_cvr", "start_date"]
SPELLS = "core.fct_placement_spells"
CELL = ["enterprise_kind", "instrument", "target_group"]

KEYS: dict[str, list[str]] = {
    "quality.fct_deliveries": ["file_name"],
    "quality.fct_builds": [],
    "quality.fct_placement_coverage": ["municipality_code", "month"],
    "quality.fct_reporting_triangle": ["work_month", "lag_months", "employer_size_band"],
    "quality.fct_rule_results": ["rule", "file_name"],
    "quality.fct_counters": ["counter"],
    "core.dim_persons": ["person_key"],
    "core.dim_months": ["month"],
    "core.dim_enterprises": ["enterprise_cvr", "valid_from"],
    "core.fct_placement_activities": ["activity_id"],
    SPELLS: SPELL,
    "core.fct_person_months": ["person_key", "month"],
    "scope.fct_scope_monthly": ["month", "municipality_code", "instrument", "target_group", "enterprise_kind"],
    "scope.fct_scope_yearly": ["year", "breakdown", "level", "enterprise_kind"],
    "scope.fct_target_persons_yearly": ["year", "municipality_code", "benefit_group"],
    "scope.fct_benefit_hours_monthly": ["month", "municipality_code", "benefit_group"],
    "scope.fct_rsv_register_monthly": ["month"],
    "scope.fct_rsv_enterprises_yearly": ["enterprise_cvr", "year"],
    "scope.fct_municipal_supply_yearly": ["municipality_code", "year"],
    "scope.fct_supply_inequality_yearly": ["year"],
    "progression.fct_progression_months": ["spell_id", "event_month"],
    "progression.fct_progression_horizons": ["spell_id", "horizon"],
    "progression.fct_hour_band_transitions": [*CELL, "horizon", "baseline_band", "status", "hour_band"],
    "progression.fct_pathways": ["from_instrument", "to_next", "enterprise_kind"],
    "progression.fct_employment_by_target_group": [*CELL, "horizon"],
    "progression.fct_milestones": ["spell_id", "milestone"],
    "progression.fct_milestone_curves": [*CELL, "milestone", "months"],
}
# What follows from the names and number of files, not from what is in them.
BY_FILE = ("quality.fct_deliveries", "quality.fct_rule_results", "quality.fct_builds")

Row = dict[str, Any]
Tables = dict[str, list[Row]]  # `spell_id` already replaced by the text of what it stands for


def _plain(value: Any) -> Any:
    """A value of any side in one form: text, number, truth, or None."""
    if value is None or value == "" or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool | int | float | Decimal):
        return value
    return str(value)


def _name_spells(tables: Tables) -> Tables:
    names = {row["spell_id"]: str(tuple(_plain(row[column]) for column in SPELL)) for row in tables[SPELLS]}
    for rows in tables.values():
        for row in rows:
            if "spell_id" in row:
                row["spell_id"] = names.get(row["spell_id"])
    return tables


def from_frames(frames: dict[str, pd.DataFrame]) -> Tables:
    """The oracle's tables."""
    tables = {}
    for name, frame in frames.items():
        columns = list(frame.columns)
        tables[name] = [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]
    return _name_spells(tables)


def from_warehouse(warehouse: Path) -> Tables:
    """Every table of `KEYS` that a warehouse file has, with all its columns."""
    tables = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set threads = 1")
        there = connection.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
        for name in KEYS:
            if (name,) not in there:
                continue
            schema, table = name.split(".")
            cursor = connection.execute(f'select * from "{schema}"."{table}"')
            columns = [column[0] for column in cursor.description]
            tables[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return _name_spells(tables)


def from_csv(folder: Path) -> Tables:
    """The tables of `<schema>.<table>.csv` files; every value is text, or None when it is empty."""
    tables = {}
    for name in KEYS:
        path = folder / f"{name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                tables[name] = [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]
    _name_spells(tables)
    for name, rows in tables.items():
        if KEYS[name][:1] == ["spell_id"]:
            for row in rows:
                row["spell_id"] = str(tuple(row.pop(column) for column in SPELL))
    return tables


def _typed(text: Any, like: Any) -> Any:
    """Text from a CSV file as what the other side has."""
    if not isinstance(text, str) or like is None or isinstance(like, str):
        return text
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(text, text)
    try:
        return type(like)(text)
    except (ValueError, ArithmeticError):
        return text


def _same(expected: Any, found: Any, column: str) -> bool:
    found = _plain(found)
    expected = _typed(_plain(expected), found)
    if expected is None or found is None or isinstance(expected, bool | str) or isinstance(found, bool | str):
        return type(expected) is type(found) and expected == found
    if column == "gini_by_chance":
        return abs(expected - found) <= 0.01
    if isinstance(expected, Decimal) or isinstance(found, Decimal):
        return abs(Decimal(str(expected)) - Decimal(str(found))) < Decimal("0.00005")
    if isinstance(expected, float) or isinstance(found, float):
        return abs(float(expected) - float(found)) <= 1e-6 * max(1.0, abs(expected))
    return expected == found


def _is_judged(table: str, expected: Row, found: Row, column: str) -> bool:
    """What the contract leaves free: how a failed rule is called, what is said of a file of no kind."""
    if table == "quality.fct_deliveries":
        if expected["outcome"] == "unrecognised":
            return column == "outcome"
        return column != "refusal_reason" or expected["outcome"] == "refused"
    if table == "quality.fct_rule_results":
        if expected["severity"] in ("check", "stop"):
            return column in ("severity", "rows_failed")
        return column != "outcome" or expected["outcome"] is not None or found["outcome"] not in ("warn", "fail")
    if table == "core.dim_enterprises" and column == "is_rsv":
        return expected[column] in (True, "true") or found[column] is True
    return True


def table_differences(name: str, expected: list[Row], found: list[Row], show: int = 3) -> list[str]:
    """One line a kind of difference, with the first few keys."""
    key = KEYS[name]

    def by_key(rows: list[Row]) -> dict[tuple[str, ...], Row]:
        return {tuple(str(_plain(row[column])) for column in key): row for row in rows}

    wanted, got, lines = by_key(expected), by_key(found), []
    if len(got) != len(found):
        lines.append(f"{name}: {len(found) - len(got)} rows have the key of another")
    columns = [column for column in (expected[0] if expected else {}) if column not in key]
    lacking = [column for column in columns if found and column not in found[0]]
    lines += [f"{name}.{column}: no such column" for column in lacking]
    for what, keys in (("missing", wanted.keys() - got.keys()), ("too many", got.keys() - wanted.keys())):
        if keys:
            lines.append(f"{name}: {len(keys)} of {len(wanted)} rows {what}, as {sorted(keys)[:show]}")
    for column in columns:
        if column in lacking or (name == SPELLS and column == "spell_id"):
            continue
        where = [
            f"{place}: expected {wanted[place][column]}, found {got[place][column]}"
            for place in wanted.keys() & got.keys()
            if _is_judged(name, wanted[place], got[place], column)
            and not _same(wanted[place][column], got[place][column], column)
        ]
        if where:
            lines.append(
                f"{name}.{column}: {len(where)} of {len(wanted)} differ, as " + "; ".join(sorted(where)[:show])
            )
    return lines


def differences(expected: Tables, found: Tables, leave_out: tuple[str, ...] = (), show: int = 3) -> list[str]:
    """Every difference; a table that is not expected is not judged, more columns are welcome."""
    lines: list[str] = []
    for name, rows in expected.items():
        if name in leave_out:
            continue
        if name not in found:
            lines.append(f"{name}: there is no such table")
            continue
        lines += table_differences(name, rows, found[name], show)
    return lines


def table_hashes(
    warehouse: Path, schemas: tuple[str, ...] = ("core", "scope", "progression", "quality")
) -> dict[str, str]:
    """A hash of every table's rows, in no order of rows: two builds of the same things have the same hashes.

    The version of the code is left out: it is no function of what was delivered.
    """
    hashes = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' order by table_schema, table_name"
        ).fetchall()
        for schema, table in names:
            if schema in schemas:
                columns = "* exclude (code_version)" if table == "fct_builds" else "*"
                rows = connection.execute(f'select {columns} from "{schema}"."{table}"').fetchall()
                text = "\n".join(sorted(repr(row) for row in rows))
                hashes[f"{schema}.{table}"] = hashlib.sha256(text.encode()).hexdigest()
    return hashes
