"""Reading one row or one series of a finished table for a headline.

Belongs here: what headlines have in common. Not here: which figures (headlines.py, headlines_effect.py).
"""

from __future__ import annotations

from typing import Any

import duckdb

Shown = dict[str, Any]


def one_row(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """The first row by column; all None when there is none."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else dict.fromkeys(names)


def one_series(connection: duckdb.DuckDBPyConnection, sql: str) -> list[float | None]:
    """The first column, a gap where it is null."""
    return [None if row[0] is None else float(row[0]) for row in connection.execute(sql).fetchall()]
