"""Looks at a build file from outside: tables, columns, rows, headlines.

Belongs here: reading a build or published file for what is shown about it. Not here: measures, writing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assets.publishing.audit import connect


@dataclass(frozen=True)
class BuiltTable:
    """A relation of the build file. `rows` is None for a view (counting it would compute it)."""

    name: str
    columns: dict[str, str]
    described: dict[str, str]
    rows: int | None
    headline: dict[str, Any] = field(default_factory=dict)


def describe_tables(build_file: Path) -> dict[str, BuiltTable]:
    """Every relation of a build file by `schema.table`; none when there is no file."""
    if not build_file.exists():
        return {}
    from pipelines.headlines import headlines

    with connect(build_file) as connection:
        columns: dict[str, dict[str, str]] = {}
        described: dict[str, dict[str, str]] = {}
        for schema, table, column, kind, comment in connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
            "where database_name = current_database() and not internal order by schema_name, table_name, column_index"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", {})[column] = kind
            if comment:
                described.setdefault(f"{schema}.{table}", {})[column] = comment
        tables = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = current_database() and not internal"
            ).fetchall()
        }
        shown = headlines(connection, tables)
        found = {}
        for name in columns:
            rows = None
            if name in tables:
                schema, table = name.split(".", 1)
                row = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
                rows = int(row[0]) if row else 0
            found[name] = BuiltTable(name, columns[name], described.get(name, {}), rows, shown.get(name, {}))
    return found
