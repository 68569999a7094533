"""SE numbers: `se_numre_<date>.csv`, which enterprise a payroll number belonged to, and when.

Belongs here: columns and values of the snapshot. Not here: its rules (`expectations/predicates/registry.py`), how a snapshot is
read (`registry_csv.py`), whose number it is on a day (dbt).
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

KIND = "se_numre"
CODE_LISTS: tuple[str, ...] = ()  # none: only the file decides
COLUMNS = ("se_nr", "cvr_nr", "gyldig_fra", "gyldig_til")
SNAPSHOT = Snapshot(
    kind=KIND,
    columns=COLUMNS,
    values={
        "is_se_valid": numbers.is_valid_se_sql("se_nr"),
        "is_cvr_valid": numbers.is_valid_cvr_sql("cvr_nr"),
        "valid_from": numbers.date_sql("gyldig_fra"),
        "valid_to": numbers.date_sql("gyldig_til"),
    },
    lake={
        "se_number": ("case when is_se_valid then se_nr end", pa.string()),
        "enterprise_cvr": ("case when is_cvr_valid then cvr_nr end", pa.string()),
        "valid_from": ("valid_from", pa.date32()),
        "valid_to": ("valid_to", pa.date32()),
    },
    hard=registry.SE_NUMBERS,
    soft={},
)


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write the tables of `se_numre` (docs/lake.md) for the files of one date and return a report a file."""
    return read_snapshot(files, out_dir, key, SNAPSHOT)
