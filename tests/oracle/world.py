"""Everything that a build knows at one moment, filled from top to bottom by `oracle`, read by the tables.

No rule stands here.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field

from .activities import Activity
from .code_lists import CodeLists
from .enterprises import Registers
from .landing import Delivery
from .panel import Month
from .payroll_rows import Line
from .people import Exit
from .registry_rows import Dream, Person
from .spells import Spell


@dataclass
class Parameters:
    """The parameters of a build, with their defaults."""

    spell_gap_days: int = 14
    maturity_lag_months: int = 2
    follow_up_months: int = 36
    horizons: tuple[int, ...] = (3, 6, 12, 24)
    rsv_min_age_months: int = 6
    employees_max_age_months: int = 6
    second_actor_share: float = 0.70


@dataclass
class Plan:
    """What the time rules come to; days and months as numbers."""

    as_of: int
    payroll_first: int
    payroll_through: int  # R
    placement_first: int
    placement_last: int  # the cut-off's month
    observed_from: int
    observed_through: int
    register_day: int

    @property
    def observed(self) -> range:
        """The observed months."""
        return range(self.observed_from, self.observed_through + 1)

    @property
    def placement_months(self) -> range:
        """The months of scope."""
        return range(self.placement_first, self.placement_last + 1)

    @property
    def years(self) -> range:
        """The years of the yearly tables."""
        return range(self.placement_first // 12, self.placement_last // 12 + 1)


@dataclass
class World:
    """The state of a build."""

    lists: CodeLists
    parameters: Parameters
    plan: Plan
    deliveries: list[Delivery]
    registers: Registers
    population: dict[str, Person]  # everybody in `personer`
    dream: Dream
    activities: list[Activity]
    people: list[str] = field(default_factory=list)
    keys: dict[str, uuid.UUID] = field(default_factory=dict)
    exits: dict[str, Exit] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    log: list[list[Line]] = field(default_factory=list)  # one list an identity
    panel: dict[str, dict[int, Month]] = field(default_factory=dict)
    spells: list[Spell] = field(default_factory=list)
    counters: Counter[str] = field(default_factory=Counter)

    def month(self, person: str, month: int) -> Month | None:
        """A row of the panel, None outside it."""
        return self.panel.get(person, {}).get(month)
