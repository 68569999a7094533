"""Secondary suppression: the cells that must be suppressed with the sensitive ones, at the smallest loss.

Belongs here: the search by mixed-integer programming, and when it stops. Not here: what is safe (attacker.py), the heuristic (repair.py).

The programme chooses y (1 is suppressed) with the least loss under the cuts known so far; the attacker attacks the choice and returns new cuts; and so on until the attacker finds nothing. What is found
then loses least of all safe patterns, but for the gap. The heuristic's pattern is there from the start, so that any stop is safe.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from transforms.disclosure.cuts import ALWAYS
from transforms.disclosure.limits import Limits
from transforms.disclosure.repair import FAILURES, Problem, cleaned, covered, repaired

# Branches of one programme: its first branches find nearly all, and this stop is the same on every machine.
_NODES: Final = 20


# What a mixed-integer programme counts among linear ones.
_PROGRAMMES_OF_A_ROUND: Final = 20
# Every so many rounds a pattern that is not safe is repaired.
_REPAIRED: Final = 4


@dataclass(frozen=True)
class Choice:
    """A safe pattern of one block (bool per cell), what it loses, the heuristic's loss beside it, the least that any safe pattern can lose, and how the search ended."""

    hidden: np.ndarray
    loss: float
    heuristic: np.ndarray
    heuristic_loss: float
    bound: float
    method: str
    ended_by: str
    rounds: int


def choose(problem: Problem, limits: Limits) -> Choice:
    """The safe pattern of a block that loses least, as far as the limits on the search let it be found.

    Raises:
        DisclosureError: when no pattern is safe.
    """
    until = time.monotonic() + limits.seconds_per_block
    heuristic = cleaned(problem, repaired(problem, problem.primary), until)
    most = problem.attacker.programmes + limits.search_programmes
    best, method, bound, rounds = heuristic, "heuristic", problem.total(problem.primary), 0
    while True:
        loss = problem.total(best)
        left = until - time.monotonic()
        ended_by = "gap" if loss <= bound + limits.relative_gap * loss else "time" if left <= 0 else ""
        if ended_by or _programmes(problem, rounds + 1) > most:
            break
        rounds += 1
        hidden, least = _solved(problem, max(left, 0.01), limits.relative_gap)
        bound = max(bound, least)
        if hidden is None:
            continue
        if problem.expand(hidden):
            hidden = covered(problem, hidden)
        found = problem.attacker.attack(hidden, most_failures=FAILURES)
        problem.pool.add(found.cuts)
        if not found.fails.any():
            starts = [("milp", hidden)]
        elif rounds % _REPAIRED and _programmes(problem, rounds + 1) <= most:
            # The cuts that it lacked make the next better: only some are worth repairing, the last among them.
            continue
        else:
            # The heuristic from the start again sees all cuts found since, and chooses otherwise.
            starts = [("milp", repaired(problem, hidden)), ("heuristic", repaired(problem, problem.primary))]
        for name, start in starts:
            candidate = cleaned(problem, start, until)
            if problem.total(candidate) < problem.total(best) - 1e-9:
                best, method = candidate, name
    return Choice(
        best,
        problem.total(best),
        heuristic,
        problem.total(heuristic),
        min(bound, problem.total(best)),
        method,
        ended_by or "programmes",
        rounds,
    )


def _programmes(problem: Problem, rounds: int) -> int:
    return problem.attacker.programmes + _PROGRAMMES_OF_A_ROUND * rounds


def _solved(problem: Problem, seconds: float, gap: float) -> tuple[np.ndarray | None, float]:
    """The pattern that loses least under the cuts known, and the least that any pattern under them can lose. None where time ended before one was found."""
    free, pool = problem.free, problem.pool
    matrix, when = pool.matrix(), pool.when()
    fixed = matrix @ problem.primary.astype(float)
    always = (when == ALWAYS) | problem.primary[np.maximum(when, 0)]
    position = np.full(len(problem.primary), -1)
    position[free] = np.arange(len(free))
    conditional = np.flatnonzero(~always)
    switch = sparse.coo_array(
        (-np.ones(len(conditional)), (conditional, position[when[conditional]])), shape=(len(when), len(free))
    )
    rows = (matrix[:, free] + switch).tocsc()
    floor = np.where(always, 1.0, 0.0) - fixed
    scale = float(problem.loss[free].mean()) if len(free) else 1.0
    already = problem.total(problem.primary)
    if not len(free) or not len(when):
        return problem.primary.copy(), already
    result = milp(
        problem.loss[free] / scale,
        integrality=np.ones(len(free)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, floor, np.inf),
        options={"time_limit": seconds, "mip_rel_gap": gap, "node_limit": _NODES},
    )
    least = already + scale * (result.mip_dual_bound if result.mip_dual_bound is not None else 0.0)
    if result.x is None:
        return None, least
    hidden = problem.primary.copy()
    hidden[free[result.x > 0.5]] = True
    return hidden, least
