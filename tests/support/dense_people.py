"""The people of a dense country: residences that overlap and leave gaps, statuses, and their benefit weeks."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from . import dense_numbers
from .dense_registry import some_day

OLD_PEOPLE = 12
SEEDS = Path(__file__).resolve().parents[2] / "transforms" / "seeds"


@dataclass
class People:
    """CPR numbers with birth dates, rows of `personer`, weeks of `dream`."""

    born: dict[str, date] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)  # valid numbers that are not in `personer`
    rows: list[dict[str, str]] = field(default_factory=list)
    week_columns: list[str] = field(default_factory=list)
    weeks: list[dict[str, str]] = field(default_factory=list)


def _codes() -> tuple[list[str], list[str]]:
    """Codes of benefits and other states, and the codes that censor."""
    normal, censoring = [], []
    with (SEEDS / "benefit_codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            ends = censoring if row["is_censoring"] == "true" else normal
            ends += [row["code_from"], row["code_to"]]
    return sorted(set(normal)), sorted(set(censoring))


def _residences(
    rng: random.Random, cpr: str, places: list[str], first: date, last: date, ties: bool
) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    start: date | None = date(1999, 1, 1) if rng.random() < 0.8 else None
    for _ in range(rng.choice([1, 1, 2, 3])):
        end = None if rng.random() < 0.5 else some_day(rng, first, last)
        rows.append(
            {
                "cpr": cpr,
                "kommunekode": rng.choice([*places, "0999"]),
                "bopael_fra": start.isoformat() if start else "",
                "bopael_til": end.isoformat() if end else "",
            }
        )
        following = (end or some_day(rng, first, last)) + timedelta(days=rng.choice([-30, 1, 1, 1, 20]))
        if ties and rng.random() < 0.1:
            following = start or following
        if not ties and any(row["bopael_fra"] == following.isoformat() for row in rows):
            break
        start = following
    return rows


def _status(rng: random.Random, first: date, last: date) -> tuple[str, str]:
    status = rng.choice(["01"] * 12 + ["80", "90", "70"])
    dated = status != "01" and rng.random() < 0.8
    return status, some_day(rng, first, last).isoformat() if dated else ""


def _weeks_of(first: date, last: date) -> list[date]:
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    return [thursday + timedelta(days=7 * week) for week in range((last - thursday).days // 7 + 1)]


def _career(rng: random.Random, weeks: int, normal: list[str], censoring: list[str], unknown_share: float) -> list[str]:
    """Runs of equal codes, often one or two weeks long, sometimes ended by a code that censors."""
    codes: list[str] = []
    while len(codes) < weeks:
        code = "" if rng.random() < 0.3 else rng.choice(normal)
        if rng.random() < 0.01:
            code = rng.choice(censoring)
        codes += [code] * rng.choice([1, 1, 2, 2, 3, 5, 12, 40])
    codes = codes[:weeks]
    if rng.random() < unknown_share:
        codes[rng.randrange(weeks)] = rng.choice(["119", "77", "0771", "ABC", " "])
    return codes


def make_people(
    rng: random.Random, places: list[str], first: date, last: date, persons: int, ties: bool, dream_last: date
) -> People:
    """Some people; most have a benefit career, some have no row in `dream`."""
    people, taken = People(), set()
    normal, censoring = _codes()
    thursdays = _weeks_of(first, dream_last)
    people.week_columns = [f"y_{day.isocalendar().year % 100:02d}{day.isocalendar().week:02d}" for day in thursdays]
    for position in range(persons + 20):
        born = date(rng.choice([1955, 1975, 1985, 1995, 2000, 2001]), rng.randint(1, 12), rng.randint(1, 28))
        if rng.random() < 0.05:
            born = date(1996, 2, 29)
        cpr = dense_numbers.cpr(rng, born, taken)
        if position < OLD_PEOPLE:
            cpr = dense_numbers.old_cpr(rng, taken)
        if position >= persons:
            people.strangers.append(cpr)
            continue
        people.born[cpr] = born
        status, status_day = _status(rng, first, last)
        for row in _residences(rng, cpr, places, first, last, ties):
            row |= {"cpr": dense_numbers.as_delivered(rng, cpr), "status": status, "status_dato": status_day}
            people.rows.append(row)
        if rng.random() < 0.95:
            codes = _career(rng, len(thursdays), normal, censoring, 0.02)
            people.weeks.append(
                {"cpr": dense_numbers.as_delivered(rng, cpr)} | dict(zip(people.week_columns, codes, strict=True))
            )
    return people
