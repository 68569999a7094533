"""The result of a query as a file: CSV, Parquet or Excel, whole or not at all.

Belongs here: the last statement's rows -> a file. Not here: what is shown on the screen (query_shell.py), a release's files (assets/formats).
"""

from __future__ import annotations

import datetime
import decimal
import os
import tempfile
from pathlib import Path
from typing import Any, Final

import duckdb

from assets.formats.xlsx import FIRST_DAY, MAX_ROWS
from pipelines.query_shell import literal, private_folder, settings_sql

FORMS: Final = {".csv": "(format csv, header)", ".parquet": "(format parquet, compression zstd)", ".xlsx": ""}
ROWS_A_PART: Final = 10_000


class OutputError(ValueError):
    """The result cannot be written; says why and what to do."""


def write(database: Path | None, start: str, sql: str, output: Path) -> int:
    """Runs every statement and writes the rows of the last one to `output`, in the form of its ending; returns how many.

    Raises:
        OutputError: no such form, no rows to write, or more than Excel holds.
        duckdb.Error: a statement failed; its message is DuckDB's own.
    """
    if output.suffix.lower() not in FORMS:
        raise OutputError(f"{output}: the name must end in {', '.join(FORMS)}.")
    if not output.parent.is_dir():
        raise OutputError(f"{output}: there is no folder {output.parent}. Make it first.")
    with (
        private_folder() as folder,
        tempfile.TemporaryDirectory(prefix=".fodfaeste-", dir=output.parent) as beside,
        _open(database) as connection,
    ):
        made = Path(beside) / f"made{output.suffix.lower()}"
        connection.execute(start + settings_sql(folder, [made]))
        statements = connection.extract_statements(sql)
        if not statements:
            raise OutputError("There is no statement to run.")
        for statement in statements[:-1]:
            connection.execute(statement)
        rows = _write(connection, statements[-1], made)
        os.replace(made, output)
    return rows


def _open(database: Path | None) -> duckdb.DuckDBPyConnection:
    if database is None:
        return duckdb.connect()
    return duckdb.connect(str(database), read_only=True)


def _write(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement, made: Path) -> int:
    if statement.type != duckdb.StatementType.SELECT:
        raise OutputError("The last statement gives no rows: end with a select.")
    if made.suffix == ".xlsx":
        connection.execute(statement)
        return _write_xlsx(connection, made)
    connection.execute(f"create temp macro last_statement() as table {statement.query}")
    found = connection.execute(f"copy (from last_statement()) to {literal(made)} {FORMS[made.suffix]}").fetchone()
    return int(found[0]) if found else 0


def _write_xlsx(connection: duckdb.DuckDBPyConnection, made: Path) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"

    def cell(text: str, *, is_bold: bool = False) -> WriteOnlyCell:
        made_of = WriteOnlyCell(sheet, text)
        made_of.data_type = "s"  # a text that begins with = stays text
        if is_bold:
            made_of.font = Font(bold=True)
        return made_of

    sheet.append([cell(column[0], is_bold=True) for column in connection.description or ()])
    rows = 0
    while part := connection.fetchmany(ROWS_A_PART):
        rows += len(part)
        if rows > MAX_ROWS:
            raise OutputError(f"More rows than a sheet of Excel has ({MAX_ROWS:,}). Write .csv or .parquet.")
        for row in part:
            values = map(excel_value, row)
            sheet.append([cell(value) if isinstance(value, str) else value for value in values])
    book.save(made)
    return rows


def excel_value(value: Any) -> Any:
    """A value as a cell holds it: whole numbers of over 15 digits, days before March 1900, keys and lists as text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, datetime.datetime):
        plain = value.replace(tzinfo=None)
        return plain if plain.date() >= FIRST_DAY else plain.isoformat(" ")
    if isinstance(value, datetime.date):
        return value if value >= FIRST_DAY else value.isoformat()
    return str(value)
