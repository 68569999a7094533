"""From a file's bytes to its records: unpacking, hashing, encoding, header, and a table of text with exact record numbers.

Belongs here: what every delivered file goes through before a rule of its kind is asked (`file.*`), RFC 4180, and reading a record
again by its number. Not here: what a column means (the readers), names of files (`landing.py`).

Arrow reads the text: single-threaded it tells the record number of every row with too few or too many fields, and it took 0.7 s for
3 million payroll lines where DuckDB's reader took 1.3. What it cannot read as RFC 4180 says (a lone carriage return, which
it takes for a line's end; a record longer than a block) is read by `records`, slowly and exactly.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from assets.ingest.csv_records import DELIMITER, count_records, record_spans, records, split_record

__all__ = [
    "Content",
    "Header",
    "batches",
    "count_records",
    "header_of",
    "header_refusal",
    "read_content",
    "read_table",
    "records",
    "split_record",
    "unpack",
]

BOM = b"\xef\xbb\xbf"
BLOCK_BYTES = 8 << 20
LARGEST_BLOCK = 2**31 - 1
SLOW_ROWS = 50_000  # records a batch on the slow path
_MOST_RAGGED_TEXT = 2**20  # characters of a ragged record that are looked at for its fields


@dataclass(frozen=True)
class Content:
    """A file's bytes as UTF-8 without byte order mark; empty when `refusal` is set. `sha256` is of the decompressed bytes as delivered."""

    path: Path
    data: bytes
    sha256: str
    refusal: str | None = None  # file.unreadable or file.encoding
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Header:
    """The names of a CSV file's first record, and where the records begin."""

    names: tuple[str, ...]
    offset: int

    def missing(self, columns: Iterable[str]) -> list[str]:
        """The columns of the contract that are not there."""
        return [column for column in columns if column not in self.names]

    def repeated(self) -> list[str]:
        """The names that stand twice."""
        return sorted({name for name in self.names if self.names.count(name) > 1})

    def extra(self, columns: Iterable[str]) -> list[str]:
        """The names outside the contract, in order of the file."""
        known = set(columns)
        return [name for name in self.names if name not in known]


def unpack(path: Path) -> tuple[bytes, str, bool]:
    """Return (decompressed bytes, their SHA-256, whether they could be unpacked); of a broken file the bytes as delivered."""
    raw = path.read_bytes()
    if not path.name.endswith(".gz"):
        return raw, hashlib.sha256(raw).hexdigest(), True
    try:
        data = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        return raw, hashlib.sha256(raw).hexdigest(), False
    return data, hashlib.sha256(data).hexdigest(), True


def read_content(path: Path, allows_windows_1252: bool = False) -> Content:
    """Return a file's content, or why it is refused."""
    data, sha256, is_unpacked = unpack(path)
    if not is_unpacked:
        return Content(path, b"", sha256, "file.unreadable")
    encoding = "utf-8"
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                if not allows_windows_1252:
                    raise
                # Five bytes are undefined in Windows-1252: they refuse the file.
                data, encoding = data.decode("cp1252").encode("utf-8"), "cp1252"
            except UnicodeDecodeError:
                return Content(path, b"", sha256, "file.encoding")
        data = data.removeprefix(BOM) if encoding == "utf-8" else data
    return Content(path, data, sha256, encoding=encoding)


def header_of(data: bytes) -> Header:
    """Return the first record's names; a file without any record has none."""
    for _, start, end, following in record_spans(data, 0):
        return Header(tuple(split_record(data[start:end].decode("utf-8"))), following)
    return Header((), len(data))


def header_refusal(header: Header, columns: Sequence[str]) -> str | None:
    """Return the first file rule that a header breaks: a column missing, or one named twice."""
    if header.missing(columns):
        return "file.missing_column"
    return "file.duplicate_column" if header.repeated() else None


def batches(content: Content, header: Header, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the records after the header as text: `columns` (never null), `line_number INTEGER`, `has_right_fields BOOLEAN`.

    Every record stands in exactly one row. One with too few or too many fields is read by position as far as it goes ("" beyond) and
    stands last in its batch, so order by `line_number`, not by place. `columns` must be in the header.
    """
    data = content.data
    if header.offset >= len(data):
        return
    if data.count(b"\r") != data.count(b"\r\n"):
        yield from _slow_batches(data, header, columns, first=1)
        return
    # A quoted line break must not be cut by a block's end, so a file with quotes is one block.
    has_quotes = data.find(b'"', header.offset) >= 0
    block = len(data) - header.offset + 1 if has_quotes else BLOCK_BYTES
    following = 1
    if block <= LARGEST_BLOCK:
        try:
            for batch in _fast_batches(data, header, columns, block, has_quotes):
                following += batch.num_rows
                yield batch
            return
        except pa.ArrowInvalid:  # a record longer than a block; what was read before it stands
            pass
    yield from _slow_batches(data, header, columns, first=following)


def read_table(content: Content, header: Header, columns: Sequence[str]) -> pa.Table:
    """Return all of `batches` as one table in order of `line_number`."""
    found = list(batches(content, header, columns))
    table = pa.Table.from_batches(found, schema=_schema(columns)) if found else _schema(columns).empty_table()
    if table.num_rows and table["has_right_fields"].combine_chunks().false_count != 0:
        table = table.sort_by("line_number")
    return table


def _schema(columns: Sequence[str]) -> pa.Schema:
    return _schema_of(tuple(columns))


@lru_cache(maxsize=8)
def _schema_of(columns: tuple[str, ...]) -> pa.Schema:
    texts = [pa.field(column, pa.string(), nullable=False) for column in columns]
    return pa.schema([*texts, pa.field("line_number", pa.int32()), pa.field("has_right_fields", pa.bool_())])


def _fast_batches(
    data: bytes, header: Header, columns: Sequence[str], block: int, has_quotes: bool
) -> Iterator[pa.RecordBatch]:
    ragged: dict[int, str] = {}

    def note(row: arrow_csv.InvalidRow) -> str:
        ragged[row.number] = row.text
        return "skip"

    reader = arrow_csv.open_csv(
        pa.BufferReader(pa.py_buffer(memoryview(data)[header.offset :])),
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=block, column_names=list(header.names)),
        parse_options=arrow_csv.ParseOptions(
            delimiter=DELIMITER, newlines_in_values=has_quotes, invalid_row_handler=note
        ),
        convert_options=arrow_csv.ConvertOptions(
            check_utf8=False,
            column_types={column: pa.string() for column in header.names},
            include_columns=list(columns),
            strings_can_be_null=False,
        ),
    )
    following = 1
    for batch in reader:
        numbers = np.arange(following, following + batch.num_rows + len(ragged), dtype=np.int64)
        if ragged:
            taken = np.fromiter(ragged, dtype=np.int64, count=len(ragged))
            numbers = np.setdiff1d(numbers, taken, assume_unique=True)[: batch.num_rows]
        last = int(numbers[-1]) if len(numbers) else following - 1
        passed = sorted(number for number in ragged if number < last)
        yield _with_ragged(batch, numbers, {number: ragged.pop(number) for number in passed}, header, columns)
        following += batch.num_rows + len(passed)
    if ragged:
        empty = pa.RecordBatch.from_pylist([], schema=pa.schema([(column, pa.string()) for column in columns]))
        yield _with_ragged(empty, np.empty(0, dtype=np.int64), ragged, header, columns)


def _with_ragged(
    batch: pa.RecordBatch, numbers: np.ndarray, ragged: dict[int, str], header: Header, columns: Sequence[str]
) -> pa.RecordBatch:
    schema = _schema(columns)
    arrays = [batch.column(column) for column in columns]
    right = [*arrays, pa.array(numbers, type=pa.int32()), pa.array(np.ones(len(numbers), dtype=bool))]
    if not ragged:
        return pa.RecordBatch.from_arrays(right, schema=schema)
    rows = [_by_position(text, header, columns) for text in ragged.values()]
    wrong = [pa.array([row[place] for row in rows], type=pa.string()) for place in range(len(columns))]
    wrong += [pa.array(list(ragged), type=pa.int32()), pa.array([False] * len(rows))]
    return pa.RecordBatch.from_arrays(
        [pa.concat_arrays(pair) for pair in zip(right, wrong, strict=True)], schema=schema
    )


def _by_position(text: str, header: Header, columns: Sequence[str]) -> list[str]:
    fields = split_record(text[:_MOST_RAGGED_TEXT])
    values = dict(zip(header.names, fields, strict=False))
    return [values.get(column, "") for column in columns]


def _slow_batches(data: bytes, header: Header, columns: Sequence[str], first: int) -> Iterator[pa.RecordBatch]:
    places = [header.names.index(column) for column in columns]
    rows: list[list[str]] = []
    numbers: list[int] = []
    is_right: list[bool] = []

    def batch() -> pa.RecordBatch:
        arrays = [pa.array([row[place] for row in rows], type=pa.string()) for place in range(len(columns))]
        arrays += [pa.array(numbers, type=pa.int32()), pa.array(is_right, type=pa.bool_())]
        return pa.RecordBatch.from_arrays(arrays, schema=_schema(columns))

    for number, text in records(data, header.offset):
        if number < first:
            continue
        fields = split_record(text)
        is_right.append(len(fields) == len(header.names))
        rows.append([fields[place] if place < len(fields) else "" for place in places])
        numbers.append(number)
        if len(rows) == SLOW_ROWS:
            yield batch()
            rows, numbers, is_right = [], [], []
    if rows:
        yield batch()
