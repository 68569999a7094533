"""The figures that the tables of the effect are known by: the primary estimate with its band and gate, its curve, who is compared.

Belongs here: reading figures out of the schema `effect` for the graph. Not here: the other tables (headlines.py), estimating.
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines.headline_rows import Shown, one_row, one_series
from pipelines.metadata import MIN_ENTERPRISES, MIN_PERSONS, figures, plot


def effects(connection: duckdb.DuckDBPyConnection) -> Shown:
    row = one_row(
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


def effect_curve(connection: duckdb.DuckDBPyConnection) -> Shown:
    return {"effekt pr. måned": _effect_plot(connection)}


def _effect_plot(connection: duckdb.DuckDBPyConnection) -> Any:
    series = one_series(
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


def diagnostics(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
            connection,
            """
            select
                count(*) filter (where verdict = 'pass') as "inden for grænsen",
                count(*) filter (where verdict = 'fail') as "uden for grænsen"
            from effect.fct_effect_diagnostics where subgroup = 'all' and specification = 'main'
            """,
        )
    )


def cohort(connection: duckdb.DuckDBPyConnection) -> Shown:
    return figures(
        one_row(
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
