"""The country lived from its first month to its last, block of people by block.

Belongs here: the loop over months and what is kept of it. Not here: the rules of a month (life.py), files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.life import FLEX, World
from raw.synthetic.lives import GONE, NO, Eve, Lives, join
from raw.synthetic.parameters import TARGET, I
from raw.synthetic.people import People, part

BLOCK = 16_384
Array = NDArray[np.int64]
LINE_ORDINARY, LINE_SUBSIDY, LINEFLEX = 0, 1, 2


@dataclass
class Lines:
    """Paid work, one entry a person, month and employer; hours in quarters of an hour."""

    person: Array
    month: Array
    employer: Array
    quarters: Array  # in a whole month: the first and last of a wage subsidy are paid by days (payroll_log.py)
    kind: Array
    spell: Array  # of a wage subsidy, position in `spells`; NO for other work


@dataclass
class Spells:
    """Placements that began, one entry each; `person` is the position in the country."""

    person: Array
    month: Array  # of the start; that of a flex job which ran at the beginning is before 0
    last: Array  # month of the end; NO when it still runs
    slot: Array  # 0 work, 1 course, 2 flex job, 3 small job
    instrument: Array
    kind: Array
    place: Array
    state: Array  # benefit at the start
    home: Array
    hours_before: Array  # quarters of ordinary hours in the three months before, together
    months_in: Array


@dataclass
class Country:
    """What was lived: states, homes and change days by person and month, work, placements, and the lives before each start (for the truth)."""

    state: NDArray[np.uint8]
    home: NDArray[np.uint8]
    day: NDArray[np.uint8]
    lines: Lines
    spells: Spells
    before_start: Lives | None
    start_spell: Array  # position in `spells` of each entry of before_start


def _concatenate(kind: type, pieces: list) -> object:
    return kind(**{f.name: np.concatenate([getattr(piece, f.name) for piece in pieces]) for f in fields(kind)})


def simulate(world: World, keep_starts: bool, progress: Callable[[str], None]) -> Country:
    """Lives all people of `world` through the delivered months. With `keep_starts`, the lives before each start are kept."""
    blocks = []
    offset = 0
    for begin in range(0, len(world.people), BLOCK):
        chosen = part(world.people, slice(begin, begin + BLOCK))
        block = _block(world, chosen, begin, offset, keep_starts)
        offset += len(block.spells.person)
        blocks.append(block)
        progress(f"lived {min(begin + BLOCK, len(world.people)):,} of {len(world.people):,} lives")
    kept = [block.before_start for block in blocks if block.before_start is not None]
    return Country(
        np.concatenate([block.state for block in blocks]), np.concatenate([block.home for block in blocks]), np.concatenate([block.day for block in blocks]),
        _concatenate(Lines, [block.lines for block in blocks]), _concatenate(Spells, [block.spells for block in blocks]),  # type: ignore[arg-type]
        join(kept) if kept else None, np.concatenate([block.start_spell for block in blocks]),
    )  # fmt: skip


def _block(world: World, people: People, first_person: int, first_spell: int, keep_starts: bool) -> Country:
    calendar = world.calendar
    n, months = len(people), calendar.last + 1
    state, home, day = (np.zeros((n, months), dtype=np.uint8) for _ in range(3))
    lines: list[Lines] = []
    spells: list[Spells] = []
    kept: list[Lives] = []
    kept_spell: list[Array] = []
    running = np.full((4, n), NO)  # position of the spell that runs in each slot
    ends: list[tuple[Array, int]] = []
    count = 0
    lives = world.beginning(people)
    recent = np.zeros((n, 3), dtype=np.int64)
    last_employer = lives.employer.copy()

    def open_spell(
        slot: int, at: Array, month: Array, instrument: Array, kind: Array, place: Array, eve: Eve | None = None
    ) -> None:
        nonlocal count
        state, months_in = (lives.state, lives.months_in) if eve is None else (eve.state, eve.months_in)
        spells.append(
            Spells(
                person=people.who[at],
                month=month,
                last=np.full(len(at), NO),
                slot=np.full(len(at), slot),
                instrument=instrument,
                kind=kind,
                place=place,
                state=state[at],
                home=lives.home[at],
                hours_before=recent[at].sum(axis=1),
                months_in=months_in[at],
            )
        )
        running[slot, at] = np.arange(count, count + len(at))
        count += len(at)

    def close_spell(slot: int, at: Array, month: int) -> None:
        ends.append((running[slot, at], month))
        running[slot, at] = NO

    flex = np.flatnonzero(np.isin(lives.state, FLEX))
    registered = flex[
        world.draws.chosen("flex-registered", world.parameters["work"]["flex_registered"], people.who[flex])
    ]
    # The placement log begins in 2007: an older start would be rejected.
    begun = np.maximum(-lives.months_in[registered] - 1, min(calendar.index("2007-02"), -1))
    where = lives.flex_employer[registered]
    open_spell(
        2,
        registered,
        begun,
        np.full(len(registered), I["flex_job"]),
        world.enterprises.kind_on(where, calendar.first_day(begun)),
        where,
    )

    for t in range(months):
        # A life before the month is needed again where a placement of the work or course slot starts in it.
        before = lives.take(slice(None)) if keep_starts and t >= calendar.first else None
        result = world.live(lives, t)
        state[:, t], home[:, t], day[:, t] = lives.state, lives.home, result.day
        first_day = int(calendar.first_day(t))
        for slot in range(2):
            at = np.flatnonzero(result.ended[slot] & (running[slot] != NO))
            close_spell(slot, at, t - 1)
        # A flex job or a small job ends with its state, its employer or its hours.
        at = np.flatnonzero((running[2] != NO) & ~np.isin(lives.state, FLEX))
        close_spell(2, at, t)
        small_over = (lives.job_hours == 0) | (lives.employer != last_employer) | ~TARGET[lives.state]
        at = np.flatnonzero((running[3] != NO) & small_over)
        close_spell(3, at, t)
        for slot in range(2):
            at = np.flatnonzero(result.started[slot])
            if before is not None and len(at):
                kept.append(before.take(at))
                kept_spell.append(first_spell + count + np.arange(len(at)))
            month = np.full(len(at), t)
            open_spell(
                slot, at, month, lives.instrument[slot][at], lives.kind[slot][at], lives.place[slot][at], result.eve
            )
        work = world.parameters["work"]
        at = np.flatnonzero(
            result.flex_started
            & (running[2] == NO)
            & world.draws.chosen("flex-registered", work["flex_registered"], people.who, t)
        )
        where = lives.flex_employer[at]
        kind = world.enterprises.kind_on(where, np.full(len(at), first_day))
        open_spell(2, at, np.full(len(at), t), np.full(len(at), I["flex_job"]), kind, where)
        small = (
            result.found_work
            & TARGET[lives.state]
            & (lives.job_hours < work["leave_benefit_hours"])
            & (lives.job_hours > 0)
            & (running[3] == NO)
        )
        at = np.flatnonzero(small & world.draws.chosen("small-registered", work["small_job_registered"], people.who, t))
        where = lives.employer[at]
        kind = world.enterprises.kind_on(where, np.full(len(at), first_day))
        open_spell(3, at, np.full(len(at), t), np.full(len(at), I["small_job"]), kind, where)
        last_employer = lives.employer.copy()
        quarters = np.rint(result.hours * 4).astype(np.int64)
        recent = np.column_stack([recent[:, 1:], quarters])
        if t >= calendar.first - 1:
            # A placement that is left in this month still runs: `running` closes it in the next.
            for kind_of_line, hours, employer in (
                (LINE_ORDINARY, quarters, lives.employer),
                (LINE_SUBSIDY, np.rint(result.subsidy_hours * 4).astype(np.int64), lives.place[0]),
                (LINEFLEX, np.rint(result.flex_hours * 4).astype(np.int64), lives.flex_employer),
            ):
                paid = np.flatnonzero((hours > 0) & ~GONE[lives.state])
                of_spell = first_spell + running[0, paid] if kind_of_line == LINE_SUBSIDY else np.full(len(paid), NO)
                lines.append(
                    Lines(
                        people.who[paid],
                        np.full(len(paid), t),
                        employer[paid],
                        hours[paid],
                        np.full(len(paid), kind_of_line),
                        of_spell,
                    )
                )
    all_spells = _concatenate(Spells, spells)
    assert isinstance(all_spells, Spells)
    for ended, last in ends:
        all_spells.last[ended] = last
    return Country(
        state, home, day, _concatenate(Lines, lines), all_spells,  # type: ignore[arg-type]
        join(kept) if kept else None, np.concatenate(kept_spell) if kept_spell else np.zeros(0, dtype=np.int64),
    )  # fmt: skip
