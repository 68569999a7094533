"""How many, who, where (`scope.fct_scope_*`, `scope.fct_target_persons_yearly`).

Enterprises as such are counted in `register` and `supply`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .people import is_target_week
from .registry_rows import residence
from .spells import Spell, age_at_start
from .time_units import EVER_SINCE, first_day, last_day, month_date, month_of, weeks_of

if TYPE_CHECKING:
    from .world import World

AGE_BANDS = ((24, "16-24"), (29, "25-29"), (39, "30-39"), (49, "40-49"), (59, "50-59"))


def last_active_day(spell: Spell, world: World) -> int:
    """The last day of the spell in measures of scope, at most the cut-off; before the start when it is never active."""
    return min(_end(spell, world), world.plan.as_of)


def _end(spell: Spell, world: World) -> int:
    gone = world.exits[spell.person].ends_spells_on
    if gone is None:
        return spell.end
    return min(spell.end, gone - 1) if spell.start < gone else EVER_SINCE


def ended_on(spell: Spell, world: World) -> int | None:
    """The day it ended, None while it has not or when it was never active."""
    end = _end(spell, world)
    return end if spell.start <= end <= world.plan.as_of else None


def is_active(spell: Spell, first: int, last: int, world: World) -> bool:
    """At least one day of it lies between two days."""
    return spell.start <= last and first <= last_active_day(spell, world) and spell.start <= world.plan.as_of


def has_started(spell: Spell, world: World) -> bool:
    """Nothing after the cut-off has started."""
    return spell.start <= world.plan.as_of


def spells_started(world: World, first: int, last: int) -> Iterator[Spell]:
    """The spells that started between two days and by the cut-off."""
    return (spell for spell in world.spells if first <= spell.start <= min(last, world.plan.as_of))


def year_days(year: int, world: World) -> tuple[int, int]:
    """A year's first and last day; in the first year only what lies in or after the first placement month counts."""
    first = max(first_day(12 * year), first_day(world.plan.placement_first))
    return first, last_day(12 * year + 11)


FCT_SCOPE_MONTHLY = [
    "month",
    "municipality_code",
    "instrument",
    "target_group",
    "enterprise_kind",
    "spells_started",
    "spells_ended",
    "spells_active",
    "persons_started",
    "persons_active",
]


def fct_scope_monthly(world: World) -> list[tuple[Any, ...]]:
    """One row a month and combination with something in it."""
    cells: dict[tuple[Any, ...], tuple[list[Spell], list[Spell], list[Spell]]] = defaultdict(lambda: ([], [], []))
    months = world.plan.placement_months
    for spell in world.spells:
        key = (spell.municipality, spell.instrument, spell.target_group, spell.kind)
        if has_started(spell, world) and spell.start_month in months:
            cells[spell.start_month, *key][0].append(spell)
        ended = ended_on(spell, world)
        if ended is not None and month_of(ended) in months:
            cells[month_of(ended), *key][1].append(spell)
        last = last_active_day(spell, world)
        if has_started(spell, world) and spell.start <= last:
            for month in range(max(spell.start_month, months[0]), min(month_of(last), months[-1]) + 1):
                cells[month, *key][2].append(spell)
    return [
        (
            month_date(month),
            *key,
            len(started),
            len(ended),
            len(active),
            len({spell.person for spell in started}),
            len({spell.person for spell in active}),
        )
        for (month, *key), (started, ended, active) in sorted(cells.items())
    ]


def breakdowns(spell: Spell, world: World) -> list[tuple[str, str]]:
    """Every breakdown with the spell's level, all of them at the start."""
    region, group = world.lists.municipalities[spell.municipality]
    age = age_at_start(spell, world)
    return [
        ("all", "all"),
        ("municipality", spell.municipality),
        ("municipality_group", group),
        ("region", region),
        ("instrument", spell.instrument),
        ("target_group", spell.target_group),
        ("age_band", next((band for oldest, band in AGE_BANDS if age <= oldest), "60+")),
        ("sex", world.population[spell.person].cpr.sex),
        ("industry", world.registers.industry(spell.enterprise, spell.start) or "unknown"),
    ]


FCT_SCOPE_YEARLY = ["year", "breakdown", "level", "enterprise_kind", "persons", "spells_started", "spells_active"]


def fct_scope_yearly(world: World) -> list[tuple[Any, ...]]:
    """One row a year, level of a breakdown and kind."""
    cells: dict[tuple[Any, ...], tuple[set[str], list[int]]] = defaultdict(lambda: (set(), [0, 0]))
    for spell in world.spells:
        levels = breakdowns(spell, world)
        for year in world.plan.years:
            first, last = year_days(year, world)
            started = has_started(spell, world) and first <= spell.start <= last
            active = is_active(spell, first, last, world)
            if not (started or active):
                continue
            for breakdown, level in levels:
                for kind in (spell.kind, "all"):
                    persons, counts = cells[year, breakdown, level, kind]
                    counts[0] += started
                    counts[1] += active
                    if active:
                        persons.add(spell.person)
    return [(*key, len(persons), *counts) for key, (persons, counts) in sorted(cells.items())]


FCT_TARGET_PERSONS_YEARLY = ["year", "municipality_code", "benefit_group", "persons"]


def target_persons(world: World) -> dict[tuple[int, str | None, str], int]:
    """Year, municipality, benefit group: people with a target-benefit week in the year's observed months."""
    counts: dict[tuple[int, str | None, str], int] = defaultdict(int)
    for person in world.people:
        groups: dict[int, set[str]] = defaultdict(set)
        last_month: dict[int, int] = {}
        for month in world.plan.observed:
            for thursday in weeks_of(month):
                if is_target_week(person, thursday, world.dream, world.lists):
                    groups[month // 12].add(world.lists.benefits[world.dream.code(person, thursday)].group)
                    last_month[month // 12] = month
        for year, month in last_month.items():
            municipality = residence(world.population[person], last_day(month), world.lists)
            for group in (*groups[year], "all"):
                counts[year, municipality, group] += 1
    return counts


def fct_target_persons_yearly(world: World) -> list[tuple[Any, ...]]:
    """One row a year, municipality of residence and benefit group."""
    counts = target_persons(world)
    return [(*key, counts[key]) for key in sorted(counts, key=str)]
