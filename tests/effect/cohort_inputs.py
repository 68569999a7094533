"""A small invented country as the tables that the cohorts rest on: few cells, crowded, with every edge of eligibility.

Belongs here: random people, benefits, placements, registrations. Not here: what the cohorts must say of them.
"""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import yaml

from pipelines.dbt_runner import run_dbt
from pipelines.settings import Settings
from tests.effect.oracle_tables import first_day, last_day, number
from transforms.evaluation.protocol import PROTOCOL_FILE

FIRST, LAST = date(2017, 1, 1), date(2020, 6, 1)
AS_OF = date(2020, 7, 15)
PEOPLE = 1000
MODELS = (
    "int_effect_eligible_months",
    "int_effect_starts",
    "int_effect_left_out",
    "int_effect_controls",
    "int_effect_histories",
    "int_effect_covariates",
    "int_effect_trials",
    "int_effect_outcomes",
)
MUNICIPALITIES = (("0101", "1"), ("0265", "3"), ("0573", "4"), ("0825", "5"))
INSTRUMENTS = (*("work_trial", "guidance_upskilling", "wage_subsidy") * 4, "mentor", "community_service")
TARGETS = ("cash_job_ready", "sickness_benefit")

TABLES = {
    "core.fct_person_months": (
        "person_key uuid, month date, ordinary_hours decimal(18, 4), supported_hours decimal(18, 4), imputed_hours decimal(18, 4), wage_dkk decimal(18, 4),"
        "is_employed boolean, benefit_weeks integer, weeks integer, benefit_group varchar, is_self_supporting boolean, labour_state varchar"
    ),
    "core.fct_placement_spells": (
        "spell_id varchar, person_key uuid, instrument varchar, enterprise_cvr varchar, p_number varchar, enterprise_kind varchar, start_date date,"
        "target_group varchar, municipality_code varchar, sex varchar"
    ),
    "intermediate.int_placement_coverage": "municipality_code varchar, month date, is_delivered boolean",
    "intermediate.int_build": "as_of date, observed_from date, observed_through date, placement_first_month date",
    "intermediate.int_people": "person_key uuid, birth_date date, sex varchar",
    "intermediate.int_panel": "person_key uuid, first_month date, last_month date",
    "intermediate.int_person_exits": "person_key uuid, exit_month date, exit_reason varchar",
    "intermediate.int_residence_periods": "person_key uuid, municipality_code varchar, valid_from date, valid_to date",
    "intermediate.int_benefit_runs": "person_key uuid, first_week date, last_week date, is_target boolean, is_activity_ready boolean",
    "intermediate.int_person_benefit_months": "person_key uuid, month date, benefit_group varchar, is_target boolean, weeks integer",
    "intermediate.int_enterprise_rsv_periods": "enterprise_cvr varchar, valid_from date, valid_to date",
    "intermediate.int_municipalities": "municipality_code varchar, municipality_group varchar",
}

Rows = dict[str, list[tuple[object, ...]]]
Enterprise = tuple[str, str, tuple[tuple[date, date], ...]]


def make_rows(seed: int) -> Rows:
    """The rows of every table, by table."""
    draw = random.Random(seed)
    rows: Rows = {table: [] for table in TABLES}
    rows["intermediate.int_build"] = [(AS_OF, FIRST, LAST, date(2016, 6, 1))]
    rows["intermediate.int_municipalities"] = list(MUNICIPALITIES)
    for code, _ in MUNICIPALITIES:
        for month in range(number(date(2016, 6, 1)), number(AS_OF) + 1):
            rows["intermediate.int_placement_coverage"].append((code, first_day(month), draw.random() > 0.15))
    enterprises = _enterprises(draw)
    for cvr, _, periods in enterprises:
        rows["intermediate.int_enterprise_rsv_periods"] += [(cvr, *period) for period in periods]
    for _ in range(PEOPLE):
        _add_person(rows, draw, enterprises)
    return rows


def _enterprises(draw: random.Random) -> list[Enterprise]:
    """Some always RSV, some from a day, some until a day, some never; public ones have P-numbers."""
    end = date(9999, 12, 31)
    found: list[Enterprise] = []
    for place in range(14):
        kind = (
            ("private", "nonprofit", "public", "nonprofit", "unknown", "private", "nonprofit")[place % 7]
            if place != 11
            else "public"
        )
        turn = date(2018, 1, 1) + timedelta(days=draw.randrange(500))
        periods = {
            1: ((date(2015, 1, 1), end),),
            3: ((turn, end),),
            6: ((date(2015, 1, 1), turn),),
            8: ((date(2015, 1, 1), end),),
            9: ((date(2015, 1, 1), end),),
            12: ((date(2015, 1, 1), end),),
        }
        found.append((f"{10000000 + place}", kind, periods.get(place, ())))
    return found


def _add_person(rows: Rows, draw: random.Random, enterprises: list[Enterprise]) -> None:
    person = uuid.UUID(int=draw.getrandbits(128))
    birth = date(
        draw.choice([1953, 1954, 1970, 1985, 1999, 2000, 2001]), draw.randrange(1, 13), draw.choice([1, 1, 15, 28])
    )
    sex = draw.choice(["woman", "man"])
    rows["intermediate.int_people"].append((person, birth, sex))
    leaves = number(FIRST) + draw.randrange(60) if draw.random() < 0.4 else None
    reason = draw.choice(["dead", "pension", "emigrated"]) if leaves else None
    rows["intermediate.int_person_exits"].append((person, first_day(leaves) if leaves else None, reason))
    last = min(number(LAST), leaves - 1 if leaves else number(LAST))
    if last >= number(FIRST):
        rows["intermediate.int_panel"].append((person, FIRST, first_day(last)))
    _add_residence(rows, draw, person)
    weeks = _add_benefits(rows, draw, person)
    _add_months(rows, draw, person, weeks, last)
    _add_spells(rows, draw, person, sex, enterprises)


def _add_residence(rows: Rows, draw: random.Random, person: uuid.UUID) -> None:
    cuts = sorted(date(2017, 1, 1) + timedelta(days=draw.randrange(1300)) for _ in range(draw.choice([0, 0, 1, 2])))
    bounds = [date(1, 1, 1), *cuts, date(9999, 12, 31)]
    for begin, end in pairwise(bounds):
        code = draw.choice([None, *[code for code, _ in MUNICIPALITIES] * 3])
        stop = end if end.year == 9999 else end - timedelta(days=1)
        # A day without any residence now and then.
        gap = timedelta(days=draw.choice([0, 0, 0, 1])) if end.year != 9999 else timedelta()
        if begin <= stop - gap:
            rows["intermediate.int_residence_periods"].append((person, code, begin, stop - gap))


def _add_benefits(rows: Rows, draw: random.Random, person: uuid.UUID) -> list[tuple[date, str | None]]:
    """A group for each week (its Thursday) from before the panel to after it; runs and months made of them."""
    thursday, weeks = date(2016, 1, 7), []
    group: str | None = draw.choice(TARGETS)
    while thursday <= date(2020, 7, 9):
        if draw.random() < 0.05:
            group = draw.choice([*TARGETS, *TARGETS, *TARGETS, None, "flex_job"])
        weeks.append((thursday, group))
        thursday += timedelta(days=7)
    begin = 0
    for place in range(1, len(weeks) + 1):
        if place == len(weeks) or weeks[place][1] != weeks[begin][1]:
            rows["intermediate.int_benefit_runs"].append(
                (
                    person,
                    weeks[begin][0],
                    weeks[place - 1][0],
                    weeks[begin][1] in TARGETS,
                    weeks[begin][1] == TARGETS[0],
                )
            )
            begin = place
    counts: dict[tuple[int, str | None], int] = {}
    for day, name in weeks:
        if FIRST <= day <= last_day(number(LAST)):
            counts[number(day), name] = counts.get((number(day), name), 0) + 1
    for (month, name), count in counts.items():
        rows["intermediate.int_person_benefit_months"].append((person, first_day(month), name, name in TARGETS, count))
    return weeks


def _add_months(
    rows: Rows, draw: random.Random, person: uuid.UUID, weeks: list[tuple[date, str | None]], last: int
) -> None:
    hours = 0.0
    for month in range(number(FIRST), last + 1):
        if draw.random() < 0.08:
            hours = draw.choice([0] * 7 + [0.0001, 0.9999, 20.25, 78, 78.0001, 130.5])
        imputed = draw.choice([0, 0, 0, round(hours / 2, 4), hours])
        mine = [group for day, group in weeks if number(day) == month]
        on_benefit = [group for group in mine if group]
        group = max(sorted(set(on_benefit)), key=on_benefit.count) if on_benefit else None
        state = "other_benefit" if group else draw.choice(["no_known_income", "unknown", "education_or_leave"])
        if hours >= 1:
            state = next(
                name
                for least, name in ((117, "ordinary_117"), (78, "ordinary_78"), (39, "ordinary_39"), (1, "ordinary_1"))
                if hours >= least
            )
        rows["core.fct_person_months"].append(
            (person, first_day(month), hours, 0, imputed, round(hours * 131.25, 4) - draw.choice([0, 0, 5000]), hours >= 1, len(on_benefit), len(mine), group, not on_benefit, state)
        )  # fmt: skip


def _add_spells(rows: Rows, draw: random.Random, person: uuid.UUID, sex: str, enterprises: list[Enterprise]) -> None:
    for _ in range(draw.choice([0, 0, 1, 1, 2, 3, 4])):
        month = number(date(2016, 8, 1)) + draw.randrange(49)
        day = min(first_day(month) + timedelta(days=draw.choice([0, 2, 14, 27, 30])), last_day(month))
        for _ in range(draw.choice([1] * 9 + [2])):
            cvr, kind, periods = draw.choice(enterprises)
            is_rsv = any(begin <= day <= end for begin, end in periods)
            known = cvr if kind != "unknown" or is_rsv else None
            p_number = draw.choice([None, "1000000001", "1000000002"])
            place = len(rows["core.fct_placement_spells"])
            rows["core.fct_placement_spells"].append(
                (f"A{place}", person, draw.choice(INSTRUMENTS), known, p_number, "rsv" if is_rsv else kind, day, draw.choice(["cash", "sickness"]), draw.choice(MUNICIPALITIES)[0], sex)
            )  # fmt: skip
            if draw.random() < 0.6:
                day = min(day + timedelta(days=draw.choice([1, 7])), last_day(month))


def changed_protocol(folder: Path) -> Path:
    """The protocol of the project with every value that the cohorts take changed, so that a model that does not follow it is seen."""
    protocol = yaml.safe_load(PROTOCOL_FILE.read_text(encoding="utf-8"))
    protocol["eligibility"] = {"age_from": 19, "age_to": 65, "months_before": 4}
    protocol["families"]["B"]["most_hours"] = 20.25
    protocol["arms"] = {"O": {"enterprise_kinds": ["nonprofit", "private"]}, "N": {"controls_per_treated": 3}}
    protocol["instrument_families"] = {
        "work_trial_and_wage_subsidy": ["wage_subsidy", "work_trial"],
        "guidance_and_upskilling": ["guidance_upskilling"],
        "service": ["community_service"],
    }
    protocol["town_groups"] = ["1", "4"]
    protocol["horizons"]["first_month"] = -7
    protocol["horizons"]["last_month"] = 25
    protocol["seeds"]["sampling"] = 5
    file = folder / "changed.yml"
    file.write_text(yaml.safe_dump(protocol, sort_keys=False), encoding="utf-8")
    return file


def build_cohorts(folder: Path, rows: Rows, protocol: Path, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Writes the tables as a build file, makes the cohorts of them and opens it, read-only."""
    settings = Settings(raw=folder / "raw", warehouse=folder, threads=threads, protocol=protocol)
    settings.build_folder.mkdir(parents=True)
    with duckdb.connect(str(settings.build_file)) as connection:
        for table, columns in TABLES.items():
            connection.execute(f"create schema if not exists {table.split('.')[0]}")
            connection.execute(f"create table {table} ({columns})")
            # As text, in one step: row by row took 20 seconds.
            frame = pd.DataFrame(
                [[None if value is None else str(value) for value in row] for row in rows[table]], dtype=object
            )
            connection.register("given", frame)
            connection.execute(f"insert into {table} select * from given")
            connection.unregister("given")
    outcome = run_dbt(settings, ["run", "--select", *MODELS])
    assert outcome.is_success, outcome.problems()
    return duckdb.connect(str(settings.build_file), read_only=True)
