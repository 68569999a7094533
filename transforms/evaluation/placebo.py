"""Placebos: effects where there can be none. In time: before the start. Of enterprises: ordinary ones that are called registered.

Belongs here: both, their estimates and diagnostics. Not here: the estimators.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from transforms.evaluation import gate
from transforms.evaluation.fits import Fit, cell_of, fit, refused, rows_of
from transforms.evaluation.plan import AIPW, ALL, Group, Plan, Specification
from transforms.evaluation.samples import Cohorts, column, sample_at

Floats = NDArray[np.float64]
IN_TIME, ENTERPRISES = gate.PLACEBO_IN_TIME, "placebo_enterprises"
PIECE = 250


def in_time(
    plan: Plan, group: Group, specification: Specification, cohorts: Cohorts, chosen: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The primary outcome in months before the start, adjusted for what was known twelve months before it: rows of `estimates` and `diagnostics`.

    The figure is the largest absolute effect over the months; limits: the protocol's.
    """
    outcome = plan.primary[3]
    pairs = [(outcome, month) for month in plan.placebo_months]
    unfit = refused(plan, AIPW, chosen, pairs)
    fitted = unfit or _before_the_start(plan, group, specification, cohorts, chosen, pairs)
    named = _named(specification)
    shared = _shared(group, specification)
    rows = rows_of(plan, group, named, ALL, fitted)
    if fitted.effect is None:
        return rows, pd.DataFrame(
            [gate.row(shared, IN_TIME, None, None, plan.limits.placebo_in_time, f"no estimate: {fitted.reason}")]
        )
    figure = float(rows["estimate"].astype(float).abs().max())
    worst = rows.iloc[int(rows["estimate"].astype(float).abs().fillna(-1.0).to_numpy().argmax())]
    told = (
        f"largest absolute effect on {outcome} before the start, in month {int(worst['horizon'])}: "
        f"{float(worst['estimate']):.3g} ({float(worst['low']):.3g} to {float(worst['high']):.3g})"
    )
    return rows, pd.DataFrame([gate.row(shared, IN_TIME, figure, None, plan.limits.placebo_in_time, told)])


def _named(specification: Specification) -> Specification:
    return Specification(name=IN_TIME, terms=specification.terms, cell=specification.cell)


def _before_the_start(
    plan: Plan,
    group: Group,
    specification: Specification,
    cohorts: Cohorts,
    chosen: pd.DataFrame,
    pairs: list[tuple[str, int]],
) -> Fit:
    """The fit of the placebo in time: trials that are observed in all its months, covariates as they stood a year before the start."""
    observed = cohorts.outcomes(group, chosen["trial_id"], plan.placebo_months, [plan.primary[3]])
    counted = observed.groupby("trial_id")["h"].nunique()
    whole = chosen[chosen["trial_id"].isin(counted.index[counted == len(plan.placebo_months)])]
    sample = sample_at(whole, observed, max(plan.placebo_months), pairs)
    return fit(plan, group, _named(specification), AIPW, sample, pairs, covariates=plan.placebo_covariates)


def enterprises(plan: Plan, group: Group, specification: Specification, fitted: Fit | None) -> pd.DataFrame:
    """How often ordinary enterprises of matched size, called registered by lot, show an effect (5 % test): a row of `diagnostics`. Nuisances stay those of the real fit."""
    shared = _shared(group, specification)
    low, high = plan.limits.placebo_size
    if group.arm != "RO":
        why = "not-now comparators stand at no enterprise: there is none to call registered"
        return pd.DataFrame([gate.row(shared, ENTERPRISES, None, low, high, why)])
    if fitted is None or fitted.effect is None:
        why = "no estimate" if fitted is None else f"no estimate: {fitted.reason}"
        return pd.DataFrame([gate.row(shared, ENTERPRISES, None, low, high, why)])
    outcome = column(plan.placebo_outcome, plan.placebo_horizon)
    effect = fitted.effect
    place = list(effect.effects["outcome"]).index(outcome) if outcome in set(effect.effects["outcome"]) else None
    if place is None or effect.cluster_codes is None:
        why = f"{plan.placebo_outcome} is not observed at month {plan.placebo_horizon}"
        return pd.DataFrame([gate.row(shared, ENTERPRISES, None, low, high, why)])
    weight = fitted.sample.loc[effect.rows, "weight"].to_numpy(dtype=float)
    treated = effect.scores.treated_weight > 0
    size, reason = placebo_size(
        effect.scores.residual[:, place],
        weight,
        effect.cluster_codes,
        treated,
        draws=plan.draws,
        seed=plan.placebo_seed,
    )
    told = reason or (
        f"share of {plan.draws} draws with p below 0.05 where ordinary enterprises of matched size were called registered "
        f"(Monte Carlo error {np.sqrt(0.05 * 0.95 / plan.draws):.3f}); predictions are those of the real fit, not fitted again"
    )
    return pd.DataFrame([gate.row(shared, ENTERPRISES, size, low, high, told)])


def placebo_size(
    residual: Floats, weight: Floats, clusters: NDArray[np.int64], treated: NDArray[np.bool_], *, draws: int, seed: int
) -> tuple[float | None, str | None]:
    """The share of draws in which the jackknife rejects at 5 %, or why there is none.

    residual, weight, clusters, treated: n, of real treated and comparators. In a draw as many comparators' clusters as there are treated ones, of like size (in powers of two), are the
    placebo treated and all other comparators' clusters their comparators:
    effect = sum_S w r / sum_S w - sum_C w r / sum_C w, errors by leaving out one cluster, t on G* - 1 (`estimators.inference.jackknife`, here for all draws at once).
    """
    sizes_treated = np.bincount(clusters[treated])
    sizes_treated = sizes_treated[sizes_treated > 0]
    codes = pd.factorize(clusters[~treated])[0]
    sums: Floats = np.bincount(codes, weights=(weight * residual)[~treated]).astype(np.float64)
    weights: Floats = np.bincount(codes, weights=weight[~treated]).astype(np.float64)
    sizes = np.bincount(codes)
    wanted = matched_numbers(sizes_treated, sizes)
    chosen = sum(wanted.values())
    if chosen < 3 or len(sizes) - chosen < 3:
        return None, f"{len(sizes)} ordinary enterprises are too few to draw {len(sizes_treated)} of like size from"
    order = np.lexsort((weights, sums, sizes))
    sums, weights, sizes = sums[order], weights[order], sizes[order]
    bins = _bins(sizes)
    random = np.random.default_rng(seed)
    rejected = valid = 0
    for begin in range(0, draws, PIECE):
        member = np.zeros((min(PIECE, draws - begin), len(sizes)), dtype=bool)
        for power, number in sorted(wanted.items()):
            places = np.flatnonzero(bins == power)
            keys = random.random((len(member), len(places)))
            picked = np.argsort(keys, axis=1)[:, :number]
            np.put_along_axis(member, places[picked], True, axis=1)
        p = jackknife_p(member, sums, weights)
        valid += int(np.isfinite(p).sum())
        rejected += int((p < 0.05).sum())
    if not valid:
        return None, "no draw has enough effective enterprises for an error"
    return rejected / valid, None


def jackknife_p(member: NDArray[np.bool_], sums: Floats, weights: Floats) -> Floats:
    """p-values of draws (D x G flags of placebo treated clusters) from clusters' weighted sums of residuals and weights (G each)."""
    flags = member.astype(np.float64)
    treated_sum, treated_weight = flags @ sums, flags @ weights
    other_sum, other_weight = sums.sum() - treated_sum, weights.sum() - treated_weight
    effect = treated_sum / treated_weight - other_sum / other_weight
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(
            member,
            (treated_sum[:, None] - sums) / (treated_weight[:, None] - weights) - (other_sum / other_weight)[:, None],
            (treated_sum / treated_weight)[:, None] - (other_sum[:, None] - sums) / (other_weight[:, None] - weights),
        )
    deviation = rest - effect[:, None]
    groups = member.shape[1]
    se = np.sqrt((groups - 1) / groups * (deviation**2).sum(axis=1))
    freedom = treated_weight**2 / (flags @ weights**2) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stats.t.sf(np.abs(effect / se), freedom)
    return np.where((freedom >= 1) & (se > 0), p, np.nan)


def matched_numbers(treated: NDArray[np.int64], others: NDArray[np.int64]) -> dict[int, int]:
    """How many clusters of each power of two to draw: as many as treated have, at most half of those there are; what is short is drawn one power below."""
    wanted = dict(zip(*np.unique(_bins(treated), return_counts=True), strict=True))
    there = dict(zip(*np.unique(_bins(others), return_counts=True), strict=True))
    result: dict[int, int] = {}
    short = 0
    for power in range(max([*wanted, *there], default=0), -1, -1):
        need = int(wanted.get(power, 0)) + short
        take = min(need, int(there.get(power, 0)) // 2)
        short = need - take
        if take:
            result[power] = take
    return result


def _bins(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(np.floor(np.log2(np.maximum(sizes, 1))), dtype=np.int64)


def _shared(group: Group, specification: Specification) -> dict[str, Any]:
    return cell_of(group, specification) | {"subgroup": ALL, "outcome": ALL, "horizon": 0, "estimator": ALL}
