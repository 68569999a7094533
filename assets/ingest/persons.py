"""People: `personer_<date>.csv`, who lives where and since when, and the current civil status, one row a residence period.

Belongs here: columns and values of the snapshot. Not here: its rules (`expectations/predicates/registry.py`), how a snapshot is
read (`registry_csv.py`), where a person lives on a day (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from assets.ingest import numbers
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.registry_csv import Snapshot, read_snapshot
from assets.ingest.reports import FileReport
from expectations.code_lists import CodeLists
from expectations.predicates import registry

KIND = "personer"
CODE_LISTS: tuple[str, ...] = ()  # none: only the file decides
COLUMNS = ("cpr", "kommunekode", "bopael_fra", "bopael_til", "status", "status_dato")
SNAPSHOT = Snapshot(
    kind=KIND,
    columns=COLUMNS,
    values={
        "residence_from": numbers.date_sql("bopael_fra"),
        "residence_to": numbers.date_sql("bopael_til"),
        "status_date": numbers.date_sql("status_dato"),
    },
    lake={
        "municipality_code": ("kommunekode", pa.string()),
        "residence_from": ("residence_from", pa.date32()),
        "residence_to": ("residence_to", pa.date32()),
        "status": ("status", pa.string()),
        "status_date": ("status_date", pa.date32()),
    },
    hard=registry.PERSONS,
    soft={"personer.cpr_without_modulus_11": registry.WITHOUT_MODULUS_11},
    has_people=True,
)


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write the tables of `personer` (docs/lake.md) for the files of one date and return a report a file."""
    return read_snapshot(files, out_dir, key, SNAPSHOT)
