"""What the register says of an enterprise, a unit or an SE number on a day, and `core.dim_enterprises`.

Counting enterprises belongs to `register`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .code_lists import CodeLists
from .cvr_documents import Enterprise, Period, Unit
from .landing import Delivery
from .time_units import EVER_SINCE, FOR_EVER, add_months, as_date

SOLE_PROPRIETOR = (10, 15)
PUBLIC = (230, 240, 250)
NONPROFIT = (90, 110, 115)
LAST_DAY = date.max.toordinal()


def covering(periods: list[Period], day: int) -> Period | None:
    """Of the periods that cover a day the one that starts latest, of two that start the same day the later in the file."""
    best = None
    for period in periods:
        if period[0] <= day <= period[1] and (best is None or period[0] >= best[0]):
            best = period
    return best


def value_on(periods: list[Period], day: int) -> Any:
    """The value on a day, None when no period covers it."""
    period = covering(periods, day)
    return period[2] if period else None


def breaks(*lists: list[Period]) -> list[int]:
    """Every day on which something may begin or has just ended, in order."""
    days = {start for periods in lists for start, _, _ in periods}
    days |= {end + 1 for periods in lists for _, end, _ in periods if end != FOR_EVER}
    return sorted(days)


def _stretches(days: list[int]) -> list[tuple[int, int]]:
    return [
        (day, following - 1 if following is not None else FOR_EVER)
        for day, following in zip(days, [*days[1:], None], strict=True)
        if day <= LAST_DAY
    ]


def flag_stretches(enterprise: Enterprise) -> list[tuple[int, int, int | None, str | None]]:
    """The days of the flag as delivered, cut where form or industry changes: first, last, form, industry."""
    found = []
    days = breaks(enterprise.flags, enterprise.forms, enterprise.industries)
    for first, last in _stretches(days):
        if covering(enterprise.flags, first):
            found.append((first, last, value_on(enterprise.forms, first), value_on(enterprise.industries, first)))
    return found


@dataclass
class Registers:
    """The register of the build: enterprises, units and SE numbers by number."""

    enterprises: dict[str, Enterprise]
    units: dict[str, Unit]
    se_numbers: dict[str, list[tuple[int, int, str]]]
    lists: CodeLists

    def __post_init__(self) -> None:
        self._employers: dict[tuple[str, int], str | None] = {}
        self.rsv_periods = {
            cvr: [
                (first, last, True)
                for first, last, form, _ in flag_stretches(enterprise)
                if form not in SOLE_PROPRIETOR
            ]
            for cvr, enterprise in self.enterprises.items()
        }

    def employer(self, se_number: str, day: int) -> str | None:
        """The SE number's enterprise on a day, None when it is unresolved."""
        if (se_number, day) not in self._employers:
            if se_number in self.se_numbers:
                found = value_on(self.se_numbers[se_number], day)
            else:
                found = se_number if se_number in self.enterprises else None
            self._employers[se_number, day] = found
        return self._employers[se_number, day]

    def owner(self, p_number: str, day: int) -> str | None:
        """The owner of a P-unit on a day."""
        return value_on(self.units[p_number].owners, day) if p_number in self.units else None

    def is_rsv(self, cvr: str, day: int) -> bool:
        """The flag is valid that day."""
        return cvr in self.rsv_periods and covering(self.rsv_periods[cvr], day) is not None

    def kind(self, cvr: str | None, day: int) -> str:
        """`enterprise_kind` on a day."""
        if cvr not in self.enterprises:
            return "unknown"
        if self.is_rsv(cvr, day):
            return "rsv"
        form = value_on(self.enterprises[cvr].forms, day)
        if form is None:
            return "unknown"
        return "public" if form in PUBLIC else "nonprofit" if form in NONPROFIT else "private"

    def municipality(self, cvr: str | None, day: int) -> str | None:
        """One of the 98, None when unknown."""
        code = value_on(self.enterprises[cvr].municipalities, day) if cvr in self.enterprises else None
        return code if code in self.lists.municipalities else None

    def industry(self, cvr: str | None, day: int) -> str | None:
        """Two digits of the industry code."""
        code = value_on(self.enterprises[cvr].industries, day) if cvr in self.enterprises else None
        return code[:2] if code else None

    def is_alive(self, cvr: str, day: int) -> bool:
        """A period of life covers the day."""
        return covering(self.enterprises[cvr].life, day) is not None

    def is_old_enough(self, cvr: str, day: int, months: int) -> bool:
        """Founded, by the first start of its life, at least some months before a day."""
        founded = min(start for start, _, _ in self.enterprises[cvr].life)
        return founded == EVER_SINCE or add_months(founded, months) <= day

    def employees(self, cvr: str | None, month: int, max_age: int) -> int | None:
        """The latest headcount of a month not after this one and not too old."""
        if cvr not in self.enterprises:
            return None
        counts = self.enterprises[cvr].headcounts
        return next((counts[known] for known in range(month, month - max_age - 1, -1) if known in counts), None)

    def registered(self, day: int) -> list[str]:
        """The enterprises registered as RSV and alive on a day."""
        return [cvr for cvr in sorted(self.enterprises) if self.is_rsv(cvr, day) and self.is_alive(cvr, day)]


def judge_flags(delivery: Delivery, accepted: list[Enterprise]) -> None:
    """The two soft rules about RSV flags, of every accepted document."""
    for enterprise in accepted:
        stretches = flag_stretches(enterprise)
        failing = {
            "cvr_virksomheder.rsv_on_sole_proprietor": any(form in SOLE_PROPRIETOR for _, _, form, _ in stretches),
            "cvr_virksomheder.rsv_implausible": any(
                form in (110, 115) and (industry or "").startswith(("68", "94")) for _, _, form, industry in stretches
            ),
        }
        for rule, fails in failing.items():
            delivery.looked_at[rule] += 1
            delivery.failed[rule] += fails


DIM_ENTERPRISES = [
    "enterprise_cvr",
    "name",
    "municipality_code",
    "region_code",
    "municipality_group",
    "industry_code",
    "legal_form",
    "is_rsv",
    "valid_from",
    "valid_to",
]


def dim_enterprises(registers: Registers) -> list[tuple[Any, ...]]:
    """One row an enterprise and validity period."""
    rows = []
    for cvr, enterprise in sorted(registers.enterprises.items()):
        attributes = [enterprise.names, enterprise.municipalities, enterprise.industries, enterprise.forms]
        every = [*attributes, registers.rsv_periods[cvr]]
        kept: list[list[Any]] = []
        last_covered = max((end for periods in every for start, end, _ in periods if end >= start), default=None)
        for first, last in _stretches(breaks(*every)):
            covered = any(covering(periods, first) for periods in every)
            if last_covered is None or first > last_covered or (not covered and not kept):
                continue
            name, code, industry, form = (value_on(periods, first) for periods in attributes)
            code = code if code in registers.lists.municipalities else None
            region, group = registers.lists.municipalities.get(code, (None, None))
            is_rsv = covering(registers.rsv_periods[cvr], first) is not None
            values = (
                name,
                code,
                region,
                group,
                industry,
                None if form is None else str(form),
                is_rsv,
            )
            if kept and kept[-1][0] == values and kept[-1][2] == first - 1:
                kept[-1][2] = last
            else:
                kept.append([values, first, last])
        rows += [(cvr, *values, as_date(first), as_date(last)) for values, first, last in kept]
    return rows
