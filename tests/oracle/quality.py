"""What became of the files and rows (`quality`), and the small dimensions of `core` that need no concept of their own.

The reporting triangle has a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .landing import Delivery
from .register import ratio
from .rule_list import rules_of
from .time_units import days_in_month, month_date, weeks_of
from .values import decimal

if TYPE_CHECKING:
    from .world import World

FCT_DELIVERIES = [
    "file_name",
    "kind",
    "sha256",
    "outcome",
    "rows_delivered",
    "rows_accepted",
    "rows_rejected",
    "refusal_reason",
]


def fct_deliveries(deliveries: list[Delivery]) -> list[tuple[Any, ...]]:
    """One row a file."""
    rows = []
    for file in deliveries:
        counts: list[int | None] = [None, None, None]
        if file.outcome == "used":
            counts = [file.rows_delivered, file.rows_accepted, file.rows_delivered - file.rows_accepted]
        elif file.outcome == "refused" and file.rows_delivered is not None:
            counts = [file.rows_delivered, 0, file.rows_delivered]
        rows.append((file.name, file.kind, file.sha256, file.outcome, *counts, file.refused_by))
    return rows


FCT_RULE_RESULTS = ["rule", "file_name", "severity", "rows_looked_at", "rows_failed", "share", "outcome"]


def _looked_at(file: Delivery, rule: str, level: str) -> tuple[int, int]:
    """Rows looked at and failed; a file rule looks at the one file until it is refused."""
    if level == "file":
        if rule == file.refused_by:
            return 1, 1
        return int(rule in file.file_rules_passed), 0
    if level in ("check", "stop") or file.outcome == "refused":
        return 0, 0
    return file.looked_at[rule], file.failed[rule]


def fct_rule_results(deliveries: list[Delivery]) -> list[tuple[Any, ...]]:
    """One row a file used or refused and rule; whether a failure warns or fails is left to the catalogue (null here)."""
    rows = []
    for file in deliveries:
        if file.outcome not in ("used", "refused"):
            continue
        for rule, level in rules_of(file.kind):
            looked, failed = _looked_at(file, rule, level)
            outcome = "not applicable" if not looked else None if failed else "pass"
            rows.append((rule, file.name, level, looked, failed, ratio(failed, looked), outcome))
    return rows


COUNTERS = [
    "cpr_leading_zero",
    "unknown_extra_columns",
    "placement_start_before_2014",
    "placement_older_version_stands",
    "placement_stale",
    "payroll_line_repeated",
    "payroll_line_replaced",
    "payroll_reversal_without_match",
    "payroll_hours_missing_without_cross",
    "person_month_negative_hours",
    "person_return_after_emigration",
]


def fct_counters(world: World) -> list[tuple[Any, ...]]:
    """One row a counter; hours are in 1/10000 until here."""
    values: dict[str, Any] = {name: world.counters[name] for name in COUNTERS}
    values["person_month_negative_hours"] = decimal(world.counters["person_month_negative_hours"])
    return list(values.items())


def fct_placement_coverage(world: World) -> list[tuple[Any, ...]]:
    """One row a municipality and month since the first that anyone delivered."""
    delivered = {
        (file.municipality, file.month)
        for file in world.deliveries
        if file.kind == "forloeb" and file.outcome == "used"
    }
    return [
        (code, month_date(month), (code, month) in delivered)
        for code in sorted(world.lists.municipalities)
        for month in world.plan.placement_months
    ]


def dim_months(world: World) -> Iterator[tuple[Any, ...]]:
    """From the earlier of `observed_from` and the first start to the cut-off."""
    first = min([world.plan.observed_from, *(spell.start_month for spell in world.spells)])
    for month in range(first, world.plan.placement_last + 1):
        yield (
            month_date(month),
            month // 12,
            month % 12 // 3 + 1,
            days_in_month(month),
            len(weeks_of(month)),
            month in world.plan.observed,
        )


def dim_persons(world: World) -> Iterator[tuple[Any, ...]]:
    """One row a person of the warehouse."""
    for person in world.people:
        cpr, leaving = world.population[person].cpr, world.exits[person]
        yield (
            world.keys[person],
            cpr.sex,
            cpr.birth_year,
            month_date(leaving.month),
            leaving.reason,
        )
