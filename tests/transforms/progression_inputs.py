"""A small invented country as the tables that progression rests on, so that its marts can be built without ingest and core.

Belongs here: random spells, people and panels with crowded cells. Not here: what the marts must say of them.
"""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import duckdb

from pipelines.dbt_runner import run_dbt
from pipelines.settings import Settings

FIRST_YEAR, MONTHS = 2017, 60
PEOPLE, SPELLS, ENTERPRISES = 250, 420, 45
KINDS, INSTRUMENTS, GROUPS = (
    ("rsv", "private"),
    ("work_trial", "small_job", "mentor"),
    ("cash_job_ready", "rehabilitation"),
)
BANDS = ((0, 0, 1), (1, 1, 39), (2, 39, 78), (3, 78, 117), (4, 117, 745))

TABLES = {
    "core.dim_persons": "person_key uuid, exit_month date, exit_reason varchar",
    "core.fct_person_months": (
        "person_key uuid, month date, ordinary_hours decimal(18, 4), supported_hours decimal(18, 4), hour_band integer,"
        "is_employed boolean, is_small_job boolean, is_self_supporting boolean, labour_state varchar"
    ),
    "core.fct_placement_spells": (
        "spell_id varchar, person_key uuid, instrument varchar, enterprise_cvr varchar, enterprise_kind varchar, target_group varchar,"
        "start_date date, spell_number integer, is_first_of_instrument boolean, baseline_hours decimal(18, 4)"
    ),
    "core.dim_hour_bands": "hour_band integer, hours_from_inclusive integer, hours_to_exclusive integer",
    "intermediate.int_employer_months": "person_key uuid, month date, enterprise_cvr varchar, ordinary_hours decimal(18, 4)",
    "intermediate.int_build": "as_of date, observed_from date, observed_through date",
}

Rows = dict[str, list[tuple[object, ...]]]


def month(number: int) -> str:
    """The first day of a month, numbered from 0."""
    return f"{FIRST_YEAR + number // 12:04d}-{number % 12 + 1:02d}-01"


def make_rows(seed: int) -> Rows:
    """The rows of every table, by table. Enterprises are very unequal: one has a tenth of the spells, many have one."""
    draw = random.Random(seed)
    rows: Rows = {table: [] for table in TABLES}
    rows["core.dim_hour_bands"] = list(BANDS)
    rows["intermediate.int_build"] = [("2021-12-31", month(0), month(MONTHS - 1))]
    enterprises = [(f"{10000000 + number}", draw.choice(KINDS)) for number in range(ENTERPRISES)]
    people = [uuid.UUID(int=draw.getrandbits(128)) for _ in range(PEOPLE)]
    leaving = {person: draw.choice([None, None, None, draw.randrange(12, MONTHS + 6)]) for person in people}
    for person in people:
        _add_person(rows, draw, person, leaving[person], [cvr for cvr, _ in enterprises])
    starts = sorted((draw.choice(people), draw.randrange(3, MONTHS - 1)) for _ in range(SPELLS))
    numbers: dict[uuid.UUID, int] = {}
    seen: set[tuple[uuid.UUID, str]] = set()
    for place, (person, start) in enumerate(starts):
        instrument = draw.choice(INSTRUMENTS)
        known = draw.random() < 0.85
        cvr, kind = enterprises[min(int(draw.paretovariate(0.7)) - 1, ENTERPRISES - 1)] if known else (None, "unknown")
        numbers[person] = numbers.get(person, 0) + 1
        day = month(start)[:8] + f"{place % 28 + 1:02d}"
        first, baseline = (person, instrument) not in seen, draw.choice([None, 0, 38.9999, 39, 120])
        seen.add((person, instrument))
        rows["core.fct_placement_spells"].append(
            (f"A{place}", person, instrument, cvr, kind, draw.choice(GROUPS), day, numbers[person], first, baseline)
        )
    return rows


def _add_person(rows: Rows, draw: random.Random, person: uuid.UUID, leaving: int | None, cvrs: list[str]) -> None:
    is_out = leaving is not None
    rows["core.dim_persons"].append((person, month(leaving or 0) if is_out else None, "dead" if is_out else None))
    hours = 0.0
    for number in range(min(MONTHS, leaving if leaving is not None else MONTHS)):
        if draw.random() < 0.15:
            hours = draw.choice([0, 0, 0, 0.9999, 20, 77.9999, 78, 130])
        band = next(band for band, low, high in BANDS if low <= hours < high)
        employed, supporting = hours >= 1, draw.random() < 0.85
        rows["core.fct_person_months"].append(
            (person, month(number), hours, 0, band, employed, 1 <= hours < 87 and not supporting, supporting, "unknown")
        )
        if hours:
            place = draw.choice([None, *cvrs[:3]])
            rows["intermediate.int_employer_months"].append((person, month(number), place, hours))


def build_progression(folder: Path, rows: Rows, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Writes the tables as a build file, builds progression on them and opens it, read-only."""
    settings = Settings(raw=folder / "raw", warehouse=folder, threads=threads)
    settings.build_folder.mkdir(parents=True)
    with duckdb.connect(str(settings.build_file)) as connection:
        for table, columns in TABLES.items():
            connection.execute(f"create schema if not exists {table.split('.')[0]}")
            connection.execute(f"create table {table} ({columns})")
            marks = ", ".join("?" * (columns.count(",") + 1 - columns.count("(18,")))
            connection.execute("begin")
            connection.executemany(f"insert into {table} values ({marks})", rows[table])
            connection.execute("commit")
    outcome = run_dbt(settings, ["run", "--select", "intermediate.progression", "marts.progression"])
    assert outcome.is_success, outcome.problems()
    return duckdb.connect(str(settings.build_file), read_only=True)
