"""The heuristic: suppress more until the attacker finds nothing, then publish again what is not needed.

Belongs here: greedy covering of cuts, the attacker's repair, the clean-up. Not here: the best choice (secondary.py), attacks (attacker.py).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.disclosure.attacker import Attacker
from transforms.disclosure.cuts import ALWAYS, Pool, relation_cuts
from transforms.disclosure.needs import Needs
from transforms.disclosure.system import DisclosureError, System

# A search learns enough from so many failures in a linked part; the audit wants all.
FAILURES: Final = 20


@dataclass
class Problem:
    """One block to protect: its system and needs, which cells are suppressed in any case, the loss of each cell, cuts and an attacker. Arrays of cells are over all cells."""

    system: System
    needs: Needs
    primary: np.ndarray
    loss: np.ndarray
    attacker: Attacker
    pool: Pool
    free: np.ndarray

    @staticmethod
    def of(system: System, needs: Needs, primary: np.ndarray, loss: np.ndarray, kept: np.ndarray) -> Problem:
        """A block's problem. `kept`: cells that must stay published."""
        own = np.unique(system.cell_of)
        free = np.setdiff1d(own, np.flatnonzero(primary | kept))
        here = np.zeros(len(primary), dtype=bool)
        here[own] = primary[own]
        attacker = Attacker(system, needs, here[system.cell_of])
        return Problem(system, needs, here, loss, attacker, Pool(len(primary)), free)

    def expand(self, hidden: np.ndarray) -> int:
        """Adds the cuts of single relations that a pattern breaks; says how many were new."""
        return self.pool.add(relation_cuts(self.system, self.needs, hidden, self.primary))

    def total(self, hidden: np.ndarray) -> float:
        """What a pattern loses."""
        return float(self.loss[hidden].sum())


def repaired(problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """A safe pattern that suppresses at least what `hidden` does.

    Raises:
        DisclosureError: when not even suppressing every cell that may be is safe.
    """
    hidden = hidden | problem.primary
    while True:
        hidden = covered(problem, hidden)
        found = problem.attacker.attack(hidden, most_failures=FAILURES)
        if not found.fails.any():
            return hidden
        if not problem.pool.add(found.cuts):
            raise DisclosureError("the attacker's cuts do not end")


def covered(problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """Suppresses the cells that fulfil most of the broken cuts for what they lose, until none is broken."""
    hidden = hidden.copy()
    can = np.zeros(len(hidden), dtype=bool)
    can[problem.free] = True
    while problem.expand(hidden) or problem.pool.missing(hidden).any():
        matrix = problem.pool.matrix()
        missing = problem.pool.missing(hidden)
        while missing.any():
            broken = np.flatnonzero(missing)
            part = matrix[broken].tocoo()
            useful = np.minimum(part.data, missing[broken][part.coords[0]])
            gain = np.bincount(part.coords[1], useful, minlength=len(hidden))
            score = np.where(can & ~hidden, gain / problem.loss, 0.0)
            best = int(np.argmax(score))
            if score[best] <= 0.0:
                raise DisclosureError(_no_way(problem, broken))
            hidden[best] = True
            missing = problem.pool.missing(hidden)
    return hidden


def _no_way(problem: Problem, broken: np.ndarray) -> str:
    when = problem.pool.when()[broken]
    names = problem.system.cells[np.unique(when[when != ALWAYS])]
    where = f" of {', '.join(map(str, names[:5]))}" if len(names) else ""
    return f"what is published in any case determines suppressed counts{where}: no further suppression can protect them"


def cleaned(problem: Problem, hidden: np.ndarray, until: float) -> np.ndarray:
    """Publishes again what a safe pattern does not need, the dearest first, as far as the clock (`time.monotonic`) allows; the pattern stays safe."""
    hidden = hidden.copy()
    extra = np.flatnonzero(hidden & ~problem.primary)
    for cell in extra[np.argsort(-problem.loss[extra], kind="stable")]:
        if time.monotonic() > until:
            break
        hidden[cell] = False
        if problem.pool.missing(hidden).any() or problem.expand(hidden):
            hidden[cell] = True
            continue
        found = problem.attacker.attack(hidden, most_failures=1)
        if found.fails.any():
            problem.pool.add(found.cuts)
            hidden[cell] = True
    return hidden
