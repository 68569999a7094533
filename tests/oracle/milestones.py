"""When a spell's person first reached a milestone (`progression.fct_milestones`).

Curves over many spells belong to `curves`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .panel import Month
from .progression import started_spells
from .spells import Spell
from .values import UNIT

if TYPE_CHECKING:
    from .world import World

HALF_TIME = 78 * UNIT


def _half_time(row: Month) -> bool:
    return row.ordinary >= HALF_TIME


def _employed(row: Month) -> bool:
    return row.is_employed


def _self_supporting(row: Month) -> bool:
    return row.is_self_supporting


@dataclass(frozen=True)
class Milestone:
    """A monthly condition, the window that must be observed, and how many of its months fulfil it, the last among them."""

    name: str
    condition: Callable[[Month], bool]
    window: int
    needed: int


MILESTONES = (
    Milestone("first_ordinary_hour", _employed, 1, 1),
    Milestone("half_time", _half_time, 1, 1),
    Milestone("self_support_six_months", _self_supporting, 6, 6),
    Milestone("lasting_six_in_row", _employed, 6, 6),
    Milestone("lasting_six_of_twelve", _employed, 12, 6),
)


@dataclass
class Outcome:
    """What became of a spell at risk of a milestone."""

    spell: Spell
    milestone: str
    status: str
    months: int
    onset: int | None = None


def _first_event(spell: Spell, milestone: Milestone, world: World) -> tuple[int, int] | None:
    """The month that completes it and the month in which the run began."""
    fulfilled: list[bool] = []
    for event in range(1, world.parameters.follow_up_months + 1):
        row = world.month(spell.person, spell.start_month + event)
        if row is None:
            return None
        fulfilled.append(milestone.condition(row))
        window = fulfilled[-milestone.window :]
        if len(window) == milestone.window and window[-1] and sum(window) >= milestone.needed:
            return event, event - milestone.window + 1 + window.index(True)
    return None


def outcome(spell: Spell, milestone: Milestone, world: World) -> Outcome | None:
    """None for a spell that is not at risk, or that has no month to be followed in."""
    before = world.month(spell.person, spell.start_month - 1)
    if before is None or milestone.condition(before):
        return None
    if milestone.name == "first_ordinary_hour" and spell.instrument == "small_job":
        return None
    event = _first_event(spell, milestone, world)
    if event:
        return Outcome(spell, milestone.name, "event", *event)
    limit = world.parameters.follow_up_months
    left = world.exits[spell.person].month
    if left is not None and left <= world.plan.observed_through and left - spell.start_month <= limit:
        return Outcome(spell, milestone.name, "competing", max(1, left - spell.start_month))
    last = min(max(spell.event_months), limit)
    return Outcome(spell, milestone.name, "censored", last) if last >= 1 else None


def outcomes(world: World) -> list[Outcome]:
    """Every spell at risk with every milestone."""
    found = [outcome(spell, milestone, world) for spell in started_spells(world) for milestone in MILESTONES]
    return [one for one in found if one is not None]


FCT_MILESTONES = ["spell_id", "milestone", "status", "months", "onset_months"]


def fct_milestones(world: World) -> list[tuple[Any, ...]]:
    """One row a spell and milestone it is at risk of."""
    return [(one.spell.spell_id, one.milestone, one.status, one.months, one.onset) for one in outcomes(world)]
