"""The registers of people: residences and civil status (personer), benefits by week (DREAM).

Belongs here: from lives to these two files. Not here: enterprises.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from raw.synthetic import text_columns as text
from raw.synthetic.calendar import month_of_day
from raw.synthetic.draws import Ints
from raw.synthetic.files import write
from raw.synthetic.life import World
from raw.synthetic.parameters import CODES, DAGPENGE_ACTIVE, DAGPENGE_ACTIVE_CODES, STATES, S
from raw.synthetic.simulate import Country

PERSON_HEADER = "cpr;kommunekode;bopael_fra;bopael_til;status;status_dato\n"
CHUNK = 8_192


@dataclass
class Residences:
    """Residence periods in the order of people; `to` is -1 while it lasts. Status and its day by person (day -1: none)."""

    person: Ints
    home: Ints
    begin: Ints
    to: Ints
    status: Ints  # 1, 80, 90
    status_day: Ints


def residences(world: World, country: Country) -> Residences:
    """Residence periods and civil status, up to the last month."""
    calendar, people, draws = world.calendar, world.people, world.draws
    n = len(people)
    first = calendar.first_day(0)
    since = np.maximum(people.birth_day, first - draws.integer("resident-since", 30, 5_000, people.who))
    person, home, begin, gone = [people.who], [people.first_home], [since], [np.zeros(n, dtype=bool)]
    status, status_day = np.full(n, 1), np.full(n, -1)
    abroad = np.zeros(n, dtype=bool)
    dead = np.zeros(n, dtype=bool)
    current = people.first_home.copy()
    for month in range(calendar.last + 1):
        day = calendar.first_day(month) + country.day[:, month].astype(np.int64) - 1
        state, now = country.state[:, month], country.home[:, month].astype(np.int64)
        dies = (state == S["dead"]) & ~dead
        leaves = (state == S["emigrated"]) & ~abroad
        back = abroad & (state != S["emigrated"]) & ~dies
        moves = (now != current) & ~dies & ~leaves & ~back & ~abroad & ~dead
        for mask, ends in ((dies | leaves, True), (moves | back, False)):
            at = np.flatnonzero(mask)
            person.append(at)
            home.append(now[at])
            begin.append(day[at])
            gone.append(np.full(len(at), ends))
        status[dies], status[leaves], status[back] = 90, 80, 1
        status_day[dies | leaves | back] = day[dies | leaves | back]
        dead |= dies
        abroad = (abroad | leaves) & ~back & ~dies
        current = np.where(moves | back, now, current)
    who, where, start, is_end = (
        np.concatenate(person),
        np.concatenate(home),
        np.concatenate(begin),
        np.concatenate(gone),
    )
    order = np.lexsort((start, who))
    who, where, start, is_end = who[order], where[order], start[order], is_end[order]
    same = np.append(who[1:] == who[:-1], False)
    to = np.where(same, np.append(start[1:], 0) - 1, -1)
    # Who dies lives there to the last day.
    keep = ~is_end
    who, where, start, to = who[keep], where[keep], start[keep], to[keep]
    return Residences(who, where, start, np.where((to >= 0) & (to < start), start, to), status, status_day)


def write_people(world: World, found: Residences, path: Path, extra: list[str]) -> Path:
    """Writes `personer`; `extra` lines stand at the end."""
    codes = world.parameters.municipalities.code
    status = found.status[found.person]
    day = found.status_day[found.person]
    columns = [
        text.digits(world.people.cpr[found.person], 10), text.digits(codes[found.home], 4), text.dates(found.begin), text.only(text.dates(np.maximum(found.to, 0)), found.to >= 0),
        text.digits(status, 2), text.only(text.dates(np.maximum(day, 0)), day >= 0),
    ]  # fmt: skip
    body = text.join_lines(columns)
    return write(path, PERSON_HEADER.encode() + body + "".join(line + "\n" for line in extra).encode())


def week_states(country: Country, world: World, thursdays: Ints, chosen: Ints) -> NDArray[np.uint8]:
    """State of the chosen people in each week: that of its Thursday."""
    calendar = world.calendar
    month = month_of_day(thursdays) - calendar.zero
    day = thursdays - calendar.first_day(month) + 1
    state, change = country.state[chosen], country.day[chosen]
    before = np.maximum(month - 1, 0)
    return np.where(day[None, :] >= change[:, month], state[:, month], state[:, before])


def week_codes(world: World, states: NDArray[np.uint8], thursdays: Ints, chosen: Ints) -> Ints:
    """DREAM code of each person and week, 0 for an empty one."""
    draws, calendar = world.draws, world.calendar
    first = np.zeros(len(STATES), dtype=np.int64)
    count = np.ones(len(STATES), dtype=np.int64)
    for name, (code, number) in CODES.items():
        first[S[name]], count[S[name]] = code, number
    half_year = (month_of_day(thursdays) - calendar.zero) // 6
    _, place = np.unique(half_year, return_inverse=True)
    numbers = np.arange(half_year.min(), half_year.max() + 1)
    who = np.repeat(chosen, len(numbers))
    draw = draws.uniform("code", who, np.tile(numbers, len(chosen))).reshape(len(chosen), len(numbers))[:, place]
    codes = first[states] + np.floor(draw * count[states]).astype(np.int64)
    # A third of those on unemployment insurance are in activation (211-219).
    active = (states == S["unemployment_insurance"]) & (draw > 0.67)
    codes = np.where(
        active, DAGPENGE_ACTIVE + np.floor((draw - 0.67) / 0.331 * DAGPENGE_ACTIVE_CODES).astype(np.int64), codes
    )
    # Holiday with holiday allowance in July, which is no benefit.
    year_day = thursdays - thursdays.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(
        np.int64
    )
    july = (year_day >= 188) & (year_day < 202)
    codes = np.where((states == S["unemployment_insurance"]) & july[None, :] & (draw < 0.12), 121, codes)
    return np.where(first[states] == 0, 0, codes)


def write_dream(
    world: World, country: Country, path: Path, without_row: Ints, unknown: dict[tuple[int, int], str], extra: list[str]
) -> Path:
    """Writes `dream`, one row a person but `without_row`; `unknown` puts texts in some weeks; `extra` lines stand at the end."""
    names, thursdays = world.calendar.weeks()
    people = np.setdiff1d(world.people.who, without_row)
    table = text.words([str(code) if code else "" for code in range(1000)], np.arange(1000))
    pieces = [("cpr;" + ";".join(names) + "\n").encode()]
    by_person: dict[int, list[tuple[int, str]]] = {}
    for (person, week), code in unknown.items():
        by_person.setdefault(person, []).append((week, code))
    for begin in range(0, len(people), CHUNK):
        chosen = people[begin : begin + CHUNK]
        codes = week_codes(world, week_states(country, world, thursdays, chosen), thursdays, chosen)
        width = 11 + 4 * len(names)
        matrix = np.zeros((len(chosen), width), dtype=np.uint8)
        matrix[:, :10] = text.digits(world.people.cpr[chosen], 10)
        weeks = np.empty((len(chosen), len(names), 4), dtype=np.uint8)
        weeks[:, :, 0] = ord(";")
        weeks[:, :, 1:4] = table[codes]
        matrix[:, -1] = ord("\n")
        for place in np.flatnonzero(np.isin(chosen, np.array(list(by_person), dtype=np.int64))).tolist():
            for week, code in by_person[int(chosen[place])]:
                weeks[place, week, 1:4] = np.frombuffer(code.encode().ljust(3, b"\0"), dtype=np.uint8)
        matrix[:, 10:-1] = weeks.reshape(len(chosen), -1)
        flat = matrix.ravel()
        pieces.append(flat[flat != 0].tobytes())
    pieces += [(line + "\n").encode() for line in extra]
    return write(path, b"".join(pieces))
