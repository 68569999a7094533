"""Placement: `forloeb_<kkkk>_<YYYY-MM>.csv`, the log of activities, one file a municipality and month.

Belongs here: reading the small files of a month into one relation, the values its rules need, the lake's tables and the counts.
Not here: the rules (`expectations/predicates/placement.py`), which version of an activity counts (dbt).

A month has up to 98 files of a few hundred rows: they are hashed, decoded and split in Python and judged in one query, since a query a
file costs 17 ms (9,408 files: 157 s).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from assets.ingest import csv_pass, numbers
from assets.ingest.code_lists import REGIME_CHANGE, CodeLists
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.people import COLUMNS as PERSON_COLUMNS
from assets.ingest.people import create_people, number_facts
from assets.ingest.reports import FileReport, delivery_id
from assets.ingest.rules import bits_of, rule_counts
from expectations.predicates import placement as predicates

KIND = "forloeb"
COLUMNS = (
    "aktivitet_id", "cpr", "maalgruppe", "ydelse", "tilbudstype", "cvr", "p_nummer", "startdato", "slutdato", "timer_pr_uge",
    "minutter_pr_uge", "ansvarlig_kommune", "afslutningsaarsag", "registreret_tidspunkt", "handling",
)  # fmt: skip
ISO_FORM, DANISH_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "^[0-9]{2}-[0-9]{2}-[0-9]{4}$"
BEYOND_RANGE = 2**31 - 1  # what a whole number too long for an integer stands as: out of every range all the same


@dataclass
class Delivery:
    """One file's report and, when it is not refused, its rows as text."""

    file: LandedFile
    report: FileReport
    rows: pa.Table | None = None
    has_danish_dates: bool = False

    @property
    def identity(self) -> int:
        """The lake's `delivery_id`."""
        return delivery_id(self.report.sha256, self.file.municipality)


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write `rows.parquet` and `rejected.parquet` of `forloeb` (docs/lake.md) for the files of one month and return a report a file."""
    deliveries = [read_file(file) for file in files]
    once = {delivery.identity: delivery for delivery in reversed(deliveries)}  # a content stands once in a partition
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        key.prepare(connection)
        connection.register("delivered", _relation(list(once.values())))
        _judge(connection, code_lists)
        _write(connection, out_dir)
        _count(connection, {identity: delivery.report for identity, delivery in once.items()})
    return [
        dataclasses.replace(once[delivery.identity].report, file_name=delivery.file.name) for delivery in deliveries
    ]


def read_file(file: LandedFile) -> Delivery:
    """Return a file's rows as text, or its report with the first file rule that refuses it."""
    content = csv_pass.read_content(file.path, allows_windows_1252=True)
    report = FileReport(file.name, KIND, content.sha256, refusal=content.refusal)
    delivery = Delivery(file, report)
    if not content.refusal:
        header = csv_pass.header_of(content.data)
        report.extra_columns = header.extra(COLUMNS)
        report.refusal = csv_pass.header_refusal(header, COLUMNS)
        if report.refusal:
            report.rows_delivered = csv_pass.count_records(content.data, header.offset)
        else:
            delivery.rows = csv_pass.read_table(content, header, COLUMNS)
            report.rows_delivered = delivery.rows.num_rows
            forms = _date_forms(delivery.rows)
            delivery.has_danish_dates = forms == {DANISH_FORM}
            if len(forms) > 1:
                report.refusal, delivery.rows = "placement.mixed_date_forms", None
    report.has_data_lines = bool(report.rows_delivered)
    report.rules = rule_counts(report.refusal, KIND)
    if report.refusal:
        report.rows_rejected = report.rows_delivered
    else:
        report.counters["unknown_extra_columns"] = len(report.extra_columns)
    return delivery


def _date_forms(rows: pa.Table) -> set[str]:
    """Return which forms the dates of a file have; the dates of an `S` row are not read, a text of another form is no date."""
    read = rows.filter(pc.and_(rows["has_right_fields"], pc.not_equal(rows["handling"], "S")))
    return {
        form
        for form in (ISO_FORM, DANISH_FORM)
        for column in ("startdato", "slutdato")
        if pc.any(pc.match_substring_regex(read[column], form)).as_py()
    }


def _relation(deliveries: list[Delivery]) -> pa.Table:
    """Return the rows of all files that are not refused as one table of texts, with delivery, municipality and date form of the file."""
    tables = []
    for delivery in deliveries:
        if delivery.rows is None:
            continue
        count = delivery.rows.num_rows
        tables.append(
            delivery.rows.append_column("delivery_id", pa.repeat(pa.scalar(delivery.identity, pa.int64()), count))
            .append_column("file_municipality", pa.repeat(pa.scalar(delivery.file.municipality, pa.string()), count))
            .append_column("has_danish_dates", pa.repeat(pa.scalar(delivery.has_danish_dates), count))
        )
    if tables:
        return pa.concat_tables(tables)
    texts = [(column, pa.string()) for column in (*COLUMNS, "file_municipality")]
    flags = [("has_right_fields", pa.bool_()), ("has_danish_dates", pa.bool_())]
    return pa.schema([("delivery_id", pa.int64()), ("line_number", pa.int32()), *texts, *flags]).empty_table()


def _judge(connection: duckdb.DuckDBPyConnection, code_lists: CodeLists) -> None:
    """Make the table `judged` of the relation `delivered`: every row with what can be read of it and the bitmask of the rules it breaks."""

    def iso(column: str) -> str:
        turned = f"{column}[7:10] || '-' || {column}[4:5] || '-' || {column}[1:2]"
        danish = f"case when regexp_full_match({column}, '{DANISH_FORM}') then {turned} end"
        return f"case when has_right_fields then (case when has_danish_dates then {danish} else {column} end) end"

    texts = ", ".join(f"case when has_right_fields then nullif({column}, '') end as {column}" for column in COLUMNS)
    connection.execute(f"""
        create temp table placement_texts as
        select
            * replace ({texts}),
            coalesce(handling <> 'S', true) as is_read,
            {iso("startdato")} as start_text,
            {iso("slutdato")} as end_text
        from delivered
    """)
    connection.execute("create temp view numbers_read as select cpr from placement_texts where is_read")
    create_people(connection, "numbers_read")
    connection.execute(f"create temp table placement_rows as {_typed_sql(code_lists)}")
    bits = bits_of(KIND)
    mask = " + ".join(
        f"(case when has_right_fields and ({rows}) and coalesce({condition}, false) then {1 << bits[rule]} else 0 end)"
        for rule, (rows, condition) in predicates.PREDICATES.items()
    )
    unreadable = f"(case when {predicates.UNREADABLE_PREDICATE} then {1 << bits[predicates.UNREADABLE]} else 0 end)"
    connection.execute(f"""
        create temp table judged as
        select *, ({unreadable} + {mask})::bigint as broken_rules from placement_rows
    """)


def _typed_sql(code_lists: CodeLists) -> str:
    def whole(column: str) -> str:
        return f"case when regexp_full_match({column}, '-?[0-9]+') then coalesce(try_cast({column} as integer), {BEYOND_RANGE}) end"

    def numbers_of(regime: str) -> str:
        return ", ".join(str(number) for name, number in sorted(code_lists.target_groups) if name == regime)

    people = ", ".join(f"people.{column}" for column in PERSON_COLUMNS)
    return f"""
        with typed as (
            select
                placement_texts.*,
                {people},
                coalesce(handling in ('O', 'A'), false) as is_activity,
                {numbers.timestamp_sql("registreret_tidspunkt")} as registered_at,
                {numbers.date_sql("start_text")} as start_date,
                {numbers.date_sql("end_text")} as end_date,
                {whole("timer_pr_uge")} as hours,
                {whole("minutter_pr_uge")} as minutes,
                {whole("maalgruppe")} as target_group_number,
                coalesce(tilbudstype in ({_listed(code_lists.instruments)}), false) as is_instrument_known,
                coalesce(tilbudstype in ({_listed(code_lists.company_based_instruments)}), false) as is_company_based,
                coalesce(ansvarlig_kommune in ({_listed(code_lists.municipalities)}), false) as is_municipality_known,
                {numbers.is_valid_cvr_sql("cvr")} as is_cvr_valid,
                {numbers.is_valid_p_number_sql("p_nummer")} as is_p_number_valid
            from placement_texts
            left join people on placement_texts.is_read and placement_texts.cpr = people.cpr_text
        )

        select
            *,
            case
                when start_date < date '{REGIME_CHANGE}' then target_group_number in ({numbers_of("LAB_2")})
                else target_group_number in ({numbers_of("LAB_6")})
            end as is_target_group_of_regime
        from typed
    """


def _listed(codes: object) -> str:
    return ", ".join("'" + str(code).replace("'", "''") + "'" for code in sorted(codes))  # type: ignore[call-overload]


def _write(connection: duckdb.DuckDBPyConnection, out_dir: Path) -> None:
    """Write the lake's two tables; what cannot be read, or is not read, is null."""
    people = ", ".join(PERSON_COLUMNS)
    columns = f"""
        delivery_id,
        line_number,
        {people},
        aktivitet_id as activity_id,
        case when handling in ('O', 'A', 'S') then handling end as handling,
        registered_at,
        case when is_read then target_group_number end as target_group_number,
        case when is_read then ydelse end as benefit,
        case when is_read and is_instrument_known then tilbudstype end as instrument_code,
        case when is_read and is_cvr_valid then cvr end as cvr,
        case when is_read and is_p_number_valid then p_nummer end as p_number,
        case when is_read then start_date end as start_date,
        case when is_read then end_date end as end_date,
        case when is_read then hours end as planned_hours,
        case when is_read then minutes end as planned_minutes,
        case when is_municipality_known then ansvarlig_kommune end as municipality_code,
        case when is_read then afslutningsaarsag end as end_reason
    """
    for name, more, condition in (
        ("rows", "", "broken_rules = 0"),
        ("rejected", ", broken_rules, has_right_fields", "broken_rules <> 0"),
    ):
        connection.execute(
            f"copy (select {columns}{more} from judged where {condition} order by delivery_id, line_number)"
            f" to '{str(out_dir / f'{name}.parquet').replace(chr(39), chr(39) * 2)}' (format parquet, compression zstd)"
        )


def _count(connection: duckdb.DuckDBPyConnection, reports: dict[int, FileReport]) -> None:
    """Complete the reports (by delivery) of the files that are not refused: a row counts under every rule that it breaks."""
    bits = bits_of(KIND)
    looked_at = {rule: f"has_right_fields and ({rows})" for rule, (rows, _) in predicates.PREDICATES.items()}
    looked_at |= dict.fromkeys(predicates.DECIDED_IN_THE_BUILD, f"has_right_fields and {predicates.ACTIVITIES}")
    looked_at[predicates.UNREADABLE] = "true"
    columns = ["count(*) filter (where broken_rules <> 0)"]
    rules = []
    for rule, rows in looked_at.items():
        rules.append(rule)
        columns.append(f"count(*) filter (where {rows})")
        columns.append(f"count(*) filter (where broken_rules & {1 << bits[rule]} <> 0)")
    for rule, (rows, condition) in predicates.SOFT.items():
        rules.append(rule)
        columns.append(f"count(*) filter (where broken_rules = 0 and {rows})")
        columns.append(f"count(*) filter (where broken_rules = 0 and {rows} and {condition})")
    found = connection.execute(f"select delivery_id, {', '.join(columns)} from judged group by delivery_id").fetchall()
    counts = {delivery: (rejected, values) for delivery, rejected, *values in found}
    people = number_facts(connection, "judged")
    for identity, report in reports.items():
        if report.refusal:
            continue
        rejected, values = counts.get(identity, (0, [0] * (2 * len(rules))))
        report.rows_rejected = rejected
        report.rules |= {rule: (values[2 * place], values[2 * place + 1]) for place, rule in enumerate(rules)}
        report.real_numbers, report.first_real_line, report.latest_birth_date = people.get(identity, (0, None, None))
