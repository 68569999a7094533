"""`compute`: every table of the warehouse from a landing zone, plainly; `dump`: the tables as CSV files.

Written from the two contract documents alone, so that the warehouse can be held to something that does not share its
mistakes. Only the order of the steps stands here.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from . import (
    activities,
    benefit_hours,
    code_lists,
    curves,
    deliveries,
    employment,
    enterprises,
    hours,
    identifiers,
    landing,
    milestones,
    panel,
    payroll_log,
    people,
    placement_rows,
    progression,
    quality,
    register,
    scope,
    spells,
    supply,
    triangle,
)
from .deliveries import BuildStops, Landed
from .registry_rows import CprReader
from .time_units import as_date, last_day, month_date, month_of
from .world import Parameters, Plan, World


def _plan(landed: Landed, as_of: int, parameters: Parameters) -> Plan:
    first, through = deliveries.payroll_span(landed, as_of)
    weeks = landed.dream.whole_months()
    if weeks is None:
        raise BuildStops(["build.kind_missing"])
    return Plan(
        as_of=as_of,
        payroll_first=first,
        payroll_through=through,
        placement_first=min(file.month for file in landed.used("forloeb")),
        placement_last=month_of(as_of),
        observed_from=max(first + 1, weeks[0]),
        observed_through=min(through - parameters.maturity_lag_months, weeks[1]),
        register_day=landed.used("cvr_virksomheder")[0].day,
    )


def _stops(landed: Landed, key: bytes, as_of: int) -> list[str]:
    rules = ["build.kind_missing"] if any(not landed.used(kind) for kind in landing.KINDS) else []
    if key == identifiers.SAMPLE_KEY and landed.cprs.saw_real_number:
        rules.append("build.real_number_with_sample_key")
    for file in landed.used("dream"):
        if 1000 * file.failed["dream.unknown_code"] > file.looked_at["dream.unknown_code"]:
            rules.append("dream.unknown_code_share")
    if landed.used("eindkomst") and deliveries.payroll_span(landed, as_of)[1] is None:
        rules.append("build.first_payroll_month_incomplete")
    return rules


def _land(raw: Path, as_of: date | None, lists: code_lists.CodeLists, counters: Counter[str]) -> tuple[Landed, int]:
    files = landing.list_deliveries(raw, set(lists.municipalities))
    if not any(file.kind for file in files):
        raise BuildStops(["build.kind_missing"])
    cut_off = landing.default_cut_off(files) if as_of is None else as_of.toordinal()
    landed = Landed(files, CprReader(cut_off))
    deliveries.mark_after_cut_off(landed, cut_off)
    deliveries.choose_registry(landed, cut_off)
    deliveries.choose_logs(landed, cut_off)
    deliveries.read_registry(landed, lists, counters)
    deliveries.read_logs(landed, lists, counters)
    counters["unknown_extra_columns"] = sum(file.extra_columns for file in files if file.outcome == "used")
    return landed, cut_off


def _fill_panel(world: World) -> None:
    limit = last_day(world.plan.observed_through)
    supported = hours.SupportedDays(world.activities, world.registers, world.lists, limit)
    work = hours.sum_work(world.lines, set(world.people), world.registers, world.lists, supported)
    flex_days: dict[str, set[int]] = {}
    for activity in world.activities:
        if activity.instrument == "flex_job":
            days = range(activity.start, min(activity.end, limit) + 1)
            flex_days.setdefault(activity.person, set()).update(days)
    for person in world.people:
        left = world.exits[person].month
        rows = world.panel.setdefault(person, {})
        for month in world.plan.observed:
            if left is not None and month >= left:
                break
            rows[month], lost = panel.make_month(
                person, month, work[person].get(month, {}), world.dream, world.lists, flex_days.get(person, set())
            )
            world.counters["person_month_negative_hours"] += lost


def build(
    raw: Path, as_of: date | None, key: bytes, parameters: Parameters | None = None, seeds: Path | None = None
) -> World:
    """The state of a build, before any table is made of it."""
    lists = code_lists.read_code_lists(seeds or code_lists.FOLDER)
    parameters, counters = parameters or Parameters(), Counter()
    landed, cut_off = _land(raw, as_of, lists, counters)
    stops = _stops(landed, key, cut_off)
    if stops:
        raise BuildStops(stops)
    registers = enterprises.Registers(landed.enterprises, landed.units, landed.se_numbers, lists)
    counters["cpr_leading_zero"] += placement_rows.count_versions(landed.versions, registers)
    world = World(
        lists=lists,
        parameters=parameters,
        plan=_plan(landed, cut_off, parameters),
        deliveries=landed.deliveries,
        registers=registers,
        population=landed.population,
        dream=landed.dream,
        activities=activities.make_activities(landed.versions, registers, lists, cut_off, counters),
        counters=counters,
    )
    world.log = payroll_log.by_identity(landed.lines, cut_off)
    world.lines = payroll_log.standing_lines(world.log, counters)
    world.people = people.find_people(world.population, world.activities, world.dream, lists, world.plan.observed)
    for person in world.people:
        world.keys[person] = identifiers.person_key(key, person)
        world.exits[person] = people.find_exit(world.population[person], world.dream, lists)
        counters["person_return_after_emigration"] += people.returned_after_emigration(
            world.population[person], world.exits[person], world.dream, lists
        )
    _fill_panel(world)
    world.spells = spells.join(world.activities, parameters.spell_gap_days)
    spells.number(world.spells)
    for spell in world.spells:
        spells.look_back(spell, world)
    return world


def tables_of(world: World) -> dict[str, pd.DataFrame]:
    """Every table by `<schema>.<table>`."""
    plan = world.plan
    person_months = [
        panel.row_of(world.keys[person], month, row)
        for person, rows in world.panel.items()
        for month, row in rows.items()
    ]
    made: dict[str, tuple[list[str], Any]] = {
        "quality.fct_deliveries": (quality.FCT_DELIVERIES, quality.fct_deliveries(world.deliveries)),
        "quality.fct_builds": (
            ["as_of", "observed_from", "observed_through"],
            [(as_date(plan.as_of), month_date(plan.observed_from), month_date(plan.observed_through))],
        ),
        "quality.fct_placement_coverage": (
            ["municipality_code", "month", "is_delivered"],
            quality.fct_placement_coverage(world),
        ),
        "quality.fct_reporting_triangle": (triangle.FCT_REPORTING_TRIANGLE, triangle.fct_reporting_triangle(world)),
        "quality.fct_rule_results": (quality.FCT_RULE_RESULTS, quality.fct_rule_results(world.deliveries)),
        "quality.fct_counters": (["counter", "value"], quality.fct_counters(world)),
        "core.dim_persons": (
            ["person_key", "sex", "birth_year", "exit_month", "exit_reason"],
            quality.dim_persons(world),
        ),
        "core.dim_months": (
            ["month", "year", "quarter", "days", "weeks", "is_observed"],
            quality.dim_months(world),
        ),
        "core.dim_enterprises": (enterprises.DIM_ENTERPRISES, enterprises.dim_enterprises(world.registers)),
        "core.fct_placement_activities": (spells.FCT_PLACEMENT_ACTIVITIES, spells.fct_placement_activities(world)),
        "core.fct_placement_spells": (spells.FCT_PLACEMENT_SPELLS, spells.fct_placement_spells(world)),
        "core.fct_person_months": (panel.FCT_PERSON_MONTHS, person_months),
        "scope.fct_scope_monthly": (scope.FCT_SCOPE_MONTHLY, scope.fct_scope_monthly(world)),
        "scope.fct_scope_yearly": (scope.FCT_SCOPE_YEARLY, scope.fct_scope_yearly(world)),
        "scope.fct_target_persons_yearly": (scope.FCT_TARGET_PERSONS_YEARLY, scope.fct_target_persons_yearly(world)),
        "scope.fct_benefit_hours_monthly": (
            benefit_hours.FCT_BENEFIT_HOURS_MONTHLY,
            benefit_hours.fct_benefit_hours_monthly(world),
        ),
        "scope.fct_rsv_register_monthly": (register.FCT_RSV_REGISTER_MONTHLY, register.fct_rsv_register_monthly(world)),
        "scope.fct_rsv_enterprises_yearly": (
            register.rsv_enterprise_columns(world),
            register.fct_rsv_enterprises_yearly(world),
        ),
        "scope.fct_municipal_supply_yearly": (
            supply.FCT_MUNICIPAL_SUPPLY_YEARLY,
            supply.fct_municipal_supply_yearly(world),
        ),
        "scope.fct_supply_inequality_yearly": (
            supply.FCT_SUPPLY_INEQUALITY_YEARLY,
            supply.fct_supply_inequality_yearly(world),
        ),
        "progression.fct_progression_months": (
            progression.FCT_PROGRESSION_MONTHS,
            progression.fct_progression_months(world),
        ),
        "progression.fct_progression_horizons": (
            progression.FCT_PROGRESSION_HORIZONS,
            progression.fct_progression_horizons(world),
        ),
        "progression.fct_hour_band_transitions": (
            progression.FCT_HOUR_BAND_TRANSITIONS,
            progression.fct_hour_band_transitions(world),
        ),
        "progression.fct_pathways": (progression.FCT_PATHWAYS, progression.fct_pathways(world)),
        "progression.fct_employment_by_target_group": (
            employment.FCT_EMPLOYMENT_BY_TARGET_GROUP,
            employment.fct_employment_by_target_group(world),
        ),
        "progression.fct_milestones": (milestones.FCT_MILESTONES, milestones.fct_milestones(world)),
        "progression.fct_milestone_curves": (curves.FCT_MILESTONE_CURVES, curves.fct_milestone_curves(world)),
    }
    return {name: pd.DataFrame(list(rows), columns=columns, dtype=object) for name, (columns, rows) in made.items()}


def compute(
    raw: Path, as_of: date | None, key: bytes, parameters: Parameters | None = None, seeds: Path | None = None
) -> dict[str, pd.DataFrame]:
    """Every table by `<schema>.<table>`; raises `BuildStops` where the contract stops a build.

    Hours and money are `Decimal`, days and months `datetime.date`, missing values None; `spell_id` is the oracle's own.
    """
    return tables_of(build(Path(raw), as_of, key, parameters, seeds))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def dump(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """`<schema>.<table>.csv` of every table; a `spell_id` is written with what it stands for."""
    known = ["person_key", "instrument", "enterprise_cvr", "start_date"]
    all_spells = tables["core.fct_placement_spells"]
    stands_for = {row[0]: row[1:] for row in all_spells[["spell_id", *known]].itertuples(index=False, name=None)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        by_spell = name.startswith("progression.") and "spell_id" in table
        columns = list(table.columns)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*known, *columns[1:]] if by_spell else columns)
            for row in table.itertuples(index=False, name=None):
                values = [*stands_for[row[0]], *row[1:]] if by_spell else row
                writer.writerow([_text(value) for value in values])
