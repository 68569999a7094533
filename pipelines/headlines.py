"""The one figure that each finished table is known by, and a small plot: national, over enough people and enterprises, else nothing.

Belongs here: reading figures out of finished tables for the graph. Not here: computing measures (transforms), the three answers (answers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import duckdb

from pipelines import headlines_effect
from pipelines.headline_rows import Shown, one_row, one_series
from pipelines.metadata import MIN_ENTERPRISES, MIN_PERSONS, figures, plot

# A cell is shown when its spells are of this many people and enterprises.
ENOUGH = f"count(distinct person_key) >= {MIN_PERSONS} and count(distinct enterprise_cvr) >= {MIN_ENTERPRISES}"


def headlines(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, Shown]:
    """For each `schema.table` that has one, its metadata. A table that is missing has none."""
    present = set(tables)
    found: dict[str, Shown] = {}
    for table, (needs, make) in HEADLINES.items():
        if table in present and set(needs) <= present:
            found[table] = make(connection)
    return found


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value * 100:.1f} %".replace(".", ",")


def _spells(connection: duckdb.DuckDBPyConnection) -> Shown:
    shown = figures(
        one_row(
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
    return shown | {"startede forløb pr. måned": plot(one_series(connection, monthly), "startede forløb pr. måned")}


def _person_months(connection: duckdb.DuckDBPyConnection) -> Shown:
    # Everybody's month, whatever the employer: people count, enterprises do not.
    monthly = f"""
        select case when count(*) >= {MIN_PERSONS} then avg(is_employed::integer) end
        from core.fct_person_months group by month order by month
    """
    series = one_series(connection, monthly)
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
    series = one_series(connection, yearly)
    return {
        "personer i forløb, seneste år": "–" if not series or series[-1] is None else int(series[-1]),
        "personer i forløb pr. år": plot(series, "personer i forløb pr. år"),
    }


def _targets(connection: duckdb.DuckDBPyConnection) -> Shown:
    series = one_series(
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


def _scope_monthly(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
            connection,
            f"""
            with latest as (
                select max(month) as month, sum(spells_active) filter (where month = (select max(month) from scope.fct_scope_monthly)) as active
                from scope.fct_scope_monthly
            ),

            enough as (
                select {ENOUGH} as is_enough from core.fct_placement_spells, latest
                where start_date <= last_day(month) and (end_date is null or end_date >= month)
            )

            select case when is_enough then active end as "forløb i gang, seneste måned" from latest, enough
            """,
        )
    )


def _benefit_hours(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
            connection,
            f"""
            select case when sum(persons) >= {MIN_PERSONS} then sum(persons)::bigint end as "personer på en ydelse, seneste måned"
            from scope.fct_benefit_hours_monthly where benefit_group = 'all' group by month order by month desc limit 1
            """,
        )
    )


def _inequality(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
            connection,
            """
            select round(ratio, 2) as "gange så mange pr. 1.000 i målgruppen i byer som i yderområder, seneste år"
            from scope.fct_supply_inequality_yearly order by year desc limit 1
            """,
        )
    )


def _register(connection: duckdb.DuckDBPyConnection) -> Shown:
    shown = figures(
        one_row(
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
    return shown | {"registrerede pr. måned": plot(one_series(connection, monthly), "registrerede pr. måned")}


def _supply(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
            connection,
            f"""
            select
                case when sum(rsv_registered) >= {MIN_ENTERPRISES} then count(*) filter (where rsv_registered > 0) end as "kommuner med RSV, seneste år"
            from scope.fct_municipal_supply_yearly group by year order by year desc limit 1
            """,
        )
    )


def _employment(connection: duckdb.DuckDBPyConnection) -> Shown:
    row = one_row(
        connection,
        f"""
        select case when persons >= {MIN_PERSONS} and ci_lower is not null then share end as share
        from progression.fct_employment_by_target_group
        where target_group = 'all' and enterprise_kind = 'all' and instrument = 'all' and horizon = 12
        """,
    )
    return {"i beskæftigelse efter 12 måneder": _share(row.get("share")) or "–"}


def _horizons(connection: duckdb.DuckDBPyConnection) -> Shown:
    row = one_row(
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
    series = one_series(
        connection,
        """
        select case when ci_lower is not null then cumulative_incidence end from progression.fct_milestone_curves
        where target_group = 'all' and enterprise_kind = 'all' and instrument = 'all' and milestone = 'lasting_six_in_row'
        order by months
        """,
    )
    row = one_row(
        connection,
        """
        select case when ci_lower is not null then cumulative_incidence end as share from progression.fct_milestone_curves
        where target_group = 'all' and enterprise_kind = 'all' and instrument = 'all' and milestone = 'lasting_six_in_row' and months = 24
        """,
    )
    return {
        "varig tilknytning efter 24 måneder (seks måneder i træk)": _share(row["share"]) or "–",
        "varig tilknytning (seks måneder i træk)": plot(series, "andel med varig tilknytning pr. måned"),
    }


def _deliveries(connection: duckdb.DuckDBPyConnection) -> Shown:
    rows = connection.execute(
        "select outcome, count(*) from quality.fct_deliveries group by all order by all"
    ).fetchall()
    return dict(rows)


def _rules(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
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


HEADLINES: dict[str, tuple[tuple[str, ...], Callable[[duckdb.DuckDBPyConnection], Shown]]] = {
    "core.fct_placement_spells": ((), _spells),
    "core.fct_person_months": ((), _person_months),
    "scope.fct_scope_monthly": (("core.fct_placement_spells",), _scope_monthly),
    "scope.fct_benefit_hours_monthly": ((), _benefit_hours),
    "scope.fct_supply_inequality_yearly": ((), _inequality),
    "scope.fct_scope_yearly": (("core.fct_placement_spells",), _scope_yearly),
    "scope.fct_target_persons_yearly": ((), _targets),
    "scope.fct_rsv_register_monthly": ((), _register),
    "scope.fct_municipal_supply_yearly": ((), _supply),
    "progression.fct_employment_by_target_group": ((), _employment),
    "progression.fct_progression_horizons": (("core.fct_placement_spells",), _horizons),
    "progression.fct_milestone_curves": ((), _curves),
    "effect.fct_effect_estimates": (("effect.fct_effect_event_study",), headlines_effect.effects),
    "effect.fct_effect_event_study": (("effect.fct_effect_estimates",), headlines_effect.effect_curve),
    "effect.fct_effect_diagnostics": ((), headlines_effect.diagnostics),
    "effect.fct_effect_cohort": (("effect.fct_effect_estimates",), headlines_effect.cohort),
    "quality.fct_deliveries": ((), _deliveries),
    "quality.fct_rule_results": ((), _rules),
}
