"""What the warehouse says where OTIJ01 asks: people on a benefit in a month, those in work, their hours.

Belongs here: the queries on a published file, sums over municipalities. Not here: what the official columns mean (official_map.py), the comparison.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.release.official_file import OfficialRow

MONTHLY = "select month, municipality_code, benefit_group, persons, persons_employed, ordinary_hours from scope.fct_benefit_hours_monthly"
YEARLY = "select year, municipality_code, benefit_group, persons from scope.fct_target_persons_yearly"
# Benefits that a person may have both of in a month: the table counts such a person once, under a name of its own.
TOGETHER = {
    frozenset(("cash_job_ready", "cash_activity_ready")): "cash",
    frozenset(("pre_rehabilitation", "rehabilitation")): "any_rehabilitation",
}


@dataclass(frozen=True)
class Answer:
    """A figure of ours, in the measure's own unit (shares as shares). None: there is none, and `why`. `counts`: the persons or spells behind it.

    `is_about_enterprises`: it says what enterprises do with citizens, so that a count of persons alone does not make it harmless.
    """

    value: float | None
    why: str = ""
    counts: tuple[int, ...] = ()
    is_about_enterprises: bool = False


@dataclass(frozen=True)
class _Sum:
    persons: int = 0
    employed: int = 0
    hours: float = 0.0

    def plus(self, other: _Sum) -> _Sum:
        return _Sum(self.persons + other.persons, self.employed + other.employed, self.hours + other.hours)


class BenefitHours:
    """Answers for OTIJ01."""

    def __init__(self, monthly: Iterable[tuple[Any, ...]], yearly: Iterable[tuple[Any, ...]]) -> None:
        """Takes the rows of `MONTHLY` and `YEARLY`."""
        self._months: dict[tuple[datetime.date, str], dict[str | None, _Sum]] = defaultdict(dict)
        self._years: dict[tuple[int, str], dict[str | None, _Sum]] = defaultdict(dict)
        for month, municipality, group, persons, employed, hours in monthly:
            self._months[month, group][municipality] = _Sum(persons, employed, float(hours))
        for year, municipality, group, persons in yearly:
            self._years[year, group][municipality] = _Sum(persons)
        self._observed = {month for month, _ in self._months}

    def answer(self, measure: str, row: OfficialRow, groups: Mapping[str, frozenset[str] | None]) -> Answer:
        """The figure of a measure (`official_map.OURS`) for a row; `groups`: what its groups are of ours, None for all of them."""
        level = _level(groups)
        if level is None:
            return Answer(None, "no group of ours is this one")
        first = row.period.months[0]
        if row.period.kind == "month":
            if first not in self._observed:
                return Answer(None, "the month is not observed")
            return _answer(measure, _total(self._months[first, level], row.area.municipalities))
        if measure == "persons" and row.period.kind == "year" and first.month == 1:
            if not self._observed.issuperset(row.period.months):
                return Answer(None, "not every month of the year is observed")
            if (first.year, level) not in self._years:
                return Answer(None, "the group is not counted by the year")
            return _answer(measure, _total(self._years[first.year, level], row.area.municipalities))
        return Answer(None, "persons of several months do not add up")


def _level(groups: Mapping[str, frozenset[str] | None]) -> str | None:
    """The level of the table that a row asks for; None when there is none."""
    named = [ours for ours in groups.values() if ours is not None]
    if not named:
        return "all"
    wanted = frozenset.intersection(*named)
    return next(iter(wanted)) if len(wanted) == 1 else TOGETHER.get(wanted)


def _total(cells: Mapping[str | None, _Sum], municipalities: frozenset[str] | None) -> _Sum:
    total = _Sum()
    for municipality, one in cells.items():
        if municipalities is None or municipality in municipalities:
            total = total.plus(one)
    return total


def _answer(measure: str, found: _Sum) -> Answer:
    counts = (found.persons, found.employed) if measure != "persons" else (found.persons,)
    if measure == "persons":
        return Answer(float(found.persons), counts=counts)
    if measure == "persons_employed":
        return Answer(float(found.employed), counts=counts)
    over, below = (found.employed, found.persons) if measure == "employed_share" else (found.hours, found.employed)
    if not below:
        return Answer(None, "no persons with us", counts)
    return Answer(over / below, counts=counts)
