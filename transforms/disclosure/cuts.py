"""What the attacker's findings say about which cells must be suppressed together.

Belongs here: inequalities over cells that every safe choice fulfils, made from multipliers of relations. Not here: where multipliers come from (attacker.py), who uses them (secondary.py, repair.py).

For any multipliers p of the relations (not negative on inequalities) and any departures d of a pattern y (1 is suppressed): with m = e - A'p,
    e'd = m'd + p'Ad <= p'slack + sum over counts of (m+ * most + m- * value) * y
so what a count needs must be on the right: a covering inequality over y. How far up a count may go has no end here, so where m+ > 0 the coefficient is as large as the need itself, beyond
which a coefficient says no more (Fischetti and Salazar 2001, capacity constraints).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from transforms.disclosure.needs import Needs
from transforms.disclosure.system import System

ALWAYS: Final = -1
_NOISE: Final = 1e-7


@dataclass(frozen=True)
class Cut:
    """sum(coefficient * y[cell]) >= 1 where cell `when` is suppressed (`ALWAYS`: in any case); coefficients from 0 to 1."""

    cell: np.ndarray
    coefficient: np.ndarray
    when: int

    def key(self) -> tuple[object, ...]:
        """Equal for equal cuts."""
        return self.when, self.cell.tobytes(), np.round(self.coefficient, 9).tobytes()


@dataclass(frozen=True)
class Side:
    """One direction of a count (sign 1 up, -1 down) with multipliers of the relations, summed: A'p by variable, and p'slack."""

    sign: float
    index: np.ndarray
    combined: np.ndarray
    constant: float


def side_of(system: System, sign: float, multipliers: np.ndarray) -> Side:
    """The side of multipliers that stand one a relation."""
    combined = system.matrix.T @ multipliers
    index = np.flatnonzero(np.abs(combined) > _NOISE)
    return Side(sign, index, combined[index], float(multipliers @ system.slack))


def _capacity(system: System, variable: int, side: Side) -> tuple[np.ndarray, np.ndarray]:
    """Per variable that matters: its number, and what suppressing it lets the direction gain (infinite where it may go up without end)."""
    index, reduced = side.index, -side.combined
    at = np.flatnonzero(index == variable)
    if len(at):
        reduced[at[0]] += side.sign
    else:
        index, reduced = np.append(index, variable), np.append(reduced, side.sign)
    reduced = np.where(np.abs(reduced) < _NOISE, 0.0, reduced)
    coefficient = np.where(reduced > 0, np.inf, -reduced * system.value[index])
    touched = coefficient > 0
    return index[touched], coefficient[touched]


def cut_of(system: System, need: float, variable: int, sides: list[Side], is_always: bool) -> Cut | None:
    """The cut that a need of a variable makes: what the sides let it depart, summed, must be at least `need`. None where that says nothing."""
    cells, coefficients = [], []
    for side in sides:
        index, coefficient = _capacity(system, variable, side)
        cells.append(system.cell_of[index])
        coefficients.append(coefficient)
    own = int(system.cell_of[variable])
    cell, inverse = np.unique(np.concatenate(cells), return_inverse=True)
    total = np.bincount(inverse, np.concatenate(coefficients), minlength=len(cell))
    # The cell itself is suppressed where the cut holds: what its own counts allow is a constant.
    left = need - sum(side.constant for side in sides) - float(total[cell == own].sum())
    if left <= _NOISE * max(need, 1.0):
        return None
    others = cell != own
    return Cut(cell[others], np.minimum(total[others] / left, 1.0), ALWAYS if is_always else own)


def relation_cuts(system: System, needs: Needs, hidden: np.ndarray, is_always: np.ndarray) -> list[Cut]:
    """The cuts of single equalities that a pattern (bool per cell) breaks. `is_always`: bool per cell, suppressed in every pattern.

    In one equality a count goes up as far as suppressed counts of its own side go down, and without end if one of the other side is suppressed.
    """
    entries = system.matrix.tocoo()
    row, variable, coefficient = entries.coords[0], entries.coords[1], entries.data
    used = system.is_equality[row] & hidden[system.cell_of[variable]]
    row, variable, coefficient = row[used], variable[used], coefficient[used]
    rows, is_left = system.matrix.shape[0], coefficient > 0
    amount = np.abs(coefficient) * system.value[variable]
    own, other = np.where(is_left, 0, 1), np.where(is_left, 1, 0)
    number = np.bincount(2 * row + own, minlength=2 * rows)
    sums = np.bincount(2 * row + own, amount, minlength=2 * rows)
    scale = np.abs(coefficient)
    up = np.where(number[2 * row + other] > 0, np.inf, (sums[2 * row + own] - amount) / scale)
    down = np.where(number[2 * row + own] > 1, np.inf, sums[2 * row + other] / scale)
    broken = (needs.up[variable] > up + 1e-6) | (needs.down[variable] > down + 1e-6)
    broken |= needs.width[variable] > up + down + 1e-6
    found = []
    for at in np.flatnonzero(broken):
        always = bool(is_always[system.cell_of[variable[at]]])
        found += _of_relation(system, needs, int(variable[at]), int(row[at]), float(coefficient[at]), always)
    return found


def _of_relation(
    system: System, needs: Needs, variable: int, relation: int, coefficient: float, is_always: bool
) -> list[Cut]:
    start, end = system.matrix.indptr[relation], system.matrix.indptr[relation + 1]
    index, data = system.matrix.indices[start:end], system.matrix.data[start:end]

    def side(sign: float) -> Side:
        return Side(sign, index, data * (sign / coefficient), 0.0)

    wanted = (
        (needs.down[variable], [side(-1.0)]),
        (needs.up[variable], [side(1.0)]),
        (needs.width[variable], [side(1.0), side(-1.0)]),
    )
    cuts = (cut_of(system, need, variable, sides, is_always) for need, sides in wanted if need > 0)
    return [cut for cut in cuts if cut is not None]


@dataclass
class Pool:
    """Cuts without repetition, as arrays over all cells."""

    cells: int
    cuts: list[Cut] = field(default_factory=list)
    _keys: set[tuple[object, ...]] = field(default_factory=set)
    _matrix: sparse.csr_array = field(init=False)
    _when: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self._assemble()

    def add(self, cuts: list[Cut]) -> int:
        """Takes cuts that are new; says how many were."""
        before = len(self.cuts)
        for cut in cuts:
            key = cut.key()
            if key not in self._keys:
                self._keys.add(key)
                self.cuts.append(cut)
        if len(self.cuts) > before:
            self._assemble()
        return len(self.cuts) - before

    def _assemble(self) -> None:
        indptr = np.concatenate([[0], np.cumsum([len(cut.cell) for cut in self.cuts])]).astype(np.int64)
        cell = np.concatenate([np.zeros(0, dtype=np.int64), *(cut.cell for cut in self.cuts)])
        data = np.concatenate([np.zeros(0), *(cut.coefficient for cut in self.cuts)])
        self._matrix = sparse.csr_array((data, cell, indptr), shape=(len(self.cuts), self.cells))
        self._when = np.array([cut.when for cut in self.cuts], dtype=np.int64)

    def matrix(self) -> sparse.csr_array:
        """Coefficients, one row a cut, one column a cell."""
        return self._matrix

    def when(self) -> np.ndarray:
        """The cell on which each cut depends, or `ALWAYS`."""
        return self._when

    def missing(self, hidden: np.ndarray) -> np.ndarray:
        """By how much each cut is broken by a pattern (bool per cell); 0 where it holds or does not apply."""
        is_asked = np.where(self._when == ALWAYS, True, hidden[np.maximum(self._when, 0)])
        gap = 1.0 - self._matrix @ hidden.astype(float)
        return np.where(is_asked & (gap > 1e-6), gap, 0.0)
