"""Registered and active social enterprises (`scope.fct_rsv_register_monthly`, `scope.fct_rsv_enterprises_yearly`).

Municipalities and inequality belong to `supply`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .scope import is_active, year_days
from .spells import Spell
from .time_units import first_day, last_day, month_date, month_of
from .values import read_date

if TYPE_CHECKING:
    from .world import World

FIRST_MONTH = month_of(read_date("2015-01-01"))
GUIDANCE = "guidance_upskilling"


class Register:
    """The register's enterprises with their spells."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.spells: dict[str, list[Spell]] = defaultdict(list)
        for spell in world.spells:
            if spell.enterprise is not None:
                self.spells[spell.enterprise].append(spell)
        self.instruments = world.lists.by_name()

    def day_of(self, day: int) -> int:
        """The register says nothing after its last day: its state of that day stands."""
        return min(day, self.world.plan.register_day)

    def active_spells(self, cvr: str, first: int, last: int) -> list[Spell]:
        """Spells at an enterprise with a day between two days."""
        return [spell for spell in self.spells[cvr] if is_active(spell, first, last, self.world)]

    def in_month(self, cvr: str, day: int) -> list[Spell]:
        """Spells active in the month of a day, to the month's end or the cut-off."""
        month = month_of(day)
        return self.active_spells(cvr, first_day(month), last_day(month))

    def employees(self, cvr: str, day: int) -> int | None:
        """Headcount on a day."""
        return self.world.registers.employees(cvr, month_of(day), self.world.parameters.employees_max_age_months)

    def is_known(self, day: int) -> bool:
        """What rests on spells is known from the first placement month on."""
        return day >= first_day(self.world.plan.placement_first)

    def active(self, day: int) -> list[str]:
        """The active ones of the registered: old enough, and with employees or a spell in the month."""
        months = self.world.parameters.rsv_min_age_months
        return [
            cvr
            for cvr in self.world.registers.registered(day)
            if self.world.registers.is_old_enough(cvr, day, months)
            and ((self.employees(cvr, day) or 0) > 0 or self.in_month(cvr, day))
        ]

    def unpaid(self, cvr: str, day: int) -> set[str]:
        """Persons active on a day in spells without wage from the employer."""
        return {
            spell.person
            for spell in self.active_spells(cvr, day, day)
            if not self.instruments[spell.instrument].employer_pays_wage
        }

    def supported(self, cvr: str, day: int) -> set[str]:
        """Persons active on a day in spells with supported hours."""
        return {
            spell.person
            for spell in self.active_spells(cvr, day, day)
            if self.instruments[spell.instrument].hours_kind == "supported"
        }

    def guided(self, cvr: str, day: int) -> set[str]:
        """Persons active on a day in guidance and upskilling."""
        return {spell.person for spell in self.active_spells(cvr, day, day) if spell.instrument == GUIDANCE}


FCT_RSV_REGISTER_MONTHLY = [
    "month",
    "rsv_registered",
    "rsv_active",
    "rsv_with_spells",
    "rsv_with_company_based_spells",
    "municipalities_with_rsv",
    "employees",
    "citizens_unpaid",
    "citizens_supported",
    "ordinary_share",
    "guidance_share",
]


def ratio(numerator: float, denominator: float) -> float | None:
    """A share; null with a zero denominator."""
    return numerator / denominator if denominator else None


def _month_row(register: Register, month: int, registered: list[str], day: int) -> list[Any]:
    """The columns that rest on spells, without the number of municipalities."""
    instruments = register.instruments
    own = {cvr: register.in_month(cvr, day) for cvr in registered}
    active = register.active(day)
    employees = sum(register.employees(cvr, day) or 0 for cvr in active)
    unpaid = len(set().union(*(register.unpaid(cvr, day) for cvr in active)))
    supported = len(set().union(*(register.supported(cvr, day) for cvr in active)))
    guidance_share = None
    if month >= register.world.plan.placement_first + 11:
        first = first_day(month - 11)
        started = [spell for cvr in active for spell in register.spells[cvr] if first <= spell.start <= day]
        guidance_share = ratio(sum(spell.instrument == GUIDANCE for spell in started), len(started))
    return [
        len(active),
        sum(bool(spells) for spells in own.values()),
        sum(any(instruments[spell.instrument].is_company_based for spell in spells) for spells in own.values()),
        employees,
        unpaid,
        supported,
        ratio(max(0, employees - supported), employees + unpaid),
        guidance_share,
    ]


def fct_rsv_register_monthly(world: World) -> list[tuple[Any, ...]]:
    """One row a month from January 2015 to the register's last."""
    register, rows = Register(world), []
    for month in range(FIRST_MONTH, month_of(world.plan.register_day) + 1):
        day = register.day_of(last_day(month))
        registered = world.registers.registered(day)
        places = {world.registers.municipality(cvr, day) for cvr in registered} - {None}
        rest: list[Any] = [None] * 8
        if month >= world.plan.placement_first:
            rest = _month_row(register, month, registered, day)
        rows.append((month_date(month), len(registered), *rest[:3], len(places), *rest[3:]))
    return rows


def rsv_enterprise_columns(world: World) -> list[str]:
    """The columns of `fct_rsv_enterprises_yearly`: one for the starts of each instrument."""
    started = [f"spells_started_{name}" for name in sorted(world.lists.by_name())]
    tail = ["persons_active", "citizens_unpaid", "guidance_persons", "guidance_persons_share", "is_second_actor"]
    return ["enterprise_cvr", "year", "employees", *started, *tail]


def fct_rsv_enterprises_yearly(world: World) -> list[tuple[Any, ...]]:
    """One row an enterprise registered as RSV on the year's last day, or the register's."""
    register, rows = Register(world), []
    for year in world.plan.years:
        first, last = year_days(year, world)
        day = register.day_of(last_day(12 * year + 11))
        for cvr in world.registers.registered(day):
            started = [s for s in register.spells[cvr] if first <= s.start <= min(last, world.plan.as_of)]
            employees, unpaid = register.employees(cvr, day), len(register.unpaid(cvr, day))
            guided = len(register.guided(cvr, day))
            share = ratio(guided, (employees or 0) + unpaid)
            rows.append(
                (
                    cvr,
                    year,
                    employees,
                    *(sum(s.instrument == name for s in started) for name in sorted(world.lists.by_name())),
                    len({spell.person for spell in register.active_spells(cvr, day, day)}),
                    unpaid,
                    guided,
                    share,
                    share is not None and share > world.parameters.second_actor_share,
                )
            )
    return rows
