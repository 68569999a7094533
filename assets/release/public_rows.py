"""What the public tables are made of, out of a published warehouse.

Belongs here: the queries. Not here: protection (transforms/release), files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb
import pandas as pd

from transforms.release.design import Design, PublicSystem

REGISTER: Final = """
    select cast(year(month) as integer) as year, rsv_registered, rsv_active, rsv_with_spells, municipalities_with_rsv, employees, citizens_unpaid, citizens_supported, ordinary_share, guidance_share
    from scope.fct_rsv_register_monthly
    qualify row_number() over (partition by year(month) order by month desc) = 1
    order by year
"""
SUPPLY: Final = """
    select year, municipality_group, municipality_code, rsv_registered, rsv_active, industries, target_persons
    from scope.fct_municipal_supply_yearly
    order by year, municipality_code
"""
INEQUALITY: Final = """
    select year, rate_group_1, rate_group_2, rate_group_3, rate_group_4, rate_group_5, rate_towns, rate_outskirts, ratio, ratio_lower, ratio_upper, gini, gini_by_chance
    from scope.fct_supply_inequality_yearly
    order by year
"""
# The main analysis, and what stands beside the primary question; placebos are in its gate.
ESTIMATES: Final = """
    select
        arm, family, instrument,
        case when subgroup = 'all' then 'all' else split_part(subgroup, '=', 1) end as subgroup_by,
        case when subgroup = 'all' then 'all' else split_part(subgroup, '=', 2) end as subgroup,
        outcome, horizon, estimator, specification, estimate, low, high, p, p_holm, treated, comparators, enterprises, mean_treated, mean_weighted_comparators,
        smallest_detectable_effect as smallest_detectable, gate, reason, is_primary
    from effect.fct_effect_estimates
    where specification <> 'placebo_in_time'
    order by all
"""
CURVES: Final = """
    select arm, family, instrument, outcome, event_month, estimator, estimate, low, high, band_low, band_high, treated, enterprises
    from effect.fct_effect_event_study
    where specification = 'main'
    order by all
"""


@dataclass(frozen=True)
class PublicRows:
    """Rows before protection. `systems`: by name, as their source has them."""

    systems: dict[str, pd.DataFrame]
    register: pd.DataFrame
    supply: pd.DataFrame
    inequality: pd.DataFrame
    estimates: pd.DataFrame
    curves: pd.DataFrame


def read_rows(connection: duckdb.DuckDBPyConnection, design: Design) -> PublicRows:
    """All of them; rows of a system in the order of its keys."""
    systems = {name: rows_of_system(connection, system) for name, system in design.systems.items()}
    frames = [connection.execute(query).df() for query in (REGISTER, SUPPLY, INEQUALITY, ESTIMATES, CURVES)]
    return PublicRows(systems, *frames)


def rows_of_system(connection: duckdb.DuckDBPyConnection, system: PublicSystem) -> pd.DataFrame:
    """The rows of a system's source that are protected together, in the order of its keys."""
    return connection.execute(
        f"select * from {system.source} where {system.rows} order by {', '.join(system.keys)}"
    ).df()
