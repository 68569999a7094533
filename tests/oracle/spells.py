"""Spells (forløb): activities of one person, instrument and enterprise joined, and what is known of each at its start.

How many are active when belongs to `scope`; what follows belongs to `progression`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .activities import Activity
from .registry_rows import residence
from .time_units import FOR_EVER, as_date, month_of, thursday_of, whole_years
from .values import decimal, rounded

if TYPE_CHECKING:
    from .world import World


@dataclass
class Spell:
    """One spell; days as numbers, hours in 1/10000."""

    person: str
    instrument: str
    enterprise: str | None
    start: int
    end: int
    activities: list[Activity]
    spell_id: int = 0
    kind: str = ""
    number: int = 0
    is_first_of_instrument: bool = False
    previous: Spell | None = None
    following: Spell | None = None
    baseline: int | None = None
    event_months: list[int] = field(default_factory=list)  # in the panel

    @property
    def first(self) -> Activity:
        """The first activity, whose words count for the spell."""
        return self.activities[0]

    @property
    def start_month(self) -> int:
        """Event month 0."""
        return month_of(self.start)

    @property
    def target_group(self) -> str:
        """Of the first activity."""
        return self.first.version.target_group

    @property
    def municipality(self) -> str:
        """The responsible one, of the first activity."""
        return self.first.version.municipality

    @property
    def cluster(self) -> Any:
        """The enterprise; a spell without one is its own."""
        return self.enterprise if self.enterprise is not None else self.spell_id


def join(activities: list[Activity], gap_days: int) -> list[Spell]:
    """The spells of all activities, of each person by start, instrument and CVR."""
    groups: dict[tuple[str, str, str | None], list[Activity]] = defaultdict(list)
    for activity in activities:
        groups[activity.person, activity.instrument, activity.enterprise].append(activity)
    spells: list[Spell] = []
    for (person, instrument, enterprise), own in groups.items():
        own.sort(key=lambda activity: (activity.start, activity.version.registered, activity.version.activity_id))
        current: Spell | None = None
        for activity in own:
            if current is not None and activity.start <= current.end + gap_days:
                current.activities.append(activity)
                current.end = max(current.end, activity.end)
            else:
                current = Spell(person, instrument, enterprise, activity.start, activity.end, [activity])
                spells.append(current)
    spells.sort(
        key=lambda spell: (
            spell.person,
            spell.start,
            spell.instrument,
            spell.enterprise is None,
            spell.enterprise or "",
        )
    )
    return spells


def number(spells: list[Spell]) -> None:
    """Gives every spell its place in its person's life."""
    seen: dict[str, Spell] = {}
    instruments: set[tuple[str, str]] = set()
    for position, spell in enumerate(spells):
        spell.spell_id = position
        spell.previous = seen.get(spell.person)
        spell.number = spell.previous.number + 1 if spell.previous else 1
        if spell.previous:
            spell.previous.following = spell
        spell.is_first_of_instrument = (spell.person, spell.instrument) not in instruments
        instruments.add((spell.person, spell.instrument))
        seen[spell.person] = spell


def look_back(spell: Spell, world: World) -> None:
    """Kind at the start, event months in the panel and baseline."""
    spell.kind = world.registers.kind(spell.enterprise, spell.start)
    spell.event_months = [month - spell.start_month for month in world.panel.get(spell.person, {})]
    before = [world.month(spell.person, spell.start_month + event) for event in (-3, -2, -1)]
    if all(row is not None for row in before):
        spell.baseline = rounded(sum(row.ordinary for row in before), 3)


def benefit_group_before(spell: Spell, world: World) -> str:
    """The group of the code of the ISO week before the one that holds the start."""
    code = world.dream.code(spell.person, thursday_of(spell.start) - 7)
    if code == "":
        return "none"
    return world.lists.benefits[code].group if code in world.lists.benefits else "unknown"


def planned_hours(activity: Activity) -> int | None:
    """Hours a week, minutes as sixtieths; both empty is unknown, one empty is zero."""
    hours, minutes = activity.version.hours, activity.version.minutes
    if hours is None and minutes is None:
        return None
    return rounded(((hours or 0) * 60 + (minutes or 0)) * 10_000, 60)


def age_at_start(spell: Spell, world: World) -> int:
    """In whole years."""
    return whole_years(world.population[spell.person].cpr.birth, spell.start)


FCT_PLACEMENT_SPELLS = [
    "spell_id",
    "person_key",
    "instrument",
    "enterprise_cvr",
    "start_date",
    "p_number",
    "enterprise_kind",
    "end_date",
    "is_stale",
    "activities",
    "target_group",
    "regime",
    "municipality_code",
    "residence_code",
    "planned_weekly_hours",
    "age_at_start",
    "sex",
    "benefit_group_before",
    "baseline_hours",
    "last_observed_event_month",
    "spell_number",
    "is_first_of_instrument",
    "previous_instrument",
    "days_since_previous_start",
]


def fct_placement_spells(world: World) -> list[tuple[Any, ...]]:
    """One row a spell."""
    return [
        (
            spell.spell_id,
            world.keys[spell.person],
            spell.instrument,
            spell.enterprise,
            as_date(spell.start),
            spell.first.version.p_number or None,
            spell.kind,
            as_date(spell.end) if spell.end != FOR_EVER else None,
            any(activity.is_stale for activity in spell.activities),
            len(spell.activities),
            spell.target_group,
            spell.first.version.regime,
            spell.municipality,
            residence(world.population[spell.person], spell.start, world.lists),
            decimal(planned_hours(spell.first)),
            age_at_start(spell, world),
            world.population[spell.person].cpr.sex,
            benefit_group_before(spell, world),
            decimal(spell.baseline),
            max(spell.event_months, default=None),
            spell.number,
            spell.is_first_of_instrument,
            spell.previous.instrument if spell.previous else None,
            spell.start - spell.previous.start if spell.previous else None,
        )
        for spell in world.spells
    ]


FCT_PLACEMENT_ACTIVITIES = ["activity_id", "spell_id", "enterprise_cvr"]


def fct_placement_activities(world: World) -> list[tuple[Any, ...]]:
    """One row an activity at the cut-off."""
    return [
        (activity.version.activity_id, spell.spell_id, activity.enterprise)
        for spell in world.spells
        for activity in spell.activities
    ]
