"""Reads the published warehouse from Python: `python warehouse/examples/read.py [outcome.duckdb]`."""

import sys
from pathlib import Path

import duckdb

path = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "outcome.duckdb"
with duckdb.connect(str(path), read_only=True) as connection:
    horizons = connection.sql(
        """
        select spells.enterprise_kind, horizons.horizon, count(*) as spells, avg(horizons.hours_change) as mean_hours_change
        from progression.fct_progression_horizons as horizons
        inner join core.fct_placement_spells as spells on horizons.spell_id = spells.spell_id
        where horizons.hours_change is not null
        group by all
        order by all
        """
    ).df()
print(horizons.to_string(index=False))
