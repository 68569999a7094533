"""KL 1: how many of each target group are in ordinary work twelve months after a start at a
registered social enterprise? Of the spells that began without work; who has left is not in work.

must give (raw/sample): 4 of 42, 0.095

    python warehouse/examples/kl1_employment.py [outcome.duckdb]
"""

import os
import sys

import duckdb

path = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("OUTCOME", "warehouse/outcome.duckdb")
with duckdb.connect(path, read_only=True) as connection:
    table = connection.sql("""
        select target_group, spells, employed, share, ci_lower, ci_upper
        from simple.employment_by_target_group
        where enterprise_kind = 'RSV' and instrument = 'Alle' and horizon = 12
        order by spells desc, target_group
    """).df()
print(table.to_string(index=False))
whole = table[table["target_group"] == "Alle"].iloc[0]
print(f"result: {whole['employed']} of {whole['spells']}, {whole['share']:.3f}")
