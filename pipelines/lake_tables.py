"""The tables of the lake as names that SQL can be followed to: `lake.<kind>__<table>`, whose asset is `lake/<kind>`.

Belongs here: names and columns of `expectations/lake_tables.csv`. Not here: following SQL (lineage.py), what the columns mean (docs/lake.md).
"""

from __future__ import annotations

import csv
import functools
import re
from typing import Final

from pipelines.settings import ROOT

LAKE_TABLES: Final = ROOT / "expectations" / "lake_tables.csv"
LAKE: Final = "lake"
_READ: Final = re.compile(r"read_parquet\(\s*'[^']*/lake/([a-z_]+)/\*/([a-z_]+)\.parquet'[^)]*\)")
_NAME: Final = re.compile(rf"\b{LAKE}\.[a-z_]+__[a-z]+\b")


def lake_tables() -> list[tuple[dict[str, str], dict[str, str]]]:
    """The rows of `expectations/lake_tables.csv`, each with its columns and their types."""
    with LAKE_TABLES.open(encoding="utf-8", newline="") as file:
        return [
            (row, dict(column.strip().split(" ", 1) for column in row["columns"].split(",")))
            for row in csv.DictReader(file, delimiter=";")
        ]


@functools.lru_cache(maxsize=1)
def lake_schema() -> dict[str, dict[str, str]]:
    """`lake.<kind>__<table>` -> columns and types."""
    return {f"{LAKE}.{row['kind']}__{row['table']}": columns for row, columns in lake_tables()}


def columns_of_kind(kind: str) -> dict[str, tuple[str, list[str]]]:
    """Every column of a kind with its type and the tables that have it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for row, columns in lake_tables():
        if row["kind"] == kind:
            for column, data_type in columns.items():
                found.setdefault(column, (data_type, []))[1].append(row["table"])
    return found


def with_lake_tables(sql: str) -> str:
    """Compiled SQL with the names of the lake's tables where it reads their files."""
    return _READ.sub(lambda match: f"{LAKE}.{match[1]}__{match[2]}", sql)


def lake_tables_in(sql: str) -> set[str]:
    """The lake's tables that such SQL reads."""
    return set(_NAME.findall(sql)) & set(lake_schema())


def without_kind_of_rows(table: str) -> str:
    """`lake.<kind>` of `lake.<kind>__<table>`; any other name as it stands."""
    return table.partition("__")[0] if table.startswith(f"{LAKE}.") else table
