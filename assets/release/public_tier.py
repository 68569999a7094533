"""The public tier: the designed tables, protected, in every format, with labels and the limits that were used.

Belongs here: rows -> tables -> files. Not here: how they are protected, what a format is, pages.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, cast

import duckdb

from assets.formats.dataset import Dataset, Kind, Variable
from assets.formats.writer import write_all
from assets.release.public_rows import read_rows
from assets.release.workers import workers
from transforms.disclosure.limits import Limits
from transforms.evaluation.protocol import load_protocol
from transforms.release import national
from transforms.release.design import Design, PublicTable
from transforms.release.labels import UNITS, Labels, code_labels
from transforms.release.public import PublicTables, arranged, protect_system, table_of

FORMATS: Final = ("parquet", "csv", "csv_excel", "px", "jsonstat", "xlsx", "stata", "spss", "sas")
# What the pages read and link to.
PREVIEW_FORMATS: Final = ("parquet", "csv", "csv_excel")
# Tables with words beside numbers, or of too many dimensions, are no cube.
NO_CUBE: Final = ("effect_estimates",)


def public_tables(connection: duckdb.DuckDBPyConnection, design: Design, limits: Limits) -> PublicTables:
    """The tables of a published warehouse, protected.

    Raises:
        DisclosureError: rows that are wrong, or nothing safe was found; nothing may be released then.
    """
    rows = read_rows(connection, design)
    with workers(sum(len(one) for one in rows.systems.values())) as run:
        protected = {
            name: protect_system(rows.systems[name], system, limits, run) for name, system in design.systems.items()
        }
    estimates = national.effect(rows.estimates, limits, load_protocol().instrument_families)
    made = {
        "register": national.register(rows.register, limits),
        "supply_by_municipality": national.supply(rows.supply, protected["scope"].rows, limits),
        "supply_inequality": rows.inequality.assign(status="ok"),
        "effect_estimates": estimates,
        "effect_curves": national.curves(rows.curves, estimates, limits),
    }
    tables = {
        table.name: arranged(design, table, made[table.name])
        if table.system is None
        else table_of(design, table, protected[table.system].rows)
        for table in design.tables
    }
    return PublicTables(tables, {name: one.protection for name, one in protected.items()})


def dataset_of(design: Design, table: PublicTable, labels: Labels) -> Dataset:
    """What every format says of a table."""
    statuses = design.statuses(table)
    hidden_by = design.hidden_by(table)
    variables = []
    for name in (*table.dimensions, *table.measures, *statuses):
        column = design.columns[name]
        values = labels.get(name, {}) if column.kind == "text" else {}
        variables.append(
            Variable(
                name,
                cast(Kind, column.kind),
                *column.label,
                unit=UNITS.get(column.unit, column.unit),
                unit_en=column.unit,
                values=values,
                is_key=name in table.dimensions,
                hidden_by=hidden_by.get(name, ()),
            )
        )
    return Dataset(table.name, *table.label, *table.description, tuple(variables))


def write_public(
    folder: Path, tables: PublicTables, design: Design, limits: Limits, formats: Iterable[str]
) -> list[Path]:
    """Writes every table in `formats`, `labels.json` and `limits.json` into `folder`; each file is read back before it counts."""
    labels = code_labels()
    written = []
    for table in design.tables:
        frame = tables.tables[table.name]
        wanted = [name for name in formats if not (table.name in NO_CUBE and name in ("px", "jsonstat"))]
        written += write_all(frame, dataset_of(design, table, labels), folder, wanted)
    for name, value in (("labels", labels), ("limits", dataclasses.asdict(limits))):
        path = folder / f"{name}.json"
        path.write_text(json_text(value), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def json_text(value: Any) -> str:
    """JSON as it stands in a release: the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
