"""What follows from a spell, month by month and at the horizons; transitions and pathways.

Estimates with errors belong to `employment` and `curves`, first times to `milestones`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from .panel import Month
from .scope import has_started
from .spells import Spell
from .values import decimal

if TYPE_CHECKING:
    from .world import World

EARLIEST = -12


def cells(spell: Spell) -> list[tuple[str, str, str]]:
    """Kind, instrument, target group, each with `all`."""
    return list(product((spell.kind, "all"), (spell.instrument, "all"), (spell.target_group, "all")))


def started_spells(world: World) -> list[Spell]:
    """Nothing after the cut-off has started: such spells stand in core only."""
    return [spell for spell in world.spells if has_started(spell, world)]


def same_enterprise_hours(spell: Spell, row: Month) -> int:
    """Ordinary hours at the spell's enterprise; an unknown enterprise is never the same."""
    return row.at_employer.get(spell.enterprise, 0) if spell.enterprise is not None else 0


FCT_PROGRESSION_MONTHS = [
    "spell_id",
    "event_month",
    "ordinary_hours",
    "supported_hours",
    "hour_band",
    "is_employed",
    "is_self_supporting",
    "labour_state",
    "same_enterprise_hours",
]


def fct_progression_months(world: World) -> list[tuple[Any, ...]]:
    """One row a spell and event month in the panel."""
    rows = []
    for spell in started_spells(world):
        for event in sorted(spell.event_months):
            if not EARLIEST <= event <= world.parameters.follow_up_months:
                continue
            row = world.month(spell.person, spell.start_month + event)
            rows.append(
                (
                    spell.spell_id,
                    event,
                    decimal(row.ordinary),
                    decimal(row.supported),
                    row.band,
                    row.is_employed,
                    row.is_self_supporting,
                    row.state,
                    decimal(same_enterprise_hours(spell, row)),
                )
            )
    return rows


@dataclass
class Horizon:
    """A spell at a horizon: the status, and the month when it is observed."""

    spell: Spell
    horizon: int
    status: str
    row: Month | None


def horizons(world: World) -> list[Horizon]:
    """Every spell at every horizon whose month is observed."""
    found = []
    for spell in started_spells(world):
        for horizon in world.parameters.horizons:
            month = spell.start_month + horizon
            if month not in world.plan.observed:
                continue
            row = world.month(spell.person, month)
            status = "observed" if row else world.exits[spell.person].reason
            found.append(Horizon(spell, horizon, status, row))
    return found


def _cumulative(at: Horizon, world: World) -> int | None:
    rows = [world.month(at.spell.person, at.spell.start_month + event) for event in range(1, at.horizon + 1)]
    return None if None in rows else sum(row.ordinary for row in rows)


def _destination(at: Horizon) -> str:
    if not at.row.is_employed:
        return "no_ordinary_work"
    return "same_enterprise" if 2 * same_enterprise_hours(at.spell, at.row) > at.row.ordinary else "other_enterprise"


FCT_PROGRESSION_HORIZONS = [
    "spell_id",
    "horizon",
    "status",
    "ordinary_hours",
    "hours_change",
    "hour_band",
    "baseline_band",
    "band_change",
    "is_employed",
    "is_small_job",
    "is_self_supporting",
    "labour_state",
    "cumulative_hours",
    "destination",
]


def fct_progression_horizons(world: World) -> list[tuple[Any, ...]]:
    """One row a spell and horizon whose month is observed."""
    rows = []
    for at in horizons(world):
        if at.row is None:
            rows.append((at.spell.spell_id, at.horizon, at.status, *[None] * 11))
            continue
        baseline = at.spell.baseline
        band = None if baseline is None else world.lists.band(baseline)
        rows.append(
            (
                at.spell.spell_id,
                at.horizon,
                at.status,
                decimal(at.row.ordinary),
                None if baseline is None else decimal(at.row.ordinary - baseline),
                at.row.band,
                band,
                None if band is None else at.row.band - band,
                at.row.is_employed,
                at.row.is_small_job,
                at.row.is_self_supporting,
                at.row.state,
                decimal(_cumulative(at, world)),
                _destination(at),
            )
        )
    return rows


FCT_HOUR_BAND_TRANSITIONS = [
    "enterprise_kind",
    "instrument",
    "target_group",
    "horizon",
    "baseline_band",
    "status",
    "hour_band",
    "spells",
    "persons",
]


def fct_hour_band_transitions(world: World) -> list[tuple[Any, ...]]:
    """One row a cell, horizon, band before, status and band then."""
    found: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for at in horizons(world):
        if at.spell.baseline is None:
            continue
        before, then = world.lists.band(at.spell.baseline), at.row.band if at.row else None
        for cell in cells(at.spell):
            found[(*cell, at.horizon, before, at.status, then)].append(at.spell.person)
    return [(*key, len(found[key]), len(set(found[key]))) for key in sorted(found, key=str)]


FCT_PATHWAYS = ["from_instrument", "to_next", "enterprise_kind", "spells"]


def fct_pathways(world: World) -> list[tuple[Any, ...]]:
    """One row an instrument, what came next, and kind."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for spell in started_spells(world):
        row = world.month(spell.person, spell.start_month + 12)
        if row is None:
            continue
        following = spell.following
        if following is not None and following.start_month - spell.start_month <= 12:
            to_next = following.instrument
        else:
            to_next = "ordinary_work" if row.is_employed else "none"
        found[spell.instrument, to_next, spell.kind] += 1
    return [(*key, count) for key, count in sorted(found.items())]
