"""What a document's command needs and a reader has of their own: official exports, the key of a spell.

    python -m tests.documents.made otij01.csv y14d03.json      # writes them here
    python -m tests.documents.made spell_key                   # prints one of the release 2026-1

Belongs here: making these. Not here: the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from tests.official.small_warehouse import OTIJ01, Y14D03, csv_of, version_2

ROWS = {
    "otij01.csv": (OTIJ01, csv_of, ("2020M05", "København", "Kontanthjælp", "Målgruppe i alt", "148", "25", "16,9", "26,0", "-")),
    "y14d03.json": (Y14D03, version_2, ("2020QMAT02", "Hele landet", "A-dagpenge", "Privat virksomhedspraktik", "Jobparate mv.", 4, 25, 0, 25, 50, "0,4")),
}  # fmt: skip
SPELLS = Path("warehouse/evaluation/2026-1/restricted/spells.parquet")


def main(names: list[str]) -> None:
    """Makes what is named."""
    for name in names:
        if name == "spell_key":
            found = duckdb.sql(f"select spell_key from '{SPELLS}' order by 1 limit 1").fetchone()
            print(found[0] if found else "")
        else:
            table, write, row = ROWS[name]
            Path(name).write_bytes(write(table, row))


if __name__ == "__main__":
    main(sys.argv[1:])
