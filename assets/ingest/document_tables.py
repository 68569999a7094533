"""Documents of a partition on their way to the lake: the pass over each file, the tables, the counts.

Belongs here: what enterprises and units do alike once a document is read: delivery and line beside every row, the later document
of a number wins, rejected documents, Parquet. Not here: what a document says (`enterprises.py`, `units.py`, `cvr_documents.py`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assets.ingest import cvr_documents as cvr
from assets.ingest.contents import Scan, open_content, scan
from assets.ingest.landing import LandedFile
from assets.ingest.reports import FileReport, delivery_id
from assets.ingest.rules import bits_of, rule_counts

ROWS_PER_GROUP = 100_000
ORIGIN = [("delivery_id", pa.int64()), ("line_number", pa.int32())]
PERIOD = [("valid_from", pa.date32()), ("valid_to", pa.date32())]
Tables = dict[str, pa.Schema]


class Document(Protocol):
    """What a reader of documents gives back."""

    @property
    def number(self) -> str | None:
        """The CVR or P-number, None when not valid."""

    @property
    def broken(self) -> list[str]:
        """The hard rules that the document breaks, with their kind: `cvr_virksomheder.cvr_invalid`."""

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of an accepted document by table, without delivery and line."""


def schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    """Return the schema of a table: delivery and line, then the columns given."""
    return pa.schema([*ORIGIN, *columns])


def read_documents(
    files: Sequence[LandedFile],
    out_dir: Path,
    kind: str,
    number_column: str,
    tables: Tables,
    read: Callable[[str], Document],
    soft: Mapping[str, Callable[[Any], bool]],
) -> list[FileReport]:
    """Write the tables of a partition of documents and return a report a file.

    `tables` holds `rows` and what else an accepted document gives; `rejected` is added. `read` turns a line into a document or raises
    `UnreadableDocument`. `soft` are the soft rules with their conditions; they look at the accepted documents, replaced ones too.
    """
    rejected = schema((number_column, pa.string()), ("broken_rules", pa.int64()), ("has_right_fields", pa.bool_()))
    targets = {
        name: TableFile(out_dir / f"{name}.parquet", columns)
        for name, columns in {**tables, "rejected": rejected}.items()
    }
    replaced: dict[int, list[int]] = {}
    known: dict[str, FileReport] = {}
    reports = []
    for file in files:
        content = scan(file.path)
        first = known.get(content.sha256)
        if first is not None:  # the same content under another name stands once in the partition
            reports.append(dataclasses.replace(first, file_name=file.name))
            continue
        report = _read_file(file, content, kind, targets, read, soft, replaced)
        known[content.sha256] = report
        reports.append(report)
    for target in targets.values():
        target.close()
    for name in tables:
        _drop_lines(out_dir / f"{name}.parquet", replaced)
    return reports


def _read_file(
    file: LandedFile,
    content: Scan,
    kind: str,
    targets: dict[str, TableFile],
    read: Callable[[str], Document],
    soft: Mapping[str, Callable[[Any], bool]],
    replaced: dict[int, list[int]],
) -> FileReport:
    """Pass over one file; adds to `replaced` the lines of accepted documents whose number comes again later in the file."""
    report = FileReport(file.name, kind, content.sha256, refusal=content.refusal)
    report.rules = rule_counts(content.refusal, kind)
    if content.refusal:
        return report
    delivery = delivery_id(content.sha256)
    bits = bits_of(kind)
    unreadable = f"{kind}.unreadable_value"
    failed = dict.fromkeys([*bits, *soft], 0)
    latest: dict[str, int] = {}
    rejected = number = 0
    with open_content(file.path) as stream:
        for number, line in cvr.lines_of(stream):
            try:
                document = read(line)
            except cvr.UnreadableDocument:
                failed[unreadable] += 1
                rejected += 1
                targets["rejected"].add([(delivery, number, None, 1 << bits[unreadable], False)])
                continue
            if document.broken:
                rejected += 1
                for rule in document.broken:
                    failed[rule] += 1
                mask = sum(1 << bits[rule] for rule in document.broken)
                targets["rejected"].add([(delivery, number, document.number, mask, True)])
                continue
            for rule, is_broken in soft.items():
                failed[rule] += is_broken(document)
            assert document.number is not None
            if document.number in latest:
                replaced.setdefault(delivery, []).append(latest[document.number])
            latest[document.number] = number
            origin = (delivery, number)
            for table, rows in document.rows().items():
                targets[table].add([origin + row for row in rows])
    report.rows_delivered, report.rows_rejected, report.has_data_lines = number, rejected, number > 0
    # A document that cannot be read has no values another rule could look at.
    looked_at = {rule: number if rule == unreadable else number - failed[unreadable] for rule in bits}
    looked_at |= dict.fromkeys(soft, number - rejected)
    report.rules |= {rule: (looked_at[rule], failed[rule]) for rule in failed}
    return report


class TableFile:
    """One Parquet file of the lake, written in groups so that a register of millions of documents never stands in memory."""

    def __init__(self, path: Path, columns: pa.Schema) -> None:
        self.path, self.schema = path, columns
        self._rows: list[tuple[Any, ...]] = []
        self._writer = pq.ParquetWriter(path, columns, compression="zstd")

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add rows, their values in the order of the schema."""
        self._rows += rows
        if len(self._rows) >= ROWS_PER_GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = list(zip(*self._rows, strict=True))
        arrays = [pa.array(column, type=field.type) for column, field in zip(columns, self.schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
        self._rows = []

    def close(self) -> None:
        """Write what is left and end the file; a table without rows has its columns all the same."""
        if self._rows:
            self._flush()
        self._writer.close()


def _drop_lines(path: Path, replaced: dict[int, list[int]]) -> None:
    """Take the rows of replaced documents (delivery -> lines) out of a table: the later document of a number counts."""
    if not replaced:
        return
    beside = path.with_suffix(".beside")
    source = pq.ParquetFile(path)
    with pq.ParquetWriter(beside, source.schema_arrow, compression="zstd") as writer:
        for batch in source.iter_batches(batch_size=ROWS_PER_GROUP):
            delivery = batch.column("delivery_id").to_numpy()
            line = batch.column("line_number").to_numpy()
            is_replaced = np.zeros(batch.num_rows, dtype=bool)
            for identity, lines in replaced.items():
                is_replaced |= (delivery == identity) & np.isin(line, lines)
            writer.write_batch(batch.filter(pa.array(~is_replaced)))
    source.close()
    beside.replace(path)
