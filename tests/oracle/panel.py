"""Person by month: what a month was, by work and by benefit (`core.fct_person_months`).

How a line becomes hours belongs to `hours`; what follows from a spell belongs to `progression`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from .code_lists import CodeLists
from .hours import Employer, PersonMonth, hold_to_limits, support_flex_weeks
from .registry_rows import Dream
from .time_units import month_date, weeks_of
from .values import UNIT, decimal

SMALL_JOB_BELOW = 87 * UNIT
FLEX = ("flex_job", "skaane_job")
EDUCATION_OR_LEAVE = ("student", "apprentice", "parental_leave", "holiday_allowance")
STATE_OF_BAND = {1: "ordinary_1", 2: "ordinary_39", 3: "ordinary_78", 4: "ordinary_117"}


@dataclass(slots=True)
class Month:
    """One row of the panel; hours and money in 1/10000."""

    ordinary: int
    supported: int
    imputed: int
    wage: int
    employers: int
    band: int
    benefit_weeks: int
    unknown_weeks: int
    weeks: int
    benefit_group: str | None
    state: str
    at_employer: dict[Employer, int]  # ordinary hours

    @property
    def is_employed(self) -> bool:
        """At least one ordinary hour."""
        return self.ordinary >= UNIT

    @property
    def is_small_job(self) -> bool:
        """A few ordinary hours beside a benefit."""
        return UNIT <= self.ordinary < SMALL_JOB_BELOW and self.benefit_weeks > 0

    @property
    def is_self_supporting(self) -> bool:
        """No week on benefit, none unknown."""
        return self.benefit_weeks == 0 and self.unknown_weeks == 0


@dataclass
class Weeks:
    """The benefit weeks of a person and month, counted."""

    codes: list[str | None]

    def unknown(self, lists: CodeLists) -> int:
        """Weeks with a code outside the list, or without any knowledge."""
        return sum(code is None or (code != "" and code not in lists.benefits) for code in self.codes)

    def benefits(self, lists: CodeLists) -> list[str]:
        """The codes that are benefits."""
        return [code for code in self.codes if code in lists.benefits and lists.benefits[code].is_benefit]

    def group(self, lists: CodeLists) -> str | None:
        """The benefit group with most weeks, a tie to the lower priority."""
        codes = self.benefits(lists)
        if not codes:
            return None
        weeks = Counter(lists.benefits[code].group for code in codes)
        priority = {}
        for code in codes:
            benefit = lists.benefits[code]
            priority[benefit.group] = min(priority.get(benefit.group, benefit.priority), benefit.priority)
        return min(weeks, key=lambda group: (-weeks[group], priority[group]))

    def has_group(self, groups: tuple[str, ...], lists: CodeLists) -> bool:
        """A week carries a code of some groups."""
        return any(code in lists.benefits and lists.benefits[code].group in groups for code in self.codes)


def labour_state(band: int, supported: int, group: str | None, weeks: Weeks, lists: CodeLists) -> str:
    """The one state of a month."""
    if band > 0:
        return STATE_OF_BAND[band]
    if supported >= UNIT or group in FLEX:
        return "supported_work"
    if group is not None:
        return group if group in ("disability_pension", "early_retirement") else "other_benefit"
    if weeks.has_group(EDUCATION_OR_LEAVE, lists):
        return "education_or_leave"
    return "unknown" if weeks.unknown(lists) else "no_known_income"


def make_month(
    person: str, month: int, work: PersonMonth, dream: Dream, lists: CodeLists, flex_job_days: set[int]
) -> tuple[Month, int]:
    """One row of the panel, and the hours lost where a sum was negative."""
    thursdays = weeks_of(month)
    weeks = Weeks([dream.code(person, thursday) for thursday in thursdays])
    lost = hold_to_limits(work)
    flex = sum(
        code in lists.benefits and lists.benefits[code].group in FLEX and thursday not in flex_job_days
        for code, thursday in zip(weeks.codes, thursdays, strict=True)
    )
    support_flex_weeks(work, flex, len(thursdays))
    ordinary = sum(at.ordinary for at in work.values())
    supported = sum(at.supported for at in work.values())
    band, group = lists.band(ordinary), weeks.group(lists)
    row = Month(
        ordinary=ordinary,
        supported=supported,
        imputed=sum(at.imputed for at in work.values()),
        wage=sum(at.pay for at in work.values()),
        employers=sum(at.hours > 0 for at in work.values()),
        band=band,
        benefit_weeks=len(weeks.benefits(lists)),
        unknown_weeks=weeks.unknown(lists),
        weeks=len(thursdays),
        benefit_group=group,
        state=labour_state(band, supported, group, weeks, lists),
        at_employer={employer: at.ordinary for employer, at in work.items()},
    )
    return row, lost


FCT_PERSON_MONTHS = [
    "person_key",
    "month",
    "ordinary_hours",
    "supported_hours",
    "imputed_hours",
    "wage_dkk",
    "employers",
    "hour_band",
    "is_employed",
    "is_small_job",
    "benefit_weeks",
    "unknown_weeks",
    "weeks",
    "benefit_group",
    "is_self_supporting",
    "labour_state",
]


def row_of(key: Any, month: int, row: Month) -> tuple[Any, ...]:
    """A month as a row of the table."""
    return (
        key,
        month_date(month),
        decimal(row.ordinary),
        decimal(row.supported),
        decimal(row.imputed),
        decimal(row.wage),
        row.employers,
        row.band,
        row.is_employed,
        row.is_small_job,
        row.benefit_weeks,
        row.unknown_weeks,
        row.weeks,
        row.benefit_group,
        row.is_self_supporting,
        row.state,
    )
