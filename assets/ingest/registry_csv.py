"""A registry snapshot in CSV on its way to the lake: read, judged by one predicate a rule, written, counted.

Belongs here: what `se_numre` and `personer` do alike. Not here: their columns and rules (`se_numbers.py`, `persons.py`,
`expectations/predicates/registry.py`), DREAM's wide table (`benefits.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.ingest import csv_pass
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.people import COLUMNS as PERSON_COLUMNS
from assets.ingest.people import create_people, number_facts
from assets.ingest.reports import FileReport, delivery_id
from assets.ingest.rules import bits_of, rule_counts


@dataclass(frozen=True)
class Snapshot:
    """What a kind of snapshot is made of.

    `columns` are the contract's names. `values` are SQL expressions over them (texts, null when empty) by the name they get;
    `lake` the lake's columns as SQL over both; `hard` and `soft` the rules' conditions over both. With `has_people` the six columns of
    the number in `cpr` are there too.
    """

    kind: str
    columns: tuple[str, ...]
    values: Mapping[str, str]
    lake: Mapping[str, str]
    hard: Mapping[str, str]
    soft: Mapping[str, tuple[str, str]]
    has_people: bool = False


def read_snapshot(files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, snapshot: Snapshot) -> list[FileReport]:
    """Write `rows.parquet` and `rejected.parquet` of a partition and return a report a file."""
    reports: list[FileReport] = []
    tables: dict[int, pa.Table] = {}
    for file in files:
        report, table = read_file(file, snapshot)
        reports.append(report)
        if table is not None:  # a content stands once in a partition
            tables[delivery_id(report.sha256)] = table
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        key.prepare(connection)
        connection.register("delivered", _relation(tables, snapshot))
        _judge(connection, snapshot)
        _write(connection, out_dir, snapshot)
        counts = _counts(connection, snapshot)
        people = number_facts(connection, "judged") if snapshot.has_people else {}
    for report in reports:
        identity = delivery_id(report.sha256)
        if not report.refusal:
            none = (0, dict.fromkeys((*snapshot.hard, *snapshot.soft), (0, 0)))
            report.rows_rejected, found = counts.get(identity, none)
            report.rules |= found
            report.real_numbers, report.first_real_line, report.latest_birth_date = people.get(
                identity, (0, None, None)
            )
    return reports


def read_file(file: LandedFile, snapshot: Snapshot) -> tuple[FileReport, pa.Table | None]:
    """Return a file's report as far as the file rules go, and its rows as text unless one of them refuses it."""
    content = csv_pass.read_content(file.path)
    report = FileReport(file.name, snapshot.kind, content.sha256, refusal=content.refusal)
    table = None
    if not content.refusal:
        header = csv_pass.header_of(content.data)
        report.extra_columns = header.extra(snapshot.columns)
        report.refusal = csv_pass.header_refusal(header, snapshot.columns)
        if report.refusal:
            report.rows_delivered = report.rows_rejected = csv_pass.count_records(content.data, header.offset)
        else:
            table = csv_pass.read_table(content, header, snapshot.columns)
            report.rows_delivered = table.num_rows
            report.counters["unknown_extra_columns"] = len(report.extra_columns)
    report.has_data_lines = bool(report.rows_delivered)
    report.rules = rule_counts(report.refusal, snapshot.kind)
    return report, table


def _relation(tables: Mapping[int, pa.Table], snapshot: Snapshot) -> pa.Table:
    parts = [
        table.append_column("delivery_id", pa.repeat(pa.scalar(identity, pa.int64()), table.num_rows))
        for identity, table in tables.items()
    ]
    if parts:
        return pa.concat_tables(parts)
    texts = [(column, pa.string()) for column in snapshot.columns]
    origin = [("line_number", pa.int32()), ("has_right_fields", pa.bool_()), ("delivery_id", pa.int64())]
    return pa.schema([*texts, *origin]).empty_table()


def _judge(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Make the table `judged` of the relation `delivered`: every row, what can be read of it, the bitmask of the rules it breaks."""
    texts = ", ".join(f"case when has_right_fields then nullif({name}, '') end as {name}" for name in snapshot.columns)
    connection.execute(f"create temp view texts as select * replace ({texts}) from delivered")
    people = join = ""
    if snapshot.has_people:
        create_people(connection, "texts")
        people = "".join(f", people.{column}" for column in PERSON_COLUMNS)
        join = "left join people on texts.cpr = people.cpr_text"
    bits = bits_of(snapshot.kind)
    unreadable = f"{snapshot.kind}.unreadable_value"
    mask = " + ".join(
        f"(case when {'true' if rule == unreadable else 'has_right_fields'} and coalesce({condition}, false)"
        f" then {1 << bits[rule]} else 0 end)"
        for rule, condition in snapshot.hard.items()
    )
    values = "".join(f", {expression} as {name}" for name, expression in snapshot.values.items())
    connection.execute(f"""
        create temp table judged as
        with typed as materialized (
            select texts.*{people}{values} from texts {join}
        )

        select *, ({mask})::bigint as broken_rules from typed
    """)


def _write(connection: duckdb.DuckDBPyConnection, out_dir: Path, snapshot: Snapshot) -> None:
    people = ", ".join(PERSON_COLUMNS) + ", " if snapshot.has_people else ""
    lake = ", ".join(f"{expression} as {name}" for name, expression in snapshot.lake.items())
    for name, more, condition in (
        ("rows", "", "broken_rules = 0"),
        ("rejected", ", broken_rules, has_right_fields", "broken_rules <> 0"),
    ):
        path = str(out_dir / f"{name}.parquet").replace("'", "''")
        connection.execute(
            f"copy (select delivery_id, line_number, {people}{lake}{more} from judged where {condition}"
            f" order by delivery_id, line_number) to '{path}' (format parquet, compression zstd)"
        )


def _counts(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot
) -> dict[int, tuple[int, dict[str, tuple[int, int]]]]:
    """Return delivery -> (rows rejected, rule -> (rows looked at, rows failed))."""
    bits = bits_of(snapshot.kind)
    columns = ["count(*) filter (where broken_rules <> 0)"]
    for rule in snapshot.hard:
        looked_at = "true" if rule == f"{snapshot.kind}.unreadable_value" else "has_right_fields"
        columns.append(f"count(*) filter (where {looked_at})")
        columns.append(f"count(*) filter (where broken_rules & {1 << bits[rule]} <> 0)")
    for rows, condition in snapshot.soft.values():
        columns.append(f"count(*) filter (where broken_rules = 0 and {rows})")
        columns.append(f"count(*) filter (where broken_rules = 0 and {rows} and {condition})")
    rules = (*snapshot.hard, *snapshot.soft)
    found = connection.execute(f"select delivery_id, {', '.join(columns)} from judged group by delivery_id").fetchall()
    return {
        delivery: (rejected, {rule: (values[2 * place], values[2 * place + 1]) for place, rule in enumerate(rules)})
        for delivery, rejected, *values in found
    }
