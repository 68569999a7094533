"""Periods as Jobindsats writes them: 2024M05, 2024Q2, 2024QMAT02, 2024Y01.

Belongs here: a written period -> its months. Not here: areas, files.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

FORM = re.compile(r"(?P<year>(?:19|20)\d\d)(?:(?P<kind>M|MAT|Q|QMAT|Y)(?P<number>\d{1,2}))?", re.IGNORECASE)
FORMS = "2024M05, 2024Q2, 2024QMAT02 (twelve months to the end of the quarter), 2024MAT05 (to the end of the month) or 2024Y01"
Kind = str  # month, quarter, year


@dataclass(frozen=True)
class Period:
    """A period as written, its kind (`month`, `quarter`, `year`: twelve months) and its months, each as its first day."""

    written: str
    kind: Kind
    months: tuple[datetime.date, ...]


def read_period(written: str) -> Period | None:
    """The period of a text; None when it is none. QMAT and MAT as the twelve months that end there is our reading of the name."""
    found = FORM.fullmatch(written.strip())
    if not found:
        return None
    year, kind, number = int(found["year"]), (found["kind"] or "Y").upper(), int(found["number"] or 1)
    highest = {"M": 12, "MAT": 12, "Q": 4, "QMAT": 4, "Y": 1}[kind]
    if not 1 <= number <= highest:
        return None
    last = {"M": number, "MAT": number, "Q": 3 * number, "QMAT": 3 * number, "Y": 12}[kind]
    length = {"M": 1, "Q": 3}.get(kind, 12)
    name = {1: "month", 3: "quarter", 12: "year"}[length]
    return Period(written.strip(), name, tuple(_month(year, last - back) for back in reversed(range(length))))


def _month(year: int, month: int) -> datetime.date:
    months = year * 12 + month - 1
    return datetime.date(months // 12, months % 12 + 1, 1)
