"""Which counts a figure of a public table rests on, and the months whose pay and benefits decide them.

Belongs here: public table, row and measure -> counts of models. Not here: how a count comes from rows (trace_members.py), the effect (trace_effect.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assets.release.trace_figure import Figure
from assets.release.trace_members import (
    CITIZENS,
    EVENT_MONTHS,
    HOURS,
    LASTING,
    PLACED,
    REGISTERED,
    SCOPE,
    STARTED,
    SUPPLIERS,
    TARGETS,
    Rows,
    Sought,
)
from transforms.release.design import Design

OF_SYSTEM: Final = {"scope": SCOPE, "hours": HOURS, "event_months": EVENT_MONTHS, "lasting": LASTING}
# What is no count itself: the counts that it is made of, the one that it is a share of first.
MADE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "hours": ("spells", "employed"),
    "event_months": ("spells",),
    "lasting": ("spells", "events"),
    "ordinary_share": ("citizens_unpaid", "citizens_supported", "employees"),
}
OF_REGISTER: Final = (REGISTERED, CITIZENS, STARTED)
OF_SUPPLY: Final = {
    "rsv_registered": (SUPPLIERS, "rsv_registered"), "rsv_active": (SUPPLIERS, "rsv_active"), "industries": (SUPPLIERS, "industries"),
    "target_persons": (TARGETS, "persons"), "persons_in_placement": (PLACED, "persons_in_placement"), "persons_in_rsv": (PLACED, "persons_in_rsv"),
}  # fmt: skip


def counts_behind(design: Design, figure: Figure, measure: str) -> list[Sought]:
    """The counts behind a measure of a row, the first of them the one whose members are shown; none for tables of the effect."""
    table, key = figure.table, figure.key
    if table.system is not None:
        system, rows = design.systems[table.system], OF_SYSTEM[table.system]
        names = MADE_OF[table.system] if measure in system.derived else (measure,)
        values = {**key, **table.where}
        where = " and ".join(f"counted.{name} = ?" for name in system.keys)
        return [Sought(rows, name, where, tuple(_plain(values[name]) for name in system.keys)) for name in names]
    if table.name == "register":
        # A year shows its last month.
        where = "counted.month = (select max(month) from scope.fct_rsv_register_monthly where year(month) = ?)"
        return [
            Sought(_of_register(name), name, where, (int(key["year"]),)) for name in MADE_OF.get(measure, (measure,))
        ]
    if table.name == "supply_by_municipality":
        rows, column = OF_SUPPLY[measure]
        return [_of_municipalities(rows, column, int(key["year"]), str(key["municipality_code"]))]
    if table.name == "supply_inequality":
        # Every rate is of the register and the target persons of municipalities.
        year = int(key["year"])
        return [
            _of_municipalities(rows, column, year)
            for rows, column in ((SUPPLIERS, "rsv_registered"), (TARGETS, "persons"))
        ]
    return []


def event_months(figure: Figure) -> tuple[int, ...]:
    """The months from the start of a spell whose pay and benefits decide whether it counts: the month before, and those of the outcome."""
    if figure.table.system == "hours":
        return (-1, int(figure.key["horizon"]))
    if figure.table.system == "event_months":
        return (*range(-12, 1), int(figure.key["event_month"]))
    if figure.table.system == "lasting":
        return (-1, *range(1, int(figure.key["month"]) + 1))
    return ()


def _plain(value: object) -> object:
    return value if isinstance(value, str) else int(value)  # type: ignore[call-overload]


def _of_register(name: str) -> Rows:
    return next(rows for rows in OF_REGISTER if name in rows.counts)


def _of_municipalities(rows: Rows, column: str, year: int, code: str | None = None) -> Sought:
    where, values = "counted.year = ?", (year,)
    if rows is TARGETS:
        where += " and counted.benefit_group = 'all'"
    if code is None:
        # A municipality that is not known is in no rate.
        return Sought(rows, column, f"{where} and counted.municipality_code is not null", values)
    return Sought(rows, column, f"{where} and counted.municipality_code = ?", (*values, code))
