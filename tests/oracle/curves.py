"""Cumulative incidence of the milestones (`progression.fct_milestone_curves`): Aalen-Johansen, errors by enterprise."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import error_and_limits
from .milestones import Outcome, outcomes
from .progression import cells

if TYPE_CHECKING:
    from .world import World

STATUSES = ("event", "competing", "censored")

FCT_MILESTONE_CURVES = [
    "enterprise_kind",
    "instrument",
    "target_group",
    "milestone",
    "months",
    "at_risk",
    "events",
    "competing",
    "censored",
    "cumulative_incidence",
    "standard_error",
    "ci_lower",
    "ci_upper",
]


def incidence(counts: np.ndarray) -> np.ndarray:
    """Cumulative incidence of events by month, from counts (..., status, month); flat where nobody is at risk."""
    leaving = counts.sum(axis=-2)
    at_risk = leaving[..., ::-1].cumsum(axis=-1)[..., ::-1]
    events, competing = counts[..., 0, :], counts[..., 1, :]
    survival = np.ones(counts.shape[:-2])
    reached = np.zeros(counts.shape[:-2])
    curve = np.zeros(at_risk.shape)
    for month in range(counts.shape[-1]):
        risk = np.maximum(at_risk[..., month], 1)
        reached = reached + survival * events[..., month] / risk
        survival = survival * (1 - (events[..., month] + competing[..., month]) / risk)
        curve[..., month] = reached
    return curve


def _counts(own: list[Outcome], months: int) -> np.ndarray:
    """Cluster by status by month."""
    places = {cluster: place for place, cluster in enumerate(dict.fromkeys(one.spell.cluster for one in own))}
    counts = np.zeros((len(places), len(STATUSES), months), dtype=np.int64)
    for one in own:
        counts[places[one.spell.cluster], STATUSES.index(one.status), one.months - 1] += 1
    return counts


def fct_milestone_curves(world: World) -> list[tuple[Any, ...]]:
    """One row a cell, milestone and month with somebody at risk; first spells of an instrument only."""
    months = world.parameters.follow_up_months
    found: dict[tuple[str, ...], list[Outcome]] = defaultdict(list)
    for one in outcomes(world):
        if one.spell.is_first_of_instrument:
            for cell in cells(one.spell):
                found[(*cell, one.milestone)].append(one)
    rows = []
    for key, own in sorted(found.items()):
        by_cluster = _counts(own, months)
        total = by_cluster.sum(axis=0)
        curve, left_out = incidence(total), incidence(total - by_cluster)
        at_risk = len(own)
        for month in range(months):
            if at_risk == 0:
                break
            numbers = [int(total[status, month]) for status in range(len(STATUSES))]
            estimate = float(curve[month])
            rows.append((*key, month + 1, at_risk, *numbers, estimate, *error_and_limits(estimate, left_out[:, month])))
            at_risk -= sum(numbers)
    return rows
