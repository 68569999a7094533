"""What should have been delivered by now: the due table, and which months and municipalities are late at a given day.

Belongs here: `due.csv` and arithmetic on delivered months. Not here: which files stand in the landing zone and what day it is (`pipelines/freshness.py`).
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("due.csv")
MONTHLY, ON_REQUEST = "monthly", "on_request"


@dataclass(frozen=True)
class Due:
    """When a kind of file is due. `due_day` is the day of the month after the one delivered; None: when asked, never overdue."""

    kind: str
    rhythm: str
    due_day: int | None
    why: str

    def date_of(self, month: date) -> date:
        """The last day on which a month (its first day) is in time; the month's last day where it is shorter than `due_day`."""
        assert self.due_day is not None, f"{self.kind} has no due day"
        following = _shifted(month, 1)
        return following.replace(day=min(self.due_day, calendar.monthrange(following.year, following.month)[1]))

    def last_due(self, today: date) -> date:
        """The newest month whose last day in time is over: on the due day itself a delivery may still come."""
        month = _shifted(today, -1)
        while self.date_of(month) >= today:
            month = _shifted(month, -1)
        return month


def _shifted(day: date, months: int) -> date:
    """The first of the month that lies so many months later (earlier when negative)."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def months_to(first: date, last: date) -> list[date]:
    """The first days of the months from `first` to `last`, both included; none when `last` is earlier."""
    found = []
    while first <= last:
        found.append(first)
        first = _shifted(first, 1)
    return found


@lru_cache(maxsize=4)
def read_due(path: Path = TABLE) -> dict[str, Due]:
    """Kind to its row.

    Raises:
        ValueError: a rhythm that is not known, or a monthly kind without a day of the month.
    """
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            day = int(row["due_day"]) if row["due_day"] else None
            if row["rhythm"] not in (MONTHLY, ON_REQUEST) or (row["rhythm"] == MONTHLY) != (day is not None):
                raise ValueError(f"{path.name}: {row['kind']}: `monthly` with a due_day, or `on_request` without")
            if day is not None and not 1 <= day <= 31:
                raise ValueError(f"{path.name}: {row['kind']}: due_day is a day of the month, not {day}")
            found[row["kind"]] = Due(row["kind"], row["rhythm"], day, row["why"])
    return found


def overdue_months(due: Due, delivered: Collection[date], today: date) -> list[date]:
    """Months (first days) that should be there and are not, in order.

    From the first month delivered, for what lies before it was never promised, to the last one due. When nothing was ever delivered: the last one due.
    A month delivered late is there: nothing remembers that it was late.
    """
    if due.rhythm != MONTHLY:
        return []
    last = due.last_due(today)
    if not delivered:
        return [last]
    return [month for month in months_to(min(delivered), last) if month not in delivered]


def silent_municipalities(due: Due, delivered: Mapping[date, Collection[str]], today: date) -> list[str]:
    """Municipalities that have delivered a month up to the last one due, but not that one; none when nobody has (the month itself is overdue then).

    A municipality that never delivered is not late: which of the 98 take part is no rule of the contract. Older holes of one municipality
    are counted by `quality.fct_placement_coverage`, and are no alarm: a hole of years ago would keep it ringing for ever.
    """
    if due.rhythm != MONTHLY:
        return []
    last = due.last_due(today)
    if not delivered.get(last):
        return []
    known = {code for month, codes in delivered.items() if month <= last for code in codes}
    return sorted(known - set(delivered[last]))
