"""The design of the public tables, read and checked: which they are, what their rows say, and what is protected together.

Belongs here: tables.yml as values, every mistake in it. Not here: cells and equations (relations.py), their protection (public.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

DESIGN_FILE: Final = Path(__file__).with_name("tables.yml")
MOST_TABLES: Final = 12
KINDS: Final = ("integer", "double", "text", "boolean")
STATUS: Final = "status"


class DesignError(ValueError):
    """tables.yml is not a design of public tables; names every mistake with its key."""


@dataclass(frozen=True)
class Sum:
    """Counts add up over a dimension to the cell with `total`; `within`: inside each value of another dimension."""

    total: str | int
    within: str | None = None


@dataclass(frozen=True)
class PublicSystem:
    """What is protected together. `parts`: status column -> counts hidden together, the row's own first. `equations`: keys less, more or equal, sum -> names of counts of one row.

    `nested`: dimension -> chains of values, each population inside the one before it.
    """

    name: str
    source: str
    rows: str
    keys: tuple[str, ...]
    sums: Mapping[str, Sum]
    parts: Mapping[str, tuple[str, ...]]
    only_where: Mapping[str, Mapping[str, Any]]
    distinct: tuple[str, ...]
    equations: tuple[Mapping[str, tuple[str, ...]], ...]
    complements: Mapping[str, tuple[str, str]]
    uniform: tuple[str, ...]
    derived: Mapping[str, tuple[str, ...]]
    nested: Mapping[str, tuple[tuple[int | str, ...], ...]]

    @property
    def counts(self) -> tuple[str, ...]:
        """Every count, in the order of the parts."""
        return tuple(count for counts in self.parts.values() for count in counts)


@dataclass(frozen=True)
class Column:
    """A column of the tables; `label`: Danish, English."""

    name: str
    kind: str
    label: tuple[str, str]
    unit: str


@dataclass(frozen=True)
class PublicTable:
    """A public table. `system`: None when its rows are made by a query of its own (queries.py)."""

    name: str
    label: tuple[str, str]
    description: tuple[str, str]
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    system: str | None
    where: Mapping[str, Any]


@dataclass(frozen=True)
class Design:
    """All of tables.yml."""

    systems: Mapping[str, PublicSystem]
    tables: tuple[PublicTable, ...]
    columns: Mapping[str, Column]

    def statuses(self, table: PublicTable) -> tuple[str, ...]:
        """The status columns of a table: that of the row, and of each part of which it has a measure."""
        if table.system is None:
            return (STATUS,)
        parts = self.systems[table.system].parts
        return tuple(name for name, counts in parts.items() if name == STATUS or set(counts) & set(table.measures))

    def hidden_by(self, table: PublicTable) -> dict[str, tuple[str, ...]]:
        """Measure -> the status columns that hide it, where that is not the row's alone."""
        if table.system is None:
            return {}
        system = self.systems[table.system]
        return {count: (status,) for status, counts in system.parts.items() for count in counts} | dict(system.derived)


def read_design(file: Path = DESIGN_FILE) -> Design:
    """The design. Raises DesignError with every mistake."""
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    columns = {name: _column(name, one) for name, one in given["columns"].items()}
    systems = {name: _system(name, one) for name, one in given["systems"].items()}
    tables = tuple(_table(one) for one in given["tables"])
    design = Design(systems, tables, columns)
    mistakes = _mistakes(design, file.name)
    if mistakes:
        raise DesignError("; ".join(mistakes))
    return design


def _column(name: str, given: Mapping[str, Any]) -> Column:
    return Column(name, str(given.get("kind", "")), _pair(given.get("label")), str(given.get("unit", "")))


def _pair(given: Any) -> tuple[str, str]:
    texts = [str(one) for one in given or []]
    return (texts[0], texts[1]) if len(texts) == 2 else ("", "")


def _system(name: str, given: Mapping[str, Any]) -> PublicSystem:
    return PublicSystem(
        name,
        given["source"],
        given.get("rows", "true"),
        tuple(given["keys"]),
        {dimension: Sum(one["total"], one.get("within")) for dimension, one in given["sums"].items()},
        {status: tuple(counts) for status, counts in given["parts"].items()},
        given.get("only_where", {}),
        tuple(given["distinct"]),
        tuple({side: tuple(names) for side, names in one.items()} for one in given["equations"]),
        {name: (whole, part) for name, (whole, part) in given.get("complements", {}).items()},
        tuple(given["uniform"]),
        {measure: tuple(statuses) for measure, statuses in given.get("derived", {}).items()},
        {dimension: tuple(map(tuple, chains)) for dimension, chains in given.get("nested", {}).items()},
    )


def _table(given: Mapping[str, Any]) -> PublicTable:
    return PublicTable(
        str(given.get("name", "")),
        _pair(given.get("label")),
        _pair(given.get("description")),
        tuple(given.get("dimensions", ())),
        tuple(given.get("measures", ())),
        given.get("system"),
        given.get("where", {}),
    )


def _mistakes(design: Design, file: str) -> list[str]:
    found = []
    if len(design.tables) > MOST_TABLES:
        found.append(f"{file}: tables: {len(design.tables)} tables, at most {MOST_TABLES} are released")
    names = [table.name for table in design.tables]
    found += [
        f"{file}: tables: {name} stands twice" for name in sorted({name for name in names if names.count(name) > 1})
    ]
    for table in design.tables:
        where = f"{file}: tables: {table.name or '(no name)'}"
        if not all(table.label):
            found.append(f"{where}: label: a Danish and an English one are needed")
        if not all(table.description):
            found.append(f"{where}: description: a table without a description in Danish and English is not released")
        known = {*design.columns}
        found += [
            f"{where}: {column} has no entry under columns"
            for column in (*table.dimensions, *table.measures)
            if column not in known
        ]
        if table.system is not None and table.system not in design.systems:
            found.append(f"{where}: system: {table.system} is none of {', '.join(design.systems)}")
        elif table.system is not None:
            system = design.systems[table.system]
            fixed = {*table.dimensions, *table.where}
            found += [f"{where}: {key} is neither a dimension nor in where" for key in system.keys if key not in fixed]
            allowed = {*system.counts, *system.derived}
            found += [
                f"{where}: {measure} is no count of the system {system.name}"
                for measure in table.measures
                if measure not in allowed
            ]
    for column in design.columns.values():
        if column.kind not in KINDS:
            found.append(
                f"{file}: columns: {column.name}: kind: found {column.kind!r}, allowed is one of {', '.join(KINDS)}"
            )
        if not all(column.label):
            found.append(f"{file}: columns: {column.name}: label: a Danish and an English one are needed")
    return found
