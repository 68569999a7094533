"""The CSV files of the registry: people, SE numbers, benefit weeks. Row rules and what an accepted row says.

The register documents of CVR are in `cvr_documents`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .code_lists import CodeLists
from .identifiers import Cpr, is_cvr, read_cpr
from .landing import Delivery
from .records import Table
from .time_units import EVER_SINCE, FOR_EVER, month_of, thursday_of_week, weeks_of
from .values import UNREADABLE, read_date


@dataclass
class Person:
    """What `personer` says about one CPR number."""

    cpr: Cpr
    residences: list[tuple[int, int, str]] = field(default_factory=list)  # from, to, code as delivered, in file order
    statuses: list[tuple[str, int | None]] = field(default_factory=list)


@dataclass
class Dream:
    """The benefit weeks: a person's list has one entry a week column, in order of weeks."""

    first: int | None = None  # Thursdays of the first and last week column
    last: int | None = None
    weeks: dict[str, list[str]] = field(default_factory=dict)

    def code(self, digits: str, thursday: int) -> str | None:
        """The text of a week: empty for no benefit, None when the person has no row or the week no column."""
        row = self.weeks.get(digits)
        if row is None or self.first is None or not self.first <= thursday <= self.last:
            return None
        return row[(thursday - self.first) // 7]

    def whole_months(self) -> tuple[int, int] | None:
        """The first and last month all of whose weeks are columns."""
        if self.first is None:
            return None
        months = [
            month
            for month in range(month_of(self.first), month_of(self.last) + 1)
            if self.first <= weeks_of(month)[0] and weeks_of(month)[-1] <= self.last
        ]
        return (months[0], months[-1]) if months else None


class CprReader:
    """Reads CPR numbers at a cut-off and remembers what the counters and the stop rule need."""

    def __init__(self, as_of: int) -> None:
        self.as_of = as_of
        self.saw_real_number = False

    def __call__(self, text: str) -> Cpr | None:
        """None when missing, not valid, or born after the cut-off."""
        cpr = read_cpr(text)
        if cpr is None or cpr.birth > self.as_of:
            return None
        self.saw_real_number |= not cpr.is_constructed
        return cpr


def note_modulus_11(delivery: Delivery, rule: str, cpr: Cpr) -> None:
    """The soft rule of an accepted row's CPR number."""
    if not cpr.is_constructed:
        delivery.looked_at[rule] += 1
        delivery.failed[rule] += not cpr.has_modulus_11


def read_personer(delivery: Delivery, table: Table, cprs: CprReader) -> tuple[dict[str, Person], int]:
    """People by CPR number, and how many accepted rows had nine digits."""
    people: dict[str, Person] = {}
    accepted = repaired = 0
    for record in table.records:
        delivery.looked_at["personer.unreadable_value"] += 1
        if not table.has_right_fields(record):
            delivery.failed["personer.unreadable_value"] += 1
            continue
        row = table.fields(record)
        delivery.looked_at["personer.cpr_invalid"] += 1
        start, end, when = (read_date(row[name]) for name in ("bopael_fra", "bopael_til", "status_dato"))
        unreadable = UNREADABLE in (start, end, when)
        cpr = cprs(row["cpr"])
        delivery.failed["personer.unreadable_value"] += unreadable
        delivery.failed["personer.cpr_invalid"] += cpr is None
        if unreadable or cpr is None:
            continue
        accepted += 1
        repaired += cpr.is_repaired
        note_modulus_11(delivery, "personer.cpr_without_modulus_11", cpr)
        person = people.setdefault(cpr.digits, Person(cpr))
        person.residences.append(
            (EVER_SINCE if start is None else start, FOR_EVER if end is None else end, row["kommunekode"])
        )
        person.statuses.append((row["status"], when))
    delivery.rows_delivered, delivery.rows_accepted = len(table.records), accepted
    return people, repaired


def residence(person: Person, day: int, lists: CodeLists) -> str | None:
    """The municipality on a day: of the periods that cover it the one that starts latest, then the later in the file."""
    best: tuple[int, str] | None = None
    for start, end, code in person.residences:
        if start <= day <= end and (best is None or start >= best[0]):
            best = (start, code)
    return best[1] if best and best[1] in lists.municipalities else None


def read_se_numre(delivery: Delivery, table: Table) -> dict[str, list[tuple[int, int, str]]]:
    """SE number: its periods in file order."""
    periods: dict[str, list[tuple[int, int, str]]] = {}
    accepted = 0
    for record in table.records:
        delivery.looked_at["se_numre.unreadable_value"] += 1
        if not table.has_right_fields(record):
            delivery.failed["se_numre.unreadable_value"] += 1
            continue
        row = table.fields(record)
        start, end = read_date(row["gyldig_fra"]), read_date(row["gyldig_til"])
        broken = {
            "se_numre.unreadable_value": UNREADABLE in (start, end),
            "se_numre.se_invalid": not is_cvr(row["se_nr"]),
            "se_numre.cvr_invalid": not is_cvr(row["cvr_nr"]),
        }
        for rule, fails in broken.items():
            delivery.looked_at[rule] += rule != "se_numre.unreadable_value"
            delivery.failed[rule] += fails
        if any(broken.values()):
            continue
        accepted += 1
        periods.setdefault(row["se_nr"], []).append(
            (EVER_SINCE if start is None else start, FOR_EVER if end is None else end, row["cvr_nr"])
        )
    delivery.rows_delivered, delivery.rows_accepted = len(table.records), accepted
    return periods


def week_columns(header: list[str]) -> dict[int, int]:
    """Thursday: position, of the columns of weeks that exist."""
    found = {}
    for position, name in enumerate(header):
        match = re.fullmatch("y_([0-9]{2})([0-9]{2})", name)
        if match:
            short = int(match.group(1))
            thursday = thursday_of_week((2000 if short < 90 else 1900) + short, int(match.group(2)))
            if thursday is not None:
                found[thursday] = position
    return found


def judge_weeks(delivery: Delivery, table: Table) -> bool:
    """No week between the first and the last week column lacks its column."""
    weeks = week_columns(table.header)
    delivery.extra_columns -= len(weeks)
    gap = bool(weeks) and len(weeks) != (max(weeks) - min(weeks)) // 7 + 1
    return delivery.judge("dream.missing_week", gap)


def read_dream(delivery: Delivery, table: Table, cprs: CprReader, lists: CodeLists) -> tuple[Dream, int]:
    """Everybody's weeks, and how many accepted rows had nine digits."""
    columns = week_columns(table.header)
    order = [columns[thursday] for thursday in sorted(columns)]
    dream = Dream(min(columns), max(columns)) if columns else Dream()
    accepted = repaired = 0
    cpr_position = table.header.index("cpr")
    for record in table.records:
        delivery.looked_at["dream.unreadable_value"] += 1
        if not table.has_right_fields(record):
            delivery.failed["dream.unreadable_value"] += 1
            continue
        cpr = cprs(record[cpr_position])
        is_second = cpr is not None and cpr.digits in dream.weeks
        for rule, fails in (("dream.cpr_invalid", cpr is None), ("dream.second_row", is_second)):
            delivery.looked_at[rule] += 1
            delivery.failed[rule] += fails
        if cpr is None or is_second:
            continue
        accepted += 1
        repaired += cpr.is_repaired
        note_modulus_11(delivery, "dream.cpr_without_modulus_11", cpr)
        codes = [record[position] for position in order]
        dream.weeks[cpr.digits] = codes
        delivery.looked_at["dream.unknown_code"] += sum(code != "" for code in codes)
        delivery.failed["dream.unknown_code"] += sum(code != "" and code not in lists.benefits for code in codes)
    delivery.rows_delivered, delivery.rows_accepted = len(table.records), accepted
    return dream, repaired
