"""Holds the built warehouse to the golden lives. The sheets in `lives/` say what must come; this only looks it up."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import duckdb
import pytest

from assets.ingest.keys import ProjectKey
from tests.golden.delivery import Expected, Life, lives

LIVES = lives()


def _is(found: object, wanted: str) -> bool:
    if wanted == "" or found is None:
        return found is None and wanted == ""
    try:
        return Decimal(str(found)) == Decimal(wanted)
    except InvalidOperation:
        return (str(found).lower() if isinstance(found, bool) else str(found)) == wanted


def _find(warehouse: duckdb.DuckDBPyConnection, key: str, expected: Expected) -> list[object]:
    schema, table = expected.table.split(".")
    columns = {
        row[0]
        for row in warehouse.execute(
            "select column_name from information_schema.columns where table_schema = ? and table_name = ?",
            [schema, table],
        ).fetchall()
    }
    assert columns, f"the warehouse has no table {expected.table}"
    conditions, values = ["person_key = ?"], [key]
    for condition in filter(None, expected.where.split(",")):
        column, value = condition.split("=")
        conditions.append(f'cast("{column}" as varchar) = ?')
        values.append(value)
    source = f"{expected.table} as found"
    if "person_key" not in columns:  # progression: the person stands with the spell
        source += " inner join core.fct_placement_spells as spells using (spell_id)"
        conditions[0] = "spells.person_key = ?"
    column = "1" if expected.column == "(rækker)" else f'found."{expected.column}"'
    found = warehouse.execute(f"select {column} from {source} where {' and '.join(conditions)}", values).fetchall()
    return [row[0] for row in found]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_a_life_gives_what_its_sheet_says(
    life: Life, golden_warehouse: duckdb.DuckDBPyConnection, sample_key: ProjectKey
) -> None:
    """Prevents a measure that differs from what a caseworker computes by hand from the same lines."""
    wrong = []
    key = str(sample_key.person_key(life.cpr))
    for expected in life.expected:
        found = _find(golden_warehouse, key, expected)
        if expected.column == "(rækker)":
            if len(found) != int(expected.value):
                wrong.append(f"{expected.table} [{expected.where}]: {len(found)} rows, expected {expected.value}")
        elif len(found) != 1 or not _is(found[0], expected.value):
            wrong.append(
                f"{expected.table} [{expected.where}] {expected.column}: found {found}, expected {expected.value or 'null'}"
            )
    assert not wrong, "\n".join(wrong)


def test_the_sheets_are_at_least_eight_and_each_expects_something() -> None:
    """Prevents a sheet whose table is not read, so that its life is held to nothing."""
    assert len(LIVES) >= 8
    assert all(life.expected for life in LIVES)
