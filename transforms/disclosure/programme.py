"""The linear programme of one linked part: its departures and relations, loaded once and asked many times.

Belongs here: HiGHS, how a departure is split, what a multiplier is. Not here: what is asked and what an answer means (attacker.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from transforms.disclosure.system import DisclosureError

_UNBOUNDED = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class Answer:
    """Departures, one a variable, and the multiplier of each relation (not negative on inequalities)."""

    departure: np.ndarray
    multipliers: np.ndarray


class Programme:
    """Departures d of n counts with least <= A d <= most and d >= floor. d is split into a rise and a fall, neither negative, so that what moves can cost something.

    An answer is where the next question begins: most differ by a few costs and bounds.
    """

    def __init__(self, matrix: sparse.csc_array, least: np.ndarray, most: np.ndarray, floor: np.ndarray) -> None:
        """`matrix`: relations by counts. `floor`: how far below its value a count can go (at most 0)."""
        self.size = len(floor)
        self._fall = -floor
        both = sparse.hstack([matrix, -matrix], format="csc")
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * self.size, matrix.shape[0]
        model.col_cost_ = np.zeros(2 * self.size)
        model.col_lower_ = np.zeros(2 * self.size)
        model.col_upper_ = np.concatenate([np.full(self.size, highspy.kHighsInf), self._fall])
        model.row_lower_, model.row_upper_ = least, most
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = both.indptr, both.indices
        model.a_matrix_.value_ = both.data
        self._solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)
        self._columns = np.arange(2 * self.size, dtype=np.int32)

    def solve(self, cost: np.ndarray, most_rise: np.ndarray, most_fall: np.ndarray) -> Answer | None:
        """The departures that cost least. `cost`: of rises, then of falls. `most_rise`, `most_fall`: how far each may go, one a count, within its floor. None: without end.

        Raises:
            DisclosureError: the solver gave no answer.
        """
        solver = self._solver
        solver.changeColsCost(2 * self.size, self._columns, cost)
        upper = np.concatenate([most_rise, np.minimum(most_fall, self._fall)])
        solver.changeColsBounds(2 * self.size, self._columns, np.zeros(2 * self.size), upper)
        solver.run()
        status = solver.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, *_UNBOUNDED):
            # Where the last answer was no help, from the start.
            solver.clearSolver()
            solver.run()
            status = solver.getModelStatus()
        if status in _UNBOUNDED:
            # No departure at all fits always: the programme is feasible.
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise DisclosureError(
                f"the attacker's programme ended without an answer: {solver.modelStatusToString(status)}"
            )
        solution = solver.getSolution()
        value = np.array(solution.col_value)
        return Answer(value[: self.size] - value[self.size :], -np.array(solution.row_dual))
