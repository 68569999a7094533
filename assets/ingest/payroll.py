"""Payroll: `eindkomst_<YYYY-MM>[_<nnn>].csv` into `lake/eindkomst/<month>/`, many months in one pass.

Belongs here: the way of the lines from files through chunks into months. Not here: what a line says (`payroll_rows.py`), what refuses a
file (`payroll_files.py`), which files are read (`run.py`).

Files are cut and joined into chunks of some hundred thousand lines, so that neither a hundred small files nor one of 30 million lines costs
more than its lines; the next chunk is read while this one is judged.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from assets.ingest.engine import connect
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.payroll_files import PayrollFile
from assets.ingest.payroll_rows import COLUMNS, KIND, LAKE_SCHEMA, REJECTED_SCHEMA, Chunk, Reader
from assets.ingest.reports import FileReport, delivery_id
from expectations.code_lists import CodeLists

__all__ = ["CODE_LISTS", "COLUMNS", "KIND", "read_partition", "read_partitions"]

CODE_LISTS = ("income_types",)
CHUNK_ROWS = 120_000  # twice as many cost 150 MB more and no less time
GROUP_ROWS = 250_000  # rows a Parquet row group
TABLES = {"rows": LAKE_SCHEMA, "rejected": REJECTED_SCHEMA}
# Columns with few values; the others cost more to encode as a dictionary than they save.
_DICTIONARY = ["delivery_id", "line_id", "line_kind", "se_number", "p_number", "income_type", "payment_date"]
_DICTIONARY += ["period_from", "period_to", "cpr_flags"]


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write `rows.parquet` and `rejected.parquet` (docs/lake.md) for the files of one month and return a report a file."""
    ((_, reports),) = read_partitions({"": files}, {"": out_dir}, key, code_lists)
    return reports


def read_partitions(
    months: Mapping[str, Sequence[LandedFile]],
    out_dirs: Mapping[str, Path],
    key: ProjectKey,
    code_lists: CodeLists,
) -> Iterator[tuple[str, list[FileReport]]]:
    """Read months in order and yield (month, a report a file) as soon as a month's two tables stand in its folder."""
    files = [file for names in months.values() for file in names]
    opened: list[PayrollFile] = []
    pending: dict[int, dict[str, list[pa.Table]]] = {}
    writers = [_Month(name, out_dirs[name], len(names)) for name, names in months.items()]
    done = 0
    with ExitStack() as stack:
        connection = stack.enter_context(connect(threads=2))
        for month in writers:
            stack.callback(month.abandon)
        reader = Reader(connection, key, code_lists)
        waiting = iter(writers)
        writer = next(waiting, None)
        for piece in _ahead(_pieces(files, opened)):
            if piece.table is not None:
                _count(reader.read(piece.table), opened, pending)
            while True:
                while writer is not None and writer.is_full:
                    yield writer.name, writer.close()
                    writer = next(waiting, None)
                if writer is None or done > piece.through:
                    break
                writer.add(opened[done], pending.pop(done, {}))
                done += 1


@dataclass(frozen=True)
class _Piece:
    """A chunk of lines as text with `file_index`, and the last file that has been read to its end."""

    table: pa.Table | None
    through: int


def _pieces(files: Sequence[LandedFile], opened: list[PayrollFile]) -> Iterator[_Piece]:
    batches: list[pa.RecordBatch] = []
    rows = 0
    for index, landed in enumerate(files):
        file = PayrollFile.open(landed)
        opened.append(file)
        for batch in file.lines():
            batches.append(batch.append_column("file_index", pa.array(np.full(batch.num_rows, index, dtype=np.int32))))
            rows += batch.num_rows
            if rows >= CHUNK_ROWS:
                yield _Piece(pa.Table.from_batches(batches), index - 1)
                batches, rows = [], 0
    yield _Piece(pa.Table.from_batches(batches) if batches else None, len(files) - 1)


def _count(chunk: Chunk, opened: list[PayrollFile], pending: dict[int, dict[str, list[pa.Table]]]) -> None:
    """Give each file of a chunk its rows: the counts to its report, the lake's rows to `pending` until the file has been judged."""
    indices = chunk.judged["file_index"]
    tables = {"rows": chunk.accepted, "rejected": chunk.rejected}
    places = {name: np.asarray(table["file_index"]) for name, table in tables.items()}
    for index in np.unique(indices).tolist():
        start, end = np.searchsorted(indices, [index, index + 1])
        opened[index].count({name: values[start:end] for name, values in chunk.judged.items()})
        kept = pending.setdefault(index, {name: [] for name in tables})
        for name, table in tables.items():
            first, last = np.searchsorted(places[name], [index, index + 1])
            if last > first:
                kept[name].append(table.slice(first, last - first))


@dataclass
class _Month:
    """The two Parquet files of a month, written file by file; a refused file adds nothing."""

    name: str
    folder: Path
    expected: int
    reports: list[FileReport] = field(default_factory=list)
    _deliveries: set[int] = field(default_factory=set)
    _rows: dict[str, list[pa.Table]] = field(default_factory=lambda: {name: [] for name in TABLES})
    _writers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether every file of the month has been added."""
        return len(self.reports) == self.expected

    def add(self, file: PayrollFile, tables: dict[str, list[pa.Table]]) -> None:
        """Judge a file whose lines have all been read, and keep its rows when it is not refused."""
        report = file.finish()
        self.reports.append(report)
        delivery = delivery_id(report.sha256)
        if report.refusal or delivery in self._deliveries:  # a content stands once in a partition
            return
        self._deliveries.add(delivery)
        for name, parts in tables.items():
            for part in parts:
                identity = pa.repeat(pa.scalar(delivery, pa.int64()), part.num_rows)
                columns = [identity, *part.drop_columns("file_index").columns]
                self._rows[name].append(pa.Table.from_arrays(columns, schema=TABLES[name]))
            if sum(part.num_rows for part in self._rows[name]) >= GROUP_ROWS:
                self._flush(name)

    def close(self) -> list[FileReport]:
        """Write what is left; a table without rows has its columns all the same."""
        for name in TABLES:
            self._flush(name)
            self._writers.pop(name).close()
        return self.reports

    def abandon(self) -> None:
        """Let go of files that are still open."""
        while self._writers:
            self._writers.popitem()[1].close()

    def _flush(self, name: str) -> None:
        if name not in self._writers:
            self._writers[name] = parquet.ParquetWriter(
                self.folder / f"{name}.parquet",
                TABLES[name],
                compression="snappy",
                use_dictionary=_DICTIONARY,
                version="2.6",
            )
        if self._rows[name]:
            table = pa.concat_tables(self._rows[name])
            self._writers[name].write_table(table, row_group_size=GROUP_ROWS)
            self._rows[name] = []


def _ahead(items: Iterator[_Piece]) -> Iterator[_Piece]:
    """Yield from an iterator that runs one item ahead in a thread; what it raises is raised here."""
    waiting: queue.Queue[Any] = queue.Queue(maxsize=1)
    is_stopped = threading.Event()

    def put(item: Any) -> bool:
        while not is_stopped.is_set():
            try:
                waiting.put(item, timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put((item, None)):
                    return
            put((None, None))
        except BaseException as problem:
            put((None, problem))

    thread = threading.Thread(target=work, name="payroll-reader", daemon=True)
    thread.start()
    try:
        while True:
            item, problem = waiting.get()
            if problem is not None:
                raise problem
            if item is None:
                return
            yield item
    finally:
        is_stopped.set()
        thread.join()
