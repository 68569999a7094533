"""People on a benefit month by month, and their ordinary hours (`scope.fct_benefit_hours_monthly`).

By the year they are counted in `scope`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .people import is_target_week
from .registry_rows import residence
from .time_units import last_day, month_date, weeks_of
from .values import decimal

if TYPE_CHECKING:
    from .world import World

FCT_BENEFIT_HOURS_MONTHLY = [
    "month",
    "municipality_code",
    "benefit_group",
    "persons",
    "persons_employed",
    "ordinary_hours",
]
TOGETHER = {
    "cash": {"cash_job_ready", "cash_activity_ready"},
    "any_rehabilitation": {"pre_rehabilitation", "rehabilitation"},
}


def fct_benefit_hours_monthly(world: World) -> list[tuple[Any, ...]]:
    """One row a month, municipality of residence and benefit group, the groups that are counted as one, and all."""
    cells: dict[tuple[int, str | None, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for person in world.people:
        for month in world.plan.observed:
            groups = {
                world.lists.benefits[world.dream.code(person, thursday)].group
                for thursday in weeks_of(month)
                if is_target_week(person, thursday, world.dream, world.lists)
            }
            if not groups:
                continue
            municipality = residence(world.population[person], last_day(month), world.lists)
            row = world.month(person, month)
            hours = row.ordinary if row is not None and row.is_employed else 0
            for group in (*groups, *(name for name, members in TOGETHER.items() if groups & members), "all"):
                cell = cells[month, municipality, group]
                cell[0] += 1
                cell[1] += hours > 0
                cell[2] += hours
    return [
        (month_date(month), municipality, group, persons, employed, decimal(hours))
        for (month, municipality, group), (persons, employed, hours) in sorted(cells.items(), key=str)
    ]
