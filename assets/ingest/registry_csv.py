"""A registry snapshot in CSV on its way to the lake: read, judged by one predicate a rule, written, counted.

Belongs here: what `se_numre` and `personer` do alike. Not here: their columns and rules (`se_numbers.py`, `persons.py`,
`expectations/predicates/registry.py`), DREAM's wide table (`benefits.py`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.ingest import csv_pass
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.people import PERSON_SCHEMA, create_people, number_facts, people_sql, to_lake
from assets.ingest.reports import FileReport, delivery_id
from assets.ingest.rules import bits_of, rule_counts

CHUNK_ROWS = 500_000  # rows judged at a time: residence periods of a whole people do not stand in memory typed
ORIGIN = [("delivery_id", pa.int64()), ("line_number", pa.int32())]
JUDGEMENT = [("broken_rules", pa.int64()), ("has_right_fields", pa.bool_())]


@dataclass(frozen=True)
class Snapshot:
    """What a kind of snapshot is made of.

    `columns` are the contract's names. `values` are SQL expressions over them (texts, null when empty) by the name they get;
    `lake` the lake's columns, as SQL over both and with their type; `hard` and `soft` the rules' conditions over both. With `has_people`
    the six columns of the number in `cpr` are there too.
    """

    kind: str
    columns: tuple[str, ...]
    values: Mapping[str, str]
    lake: Mapping[str, tuple[str, pa.DataType]]
    hard: Mapping[str, str]
    soft: Mapping[str, tuple[str, str]]
    has_people: bool = False

    @property
    def schema(self) -> pa.Schema:
        """The lake's table of accepted rows."""
        people = PERSON_SCHEMA if self.has_people else []
        return pa.schema([*ORIGIN, *people, *((name, kind) for name, (_, kind) in self.lake.items())])


def read_snapshot(files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, snapshot: Snapshot) -> list[FileReport]:
    """Write `rows.parquet` and `rejected.parquet` of a partition and return a report a file."""
    rows, rejected = snapshot.schema, pa.schema([*snapshot.schema, *(pa.field(*field) for field in JUDGEMENT)])
    known: dict[str, FileReport] = {}
    reports = []
    with (
        duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        ) as connection,
        pq.ParquetWriter(out_dir / "rows.parquet", rows, compression="zstd") as accepted_file,
        pq.ParquetWriter(out_dir / "rejected.parquet", rejected, compression="zstd") as rejected_file,
    ):
        key.prepare(connection)
        for file in files:
            content = csv_pass.read_content(file.path)
            if content.sha256 not in known:  # a content stands once in a partition
                known[content.sha256] = _read_file(file, content, snapshot, connection, (accepted_file, rejected_file))
            reports.append(dataclasses.replace(known[content.sha256], file_name=file.name))
    return reports


def _read_file(
    file: LandedFile,
    content: csv_pass.Content,
    snapshot: Snapshot,
    connection: duckdb.DuckDBPyConnection,
    writers: tuple[pq.ParquetWriter, pq.ParquetWriter],
) -> FileReport:
    """Return a file's report; writes its rows unless a file rule refuses it."""
    report = FileReport(file.name, snapshot.kind, content.sha256, refusal=content.refusal)
    if not content.refusal:
        header = csv_pass.header_of(content.data)
        report.extra_columns = header.extra(snapshot.columns)
        report.refusal = csv_pass.header_refusal(header, snapshot.columns)
        if report.refusal:
            report.rows_delivered = report.rows_rejected = csv_pass.count_records(content.data, header.offset)
    report.rules = rule_counts(report.refusal, snapshot.kind)
    if not report.refusal:
        report.counters["unknown_extra_columns"] = len(report.extra_columns)
        report.rows_delivered = report.rows_rejected = 0
        identity = delivery_id(content.sha256)
        for chunk in _chunks(csv_pass.batches(content, header, snapshot.columns)):
            _judge(connection, chunk, snapshot)
            for writer, condition in zip(writers, ("broken_rules = 0", "broken_rules <> 0"), strict=True):
                _write(connection, writer, identity, condition, snapshot)
            _count(connection, report, chunk.num_rows, snapshot)
    report.has_data_lines = bool(report.rows_delivered)
    return report


def _chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.num_rows for part in waiting) >= CHUNK_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _judge(connection: duckdb.DuckDBPyConnection, chunk: pa.Table, snapshot: Snapshot) -> None:
    """Make the table `judged`: every row of a chunk, what can be read of it, the bitmask of the rules it breaks."""
    connection.register("delivered", chunk)
    texts = ", ".join(f"case when has_right_fields then nullif({name}, '') end as {name}" for name in snapshot.columns)
    connection.execute(f"create or replace temp view texts as select * replace ({texts}) from delivered")
    people = join = ""
    if snapshot.has_people:
        create_people(connection, "texts")
        people = "".join(f", people.{column}" for column, _ in PERSON_SCHEMA)
        join = "left join people on texts.cpr = people.cpr_text"
    bits = bits_of(snapshot.kind)
    mask = " + ".join(
        f"(case when {_looked_at(rule)} and coalesce({condition}, false) then {1 << bits[rule]} else 0 end)"
        for rule, condition in snapshot.hard.items()
    )
    values = "".join(f", {expression} as {name}" for name, expression in snapshot.values.items())
    connection.execute(f"""
        create or replace temp table judged as
        with typed as materialized (
            select texts.*{people}{values} from texts {join}
        )

        select *, ({mask})::bigint as broken_rules from typed
    """)
    connection.unregister("delivered")


def _looked_at(rule: str) -> str:
    return "true" if rule.endswith(".unreadable_value") else "has_right_fields"


def _write(
    connection: duckdb.DuckDBPyConnection, writer: pq.ParquetWriter, identity: int, condition: str, snapshot: Snapshot
) -> None:
    people = f"{people_sql()}, " if snapshot.has_people else ""
    lake = ", ".join(f"{expression} as {name}" for name, (expression, _) in snapshot.lake.items())
    found = connection.execute(f"""
        select {identity}::bigint as delivery_id, line_number, {people}{lake}, broken_rules, has_right_fields
        from judged
        where {condition}
        order by line_number
    """).to_arrow_table()
    if found.num_rows:
        writer.write_table(to_lake(found, writer.schema))


def _count(connection: duckdb.DuckDBPyConnection, report: FileReport, delivered: int, snapshot: Snapshot) -> None:
    """Add a chunk to a file's report."""
    bits = bits_of(snapshot.kind)
    columns = ["count(*) filter (where broken_rules <> 0)"]
    for rule in snapshot.hard:
        columns.append(f"count(*) filter (where {_looked_at(rule)})")
        columns.append(f"count(*) filter (where broken_rules & {1 << bits[rule]} <> 0)")
    for rows, condition in snapshot.soft.values():
        columns.append(f"count(*) filter (where broken_rules = 0 and {rows})")
        columns.append(f"count(*) filter (where broken_rules = 0 and {rows} and {condition})")
    found = connection.execute(f"select {', '.join(columns)} from judged").fetchone()
    assert found is not None and report.rows_delivered is not None and report.rows_rejected is not None
    rejected, *values = found
    report.rows_delivered += delivered
    report.rows_rejected += rejected
    for place, rule in enumerate((*snapshot.hard, *snapshot.soft)):
        looked_at, failed = report.rules[rule]
        report.rules[rule] = (looked_at + values[2 * place], failed + values[2 * place + 1])
    if snapshot.has_people:
        count, line, latest = number_facts(connection, "judged", by="true").get(True, (0, None, None))
        report.real_numbers += count
        report.first_real_line = report.first_real_line if report.first_real_line is not None else line
        report.latest_birth_date = max((day for day in (report.latest_birth_date, latest) if day), default=None)
