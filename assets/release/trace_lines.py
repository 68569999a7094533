"""Where the rows behind a figure were delivered: files and line numbers, by way of the lake. Never who.

Belongs here: members -> activities, payroll lines, rows of registers -> delivered lines. Not here: who is a member (trace_members.py, trace_effect.py).
A line number is the record's in its file, as in quarantine: of a CSV file the header is 0, of documents the first is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from assets.release.trace_build import Build
from assets.release.trace_figure import refuse
from assets.release.trace_members import MEMBERS

MONTHS: Final = "trace_months"
ACTIVITIES: Final = "trace_activities"
PAYROLL: Final = "trace_payroll"


@dataclass(frozen=True)
class FileLines:
    """Lines of one delivered file. `partition`: of the lake, where the rows stand."""

    folder: str
    name: str
    sha256: str
    partition: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Lines:
    """The lines of a kind: the first of them by file (`shown`), how many there are in how many files."""

    kind: str
    shown: tuple[FileLines, ...]
    lines: int
    files: int


def months_of_spells(build: Build, months: Sequence[int]) -> None:
    """Keeps the months `months` from the start of each member's spell in the temporary table `MONTHS` (person_key, month)."""
    build.connection.execute(
        f"""
        create or replace temp table {MONTHS} as
        select distinct members.person_key, cast(spells.start_month + to_months(event_months.number) as date) as month
        from {MEMBERS} as members
        inner join intermediate.int_progression_spells as spells on members.spell_id = spells.spell_id
        cross join (select cast(unnest(?::integer[]) as integer) as number) as event_months
        """,
        [list(months)],
    )


def lines_of(build: Build, kinds: Sequence[str], most: int) -> list[Lines]:
    """The delivered lines behind the members (and `MONTHS`, where pay counts), by kind of delivery; of each the first `most`.

    Raises:
        TraceError: the lake is not there, or lacks a row that the build has.
    """
    connection = build.connection
    connection.execute(
        f"""
        create or replace temp table {ACTIVITIES} as
        select distinct activities.activity_id, activities.file_name, activities.line_number, activities.p_number
        from {MEMBERS} as members
        inner join intermediate.int_activity_spells as activity_spells on members.spell_id = activity_spells.spell_id
        inner join intermediate.int_activities as activities on activity_spells.activity_id = activities.activity_id
        """
    )
    if "eindkomst" in kinds:
        connection.execute(
            f"""
            create or replace temp table {PAYROLL} as
            select distinct pieces.delivery_id, pieces.line_number
            from {MONTHS} as months
            inner join intermediate.int_payroll_pieces as pieces on months.person_key = pieces.person_key and months.month = pieces.month
            """
        )
    return [_lines(build, kind, most) for kind in kinds]


def _activities(build: Build) -> str:
    return f"select lake.delivery_id, lake.line_number, lake.filename from {_lake(build, 'forloeb')} as lake inner join deliveries on {_used('lake')} inner join {ACTIVITIES} as wanted on deliveries.file_name = wanted.file_name and lake.line_number = wanted.line_number"


def _payroll(build: Build) -> str:
    return f"select lake.delivery_id, lake.line_number, lake.filename from {_lake(build, 'eindkomst')} as lake inner join {PAYROLL} as wanted on lake.delivery_id = wanted.delivery_id and lake.line_number = wanted.line_number"


def _of_members(kind: str, column: str) -> Callable[[Build], str]:
    return lambda build: f"select delivery_id, line_number, filename from {_lake(build, kind)} where {column} in (select {column} from {MEMBERS})"  # fmt: skip


def _units(build: Build) -> str:
    return f"select delivery_id, line_number, filename from {_lake(build, 'cvr_produktionsenheder')} where p_number in (select p_number from {ACTIVITIES})"


def _se_numbers(build: Build) -> str:
    return f"select delivery_id, line_number, filename from {_lake(build, 'se_numre')} where se_number in (select lake.se_number from {_lake(build, 'eindkomst')} as lake inner join {PAYROLL} as wanted on lake.delivery_id = wanted.delivery_id and lake.line_number = wanted.line_number)"


ROWS: Final[dict[str, Callable[[Build], str]]] = {
    "forloeb": _activities,
    "eindkomst": _payroll,
    "dream": _of_members("dream", "person_key"),
    "personer": _of_members("personer", "person_key"),
    "cvr_virksomheder": _of_members("cvr_virksomheder", "enterprise_cvr"),
    "cvr_produktionsenheder": _units,
    "se_numre": _se_numbers,
}
# Kinds whose lines the build itself names: the lake must have every one.
NAMED_BY_BUILD: Final = {"forloeb": ACTIVITIES, "eindkomst": PAYROLL}


def _lines(build: Build, kind: str, most: int) -> Lines:
    query = f"""
        with deliveries as (
            select * from read_parquet({_text(build.warehouse / "build" / "inputs" / "deliveries.parquet")}) where kind = '{kind}' and outcome = 'used'
        ),
        found as ({ROWS[kind](build)})
        select distinct deliveries.folder, deliveries.file_name, deliveries.sha256, regexp_extract(found.filename, '([^/]+)/[^/]+$', 1) as period, found.line_number, deliveries.file_rank
        from found inner join deliveries on {_used("found")}
        order by deliveries.file_rank, found.line_number
    """
    try:
        rows = build.connection.execute(query).fetchall()
    except duckdb.IOException:
        refuse(str(build.warehouse / "lake" / kind), "lake_missing", "the lake is not there or cannot be read", "build again: fodfaeste build --force")  # fmt: skip
    if kind in NAMED_BY_BUILD:
        wanted = build.one(f"select count(*) from {NAMED_BY_BUILD[kind]}")
        if wanted != len(rows):
            refuse(str(build.warehouse / "lake" / kind), "lake_other", f"{wanted:,} lines are behind the figure and {len(rows):,} stand in the lake: it is not the one of this build", "build again: fodfaeste build --force")  # fmt: skip
    shown: dict[tuple[str, str, str, str], list[int]] = {}
    for folder, name, digest, period, line, _ in rows[:most]:
        shown.setdefault((folder, name, digest, f"lake/{kind}/{period}"), []).append(line)
    files = len({(row[0], row[1]) for row in rows})
    return Lines(kind, tuple(FileLines(*file, tuple(lines)) for file, lines in shown.items()), len(rows), files)


def _lake(build: Build, kind: str) -> str:
    return f"read_parquet({_text(build.warehouse / 'lake' / kind / '*' / 'rows.parquet')}, union_by_name = true, filename = true)"


def _used(rows: str) -> str:
    """That a row of the lake stands in a file that is used: one content may lie in two partitions."""
    period = f"cast(left(regexp_extract({rows}.filename, '([^/]+)/[^/]+$', 1) || '-01', 10) as date)"
    return f"{rows}.delivery_id = deliveries.delivery_id and {period} = deliveries.period"


def _text(path: object) -> str:
    return "'" + str(path).replace("'", "''") + "'"
