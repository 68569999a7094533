"""The codebook's tables from the one source: the rows of `quality.codebook`, or the same rows of dbt's manifest.

Belongs here: rows of the codebook and code lists -> tables of entries. Not here: where the rows are read (transforms/codebook.py, a published file).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from assets.codebook.entries import Entry, Release, Table, entry
from transforms.release.about import About, Text

SEEDS = Path(__file__).resolve().parents[2] / "transforms" / "seeds"
# Column of the warehouse -> the list's file, the field with the code, the field with the Danish label.
LISTS = {
    "municipality_code": ("municipalities.csv", "kommune_kode", "kommune_navn"),
    "residence_code": ("municipalities.csv", "kommune_kode", "kommune_navn"),
    "region_code": ("municipalities.csv", "region_kode", "region_navn"),
    "municipality_group": ("municipalities.csv", "kommunegruppe_kode", "kommunegruppe_navn"),
    "instrument": ("instruments.csv", "instrument", "instrument_da"),
    "from_instrument": ("instruments.csv", "instrument", "instrument_da"),
    "previous_instrument": ("instruments.csv", "instrument", "instrument_da"),
    "target_group": ("target_groups.csv", "target_group", "target_group_da"),
    "benefit_group": ("benefit_codes.csv", "benefit_group", "benefit_group_da"),
    "benefit_group_before": ("benefit_codes.csv", "benefit_group", "benefit_group_da"),
    "hour_band": ("hour_bands.csv", "hour_band", "label"),
    "baseline_band": ("hour_bands.csv", "hour_band", "label"),
}
KINDS = (
    ("boolean", "boolean"),
    ("date", "date"),
    ("timestamp", "date"),
    ("double", "double"),
    ("decimal", "decimal"),
    ("integer", "integer"),
    ("bigint", "integer"),
    ("smallint", "integer"),
)


def warehouse_tables(
    rows: Iterable[Mapping[str, Any]], about: About, release: Release, seeds: Path = SEEDS
) -> list[Table]:
    """The published tables as the codebook shows them.

    Args:
        rows: with the columns of `quality.codebook` (`transforms.codebook.COLUMNS`), in order of schema, table and position.
        seeds: the folder of code lists.
    """
    lists: dict[str, Mapping[str, Text]] = {
        column: code_list(seeds / file, code, label) for column, (file, code, label) in LISTS.items()
    }
    tables = []
    for (schema, name), columns in groupby(rows, key=lambda row: (row["schema_name"], row["table_name"])):
        described = list(columns)
        first = described[0]
        entries = tuple(_entry(f"{schema}.{name}", row, about, release, lists) for row in described)
        label = Text(first["table_label_da"], "")
        tables.append(
            Table(f"{schema}.{name}", label, Text("", first["table_description"]), entries, first["table_tier"])
        )
    return tables


def _entry(
    table: str, row: Mapping[str, Any], about: About, release: Release, lists: Mapping[str, Mapping[str, Text]]
) -> Entry:
    name = row["column_name"]
    sources = f" From: {row['source_fields']}." if row["source_fields"] else ""
    return entry(
        table,
        name,
        about,
        release,
        label=Text(row["label_da"], ""),
        kind=_kind(row["data_type"], name),
        unit=row["unit"] or "",
        is_key=False,
        general=Text("", row["description"]),
        detailed=Text("", f"{row['rule'] or ''}{sources}".strip()),
        values=lists.get(name, {}),
        value_text=row["value_set"] or "",
        tier=row["tier"],
    )


def _kind(data_type: str, name: str) -> str:
    if name == "month" and data_type == "date":
        return "month"
    return next((kind for start, kind in KINDS if data_type.lower().startswith(start)), "text")


def code_list(path: Path, code: str, label: str) -> dict[str, Text]:
    """Code -> label of a list of the project, in the file's order. A code with several labels (benefits by readiness) joins them."""
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            labels = found.setdefault(row[code], [])
            if row[label] not in labels:
                labels.append(row[label])
    return {value: Text(" / ".join(labels), "") for value, labels in found.items()}
