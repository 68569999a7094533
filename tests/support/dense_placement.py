"""The placement log of a dense country: short activities whose edges collide, and the versions that each goes through.

Rows that a rule must reject are added by `dense_defects`.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from . import dense_numbers
from .dense_people import SEEDS, People
from .dense_registry import Registry, some_day

GAPS = [-20, -1, 0, 1, 7, 13, 14, 14, 15, 16, 60]
LENGTHS = [0, 1, 6, 27, 30, 45, 90, 180, 400]

Row = dict[str, str]


@dataclass
class Placed:
    """A row of the log and the file that it is registered in."""

    municipality: str
    month: date
    row: Row


def _list(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


INSTRUMENTS = [row["tilbudstype"] for row in _list("instruments")]
TARGET_GROUPS = {
    regime: [row["maalgruppe"] for row in _list("target_groups") if row["regime"] == regime]
    for regime in ("LAB_2", "LAB_6")
}


def _target_group(rng: random.Random, start: date) -> str:
    number = rng.choice(TARGET_GROUPS["LAB_6" if start >= date(2020, 1, 1) else "LAB_2"])
    return number.zfill(2) if rng.random() < 0.1 else number


def _where(rng: random.Random, registry: Registry) -> Row:
    """A unit, an enterprise, both (not always agreeing), or one that nobody knows."""
    cvr, unit = rng.choice([*registry.enterprises, *registry.outside]), rng.choice([*registry.units, "9999999999"])
    return rng.choice(
        [{"cvr": cvr, "p_nummer": ""}] * 3 + [{"cvr": "", "p_nummer": unit}] * 3 + [{"cvr": cvr, "p_nummer": unit}]
    )


def _hours(rng: random.Random) -> Row:
    return {
        "timer_pr_uge": rng.choice(["", "0", "7", "20", "37", "59"]),
        "minutter_pr_uge": rng.choice(["", "0", "5", "20", "59"]),
    }


def _chain(rng: random.Random, cpr: str, places: list[str], registry: Registry, first: date, last: date) -> list[Row]:
    """Activities of one instrument at one place, each some days after the latest end so far."""
    where, instrument = _where(rng, registry), rng.choice(INSTRUMENTS)
    if instrument[:2] in ("TV", "ME") and rng.random() < 0.5:
        where = {"cvr": "", "p_nummer": ""}
    start, latest, rows = some_day(rng, first, last), date.min, []
    if rng.random() < 0.03:
        start = some_day(rng, date(2009, 1, 1), date(2014, 1, 5))
    for _ in range(rng.choice([1, 1, 2, 3, 4])):
        if start > last + timedelta(days=300):
            break
        end = None if rng.random() < 0.1 else start + timedelta(days=rng.choice(LENGTHS))
        rows.append(
            {
                "cpr": dense_numbers.as_delivered(rng, cpr),
                "maalgruppe": _target_group(rng, start),
                "ydelse": rng.choice(["", "2.1", "Ø"]),
                "tilbudstype": instrument,
                **where,
                "startdato": start.isoformat(),
                "slutdato": end.isoformat() if end else "",
                **_hours(rng),
                "ansvarlig_kommune": rng.choice(places),
                "afslutningsaarsag": rng.choice(["", 'slut "ordinært";\nø', "Andet"]),
            }
        )
        latest = max(latest, end or start)
        start = max(start, latest + timedelta(days=rng.choice(GAPS)))
    return rows


class Clock:
    """Timestamps; without ties none is given out twice."""

    def __init__(self, rng: random.Random, ties: bool) -> None:
        self.rng, self.ties, self._given = rng, ties, set[datetime]()

    def at(self, day: date) -> datetime:
        """Some moment of a day, often one of a few when ties are wanted."""
        while True:
            seconds = self.rng.choice([0, 43_200, 86_399]) if self.ties else self.rng.randrange(86_400)
            moment = datetime.combine(day, time()) + timedelta(seconds=seconds)
            if self.ties or moment not in self._given:
                self._given.add(moment)
                return moment


def _versions(rng: random.Random, clock: Clock, base: Row, number: str, places: list[str], last: date) -> list[Placed]:
    """What a municipality registered about one activity, in no order of time."""
    start = date.fromisoformat(base["startdato"])
    registered = min(start, last) + timedelta(days=rng.randrange(-10, 40))
    row = {"aktivitet_id": number, **base, "handling": "O"}
    found = []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])):
        moment = clock.at(registered)
        month = registered.replace(day=1) if rng.random() < 0.95 else last.replace(day=1)
        stamped = {**row, "registreret_tidspunkt": moment.isoformat()}
        found.append(Placed(row["ansvarlig_kommune"], month, stamped))
        row = {**row, "handling": rng.choice(["A", "A", "A", "A", "O", "S"])}
        if row["handling"] == "S" and rng.random() < 0.5:
            keep = ("aktivitet_id", "ansvarlig_kommune", "handling")
            row = {name: value if name in keep else "" for name, value in row.items()}
        elif rng.random() < 0.5:
            end = start + timedelta(days=rng.choice(LENGTHS))
            row = {**row, **base, "slutdato": end.isoformat(), "ansvarlig_kommune": rng.choice(places)}
        if row["handling"] != "S" and row["cpr"] == "":
            row = {**row, **base}
        registered += timedelta(days=rng.choice([0, 0, 1, 20, 70]))
    return found


def make_placements(
    rng: random.Random, people: People, registry: Registry, first: date, last: date, ties: bool
) -> list[Placed]:
    """The log of everybody; three people in four were ever placed."""
    clock, found, number = Clock(rng, ties), [], 0
    for cpr in people.born:
        if rng.random() < 0.25:
            continue
        for _ in range(rng.choice([1, 1, 2, 3])):
            for base in _chain(rng, cpr, registry.municipalities, registry, first, last):
                number += 1
                found += _versions(rng, clock, base, f"A{number:05d}", registry.municipalities, last)
    return found
