"""CSV for programs (UTF-8, comma, point) and CSV for a Danish Excel (UTF-8 with byte order mark, semicolon, decimal comma).

Belongs here: writing and reading both. Not here: labels (CSV has none; the codebook lies beside it).
Dates are written as 2024-03-01 and nulls as nothing. Booleans are true and false for programs, 1 and 0 for Excel, which reads the English words as text.
Excel drops leading zeros of a code when it opens a CSV file by a double click: whoever needs them opens the XLSX file.
The same table gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from assets.formats.dataset import Dataset, Language
from assets.formats.readback import ReadBack
from assets.formats.table import schema

ROWS_A_BATCH = 250_000
BLOCK_BYTES = 16 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path`, comma between fields and point before decimals."""
    with path.open("wb") as file:
        _write_lines(file, table, ",", lambda column: column.cast(pa.string()))
    return [path]


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file of `write` as read."""
    return ReadBack(_batches(path, schema(dataset), ","))


def write_excel(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path` as a Danish Excel opens it."""
    with path.open("wb") as file:
        file.write(_BYTE_ORDER_MARK)
        _write_lines(file, table, ";", _danish)
    return [path]


def read_excel(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file of `write_excel` as read."""
    texts = pa.schema([pa.field(variable.name, pa.string()) for variable in dataset.variables])
    return ReadBack(_from_danish(batch, schema(dataset)) for batch in _batches(path, texts, ";"))


def _write_lines(file: BinaryIO, table: pa.Table, delimiter: str, as_text: Callable[[pa.Array], pa.Array]) -> None:
    file.write((delimiter.join(table.column_names) + "\n").encode())
    for batch in table.to_batches(ROWS_A_BATCH):
        fields = [
            _quoted(column, delimiter) if pa.types.is_string(column.type) else as_text(column)
            for column in batch.columns
        ]
        lines = pc.binary_join_element_wise(*fields, delimiter, null_handling="replace", null_replacement="")
        file.write(("\n".join(lines.to_pylist()) + "\n").encode())


def _quoted(column: pa.Array, delimiter: str) -> pa.Array:
    """Quotes where the delimiter or a quote stands; line breaks are refused before (`table`)."""
    needs = pc.match_substring_regex(column, f'[{delimiter}"]')
    if not pc.any(needs).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), column)


def _danish(column: pa.Array) -> pa.Array:
    if pa.types.is_boolean(column.type):
        return column.cast(pa.int8()).cast(pa.string())
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return pc.replace_substring(column.cast(pa.string()), ".", ",")
    return column.cast(pa.string())


def _from_danish(batch: pa.Table, target: pa.Schema) -> pa.Table:
    columns = []
    for field, column in zip(target, batch.columns, strict=True):
        if pa.types.is_boolean(field.type):
            column = column.cast(pa.int8())
        elif pa.types.is_floating(field.type) or pa.types.is_decimal(field.type):
            column = pc.replace_substring(column, ",", ".")
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=target)


def _batches(path: Path, target: pa.Schema, delimiter: str) -> Iterator[pa.Table]:
    with pv.open_csv(
        path,
        read_options=pv.ReadOptions(block_size=BLOCK_BYTES),
        parse_options=pv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
        convert_options=pv.ConvertOptions(
            column_types=target,
            null_values=[""],
            strings_can_be_null=True,
            true_values=["true"],
            false_values=["false"],
            quoted_strings_can_be_null=False,
        ),
    ) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])
