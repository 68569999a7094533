"""The tables before the cohorts, read as dictionaries.

Belongs here: reading, months as numbers. Not here: what they mean (oracle_cohorts.py, oracle_outcomes.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb

Row = dict[str, Any]


def number(day: date) -> int:
    """A month as a number that goes up by one."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a numbered month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a numbered month."""
    return first_day(month + 1) - timedelta(days=1)


@dataclass
class Warehouse:
    """The tables before the cohorts, as dictionaries."""

    build: Row
    months: dict[object, dict[int, Row]] = field(default_factory=lambda: defaultdict(dict))
    spells: list[Row] = field(default_factory=list)
    target_months: set[tuple[object, int]] = field(default_factory=set)
    target_runs: dict[object, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    activity_ready_weeks: dict[object, set[date]] = field(default_factory=lambda: defaultdict(set))
    people: dict[object, Row] = field(default_factory=dict)
    residences: dict[object, list[Row]] = field(default_factory=lambda: defaultdict(list))
    exits: dict[object, Row] = field(default_factory=dict)
    rsv: dict[str, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    delivered: set[tuple[str, int]] = field(default_factory=set)
    groups: dict[str, str] = field(default_factory=dict)


def read(connection: duckdb.DuckDBPyConnection) -> Warehouse:
    """Reads them."""

    def rows(table: str) -> list[Row]:
        cursor = connection.execute(f"select * from {table}")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    found = Warehouse(rows("intermediate.int_build")[0])
    for row in rows("core.fct_person_months"):
        found.months[row["person_key"]][number(row["month"])] = row
    found.spells = [row for row in rows("core.fct_placement_spells") if row["start_date"] <= found.build["as_of"]]
    found.target_months = {
        (row["person_key"], number(row["month"]))
        for row in rows("intermediate.int_person_benefit_months")
        if row["is_target"]
    }
    for row in rows("intermediate.int_benefit_runs"):
        if row["is_target"]:
            found.target_runs[row["person_key"]].append((row["first_week"], row["last_week"]))
        if row["is_activity_ready"]:
            weeks = (row["last_week"] - row["first_week"]).days // 7 + 1
            found.activity_ready_weeks[row["person_key"]] |= {
                row["first_week"] + timedelta(days=7 * week) for week in range(weeks)
            }
    found.people = {row["person_key"]: row for row in rows("intermediate.int_people")}
    for row in rows("intermediate.int_residence_periods"):
        found.residences[row["person_key"]].append(row)
    found.exits = {row["person_key"]: row for row in rows("intermediate.int_person_exits")}
    for row in rows("intermediate.int_enterprise_rsv_periods"):
        found.rsv[row["enterprise_cvr"]].append((row["valid_from"], row["valid_to"]))
    found.delivered = {
        (row["municipality_code"], number(row["month"]))
        for row in rows("intermediate.int_placement_coverage")
        if row["is_delivered"]
    }
    found.groups = {
        row["municipality_code"]: row["municipality_group"] for row in rows("intermediate.int_municipalities")
    }
    return found
