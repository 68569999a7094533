"""The attacker: what can be worked out about suppressed counts from everything that is published.

Belongs here: exact audits by linear programming. Not here: what counts need (needs.py), choosing what to suppress (secondary.py, repair.py).

The attacker knows the published counts, that no count is below 0, and all relations. What a suppressed count can be is then an interval, whose ends are two linear programmes. Most need none of their
own: any table that fits what is published shows of all its counts at once that they can be so. So the attacker asks for tables in which many counts do at once what they need, and solves for a
single count only where no such table is found. What is safe is decided exactly either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from transforms.disclosure.cuts import Cut, cut_of, side_of
from transforms.disclosure.needs import Needs
from transforms.disclosure.programme import Answer, Programme
from transforms.disclosure.system import DisclosureError, System

TOLERANCE: Final = 1e-6
# Keeps tables small: a table that moves little fits more patterns. Far too little to decide an end, which is solved for without it.
_MOVING_COSTS: Final = 1e-3
# How often a count is asked together with others before it is solved for alone.
_TRIES: Final = 4


@dataclass
class Findings:
    """What the attacker found out about one pattern. Departures from the true values, one a variable (0 for published ones).

    `low`, `high`: departures that are shown to be possible: the true interval holds them, and is equal where `is_exact`. `fails`: variables whose needs are not met. `cuts`: what would meet them.
    """

    low: np.ndarray
    high: np.ndarray
    is_exact: np.ndarray
    fails: np.ndarray
    cuts: list[Cut] = field(default_factory=list)


class Attacker:
    """Attacks patterns over one block; tables found once are remembered, for they fit every pattern that suppresses the cells in which they depart."""

    def __init__(self, system: System, needs: Needs, is_always: np.ndarray) -> None:
        """`is_always`: per variable, whether its cell is suppressed in every pattern."""
        self.system = system
        self.needs = needs
        self.is_always = is_always
        self.programmes = 0
        self._by_variable = system.matrix.tocsc()
        self._points: list[tuple[np.ndarray, np.ndarray]] = []

    def attack(self, hidden: np.ndarray, *, exact: bool = False, most_failures: int | None = None) -> Findings:
        """Attacks the pattern `hidden` (bool per cell of the whole). `exact`: solves both ends of every interval, which takes two programmes a count.

        `most_failures`: stops in a part after so many; a pattern with any is not safe, and a search does not need to know all.
        """
        variables = np.flatnonzero(hidden[self.system.cell_of])
        found = self._remembered(hidden)
        for part, rows in self._parts(variables):
            _Part(self, part, rows, found, hidden, most_failures or len(part)).attack(exact)
        return found

    def _remembered(self, hidden: np.ndarray) -> Findings:
        """What tables known from before show about this pattern."""
        size = len(self.system.value)
        low, high = np.zeros(size), np.zeros(size)
        is_hidden = hidden[self.system.cell_of]
        for index, departure in self._points:
            if is_hidden[index].all():
                low[index] = np.minimum(low[index], departure)
                high[index] = np.maximum(high[index], departure)
        return Findings(low, high, np.zeros(size, dtype=bool), np.zeros(size, dtype=bool))

    def remember(self, index: np.ndarray, departure: np.ndarray, found: Findings) -> None:
        """Keeps a table that fits, and what it shows."""
        self._points.append((index, departure))
        found.low[index] = np.minimum(found.low[index], departure)
        found.high[index] = np.maximum(found.high[index], departure)

    def _parts(self, variables: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Suppressed counts that relations link once the published are known, with those relations."""
        matrix = self._by_variable[:, variables].tocoo()
        size = len(variables)
        graph = sparse.coo_array(
            (np.ones(matrix.nnz), (matrix.coords[1], matrix.coords[0] + size)),
            shape=(size + matrix.shape[0], size + matrix.shape[0]),
        )
        _, label = connected_components(graph, directed=False)
        order = np.argsort(label[:size], kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(label[:size][order])) + 1) if size else []
        rows_of: dict[int, list[int]] = {}
        touched = np.unique(matrix.coords[0])
        for row in touched:
            rows_of.setdefault(int(label[size + row]), []).append(int(row))
        return [(variables[group], np.array(rows_of.get(int(label[group[0]]), []), dtype=np.int64)) for group in groups]


class _Part:
    """One linked part of one pattern."""

    def __init__(
        self,
        attacker: Attacker,
        variables: np.ndarray,
        rows: np.ndarray,
        found: Findings,
        hidden: np.ndarray,
        most_failures: int,
    ) -> None:
        self.most_failures = most_failures
        self.attacker, self.variables, self.rows, self.found, self.hidden = attacker, variables, rows, found, hidden
        system = attacker.system
        self.matrix = system.matrix[rows][:, variables].tocsc()
        self.most = system.slack[rows]
        self.least = np.where(system.is_equality[rows], 0.0, -np.inf)
        self.floor = -system.value[variables]
        entries = self.matrix.tocoo()
        cells = pd.Series(system.cell_of[variables][entries.coords[1]]).groupby(entries.coords[0]).nunique()
        is_between = np.zeros(len(rows), dtype=bool)
        is_between[cells.index] = cells.to_numpy() > 1
        is_between &= system.is_equality[rows]
        at, side = self.matrix.indices, 2 * self.matrix.indices + (self.matrix.data > 0)
        spans = list(pairwise(self.matrix.indptr.tolist()))
        # Plain lists: each holds a handful, and is looked through thousands of times.
        self.rows_of = [at[first:last].tolist() for first, last in spans]
        self.sides_of = [side[first:last][is_between[at[first:last]]].tolist() for first, last in spans]
        self.programme: Programme | None = None

    def attack(self, exact: bool) -> None:
        """Finds tables until every need is met or shown not to be."""
        for sign in (1.0, -1.0):
            tries = np.zeros(len(self.variables), dtype=np.int64)
            while True:
                asked, goal = self._asked(sign)
                left = np.flatnonzero(tries[asked] < _TRIES)
                if not len(left):
                    break
                left = left[np.argsort(tries[asked[left]], kind="stable")]
                chosen = left[self._apart(asked[left])]
                tries[asked[chosen]] += 1
                self._ask(asked[chosen], goal[chosen], sign)
        failures = 0
        for position, variable in enumerate(self.variables):
            self._finish(position, int(variable), exact)
            failures += bool(self.found.fails[variable])
            if failures >= self.most_failures:
                break

    def _apart(self, positions: np.ndarray) -> np.ndarray:
        """Which of these counts to ask together: no two on one side of an equality between cells, where one's gain would be the other's loss."""
        taken: set[int] = set()
        chosen = []
        for number, position in enumerate(positions.tolist()):
            sides = self.sides_of[position]
            if taken.isdisjoint(sides):
                taken.update(sides)
                chosen.append(number)
        return np.array(chosen, dtype=np.int64)

    def _asked(self, sign: float) -> tuple[np.ndarray, np.ndarray]:
        """The counts that must still be shown to go further to a side, by position, and how far beyond their value."""
        needs, found, at = self.attacker.needs, self.found, self.variables
        high, low = found.high[at], found.low[at]
        goal = needs.up[at] if sign > 0 else needs.down[at]
        is_narrow = needs.width[at] > high - low + TOLERANCE
        # The other side has had its turn when this one is negative: the rest of the width is enough.
        width = needs.width[at] - (0.0 if sign > 0 else high)
        goal = np.where(is_narrow, np.maximum(goal, width), goal)
        reached = high
        if sign < 0:
            goal, reached = np.minimum(goal, -self.floor), -low
        asked = np.flatnonzero(goal > reached + TOLERANCE)
        return asked, goal[asked]

    def _ask(self, asked: np.ndarray, goal: np.ndarray, sign: float) -> None:
        """Looks for one table in which these counts go as far as they need to while little else moves, and keeps its unconnected movements apart: each is a table of its own."""
        size = len(self.variables)
        cost = np.full(2 * size, _MOVING_COSTS)
        rise, fall = np.full(size, np.inf), np.full(size, np.inf)
        # A rise earns what a fall of the same count costs: both at once are no departure.
        gain = sign / goal
        cost[asked] -= gain
        cost[size + asked] += gain
        # No further than any needs, so that what is gained is not one count's alone.
        (rise if sign > 0 else fall)[asked] = goal.max()
        answer = self._solve(cost, rise, fall)
        if answer is None:
            raise DisclosureError("the attacker's programme has no end: this is a defect of the search")
        self._remember(answer.departure)

    def _solve(self, cost: np.ndarray, rise: np.ndarray, fall: np.ndarray) -> Answer | None:
        if self.programme is None:
            self.programme = Programme(self.matrix, self.least, self.most, self.floor)
        self.attacker.programmes += 1
        return self.programme.solve(cost, rise, fall)

    def _finish(self, position: int, variable: int, exact: bool) -> None:
        """Judges one count; solves for its ends where no table has met its needs, or both where the exact interval is wanted."""
        needs, found = self.attacker.needs, self.found
        sides: dict[float, np.ndarray | None] = {}
        is_narrow = needs.width[variable] > found.high[variable] - found.low[variable] + TOLERANCE
        for sign, need in ((1.0, needs.up[variable]), (-1.0, needs.down[variable])):
            reached = found.high[variable] if sign > 0 else -found.low[variable]
            if exact or is_narrow or need > reached + TOLERANCE:
                sides[sign] = self._end(position, sign, exact)
        if exact:
            found.is_exact[variable] = True
        self._judge(variable, sides)

    def _end(self, position: int, sign: float, exact: bool) -> np.ndarray | None:
        """Sends one count as far as it goes to a side; the multipliers of all relations where it has an end, None where it has none within reach."""
        needs, variable = self.attacker.needs, self.variables[position]
        enough = np.inf if exact else max(needs.width[variable], needs.up[variable], needs.down[variable], 1.0)
        size = len(self.variables)
        cost = np.zeros(2 * size)
        cost[position], cost[size + position] = -sign, sign
        rise = np.full(size, np.inf)
        if sign > 0:
            rise[position] = enough
        answer = self._solve(cost, rise, np.full(size, np.inf))
        if answer is None:
            self.found.high[variable] = np.inf
            return None
        self._remember(answer.departure)
        multipliers = np.zeros(self.attacker.system.matrix.shape[0])
        multipliers[self.rows] = np.where(self.least == 0.0, answer.multipliers, np.maximum(answer.multipliers, 0.0))
        return multipliers

    def _judge(self, variable: int, sides: dict[float, np.ndarray | None]) -> None:
        """Whether a count's needs are met, now that what could be found is; if not, the cuts that say why."""
        needs, found, system = self.attacker.needs, self.found, self.attacker.system
        high, low = found.high[variable], found.low[variable]
        wanted = (
            (needs.up[variable], high, (1.0,)),
            (needs.down[variable], -low, (-1.0,)),
            (needs.width[variable], high - low, (1.0, -1.0)),
        )
        for need, reached, signs in wanted:
            if need <= reached + TOLERANCE:
                continue
            found.fails[variable] = True
            multipliers = [(sign, sides[sign]) for sign in signs]
            cut = None
            if all(one is not None for _, one in multipliers):
                parts = [side_of(system, sign, one) for sign, one in multipliers if one is not None]
                cut = cut_of(system, need, variable, parts, bool(self.attacker.is_always[variable]))
            if cut is None or cut.coefficient @ self.hidden[cut.cell] >= 1.0 - TOLERANCE:
                cut = self._more(variable)
            found.cuts.append(cut)

    def _more(self, variable: int) -> Cut:
        """The weakest cut, always true: some cell that is published now must be suppressed as well."""
        system = self.attacker.system
        published = np.setdiff1d(np.unique(system.cell_of), np.flatnonzero(self.hidden))
        own = int(system.cell_of[variable])
        when = -1 if self.attacker.is_always[variable] else own
        return Cut(published, np.ones(len(published)), when)

    def _remember(self, departure: np.ndarray) -> None:
        """Keeps each connected movement of a table."""
        moved = np.flatnonzero(np.abs(departure) > TOLERANCE)
        for group in _connected([self.rows_of[position] for position in moved.tolist()]):
            at = moved[group]
            self.attacker.remember(self.variables[at], departure[at], self.found)


def _connected(rows_of: Sequence[Sequence[int]]) -> list[list[int]]:
    """The numbers of those that share a row, directly or through others."""
    group_of = list(range(len(rows_of)))

    def first(number: int) -> int:
        while group_of[number] != number:
            group_of[number] = group_of[group_of[number]]
            number = group_of[number]
        return number

    seen: dict[int, int] = {}
    for number, rows in enumerate(rows_of):
        for row in rows:
            other = first(seen.setdefault(row, number))
            own = first(number)
            group_of[max(own, other)] = min(own, other)
    groups: dict[int, list[int]] = {}
    for number in range(len(rows_of)):
        groups.setdefault(first(number), []).append(number)
    return list(groups.values())
