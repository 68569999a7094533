"""Days, months and ISO weeks as whole numbers.

A day is its proleptic ordinal (`date.toordinal`), a month is `12 * year + month - 1`, a week is the ordinal of its
Thursday: a week belongs to the month of its Thursday. Nothing about data belongs here.
"""

from __future__ import annotations

from datetime import date
from functools import cache

EVER_SINCE = 0
FOR_EVER = 4_000_000


@cache
def month_of(day: int) -> int:
    """The month that holds a day."""
    when = date.fromordinal(day)
    return 12 * when.year + when.month - 1


@cache
def first_day(month: int) -> int:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1).toordinal()


@cache
def last_day(month: int) -> int:
    """The last day of a month."""
    return first_day(month + 1) - 1


def days_in_month(month: int) -> int:
    """How many days a month has."""
    return last_day(month) - first_day(month) + 1


@cache
def weeks_of(month: int) -> tuple[int, ...]:
    """The Thursdays of a month."""
    start = first_day(month)
    to_thursday = (4 - date.fromordinal(start).isoweekday()) % 7
    return tuple(range(start + to_thursday, last_day(month) + 1, 7))


def thursday_of(day: int) -> int:
    """The Thursday of the ISO week that holds a day."""
    return day + 4 - date.fromordinal(day).isoweekday()


def thursday_of_week(year: int, week: int) -> int | None:
    """The Thursday of an ISO week, None when the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 4).toordinal()
    except ValueError:
        return None


def add_months(day: int, months: int) -> int:
    """The same day some months later, the month's last day when it is shorter."""
    when = date.fromordinal(day)
    target = month_of(day) + months
    return min(first_day(target) + when.day - 1, last_day(target))


def whole_years(birth: int, day: int) -> int:
    """Age in whole years; who is born on 29 February has a birthday on 1 March in other years."""
    born, when = date.fromordinal(birth), date.fromordinal(day)
    return when.year - born.year - ((when.month, when.day) < (born.month, born.day))


def as_date(day: int | None) -> date | None:
    """A day as a date, open ends and missing days as None."""
    return None if day is None or day in (EVER_SINCE, FOR_EVER) else date.fromordinal(day)


def month_date(month: int | None) -> date | None:
    """A month as the date of its first day."""
    return None if month is None else date.fromordinal(first_day(month))
