"""From a standing payroll line to hours and pay in months: imputation, spreading, supported hours, sums by employer.

Which lines stand belongs to `payroll_log`; what a month then is belongs to `panel`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .activities import Activity
from .code_lists import CodeLists
from .enterprises import Registers
from .payroll_rows import Line
from .time_units import first_day, last_day, month_of
from .values import UNIT, rounded


@dataclass(slots=True)
class Piece:
    """A line's part in one month."""

    month: int
    first: int
    last: int
    hours: int
    pay: int

    @property
    def days(self) -> int:
        """Days of the line's period in the month."""
        return self.last - self.first + 1


@dataclass(slots=True)
class Work:
    """Hours and pay of a person at an employer in a month, in 1/10000."""

    hours: int = 0
    pay: int = 0
    imputed: int = 0
    supported: int = 0

    @property
    def ordinary(self) -> int:
        """Hours that nobody pays a supplement for."""
        return self.hours - self.supported


Employer = str | None  # None: all unresolved employers together
PersonMonth = dict[Employer, Work]


def line_hours(line: Line, lists: CodeLists) -> int:
    """The hours of a line, from its pay where they could not be given."""
    if line.has_cross:
        return rounded(line.pay * UNIT, lists.rate(date.fromordinal(line.first).year))
    return line.hours or 0


def spread(line: Line, hours: int) -> list[Piece]:
    """Hours and pay over the months of the period by calendar days, the last month taking the remainder."""
    total, pieces = line.last - line.first + 1, []
    months = range(month_of(line.first), month_of(line.last) + 1)
    hours_left, pay_left = hours, line.pay
    for month in months:
        first, last = max(line.first, first_day(month)), min(line.last, last_day(month))
        if month == months[-1]:
            piece = Piece(month, first, last, hours_left, pay_left)
        else:
            days = last - first + 1
            piece = Piece(month, first, last, rounded(hours * days, total), rounded(line.pay * days, total))
        hours_left, pay_left = hours_left - piece.hours, pay_left - piece.pay
        pieces.append(piece)
    return pieces


class SupportedDays:
    """The days on which a person's hours at an enterprise are supported."""

    def __init__(self, activities: list[Activity], registers: Registers, lists: CodeLists, until: int) -> None:
        names = {name for name, instrument in lists.by_name().items() if instrument.hours_kind == "supported"}
        self.registers, self.until = registers, until
        self.of_person: dict[str, list[Activity]] = defaultdict(list)
        for activity in activities:
            if activity.instrument in names:
                self.of_person[activity.person].append(activity)
        self._days: dict[tuple[str, str], set[int]] = {}

    def days(self, person: str, enterprise: Employer) -> set[int]:
        """The days, as found at the activity's start or by the owner of its P-unit on that day."""
        if enterprise is None or person not in self.of_person:
            return set()
        if (person, enterprise) not in self._days:
            found: set[int] = set()
            for activity in self.of_person[person]:
                days = range(activity.start, min(activity.end, self.until) + 1)
                p_number = activity.version.p_number
                if activity.enterprise == enterprise:
                    found.update(days)
                elif p_number in self.registers.units:
                    found.update(day for day in days if self.registers.owner(p_number, day) == enterprise)
            self._days[person, enterprise] = found
        return self._days[person, enterprise]


def sum_work(
    lines: list[Line],
    people: set[str],
    registers: Registers,
    lists: CodeLists,
    supported: SupportedDays,
) -> dict[str, dict[int, PersonMonth]]:
    """Person, month, employer: the plain sums over lines, before anything is held to its limits."""
    found: dict[str, dict[int, PersonMonth]] = {person: {} for person in people}
    for line in lines:
        if not line.is_wage_work or line.person not in people:
            continue
        employer = registers.employer(line.se_number, line.paid_on)
        hours = line_hours(line, lists)
        covered_days = supported.days(line.person, employer)
        total = line.last - line.first + 1
        for piece in spread(line, hours):
            work = found[line.person].setdefault(piece.month, {}).setdefault(employer, Work())
            work.hours += piece.hours
            work.pay += piece.pay
            work.imputed += piece.hours if line.has_cross else 0
            if covered_days:
                covered = sum(day in covered_days for day in range(piece.first, piece.last + 1))
                work.supported += piece.hours if covered == piece.days else rounded(hours * covered, total)
    return found


def hold_to_limits(month: PersonMonth) -> int:
    """Negative hours become zero, imputed and supported hours lie between zero and the hours; gives the hours lost."""
    lost = 0
    for work in month.values():
        lost += max(0, -work.hours)
        work.hours = max(0, work.hours)
        work.imputed = min(max(0, work.imputed), work.hours)
        work.supported = min(max(0, work.supported), work.hours)
    return lost


def support_flex_weeks(month: PersonMonth, flex_weeks: int, weeks: int) -> None:
    """The employer with most hours has at least hours x f / weeks supported; a tie: lowest CVR, unresolved last."""
    if not flex_weeks or not month:
        return
    employer = min(month, key=lambda cvr: (-month[cvr].hours, cvr is None, cvr or ""))
    work = month[employer]
    work.supported = max(work.supported, rounded(work.hours * flex_weeks, weeks))
