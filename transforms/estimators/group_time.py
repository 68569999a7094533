"""Staggered adoption: the effect on each group (first treated in g) in each period t, after Callaway and Sant'Anna.

Belongs here: which units are compared in which two periods. Not here: the comparison of two periods (did_panel.py), aggregates (group_time_result.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from transforms.estimators.did_panel import METHODS, panel_effect
from transforms.estimators.group_time_result import GroupTime, with_intervals
from transforms.estimators.influence import influence_covariance, one_thread
from transforms.estimators.panels import Panel, read_panel
from transforms.estimators.results import EstimationError, Flags, Floats


@one_thread
def group_time_effects(
    frame: pd.DataFrame,
    *,
    unit: str,
    time: str,
    first_treated: str,
    outcome: str,
    covariates: Sequence[str] = (),
    method: str = "doubly_robust",
    comparison: str = "never_treated",
    base_period: str = "varying",
    missing: str = "refuse",
    weight: str | None = None,
    cluster: str | None = None,
    alpha: float = 0.05,
    seed: int = 20170101,
    draws: int = 20_000,
) -> GroupTime:
    """Group-time average treatment effects ATT(g, t), no anticipation, parallel trends given covariates.

        ATT(g, t) = E[Y_t - Y_b | first treated in g] - what the comparators' change from b to t says it would have been,

    one `two_period_did` a cell, with b the base period: the last period before g where t >= g. Where t < g (placebos), `varying` takes the period before t and
    `universal` the last before g again (what `sensitivity_bounds` needs). Comparators: units never treated, or those and all first treated after both t and b.
    Periods are those in the data, in order; g need not be among them.

    Args:
        frame: one row a unit and period. unit, time, outcome: columns; `time` numbers above 0.
        first_treated: the period in which a unit is first treated, the same in all its rows; missing, 0 or infinite: never. First treated after the last period:
            counts as never. Treated in or before the first period: left out (nothing before it to compare with) and noted.
        covariates: numbers, read in the earlier of the two periods. method: of `two_period_did`; "ipw" is the standardised one, as in R's `did`.
        missing: "refuse" stops when a unit lacks a period; "pairwise" uses in each cell the units that have both its periods. That supposes that having no row has
            nothing to do with the change in the outcome, within groups.
        weight: a positive sampling weight, constant in a unit. cluster: units of one cluster are summed before squaring; constant in a unit.
        alpha, seed, draws: of intervals and simultaneous bands.

    Returns:
        GroupTime: one row a cell, in units of the outcome; a cell without estimate or without standard error says why in `reason`. `.aggregate(...)` sums them up.

    Raises:
        EstimationError: what `read_panel` refuses, a time not above 0, one period, no treated unit left, no never treated (with "never_treated"), units without a
            period (with "refuse"), an unknown option.

    Source: Callaway & Sant'Anna, Journal of Econometrics 2021; equal to R's `did` with anticipation 0 and analytical standard errors.
    """
    _known("method", method, METHODS)
    _known("comparison", comparison, ("never_treated", "not_yet_treated"))
    _known("base_period", base_period, ("varying", "universal"))
    _known("missing", missing, ("refuse", "pairwise"))
    panel = read_panel(
        frame, unit, time, outcome, covariates, constant=(first_treated,), weight=weight, cluster=cluster
    )
    panel, group, notes = _usable(panel, first_treated, time)
    if missing == "refuse" and panel.is_missing.any():
        lacking = np.asarray(panel.is_missing.any(axis=1))
        raise EstimationError(
            f"The panel is unbalanced: {int(lacking.sum())} of {len(lacking)} units lack a period. Balance it, or say missing='pairwise' to compare in each cell the units that have both periods."
        )
    is_never = np.isinf(group)
    if comparison == "never_treated" and not is_never.any():
        raise EstimationError(
            "No unit is never treated: comparison='not_yet_treated' compares with those treated later."
        )

    times = panel.times.astype(float)
    groups = np.unique(group[~is_never])
    if not is_never.any():
        # Once the last group is treated nobody is left to compare with, and the last group itself has no effect that could be seen.
        notes = [
            *notes,
            f"No unit is never treated: the last group ({groups[-1]:g}) only compares, and periods from then on are left out.",
        ]
        times = times[times < groups[-1]]
        groups = groups[:-1]
        if len(groups) == 0:
            raise EstimationError("All units are first treated in the same period: nobody to compare with.")
    cells = [
        _cell(panel, group, g, t, base, comparison, method, tuple(covariates))
        for g in groups
        for t, base in _pairs(times, g, base_period)
    ]  # fmt: skip
    if not cells:
        raise EstimationError("No period has one before it to compare with.")
    influence = np.column_stack([cell.pop("influence") for cell in cells])
    effects = pd.DataFrame(cells)
    covariance = influence_covariance(influence, panel.clusters)
    return GroupTime(
        effects=with_intervals(effects, covariance, alpha, seed, draws),
        influence=influence, covariance=covariance, units=panel.units, unit_group=group, unit_weight=panel.weight, clusters=panel.clusters,
        comparison=comparison, base_period=base_period, method=method, alpha=alpha, seed=seed, draws=draws, notes=tuple(notes),
    )  # fmt: skip


def _known(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise EstimationError(f"{name} {value!r} is unknown; known are {', '.join(allowed)}.")


def _usable(panel: Panel, first_treated: str, time: str) -> tuple[Panel, Floats, list[str]]:
    """The panel without units that were always treated, the group of each unit (infinite: never), and what was done, in words."""
    if not np.issubdtype(panel.times.dtype, np.number) or float(panel.times.min()) <= 0:
        raise EstimationError(
            f"Column {time!r} must hold numbers above 0 (0 in {first_treated!r} means never treated)."
        )
    if len(panel.times) < 2:
        raise EstimationError("One period: nothing to compare over time.")
    group = panel.constants[first_treated].copy()
    if (group < 0).any():
        raise EstimationError(f"Column {first_treated!r} has values below 0.")
    group[np.isnan(group) | (group == 0)] = np.inf
    notes = []
    later = np.isfinite(group) & (group > panel.times.max())
    if later.any():
        notes.append(f"{int(later.sum())} units are first treated after the last period: they count as never treated.")
        group[later] = np.inf
    always = group <= panel.times.min()
    if always.any():
        notes.append(
            f"{int(always.sum())} units are treated from the first period on: left out, nothing before it to compare with."
        )
    if not np.isfinite(group[~always]).any():
        raise EstimationError("No unit becomes treated after the first period.")
    kept = ~always
    clusters = None if panel.clusters is None else np.unique(panel.clusters[kept], return_inverse=True)[1]
    return (
        Panel(panel.units[kept], panel.times, panel.outcome[kept], panel.covariates[kept], panel.is_missing[kept], {}, panel.weight[kept], clusters),
        group[kept], notes,
    )  # fmt: skip


def _pairs(times: Floats, group: float, base_period: str) -> list[tuple[int, int]]:
    """Places of each period and of its base."""
    last_before = int(np.flatnonzero(times < group)[-1])
    if base_period == "universal":
        return [(place, last_before) for place in range(len(times))]
    return [(place, last_before if times[place] >= group else place - 1) for place in range(1, len(times))]


def _cell(
    panel: Panel, group: Floats, g: float, place: int, base: int, comparison: str, method: str, names: Sequence[str]
) -> dict[str, Any]:
    """One ATT(g, t) with its influence function over all units (zero for those not in the comparison, scaled by n / n of the cell)."""
    count = len(group)
    has_both = ~(panel.is_missing[:, place] | panel.is_missing[:, base])
    is_group = group == g
    treated: Flags = is_group & has_both
    pool = np.isinf(group)
    if comparison == "not_yet_treated":
        pool = pool | ((group > panel.times[max(place, base)]) & ~is_group)
    comparators = pool & has_both
    cell: dict[str, Any] = {
        "group": g, "time": float(panel.times[place]), "base": float(panel.times[base]), "estimate": np.nan, "has_se": False,
        "treated": int(treated.sum()), "comparators": int(comparators.sum()), "reason": None, "influence": np.zeros(count),
    }  # fmt: skip
    if place == base:
        return {**cell, "estimate": 0.0, "reason": "reference period: zero by construction"}
    if not treated.any() or not comparators.any():
        who = "treated unit" if not treated.any() else "comparator"
        return {**cell, "reason": f"no {who} that has both periods"}
    rows = np.flatnonzero(treated | comparators)
    change = panel.outcome[rows, place] - panel.outcome[rows, base]
    try:
        estimate, influence = panel_effect(
            change, treated[rows], panel.covariates[rows, min(place, base), :], panel.weight[rows], method, names
        )
    except EstimationError as error:
        return {**cell, "reason": str(error)}
    cell["influence"][rows] = influence * count / len(rows)
    few = int(treated.sum()) < 2 or int(comparators.sum()) < 2
    reason = "one treated unit or one comparator: no standard error" if few else None
    return {**cell, "estimate": estimate, "has_se": not few, "reason": reason}
