"""The protocol's one primary estimate with its gate. An estimate whose gate is not passed is read with that
reservation; one that is not made says why. simple.effects holds all others.

must give (raw/sample): Ikke beregnet: for få starter: 8, mindst 30

    python warehouse/examples/effect_gate.py [outcome.duckdb]
"""

import os
import sys

import duckdb

path = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("OUTCOME", "warehouse/outcome.duckdb")
with duckdb.connect(path, read_only=True) as connection:
    table = connection.sql("""
        select arm, instrument, outcome, horizon, estimate, low, high, gate, reason
        from simple.effects
        where is_primary
    """).df()
print(table.to_string(index=False))
for primary in table.itertuples():
    if primary.gate == "Ikke beregnet":
        print(f"result: {primary.gate}: {primary.reason}")
    else:
        print(f"result: {primary.estimate:.3f} ({primary.low:.3f} to {primary.high:.3f}), {primary.gate}")
