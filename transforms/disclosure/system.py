"""The published tables as one system of equations, and its connected blocks.

Belongs here: cells, counts and relations as sparse arrays, what is wrong with them, blocks. Not here: which cells are suppressed (primary.py, secondary.py), attacks (attacker.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from transforms.disclosure.primary import count_columns, is_empty, is_protected

SENSES: Final = ("=", "<=")
_TOLERANCE: Final = 1e-6
_SHOWN: Final = 5


class DisclosureError(ValueError):
    """Cells or relations cannot be protected as they are; the message says which and why, without any count."""


@dataclass(frozen=True)
class System:
    """Cells (n), variables (v: one count of one cell that stands in a relation) and relations (r) among them.

    An attacker thinks in departures: a count is its true value plus a departure, `matrix @ departure` is 0 in equalities and at most `slack` in inequalities,
    a count is never below 0, and a published count departs by nothing. So cells that are never suppressed are not in here.
    """

    cells: pd.Index
    cell_of: np.ndarray
    count_of: np.ndarray
    value: np.ndarray
    matrix: sparse.csr_array
    is_equality: np.ndarray
    slack: np.ndarray


def build_system(cells: pd.DataFrame, relations: pd.DataFrame) -> System:
    """The system over the cells that may be suppressed: protected, and not empty.

    `cells`: indexed by cell. `relations`: `relation`, `cell`, `count`, `coefficient`, `sense`: the sum over a relation's rows of coefficient times count is 0, or at most 0.

    Raises:
        DisclosureError: with every mistake: cells twice, counts below 0, unknown cells or counts, a null count in a relation, an unknown sense or two in one relation, a relation that does not hold.
    """
    mistakes = _cell_mistakes(cells) + _relation_mistakes(cells, relations)
    if mistakes:
        raise DisclosureError("; ".join(mistakes))
    counts = np.asarray(count_columns(cells), dtype=object)
    row, names = pd.factorize(relations["relation"], sort=True)
    cell = cells.index.get_indexer(pd.Index(relations["cell"]))
    count = pd.Index(counts).get_indexer(pd.Index(relations["count"]))
    key = cell.astype(np.int64) * len(counts) + count
    variables, column = np.unique(key, return_inverse=True)
    cell_of, count_of = variables // len(counts), variables % len(counts)
    value = cells[list(counts)].to_numpy(dtype=float)[cell_of, count_of]
    coefficient = relations["coefficient"].to_numpy(dtype=float)
    matrix = sparse.coo_array((coefficient, (row, column)), shape=(len(names), len(variables))).tocsr()
    senses = relations["sense"].to_numpy()
    is_equality = np.zeros(len(names), dtype=bool)
    is_equality[row] = senses == "="
    slack = -(matrix @ value)
    wrong = np.where(is_equality, np.abs(slack) > _TOLERANCE, slack < -_TOLERANCE)
    if wrong.any():
        raise DisclosureError(_does_not_hold(relations, names[wrong]))
    may_hide = (is_protected(cells) & ~is_empty(cells)).to_numpy()
    kept = may_hide[cell_of]
    return _narrowed(
        System(
            cells.index,
            cell_of,
            counts[count_of],
            value,
            matrix,
            is_equality,
            np.where(is_equality, 0.0, np.maximum(slack, 0.0)),
        ),
        kept,
    )


def blocks(system: System) -> Iterator[System]:
    """The system's connected parts: counts linked by a relation, or by standing in one cell. In the order of their first cell."""
    relations, variables = system.matrix.shape
    if not variables:
        return
    links = system.matrix.tocoo()
    cells = len(system.cells)
    left = np.concatenate([links.coords[0] + cells, system.cell_of])
    right = np.concatenate([links.coords[1] + cells + relations, np.arange(variables) + cells + relations])
    nodes = cells + relations + variables
    graph = sparse.coo_array((np.ones(len(left)), (left, right)), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    of_variable = label[cells + relations :]
    first = pd.Series(system.cell_of).groupby(of_variable).min().sort_values(kind="stable")
    for one in first.index:
        yield _narrowed(system, of_variable == one)


def _narrowed(system: System, kept: np.ndarray) -> System:
    """The system over some variables, the others known: relations that hold none of them are gone, cell numbers stay those of the whole."""
    matrix = system.matrix[:, np.flatnonzero(kept)]
    rows = np.flatnonzero(np.diff(matrix.indptr) > 0)
    return System(
        system.cells,
        system.cell_of[kept],
        system.count_of[kept],
        system.value[kept],
        matrix[rows],
        system.is_equality[rows],
        system.slack[rows],
    )


def _cell_mistakes(cells: pd.DataFrame) -> list[str]:
    found = []
    if not cells.index.is_unique:
        found.append(f"cells stand twice: {_some(cells.index[cells.index.duplicated()].unique())}")
    counts = cells[list(count_columns(cells))]
    negative = (counts < 0).any(axis=1)
    if negative.any():
        found.append(f"counts are below 0 in {_some(cells.index[negative])}")
    endless = np.isinf(counts.to_numpy(dtype=float)).any(axis=1)
    if endless.any():
        found.append(f"counts are not finite in {_some(cells.index[endless])}")
    return found


def _relation_mistakes(cells: pd.DataFrame, relations: pd.DataFrame) -> list[str]:
    missing = {"relation", "cell", "count", "coefficient", "sense"} - set(relations.columns)
    if missing:
        return [f"relations have no column {', '.join(sorted(missing))}"]
    found = []
    strange = ~relations["cell"].isin(cells.index)
    if strange.any():
        found.append(f"relations name cells that are not there: {_some(relations.loc[strange, 'cell'].unique())}")
    counts = set(count_columns(cells))
    unknown = ~relations["count"].isin(counts)
    if unknown.any():
        found.append(f"relations name counts that no cell has: {_some(relations.loc[unknown, 'count'].unique())}")
    odd = ~relations["sense"].isin(SENSES)
    if odd.any():
        found.append(f"relations have a sense other than = and <=: {_some(relations.loc[odd, 'relation'].unique())}")
    mixed = relations.groupby("relation")["sense"].nunique() > 1
    if mixed.any():
        found.append(f"relations have two senses: {_some(mixed.index[mixed])}")
    if not np.isfinite(relations["coefficient"].to_numpy(dtype=float)).all():
        found.append("coefficients are not finite")
    if found or not cells.index.is_unique:
        return found
    names = list(count_columns(cells))
    values = cells[names].to_numpy(dtype=float)
    at = values[
        cells.index.get_indexer(pd.Index(relations["cell"])), pd.Index(names).get_indexer(pd.Index(relations["count"]))
    ]
    empty = np.isnan(at)
    if empty.any():
        found.append(f"relations name counts that are null: in cells {_some(relations.loc[empty, 'cell'].unique())}")
    return found


def _does_not_hold(relations: pd.DataFrame, wrong: np.ndarray) -> str:
    first = relations[relations["relation"] == wrong[0]]
    return (
        f"{len(wrong)} relations do not hold in the cells, first relation {wrong[0]} of {first['count'].iloc[0]} "
        f"over {_some(first['cell'])}"
    )


def _some(names: pd.Index | pd.Series | np.ndarray) -> str:
    shown = ", ".join(str(name) for name in list(names)[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
