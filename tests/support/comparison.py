"""Holding a warehouse to the oracle's tables, and a warehouse to another.

Counts, dates, codes and categories are exact, hours and money to the fourth decimal, shares and errors within 1e-6; `spell_id`
is free, a spell is known by what it stands for.
"""

from __future__ import annotations

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


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """A frame's rows as dictionaries."""
    columns = list(frame.columns)
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def read_table(connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> list[Row]:
    """Some columns of a table of the warehouse."""
    listed = ", ".join(f'"{column}"' for column in columns)
    schema, table = name.split(".")
    found = connection.execute(f'select {listed} from "{schema}"."{table}"').fetchall()
    return [dict(zip(columns, row, strict=True)) for row in found]


def _plain(value: Any) -> Any:
    """A value of either side in one form: text, number, or None."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)):
        return value
    return str(value)


def _same(expected: Any, found: Any, column: str) -> bool:
    expected, found = _plain(expected), _plain(found)
    if expected is None or found is None or isinstance(expected, (bool, str)):
        return type(expected) is type(found) and expected == found
    if isinstance(found, (bool, str)):
        return False
    if column == "gini_by_chance":
        return abs(expected - found) <= 0.01
    if isinstance(expected, Decimal):
        return abs(expected - Decimal(str(found))) < Decimal("0.00005")
    if isinstance(expected, float):
        return abs(expected - float(found)) <= 1e-6 * max(1.0, abs(expected))
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
    return not (table == "core.dim_enterprises" and column == "is_rsv" and not expected[column] and not found[column])


def _named_spells(rows: list[Row], spells: dict[Any, tuple[Any, ...]]) -> list[Row]:
    return [row | {"spell_id": str(spells.get(row["spell_id"]))} if "spell_id" in row else row for row in rows]


def _names(rows: list[Row]) -> dict[Any, tuple[Any, ...]]:
    return {row["spell_id"]: tuple(_plain(row[column]) for column in SPELL) for row in rows}


def table_differences(name: str, expected: list[Row], found: list[Row], show: int = 3) -> list[str]:
    """One line a kind of difference, with the first few keys."""
    key = KEYS[name]

    def by_key(rows: list[Row]) -> dict[tuple[Any, ...], Row]:
        return {tuple(str(_plain(row[column])) for column in key): row for row in rows}

    wanted, got, lines = by_key(expected), by_key(found), []
    if len(got) != len(found):
        lines.append(f"{name}: {len(found) - len(got)} rows have the key of another")
    for what, keys in (("missing", wanted.keys() - got.keys()), ("too many", got.keys() - wanted.keys())):
        if keys:
            lines.append(f"{name}: {len(keys)} of {len(wanted)} rows {what}, as {sorted(keys)[:show]}")
    differing: dict[str, list[str]] = {}
    for place in wanted.keys() & got.keys():
        one, other = wanted[place], got[place]
        for column in one.keys() - set(key) - {"spell_id"} if name == SPELLS else one.keys() - set(key):
            if _is_judged(name, one, other, column) and not _same(one[column], other[column], column):
                differing.setdefault(column, []).append(f"{place}: expected {one[column]}, found {other[column]}")
    for column, where in sorted(differing.items()):
        lines.append(f"{name}.{column}: {len(where)} of {len(wanted)} differ, as " + "; ".join(sorted(where)[:show]))
    return lines


def differences(
    expected: dict[str, pd.DataFrame], warehouse: Path, leave_out: tuple[str, ...] = (), show: int = 3
) -> list[str]:
    """Every difference between the oracle's tables and those of a warehouse file; empty when there is none."""
    lines: list[str] = []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        there = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        }
        spells = _names(read_table(connection, SPELLS, ["spell_id", *SPELL]))
        wanted_spells = _names(rows_of(expected[SPELLS]))
        for name, frame in expected.items():
            if name in leave_out:
                continue
            if name not in there:
                lines.append(f"{name}: the warehouse has no such table")
                continue
            found = read_table(connection, name, list(frame.columns))
            if name == SPELLS:
                lines += table_differences(name, rows_of(frame), found, show)
            else:
                wanted = _named_spells(rows_of(frame), wanted_spells)
                lines += table_differences(name, wanted, _named_spells(found, spells), show)
    return lines


def table_hashes(
    warehouse: Path, schemas: tuple[str, ...] = ("core", "scope", "progression", "quality")
) -> dict[str, str]:
    """A hash of every table's rows, in no order of rows: two builds of the same things have the same hashes."""
    hashes = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' order by table_schema, table_name"
        ).fetchall()
        for schema, table in names:
            if schema in schemas:
                rows = connection.execute(f'select * from "{schema}"."{table}"').fetchall()
                text = "\n".join(sorted(repr(row) for row in rows))
                hashes[f"{schema}.{table}"] = hashlib.sha256(text.encode()).hexdigest()
    return hashes
