"""KL's three questions, answered in Danish out of the published warehouse.

Belongs here: reading finished tables and saying what they say. Not here: computing a measure.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from assets.publishing.audit import connect
from pipelines.headlines import ENOUGH, MIN_PERSONS

# KL asks what comes of the courses at registered social enterprises; every other kind stands beside it in the same tables.
KIND = "rsv"
HORIZON = 12
LASTING_MONTHS = 24
LASTING = (("lasting_six_in_row", "seks måneder i træk"), ("lasting_six_of_twelve", "seks af tolv måneder"))
MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)


@dataclass(frozen=True)
class Period:
    """First and last month in which spells started that a figure rests on."""

    first: datetime.date
    last: datetime.date

    def __str__(self) -> str:
        return f"{month(self.first)} til {month(self.last)}"


def month(day: datetime.date) -> str:
    """`marts 2019`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def number(value: float | int, decimals: int = 0) -> str:
    """A number as Danes write it: 1.234,5."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def three_answers(warehouse_file: Path) -> list[str]:
    """Three sentences: who came into employment, hours at twelve months, lasting by both definitions."""
    with connect(warehouse_file) as connection:
        row = connection.execute("select * from quality.fct_builds").fetchone()
        names = [column[0] for column in connection.description or ()]
        build = dict(zip(names, row or (), strict=False))
        word = " (syntetisk)" if _is_sample(connection, build) else ""
        return [_employment(connection, word), _hours(connection, word), _lasting(connection, word)]


def _is_sample(connection: duckdb.DuckDBPyConnection, build: dict[str, Any]) -> bool:
    if "is_sample_key" in build:
        return bool(build["is_sample_key"])
    return False


def _period(connection: duckdb.DuckDBPyConnection, condition: str) -> Period | None:
    row = connection.execute(
        f"""
        select min(date_trunc('month', spells.start_date))::date, max(date_trunc('month', spells.start_date))::date
        from progression.fct_progression_horizons as horizons
        inner join core.fct_placement_spells as spells on horizons.spell_id = spells.spell_id
        where spells.enterprise_kind = '{KIND}' and {condition}
        """
    ).fetchone()
    return Period(row[0], row[1]) if row and row[0] else None


def _unknown(question: str, word: str) -> str:
    return f"{question}: det kan ikke siges af disse leverancer{word}, for der er for få personer eller for kort tid."


def _employment(connection: duckdb.DuckDBPyConnection, word: str) -> str:
    question = "Hvor mange er kommet i beskæftigelse"
    whole = connection.execute(
        """
        select persons, persons_employed, spells, employed, share from progression.fct_employment_by_target_group
        where target_group = 'all' and enterprise_kind = ? and instrument = 'all' and horizon = ? and ci_lower is not null
        """,
        [KIND, HORIZON],
    ).fetchone()
    period = _period(
        connection,
        f"horizons.horizon = {HORIZON} and spells.spell_id in (select spell_id from progression.fct_progression_months where event_month = -1 and not is_employed)",
    )
    if not whole or whole[0] < MIN_PERSONS or period is None:
        return _unknown(question, word)
    groups = connection.execute(
        """
        with labels as (
            select target_group, min(target_group_da) as label from core.dim_target_groups group by target_group
        )
        select coalesce(labels.label, cells.target_group), cells.persons_employed, cells.persons
        from progression.fct_employment_by_target_group as cells
        left join labels on cells.target_group = labels.target_group
        where cells.target_group <> 'all' and cells.enterprise_kind = ? and cells.instrument = 'all'
            and cells.horizon = ? and cells.ci_lower is not null and cells.persons_employed >= ?
        order by cells.persons_employed desc, cells.target_group
        """,
        [KIND, HORIZON, MIN_PERSONS],
    ).fetchall()
    most = ", ".join(
        f"{label.lower()} {number(employed)} af {number(persons)}" for label, employed, persons in groups[:3]
    )
    persons, persons_employed, spells, _, share = whole
    return (
        f"{number(persons_employed)} af {number(persons)} personer uden ordinært arbejde før et forløb i en registreret socialøkonomisk virksomhed var i ordinært arbejde {HORIZON} måneder "
        f"efter start ({number(share * 100, 1)} % af {number(spells)} forløb, startet {period}){word}"
        + (f"; flest fra målgrupperne {most}." if most else ".")
    )


def _hours(connection: duckdb.DuckDBPyConnection, word: str) -> str:
    row = connection.execute(
        f"""
        with observed as (
            select horizons.ordinary_hours, spells.baseline_hours, spells.person_key, spells.enterprise_cvr
            from progression.fct_progression_horizons as horizons
            inner join core.fct_placement_spells as spells on horizons.spell_id = spells.spell_id
            where spells.enterprise_kind = '{KIND}' and horizons.horizon = {HORIZON} and horizons.status = 'observed' and horizons.hours_change is not null
        )
        select
            case when {ENOUGH} then sum(baseline_hours)::double / count(*) end,
            case when {ENOUGH} then sum(ordinary_hours)::double / count(*) end,
            count(*)
        from observed
        """
    ).fetchone()
    period = _period(
        connection,
        f"horizons.horizon = {HORIZON} and horizons.status = 'observed' and horizons.hours_change is not null",
    )
    if not row or row[0] is None or period is None:
        return _unknown("Hvor mange timer", word)
    return (
        f"De ordinære timer om måneden var i gennemsnit {number(row[1], 1)} {HORIZON} måneder efter start i en registreret socialøkonomisk virksomhed mod {number(row[0], 1)} i de tre måneder før "
        f"({number(row[2])} forløb, startet {period}){word}."
    )


def _lasting(connection: duckdb.DuckDBPyConnection, word: str) -> str:
    found = []
    for milestone, label in LASTING:
        row = connection.execute(
            """
            select months, cumulative_incidence from progression.fct_milestone_curves
            where target_group = 'all' and enterprise_kind = ? and instrument = 'all' and milestone = ?
                and months <= ? and ci_lower is not null
            order by months desc limit 1
            """,
            [KIND, milestone, LASTING_MONTHS],
        ).fetchone()
        people = connection.execute(
            f"""
            select count(distinct spells.person_key) >= {MIN_PERSONS}
                and count(distinct spells.enterprise_cvr) >= 3,
                min(date_trunc('month', spells.start_date))::date, max(date_trunc('month', spells.start_date))::date
            from progression.fct_milestones as milestones
            inner join core.fct_placement_spells as spells on milestones.spell_id = spells.spell_id
            where milestones.milestone = ? and spells.is_first_of_instrument and spells.enterprise_kind = '{KIND}'
            """,
            [milestone],
        ).fetchone()
        if not row or not people or not people[0]:
            return _unknown("Hvor mange får varig tilknytning", word)
        found.append((row[0], row[1], label, Period(people[1], people[2])))
    months = min(entry[0] for entry in found)
    parts = " og ".join(f"{number(share * 100, 1)} % ({label})" for _, share, label, _ in found)
    return f"Inden for {months} måneder har {parts} fået varig tilknytning efter deres første forløb af hver slags i en registreret socialøkonomisk virksomhed (startet {found[0][3]}){word}."
