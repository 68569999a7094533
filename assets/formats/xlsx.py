"""Excel (.xlsx): a sheet of data, a sheet of variables, a sheet of value sets.

Belongs here: writing and reading a workbook. Not here: the codebook of a whole release.
Codes are text, so leading zeros stay, and a text that begins with `=` stays text. At most 1,048,575 rows (Excel's), no date before 1 March 1900, 16 significant digits of a double (openpyxl's).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from assets.formats.dataset import Dataset, Language, Variable
from assets.formats.readback import ReadBack
from assets.formats.table import arrow_type

MAX_ROWS = 1_048_575
ROWS_A_PART = 50_000
FIRST_DAY = datetime.date(1900, 3, 1)
DATA, VARIABLES, VALUES = "data", "variables", "values"
_MADE = datetime.datetime(2000, 1, 1)  # a workbook has a time of making; no release depends on it
_VARIABLE_COLUMNS = ("name", "kind", "is_key", "unit", "label_da", "label_en", "description_da", "description_en")
_VALUE_COLUMNS = ("name", "code", "label_da", "label_en")


class XlsxError(ValueError):
    """A table that Excel cannot hold, and why."""


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path`; the sheets of variables and values have both languages."""
    reason = refusal(table, dataset)
    if reason:
        raise XlsxError(f"{dataset.name}: {reason}")
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "", dataset.label(language)
    book.properties.created = book.properties.modified = _MADE
    _sheet(book, DATA, [variable.name for variable in dataset.variables], _rows(table, dataset))
    variables = ([*(_value(getattr(v, part)) for part in _VARIABLE_COLUMNS)] for v in dataset.variables)
    _sheet(book, VARIABLES, _VARIABLE_COLUMNS, variables)
    values = ([v.name, code, *labels] for v in dataset.variables for code, labels in v.values.items())
    _sheet(book, VALUES, _VALUE_COLUMNS, values)
    book.save(path)
    return [path]


def refusal(table: pa.Table, dataset: Dataset) -> str | None:
    """Why a workbook cannot hold `table`; None when it can."""
    if table.num_rows > MAX_ROWS:
        return f"{table.num_rows} rows; a sheet has at most {MAX_ROWS} beside its header"
    for variable in dataset.variables:
        if (
            variable.kind in ("date", "month")
            and pc.any(pc.less(table.column(variable.name), pa.scalar(FIRST_DAY))).as_py()
        ):
            return f"{variable.name}: dates before {FIRST_DAY} are none in Excel"
    return None


def held(table: pa.Table, dataset: Dataset) -> pa.Table:
    """`table` as a workbook holds it: doubles of 16 significant digits."""
    for place, variable in enumerate(dataset.variables):
        if variable.kind == "double":
            numbers = [
                None if number is None else float(f"{number:.16g}") for number in table.column(place).to_pylist()
            ]
            table = table.set_column(place, variable.name, pa.array(numbers, pa.float64()))
    return table


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The workbook as read."""
    book = load_workbook(path, read_only=True)
    variables = [
        dict(zip(_VARIABLE_COLUMNS, _padded(row, len(_VARIABLE_COLUMNS)), strict=True))
        for row in book[VARIABLES].iter_rows(min_row=2, values_only=True)
    ]
    values: dict[str, dict[str, str]] = {}
    for row in book[VALUES].iter_rows(min_row=2, values_only=True):
        cells = dict(zip(_VALUE_COLUMNS, row, strict=True))
        values.setdefault(str(cells["name"]), {})[str(cells["code"])] = str(cells[f"label_{language}"])
    return ReadBack(
        _parts(book[DATA].iter_rows(values_only=True), dataset),
        {str(v["name"]): str(v[f"label_{language}"]) for v in variables},
        values,
    )


def _sheet(book: Workbook, title: str, header: Iterable[str], rows: Iterable[list[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, name) for name in header]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append(
            [_text_cell(sheet, value) if isinstance(value, str) and value[:1] == "=" else value for value in row]
        )


def _text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _rows(table: pa.Table, dataset: Dataset) -> Iterator[list[Any]]:
    decimals = [variable.name for variable in dataset.variables if variable.kind == "decimal"]
    for batch in table.to_batches(ROWS_A_PART):
        columns = [
            (column.cast(pa.float64()) if name in decimals else column).to_pylist()
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        ]
        yield from map(list, zip(*columns, strict=True))


def _value(value: Any) -> Any:
    return value if value != "" else None


def _padded(row: tuple[Any, ...], length: int) -> tuple[Any, ...]:
    """A row as long as its header: empty cells at its end are not in the file."""
    return row + (None,) * (length - len(row))


def _parts(rows: Iterator[tuple[Any, ...]], dataset: Dataset) -> Iterator[pa.Table]:
    names = [str(name) for name in next(rows)]
    by_name = {variable.name: variable for variable in dataset.variables}
    while part := [_padded(row, len(names)) for row in islice(rows, ROWS_A_PART)]:
        yield pa.table(
            {
                name: _arrow(column, by_name[name])
                for name, column in zip(names, zip(*part, strict=True), strict=True)
                if name in by_name
            }
        )


def _arrow(column: tuple[Any, ...], variable: Variable) -> pa.Array:
    target = arrow_type(variable)
    if variable.kind in ("date", "month"):
        return pa.array([value.date() if isinstance(value, datetime.datetime) else value for value in column], target)
    if variable.kind == "decimal":
        return pc.round(pa.array(column, pa.float64()), variable.decimals).cast(target)
    return pa.array(column, target)
