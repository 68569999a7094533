"""Frames of a lake period for Great Expectations: what a suite looks at, each different case once.

Belongs here: which rows of which columns an expectation needs to be decided. Not here: which periods need a look (`lake.py`), holding a frame against a suite.

An expectation on rows holds for all rows exactly when it holds for every different case of the columns it looks at, and those are few: 3 million payroll lines
took 16 s row by row and take 1 s case by case. Where a case breaks it, the rows themselves are counted (`whole`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from expectations.validation import Expectation

UNIQUE = "ExpectCompoundColumnsToBeUnique"
PRESENT = "ExpectColumnValuesToNotBeNull"
PAIR = "ExpectColumnPairValuesAToBeGreaterThanB"
Make = Callable[[duckdb.DuckDBPyConnection, list[str], list[Expectation]], Any]


def columns_of(suite: Sequence[Expectation]) -> list[str]:
    """The columns that a suite needs, in order."""
    found: set[str] = set()
    for expectation in suite:
        arguments = dict(expectation.arguments)
        for name in ("column", "column_A", "column_B"):
            if name in arguments:
                found.add(arguments[name])
        found |= set(arguments.get("column_list", ()))
        if expectation.condition:
            found.add(expectation.condition[0])
    return sorted(found)


def cases(suite: Sequence[Expectation]) -> list[tuple[list[Expectation], Make]]:
    """A suite on rows in groups, each with the frame that decides it; every expectation stands in one group."""
    groups: dict[str, tuple[list[Expectation], Make]] = {}
    for expectation in suite:
        name = expectation.kind
        if name == UNIQUE:
            name, make = repr(expectation), rows_frame
        elif name == PRESENT:
            make = presence_frame
        elif name == PAIR or expectation.condition:
            name, make = repr(columns_of([expectation])), pairs_frame
        else:
            name, make = "values", values_frame
        groups.setdefault(name, ([], make))[0].append(expectation)
    return list(groups.values())


def whole(suite: Sequence[Expectation]) -> list[tuple[list[Expectation], Make]]:
    """The same suite on every row, so that what breaks it can be counted."""
    return [(list(suite), rows_frame)] if suite else []


def tables_frame(connection: duckdb.DuckDBPyConnection, files: list[str], suite: list[Expectation]) -> Any:
    """One row a period: for each table its columns and types in order, `missing` without a file."""
    import pandas as pd

    tables = columns_of(suite)
    rows = []
    for file in files:
        row: dict[str, str] = {}
        for table in tables:
            path = Path(file).with_name(f"{table}.parquet")
            if path.exists():
                found = connection.execute(
                    "select name, duckdb_type from parquet_schema(?) where type is not null", [str(path)]
                ).fetchall()
                row[table] = ", ".join(f"{name} {kind}" for name, kind in found)
            else:
                row[table] = "missing"
        rows.append(row)
    return pd.DataFrame(rows, columns=tables)


def rows_frame(connection: duckdb.DuckDBPyConnection, files: list[str], suite: list[Expectation]) -> Any:
    """Every row with the columns of the suite; a pseudonym and a period as the number that stands for it."""
    kinds = dict(
        connection.execute(
            "select column_name, column_type from (describe select * from read_parquet(?))", [files]
        ).fetchall()
    )
    chosen = [
        f'case when "{name}" is not null then hash("{name}") end as "{name}"' if kinds[name] == "UUID" else f'"{name}"'
        for name in columns_of(suite)
        if name != "period"
    ]
    if "period" in columns_of(suite):
        chosen.append("hash(split_part(filename, '/', -2)) as period")
    return connection.execute(f"select {', '.join(chosen)} from read_parquet(?, filename = true)", [files]).df()


def presence_frame(connection: duckdb.DuckDBPyConnection, files: list[str], suite: list[Expectation]) -> Any:
    """Each different case of what is there and what is not; the columns of conditions keep their values."""
    conditions = {expectation.condition[0] for expectation in suite if expectation.condition}
    chosen = ", ".join(
        f'"{name}"' if name in conditions else f'case when "{name}" is not null then 1 end as "{name}"'
        for name in columns_of(suite)
    )
    return connection.execute(f"select distinct {chosen} from read_parquet(?) order by all", [files]).df()


def pairs_frame(connection: duckdb.DuckDBPyConnection, files: list[str], suite: list[Expectation]) -> Any:
    """Each different case of the columns of one expectation."""
    chosen = ", ".join(f'"{name}"' for name in columns_of(suite))
    return connection.execute(f"select distinct {chosen} from read_parquet(?) order by all", [files]).df()


def values_frame(connection: duckdb.DuckDBPyConnection, files: list[str], suite: list[Expectation]) -> Any:
    """Each column's different values, one below the other."""
    import pandas as pd

    series = {
        name: connection.execute(
            f'select distinct "{name}" from read_parquet(?) where "{name}" is not null order by all', [files]
        ).df()[name]
        for name in columns_of(suite)
    }
    return pd.concat(series, axis=1)
