"""The one figure that each finished table is known by, and a small plot: national, over enough people and enterprises, else nothing.

Belongs here: reading figures out of finished tables for the graph. Not here: computing measures (transforms), the three answers (answers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import duckdb

from pipelines.metadata import MIN_ENTERPRISES, MIN_PERSONS, figures, plot

# A cell is shown when its spells are of this many people and enterprises.
ENOUGH = f"count(distinct person_key) >= {MIN_PERSONS} and count(distinct enterprise_cvr) >= {MIN_ENTERPRISES}"
Shown = dict[str, Any]


def headlines(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, Shown]:
    """For each `schema.table` that has one, its metadata. A table that is missing has none."""
    present = set(tables)
    found: dict[str, Shown] = {}
    for table, (needs, make) in HEADLINES.items():
        if table in present and set(needs) <= present:
            found[table] = make(connection)
    return found


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else dict.fromkeys(names)


def _series(connection: duckdb.DuckDBPyConnection, sql: str) -> list[float | None]:
    return [None if row[0] is None else float(row[0]) for row in connection.execute(sql).fetchall()]


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.1%}".replace(".", ",")


def _spells(connection: duckdb.DuckDBPyConnection) -> Shown:
    shown = figures(
        _row(
            connection,
            f"""
            select
                case when {ENOUGH} then count(*) end as forløb,
                case when {ENOUGH} then count(distinct person_key) end as personer,
                case when {ENOUGH} then count(distinct enterprise_cvr) end as virksomheder
            from core.fct_placement_spells
            """,
        )
    )
    monthly = f"""
        select case when {ENOUGH} then count(*) end
        from core.fct_placement_spells group by date_trunc('month', start_date) order by date_trunc('month', start_date)
    """
    return shown | {"startede forløb pr. måned": plot(_series(connection, monthly), "startede forløb pr. måned")}


def _person_months(connection: duckdb.DuckDBPyConnection) -> Shown:
    # Everybody's month, whatever the employer: people count, enterprises do not.
    monthly = f"""
        select case when count(*) >= {MIN_PERSONS} then avg(is_employed::integer) end
        from core.fct_person_months group by month order by month
    """
    series = _series(connection, monthly)
    return {
        "i beskæftigelse, seneste måned": _share(series[-1] if series else None) or "–",
        "andel i beskæftigelse pr. måned": plot(series, "andel i beskæftigelse pr. måned"),
    }


def _scope_yearly(connection: duckdb.DuckDBPyConnection) -> Shown:
    yearly = f"""
        with enough as (
            select year(start_date) as year from core.fct_placement_spells group by year(start_date) having {ENOUGH}
        )
        select case when enough.year is not null then national.persons end
        from scope.fct_scope_yearly as national left join enough on national.year = enough.year
        where national.breakdown = 'all' and national.enterprise_kind = 'all' order by national.year
    """
    series = _series(connection, yearly)
    return {
        "personer i forløb, seneste år": "–" if not series or series[-1] is None else int(series[-1]),
        "personer i forløb pr. år": plot(series, "personer i forløb pr. år"),
    }


def _targets(connection: duckdb.DuckDBPyConnection) -> Shown:
    series = _series(
        connection,
        f"""
        select case when sum(persons) >= {MIN_PERSONS} then sum(persons)::double end
        from scope.fct_target_persons_yearly where benefit_group = 'all' group by year order by year
        """,
    )
    return {
        "personer i målgruppen, seneste år": "–" if not series or series[-1] is None else int(series[-1]),
        "personer i målgruppen pr. år": plot(series, "personer i målgruppen pr. år"),
    }


def _register(connection: duckdb.DuckDBPyConnection) -> Shown:
    shown = figures(
        _row(
            connection,
            f"""
            select
                case when rsv_registered >= {MIN_ENTERPRISES} then rsv_registered end as "registrerede, seneste måned",
                case when rsv_active >= {MIN_ENTERPRISES} then rsv_active end as "aktive, seneste måned"
            from scope.fct_rsv_register_monthly order by month desc limit 1
            """,
        )
    )
    monthly = f"""
        select case when rsv_registered >= {MIN_ENTERPRISES} then rsv_registered end
        from scope.fct_rsv_register_monthly order by month
    """
    return shown | {"registrerede pr. måned": plot(_series(connection, monthly), "registrerede pr. måned")}


def _supply(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        _row(
            connection,
            f"""
            select
                case when sum(rsv_registered) >= {MIN_ENTERPRISES} then count(*) filter (where rsv_registered > 0) end as "kommuner med RSV, seneste år"
            from scope.fct_municipal_supply_yearly group by year order by year desc limit 1
            """,
        )
    )


def _employment(connection: duckdb.DuckDBPyConnection) -> Shown:
    row = _row(
        connection,
        f"""
        select case when persons >= {MIN_PERSONS} and ci_lower is not null then share end as share
        from progression.fct_employment_by_target_group
        where target_group = 'all' and enterprise_kind = 'all' and instrument = 'all' and horizon = 12
        """,
    )
    return {"i beskæftigelse efter 12 måneder": _share(row.get("share")) or "–"}


def _horizons(connection: duckdb.DuckDBPyConnection) -> Shown:
    row = _row(
        connection,
        f"""
        with observed as (
            select horizons.hours_change, spells.person_key, spells.enterprise_cvr
            from progression.fct_progression_horizons as horizons
            inner join core.fct_placement_spells as spells on horizons.spell_id = spells.spell_id
            where horizons.horizon = 12 and horizons.hours_change is not null
        )
        select case when {ENOUGH} then sum(hours_change)::double / count(*) end as change from observed
        """,
    )
    change = row.get("change")
    return {"timer efter 12 måneder mod før": "–" if change is None else f"{change:+.1f}".replace(".", ",")}


def _curves(connection: duckdb.DuckDBPyConnection) -> Shown:
    series = _series(
        connection,
        """
        select case when ci_lower is not null then cumulative_incidence end from progression.fct_milestone_curves
        where target_group = 'all' and enterprise_kind = 'all' and instrument = 'all' and milestone = 'lasting_six_in_row'
        order by months
        """,
    )
    return {"varig tilknytning (seks måneder i træk)": plot(series, "andel med varig tilknytning pr. måned")}


def _deliveries(connection: duckdb.DuckDBPyConnection) -> Shown:
    rows = connection.execute(
        "select outcome, count(*) from quality.fct_deliveries group by all order by all"
    ).fetchall()
    return dict(rows)


def _rules(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        _row(
            connection,
            """
            select
                count(distinct rule) as regler,
                count(*) filter (where outcome = 'warn') as advarsler,
                count(*) filter (where outcome = 'fail') as "over grænsen"
            from quality.fct_rule_results
            """,
        )
    )


def _effects(connection: duckdb.DuckDBPyConnection) -> Shown:
    row = _row(
        connection,
        f"""
        select estimate, low, high, gate from effect.fct_effect_estimates
        where is_primary and treated >= {MIN_PERSONS} and enterprises >= {MIN_ENTERPRISES}
        """,
    )
    shown: Shown = {
        "primært estimat": "–" if row["estimate"] is None else _points(row["estimate"]),
        "usikkerhed (95 %)": "–" if row["low"] is None else f"{_points(row['low'])} til {_points(row['high'])}",
        "port": {"pass": "åben", "fail": "lukket"}.get(row["gate"], "–"),
    }
    return shown | {"effekt pr. måned": _effect_plot(connection)}


def _effect_curve(connection: duckdb.DuckDBPyConnection) -> Shown:
    return {"effekt pr. måned": _effect_plot(connection)}


def _effect_plot(connection: duckdb.DuckDBPyConnection) -> Any:
    series = _series(
        connection,
        f"""
        select case when curve.treated >= {MIN_PERSONS} and curve.enterprises >= {MIN_ENTERPRISES} then curve.estimate end
        from effect.fct_effect_event_study as curve
        inner join effect.fct_effect_estimates as estimates
            on
                curve.design = estimates.design and curve.family = estimates.family and curve.specification = estimates.specification
                and curve.arm = estimates.arm and curve.instrument = estimates.instrument and curve.outcome = estimates.outcome and curve.estimator = estimates.estimator
        where estimates.is_primary order by curve.event_month
        """,
    )
    return plot(series, "effekt på ordinært arbejde pr. måned")


def _points(value: float) -> str:
    return f"{value * 100:+.1f} procentpoint".replace(".", ",")


def _diagnostics(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        _row(
            connection,
            """
            select
                count(*) filter (where verdict = 'pass') as "inden for grænsen",
                count(*) filter (where verdict = 'fail') as "uden for grænsen"
            from effect.fct_effect_diagnostics where subgroup = 'all' and specification = 'main'
            """,
        )
    )


def _cohort(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        _row(
            connection,
            f"""
            with shown as (
                select cohort.* from effect.fct_effect_cohort as cohort
                inner join effect.fct_effect_estimates as estimates
                    on cohort.family = estimates.family and cohort.arm = estimates.arm and cohort.instrument = estimates.instrument and cohort.design = estimates.design
                where estimates.is_primary and cohort.quarter = 'all' and cohort.treated_persons >= {MIN_PERSONS} and cohort.enterprises >= {MIN_ENTERPRISES}
            )
            select max(treated) as starter, max(enterprises) as virksomheder, max(comparators) as sammenligninger from shown
            """,
        )
    )


HEADLINES: dict[str, tuple[tuple[str, ...], Callable[[duckdb.DuckDBPyConnection], Shown]]] = {
    "core.fct_placement_spells": ((), _spells),
    "core.fct_person_months": ((), _person_months),
    "scope.fct_scope_yearly": (("core.fct_placement_spells",), _scope_yearly),
    "scope.fct_target_persons_yearly": ((), _targets),
    "scope.fct_rsv_register_monthly": ((), _register),
    "scope.fct_municipal_supply_yearly": ((), _supply),
    "progression.fct_employment_by_target_group": ((), _employment),
    "progression.fct_progression_horizons": (("core.fct_placement_spells",), _horizons),
    "progression.fct_milestone_curves": ((), _curves),
    "effect.fct_effect_estimates": (("effect.fct_effect_event_study",), _effects),
    "effect.fct_effect_event_study": (("effect.fct_effect_estimates",), _effect_curve),
    "effect.fct_effect_diagnostics": ((), _diagnostics),
    "effect.fct_effect_cohort": (("effect.fct_effect_estimates",), _cohort),
    "quality.fct_deliveries": ((), _deliveries),
    "quality.fct_rule_results": ((), _rules),
}
