"""Protects linked tables: the one door to this room.

Belongs here: the order of the steps, statuses, the audit's table. Not here: any of the steps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from transforms.disclosure.attacker import TOLERANCE, Attacker
from transforms.disclosure.limits import Limits, check_limits
from transforms.disclosure.loss import PRIMARY, PUBLISHED, SECONDARY, cell_losses, information_loss
from transforms.disclosure.needs import Needs, Reading, needs_of
from transforms.disclosure.primary import broken_rules, count_columns, first_reason, is_empty, is_protected
from transforms.disclosure.repair import Problem
from transforms.disclosure.secondary import Choice, choose
from transforms.disclosure.system import DisclosureError, System, blocks, build_system

REASON_OF_SECONDARY = "needed_by_others"
# What does each of some tasks: `map`, or that of a pool.
Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Protection:
    """Protected tables. All indexed as the cells, but for the last two.

    `status`: ok, suppressed_primary, suppressed_secondary. `reason`: the rule that a cell breaks, `needed_by_others`, or ''. Reasons are not for publication: they say more than the status.
    `audit`: as `audit` gives. `information_loss`: as `loss.information_loss`. `blocks`: one row a block with anything suppressed: cells, primary, secondary, loss, loss_heuristic, bound,
    secondary_heuristic, method, ended_by (`gap`, `programmes`, `time`: with the last the choice may differ on another machine), rounds, programmes, seconds.
    """

    status: pd.Series
    reason: pd.Series
    audit: pd.DataFrame
    information_loss: dict[str, Any]
    blocks: pd.DataFrame


def protect(
    cells: pd.DataFrame,
    relations: pd.DataFrame,
    limits: Limits,
    weights: pd.Series | None = None,
    *,
    earlier: pd.Series | None = None,
    reading: Reading = "standard",
    run: Run = map,
) -> Protection:
    """Suppresses what is sensitive and what would give it away, at the smallest loss; the attacker finds nothing in the result.

    `cells`: indexed by cell; count columns (null: the cell has no such count), `persons` among them where known, and `enterprises`, `largest`, `second`, `percentile_sharing` (null: does not apply),
    `is_protected` (false: public fact), `is_uniform`. A cell is suppressed as a whole. `relations`: as `build_system` has them. `weights`: a positive loss per cell instead of `cell_losses`.
    `earlier`: statuses that an earlier release has settled, by cell: what it published stays published, what it suppressed stays suppressed. A cell whose counts have changed since is another cell:
    hand over both, each with its relations, and `earlier` for the old one. `reading`: how much must stay uncertain (`needs.needs_of`); an audit takes the same.
    `run`: does the blocks; a pool of processes' `map` does them side by side, with the same result.

    Raises:
        LimitsError: limits looser than allowed. DisclosureError: cells or relations that are wrong, or counts that public facts determine.
    """
    check_limits(limits)
    system = build_system(cells, relations)
    broken = broken_rules(cells, limits)
    primary = broken.any(axis=1).to_numpy()
    loss = cell_losses(cells, relations) if weights is None else _given(weights, cells)
    kept, forced = _settled(cells, earlier, primary)
    hidden = primary | forced
    tasks = [
        _Task(block, needs_of(block, broken, limits, reading), hidden, loss, kept, limits)
        for block in blocks(system)
        if hidden[block.cell_of].any()
    ]
    rows = []
    for found, row in run(_chosen, tasks):
        hidden = hidden | found
        rows.append(row)
    status = pd.Series(PUBLISHED, index=cells.index, dtype=object)
    status[hidden] = SECONDARY
    status[primary] = PRIMARY
    reason = first_reason(broken).mask(status == SECONDARY, REASON_OF_SECONDARY)
    audited = audit(cells, relations, status, limits, reading=reading, run=run)
    if not audited["is_safe"].all():
        raise DisclosureError(
            "the last audit found counts that are not safe: this is a defect of the search, nothing may be published"
        )
    return Protection(
        status, reason, audited, information_loss(cells, status), pd.DataFrame(rows, columns=list(_COLUMNS))
    )


def audit(
    cells: pd.DataFrame,
    relations: pd.DataFrame,
    status: pd.Series,
    limits: Limits,
    *,
    exact: bool = False,
    reading: Reading = "standard",
    run: Run = map,
) -> pd.DataFrame:
    """What an attacker can say about each suppressed count: `cell`, `count`, `low`, `high`, `is_exact`, `is_safe`.

    `is_safe` is decided exactly. `low` and `high` are the interval's ends where `is_exact`; otherwise the interval holds them and may reach further (`exact=True` finds all ends, two programmes a
    count). Counts in no relation are bounded by nothing: from 0 to infinity. A sensitive cell that is published is in the table too: `low` equals `high`, and it is not safe.
    """
    system = build_system(cells, relations)
    broken = broken_rules(cells, limits)
    hidden = (status.reindex(cells.index) != PUBLISHED).to_numpy()
    tasks = [
        (block, needs_of(block, broken, limits, reading), hidden, exact)
        for block in blocks(system)
        if hidden[block.cell_of].any()
    ]
    parts = list(run(_audited, tasks))
    parts += [_untied(cells, system, hidden), _forgotten(cells, broken, hidden)]
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return found.sort_values(["cell", "count"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class _Task:
    """One block to protect. `hidden`, `loss` and `kept` are over all cells."""

    block: System
    needs: Needs
    hidden: np.ndarray
    loss: np.ndarray
    kept: np.ndarray
    limits: Limits


def _chosen(task: _Task) -> tuple[np.ndarray, tuple[Any, ...]]:
    started = time.perf_counter()
    problem = Problem.of(task.block, task.needs, task.hidden, task.loss, task.kept)
    choice = choose(problem, task.limits)
    own = np.unique(task.block.cell_of)
    return choice.hidden, _block_row(problem, choice, own, time.perf_counter() - started)


def _audited(task: tuple[System, Needs, np.ndarray, bool]) -> pd.DataFrame:
    block, needs, hidden, exact = task
    found = Attacker(block, needs, np.zeros(len(block.value), dtype=bool)).attack(hidden, exact=exact)
    at = np.flatnonzero(hidden[block.cell_of])
    low, high = block.value[at] + found.low[at], block.value[at] + found.high[at]
    return pd.DataFrame(
        {
            "cell": block.cells[block.cell_of[at]],
            "count": block.count_of[at],
            "low": np.where(np.abs(low) < TOLERANCE, 0.0, low),
            "high": high,
            "is_exact": found.is_exact[at] | found.fails[at],
            "is_safe": ~found.fails[at],
        }
    )


def _untied(cells: pd.DataFrame, system: System, hidden: np.ndarray) -> pd.DataFrame:
    """Suppressed counts that stand in no relation."""
    rows = []
    tied = set(zip(system.cell_of.tolist(), system.count_of.tolist(), strict=True))
    for count in count_columns(cells):
        there = hidden & cells[count].notna().to_numpy()
        rows += [(cells.index[int(at)], count) for at in np.flatnonzero(there) if (int(at), count) not in tied]
    return pd.DataFrame(rows, columns=["cell", "count"]).assign(low=0.0, high=np.inf, is_exact=True, is_safe=True)


def _forgotten(cells: pd.DataFrame, broken: pd.DataFrame, hidden: np.ndarray) -> pd.DataFrame:
    """Cells that break a rule and are published."""
    shown = broken.any(axis=1).to_numpy() & ~hidden
    long = cells.loc[shown, list(count_columns(cells))].stack()
    frame = long.rename_axis(["cell", "count"]).rename("low").reset_index()
    return frame.assign(high=frame["low"], is_exact=True, is_safe=False)


def _settled(cells: pd.DataFrame, earlier: pd.Series | None, primary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells that stay published, and cells that stay suppressed, because an earlier release has it so."""
    if earlier is None:
        none = np.zeros(len(cells), dtype=bool)
        return none, none
    before = earlier.reindex(cells.index)
    kept = (before == PUBLISHED).to_numpy()
    open_before = cells.index[kept & primary]
    if len(open_before):
        raise DisclosureError(
            f"an earlier release has published cells that break a rule now: {', '.join(map(str, open_before[:5]))}"
        )
    return kept, before.notna().to_numpy() & ~kept & (is_protected(cells) & ~is_empty(cells)).to_numpy()


def _given(weights: pd.Series, cells: pd.DataFrame) -> np.ndarray:
    loss = weights.reindex(cells.index).to_numpy(dtype=float)
    if not (np.isfinite(loss) & (loss > 0)).all():
        raise DisclosureError("weights must be positive and finite for every cell")
    return loss


_COLUMNS = (
    "block",
    "cells",
    "primary",
    "secondary",
    "loss",
    "secondary_heuristic",
    "loss_heuristic",
    "bound",
    "method",
    "ended_by",
    "rounds",
    "programmes",
    "seconds",
)


def _block_row(problem: Problem, choice: Choice, own: np.ndarray, seconds: float) -> tuple[Any, ...]:
    primary = int(problem.primary.sum())
    return (
        str(problem.system.cells[own[0]]),
        len(own),
        primary,
        int(choice.hidden.sum()) - primary,
        choice.loss,
        int(choice.heuristic.sum()) - primary,
        choice.heuristic_loss,
        choice.bound,
        choice.method,
        choice.ended_by,
        choice.rounds,
        problem.attacker.programmes,
        seconds,
    )
