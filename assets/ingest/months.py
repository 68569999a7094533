"""Calendar months and ISO weeks, and what of them is observed: R, `observed_from`, `observed_through` of `measures.md`.

Belongs here: arithmetic on months and weeks. Not here: files and outcomes (`decide.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

WEEK = timedelta(days=7)


def add_months(month: date, number: int) -> date:
    """Return the first day of the month `number` months later (earlier when negative)."""
    place = month.year * 12 + month.month - 1 + number
    return date(place // 12, place % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of the months from `first` to `last`, both included; none when `last` is earlier."""
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = add_months(month, 1)
    return months


def complete_through(first: date, complete: Collection[date]) -> date | None:
    """Return the last month R such that every month from `first` to R is complete; None when `first` itself is not."""
    through, month = None, first
    while month in complete:
        through, month = month, add_months(month, 1)
    return through


def whole_months(first_thursday: date, last_thursday: date) -> tuple[date, date]:
    """Return the first and the last month all of whose weeks lie between two Thursdays; the first is later when there is none.

    A week belongs to the month of its Thursday.
    """
    first = first_thursday.replace(day=1)
    if (first_thursday - WEEK).month == first_thursday.month:
        first = add_months(first, 1)
    last = last_thursday.replace(day=1)
    if (last_thursday + WEEK).month == last_thursday.month:
        last = add_months(last, -1)
    return first, last


def observed(
    first_payroll: date, through: date | None, first_thursday: date, last_thursday: date, maturity_lag: int
) -> tuple[date, date | None]:
    """Return (`observed_from`, `observed_through`): months as first days, the second None without a complete payroll month."""
    first_whole, last_whole = whole_months(first_thursday, last_thursday)
    observed_from = max(add_months(first_payroll, 1), first_whole)
    if through is None:
        return observed_from, None
    return observed_from, min(add_months(through, -maturity_lag), last_whole)
