"""How complete a work month's hours are some months later (`quality.fct_reporting_triangle`).

A reading is the log as it stood at the end of a day; which lines stand then belongs to `payroll_log`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .hours import line_hours, spread
from .payroll_log import standing_stretches
from .register import ratio
from .time_units import last_day, month_date
from .values import decimal

if TYPE_CHECKING:
    from .world import World

SIZE_BANDS = ((0, "0"), (9, "1-9"), (49, "10-49"), (199, "50-199"))


def size_band(employees: int | None) -> str:
    """The band of a headcount."""
    if employees is None:
        return "unknown"
    return next((band for most, band in SIZE_BANDS if employees <= most), "200+")


FCT_REPORTING_TRIANGLE = ["work_month", "lag_months", "employer_size_band", "hours_reported", "hours_now", "share"]


def fct_reporting_triangle(world: World) -> list[tuple[Any, ...]]:
    """One row a work month, lag and size of employer in which a line ever stood."""
    plan, registers = world.plan, world.registers
    work_months = range(plan.observed_from, plan.payroll_through + 1)
    max_age = world.parameters.employees_max_age_months
    people = set(world.people)
    reported: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))  # lag; -1: now
    for line, stretches in standing_stretches(world.log):
        if not line.is_wage_work or line.person not in people:
            continue
        employer = registers.employer(line.se_number, line.paid_on)
        for piece in spread(line, line_hours(line, world.lists)):
            if piece.month not in work_months:
                continue
            readings = [(month - piece.month, last_day(month)) for month in work_months if month >= piece.month]
            readings.append((-1, plan.as_of))
            stands = [lag for lag, day in readings if any(first <= day <= last for first, last in stretches)]
            band = size_band(registers.employees(employer, piece.month, max_age))
            for lag in stands:
                reported[piece.month, band][lag] += piece.hours
                reported[piece.month, "all"][lag] += piece.hours
    rows = []
    for (month, band), hours in sorted(reported.items()):
        now = hours.get(-1, 0)
        for lag in range(plan.payroll_through - month + 1):
            then = hours.get(lag, 0)
            rows.append((month_date(month), lag, band, decimal(then), decimal(now), ratio(then, now)))
    return rows
