"""Rows of counts -> the public tables, protected.

Belongs here: which rows a table has, what of them is hidden, statuses. Not here: the rules and the search (transforms/disclosure), reading a warehouse (assets/release).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from transforms.disclosure.limits import Limits
from transforms.disclosure.loss import cell_losses, information_loss
from transforms.disclosure.protect import Protection, Run, protect
from transforms.release.design import STATUS, Design, PublicSystem, PublicTable
from transforms.release.nested import differences, one_population
from transforms.release.relations import cells_of, has_part, merged, names_of, numbered, relations_of

OK: Final = "ok"
PRIMARY: Final = "suppressed_primary"
SECONDARY: Final = "suppressed_secondary"
COUNT_TYPE: Final = "Int64"


@dataclass(frozen=True)
class Protected:
    """A system's rows with a status column a part; counts null where hidden. `protection`: of the search, with its audit and information loss."""

    rows: pd.DataFrame
    protection: Protection


@dataclass(frozen=True)
class PublicTables:
    """The public tables by name, and what protecting each system cost."""

    tables: Mapping[str, pd.DataFrame]
    protections: Mapping[str, Protection] = field(default_factory=dict)


def protect_system(rows: pd.DataFrame, system: PublicSystem, limits: Limits, run: Run = map) -> Protected:
    """Protects all tables of a system as one.

    `rows`: the system's source: keys, counts, `enterprises`, `largest_persons`, `second_persons`, and what is derived.

    Raises:
        DisclosureError: rows or equations that are wrong, or nothing safe was found.
    """
    rows = rows.reset_index(drop=True)
    for name, (whole, part) in system.complements.items():
        rows[name] = rows[whole] - rows[part]
    protection = _protection(rows, system, limits, run)
    names, found = names_of(rows, system), rows.copy()
    for status in system.parts:
        given = protection.status.reindex(names + "#" + status).to_numpy(dtype=object)
        found[status] = np.where(has_part(rows, system, status), given, OK)
    for status, counts in system.parts.items():
        hidden = (found[status] != OK) | ~has_part(rows, system, status)
        for count in counts:
            found[count] = found[count].astype(COUNT_TYPE).mask(hidden)
    for measure, statuses in system.derived.items():
        found[measure] = found[measure].where(np.logical_and.reduce([found[status] == OK for status in statuses]))
    return Protected(found, protection)


def _protection(rows: pd.DataFrame, system: PublicSystem, limits: Limits, run: Run) -> Protection:
    """Of the rows' cells; differences of nested populations are protected with them, hidden from the start, and no part of what is lost."""
    cells, relations = cells_of(rows, system), relations_of(rows, system)
    between, ties = differences(rows, system, limits)
    # Rows of one population are one cell.
    same = one_population(rows, system)
    stands_for = cells.index.map(lambda cell: same.get(cell, cell))
    once = pd.concat([cells[~cells.index.isin(list(same))], between])
    weights = _losses(cells, relations).groupby(stands_for).sum().reindex(once.index).fillna(1.0)
    relations = merged(pd.concat([relations, numbered(ties, relations)]), same)
    found = protect(once, relations, limits, weights, run=run)
    status, reason = found.status.reindex(stands_for), found.reason.reindex(stands_for)
    status.index, reason.index = cells.index, cells.index
    # Of a hidden group nothing else is said either: hiding more never helps an attacker.
    of_the_row = status.reindex(_own(cells.index)).to_numpy()
    status = status.mask((status == OK).to_numpy() & (of_the_row != OK), SECONDARY)
    return replace(found, status=status, reason=reason, information_loss=information_loss(cells, status))


def _own(cells: pd.Index) -> pd.Index:
    """The cell of each one's row itself, of which it is a part."""
    return cells.str.replace(r"#\w+$", "#" + STATUS, regex=True)


def _losses(cells: pd.DataFrame, relations: pd.DataFrame) -> pd.Series:
    """What hiding each cell loses; the row's own takes its other parts with it."""
    losses = pd.Series(cell_losses(cells, relations), index=cells.index)
    of_rows = losses.groupby(_own(cells.index)).sum()
    return of_rows.reindex(cells.index).fillna(losses)


def table_of(design: Design, table: PublicTable, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows and columns of a table of protected `rows`, sorted by its dimensions."""
    chosen = np.full(len(rows), True)
    for column, value in table.where.items():
        chosen &= (rows[column] == value).to_numpy()
    return arranged(design, table, rows[chosen])


def arranged(design: Design, table: PublicTable, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the table's columns in order, integers as nullable ones, sorted by the dimensions."""
    statuses = design.statuses(table)
    found = rows.reindex(columns=[*table.dimensions, *table.measures, *statuses]).copy()
    for column in (*table.dimensions, *table.measures):
        kind = design.columns[column].kind
        if kind == "integer":
            found[column] = found[column].astype(COUNT_TYPE)
        elif kind == "double":
            found[column] = found[column].astype(float)
        elif kind == "boolean":
            found[column] = found[column].astype("boolean")
    return found.sort_values(list(table.dimensions), kind="stable", ignore_index=True)
