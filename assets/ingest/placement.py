"""Placement: `forloeb_<kkkk>_<YYYY-MM>.csv`, the log of activities, one file a municipality and month.

Belongs here: the values that the rules need, the lake's tables and the counts, many months in one query. Not here: files
(`placement_files.py`), the rules (`expectations/predicates/placement.py`), which version of an activity counts (dbt).

A month has up to 98 files of a few hundred rows: they are hashed, decoded and split in Python and judged in one query, since a query a
file costs 17 ms (9,408 files: 157 s).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from assets.ingest import numbers
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.people import COLUMNS as PERSON_COLUMNS
from assets.ingest.people import create_people, number_facts
from assets.ingest.placement_files import COLUMNS, DANISH_FORM, KIND, Delivery, read_file, relation
from assets.ingest.reports import FileReport
from assets.ingest.rules import bits_of
from expectations.code_lists import REGIME_CHANGE, CodeLists
from expectations.predicates import placement as predicates

__all__ = ["CODE_LISTS", "COLUMNS", "KIND", "read_partition", "read_partitions"]

CODE_LISTS = ("instruments", "municipalities", "target_groups")
GROUP_ROWS = 250_000  # rows judged in one query: a query for each of 96 months cost 70 ms a month
BEYOND_RANGE = 2**31 - 1  # what a whole number too long for an integer stands as: out of every range all the same


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write `rows.parquet` and `rejected.parquet` of `forloeb` (docs/lake.md) for the files of one month and return a report a file."""
    ((_, reports),) = read_partitions({"": files}, {"": out_dir}, key, code_lists)
    return reports


def read_partitions(
    months: Mapping[str, Sequence[LandedFile]],
    out_dirs: Mapping[str, Path],
    key: ProjectKey,
    code_lists: CodeLists,
) -> Iterator[tuple[str, list[FileReport]]]:
    """Read months in order, several in one query, and yield (month, a report a file) when its tables stand in its folder."""
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        key.prepare(connection)
        group: dict[str, list[Delivery]] = {}
        held = 0
        for month, files in months.items():
            group[month] = [read_file(file) for file in files]
            held += sum(delivery.rows_at_hand for delivery in group[month])
            if held >= GROUP_ROWS:
                yield from _read_group(connection, group, out_dirs, code_lists)
                group, held = {}, 0
        yield from _read_group(connection, group, out_dirs, code_lists)


def _read_group(
    connection: duckdb.DuckDBPyConnection,
    group: Mapping[str, list[Delivery]],
    out_dirs: Mapping[str, Path],
    code_lists: CodeLists,
) -> Iterator[tuple[str, list[FileReport]]]:
    # A content stands once in a partition, under the first of its names.
    once = {month: {delivery.identity: delivery for delivery in reversed(group[month])} for month in group}
    judged = [delivery for month in once for delivery in once[month].values() if delivery.rows is not None]
    connection.register("delivered", relation(judged))
    _judge(connection, code_lists)
    _count(connection, judged)
    first = 0
    for month, deliveries in group.items():
        after = first + sum(delivery.rows is not None for delivery in once[month].values())
        _write(connection, out_dirs[month], first, after)
        first = after
        reports = [once[month][delivery.identity].report for delivery in deliveries]
        yield (
            month,
            [
                dataclasses.replace(report, file_name=delivery.file.name)
                for report, delivery in zip(reports, deliveries, strict=True)
            ],
        )
    connection.unregister("delivered")


def _judge(connection: duckdb.DuckDBPyConnection, code_lists: CodeLists) -> None:
    """Make the table `judged` of the relation `delivered`: every row with what can be read of it and the bitmask of the rules it breaks."""

    def iso(column: str) -> str:
        turned = f"{column}[7:10] || '-' || {column}[4:5] || '-' || {column}[1:2]"
        danish = f"case when regexp_full_match({column}, '{DANISH_FORM}') then {turned} end"
        return f"case when has_right_fields then (case when has_danish_dates then {danish} else {column} end) end"

    texts = ", ".join(f"case when has_right_fields then nullif({column}, '') end as {column}" for column in COLUMNS)
    connection.execute(f"""
        create or replace temp table placement_texts as
        select
            * replace ({texts}),
            coalesce(handling <> 'S', true) as is_read,
            {iso("startdato")} as start_text,
            {iso("slutdato")} as end_text,
            case when has_right_fields and handling is distinct from 'S' then nullif(cpr, '') end as cpr_read
        from delivered
    """)
    create_people(connection, "placement_texts", "cpr_read")
    connection.execute(f"create or replace temp table placement_rows as {_typed_sql(code_lists)}")
    bits = bits_of(KIND)
    mask = " + ".join(
        f"(case when has_right_fields and ({rows}) and coalesce({condition}, false) then {1 << bits[rule]} else 0 end)"
        for rule, (rows, condition) in predicates.PREDICATES.items()
    )
    unreadable = f"(case when {predicates.UNREADABLE_PREDICATE} then {1 << bits[predicates.UNREADABLE]} else 0 end)"
    connection.execute(f"""
        create or replace temp table judged as
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
            left join people on placement_texts.cpr_read = people.cpr_text
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


def _write(connection: duckdb.DuckDBPyConnection, out_dir: Path, first: int, after: int) -> None:
    """Write the lake's two tables of the files from place `first` up to `after`; what cannot be read, or is not read, is null."""
    files = f"file_place >= {first} and file_place < {after}"
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
            f"copy (select {columns}{more} from judged where {files} and {condition} order by delivery_id, line_number)"
            f" to '{str(out_dir / f'{name}.parquet').replace(chr(39), chr(39) * 2)}' (format parquet, compression zstd)"
        )


def _count(connection: duckdb.DuckDBPyConnection, deliveries: list[Delivery]) -> None:
    """Complete the reports of files that are not refused: a row counts under every rule that it breaks."""
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
    found = connection.execute(f"select file_place, {', '.join(columns)} from judged group by file_place").fetchall()
    counts = {place: (rejected, values) for place, rejected, *values in found}
    people = number_facts(connection, "judged", by="file_place")
    for place, delivery in enumerate(deliveries):
        report = delivery.report
        rejected, values = counts.get(place, (0, [0] * (2 * len(rules))))
        report.rows_rejected = rejected
        report.rules |= {rule: (values[2 * number], values[2 * number + 1]) for number, rule in enumerate(rules)}
        report.real_numbers, report.first_real_line, report.latest_birth_date = people.get(place, (0, None, None))
