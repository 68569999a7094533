"""Who the people of the warehouse are, and when and why they leave it.

What happened to them month by month belongs to `panel`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .activities import Activity
from .code_lists import CodeLists
from .registry_rows import Dream, Person
from .time_units import month_of, weeks_of

STATUS_REASONS = {"90": "dead", "80": "emigrated"}
CODE_REASONS = {"dead": "dead", "emigrated": "emigrated", "old_age_pension": "pension"}
ORDER = ("dead", "emigrated", "pension")


@dataclass
class Exit:
    """The first reason to leave, and the day on which death or emigration ends a spell."""

    day: int | None = None
    reason: str | None = None
    ends_spells_on: int | None = None

    @property
    def month(self) -> int | None:
        """The exit month."""
        return None if self.day is None else month_of(self.day)


def find_exit(person: Person, dream: Dream, lists: CodeLists) -> Exit:
    """The earliest of death and emigration by status, and the first week with a code that says so."""
    events: list[tuple[int, int]] = []
    for status, day in person.statuses:
        if status in STATUS_REASONS and day is not None:
            events.append((day, ORDER.index(STATUS_REASONS[status])))
    for position, code in enumerate(dream.weeks.get(person.cpr.digits, [])):
        reason = CODE_REASONS.get(lists.benefits[code].group) if code in lists.benefits else None
        if reason is not None:
            events.append((dream.first + 7 * position, ORDER.index(reason)))
    if not events:
        return Exit()
    day, rank = min(events)
    return Exit(day, ORDER[rank], min((day for day, rank in events if ORDER[rank] != "pension"), default=None))


def has_target_week(digits: str, dream: Dream, lists: CodeLists, months: Iterable[int]) -> bool:
    """At least one week of a target benefit in some months."""
    return any(is_target_week(digits, thursday, dream, lists) for month in months for thursday in weeks_of(month))


def is_target_week(digits: str, thursday: int, dream: Dream, lists: CodeLists) -> bool:
    """The week carries a code of a target benefit."""
    code = dream.code(digits, thursday)
    return code in lists.benefits and lists.benefits[code].is_target


def find_people(
    people: dict[str, Person], activities: list[Activity], dream: Dream, lists: CodeLists, observed: range
) -> list[str]:
    """The CPR numbers of the warehouse's people, in order."""
    placed = {activity.person for activity in activities}
    return [
        digits
        for digits in sorted(people)
        if digits in placed or (digits in dream.weeks and has_target_week(digits, dream, lists, observed))
    ]


def returned_after_emigration(person: Person, leaving: Exit, dream: Dream, lists: CodeLists) -> bool:
    """After the exit day a residence period begins or a week carries a code that does not censor."""
    if leaving.reason != "emigrated":
        return False
    if any(start > leaving.day for start, _, _ in person.residences):
        return True
    weeks = dream.weeks.get(person.cpr.digits, [])
    return any(
        dream.first + 7 * position > leaving.day and code in lists.benefits and not lists.benefits[code].is_censoring
        for position, code in enumerate(weeks)
    )
