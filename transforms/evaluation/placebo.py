"""Placebos: effects where there can be none. In time: before the start. Of enterprises: ordinary ones that are called registered.

Belongs here: both, their estimates and diagnostics, the estimate calibrated by them. Not here: the estimators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from transforms.estimators import EstimationError, empirical_calibration
from transforms.evaluation import gate
from transforms.evaluation.fits import Fit, cell_of, fit, refused, rows_of
from transforms.evaluation.plan import AIPW, ALL, Group, Plan, Specification
from transforms.evaluation.samples import Cohorts, column, sample_at

Floats = NDArray[np.float64]
IN_TIME, ENTERPRISES = gate.PLACEBO_IN_TIME, "placebo_enterprises"
CALIBRATED = ("calibrated_p", "calibrated_low", "calibrated_high")
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
    """How often ordinary enterprises of matched size, called registered by lot, show an effect (5 % test), and the estimate calibrated by them: rows of `diagnostics`. Nuisances stay those of the real fit."""
    shared = _shared(group, specification)
    low, high = plan.limits.placebo_size
    drawn, reason = _drawn(plan, group, fitted)
    size = None if drawn is None else drawn.size
    told = reason or (
        f"share of {plan.draws} draws with p below 0.05 where ordinary enterprises of matched size were called registered "
        f"(Monte Carlo error {np.sqrt(0.05 * 0.95 / plan.draws):.3f}); predictions are those of the real fit, not fitted again"
    )
    return pd.DataFrame(
        [
            gate.row(shared, ENTERPRISES, size, low, high, told),
            *_calibrated(plan, group, specification, fitted, drawn, reason),
        ]
    )


def _drawn(plan: Plan, group: Group, fitted: Fit | None) -> tuple[Draws | None, str | None]:
    """The draws on the placebo's outcome and horizon, or why there are none."""
    if group.arm != "RO":
        return None, "not-now comparators stand at no enterprise: there is none to call registered"
    if fitted is None or fitted.effect is None:
        return None, "no estimate" if fitted is None else f"no estimate: {fitted.reason}"
    outcome = column(plan.placebo_outcome, plan.placebo_horizon)
    effect = fitted.effect
    place = list(effect.effects["outcome"]).index(outcome) if outcome in set(effect.effects["outcome"]) else None
    if place is None or effect.cluster_codes is None:
        return None, f"{plan.placebo_outcome} is not observed at month {plan.placebo_horizon}"
    return placebo_draws(
        effect.scores.residual[:, place],
        fitted.sample.loc[effect.rows, "weight"].to_numpy(dtype=float),
        effect.cluster_codes,
        effect.scores.treated_weight > 0,
        draws=plan.draws,
        seed=plan.placebo_seed,
    )


def _calibrated(
    plan: Plan, group: Group, specification: Specification, fitted: Fit | None, drawn: Draws | None, reason: str | None
) -> list[dict[str, Any]]:
    """The estimate of the placebo's outcome and horizon with the systematic error that the draws show (`estimators.empirical_calibration`): p and interval, without limits."""
    shared = _shared(group, specification) | {
        "outcome": plan.placebo_outcome,
        "horizon": plan.placebo_horizon,
        "estimator": AIPW,
    }
    figures: tuple[float | None, ...] = (None,) * len(CALIBRATED)
    why = f"not calibrated: {reason}"
    if drawn is not None and fitted is not None and fitted.effect is not None:
        try:
            table: dict[Any, dict[Any, Any]] = fitted.effect.effects.set_index("outcome").to_dict("index")
            one = table[column(plan.placebo_outcome, plan.placebo_horizon)]
            estimate, se = float(one["estimate"]), float(one["se"])
            found = empirical_calibration(
                drawn.effect,
                as_normal(drawn.se, drawn.freedom, plan.alpha),
                estimate,
                float(as_normal(np.array([se]), np.array([float(one["effective_clusters"]) - 1]), plan.alpha)[0]),
                alpha=plan.alpha,
            )
            figures = (found.p, found.low, found.high)
            why = (
                f"negative controls: {found.controls} draws of ordinary enterprises called registered, systematic error {found.mean:.2g} with standard deviation {found.standard_deviation:.2g}; "
                "errors widened from t to normal; says nothing of who is placed where"
            )
        except EstimationError as problem:
            why = f"not calibrated: {problem}"
    return [
        gate.row(shared, name, figure, None, None, why, gate.NOT_APPLICABLE)
        for name, figure in zip(CALIBRATED, figures, strict=True)
    ]


def as_normal(se: Floats, freedom: Floats, alpha: float) -> Floats:
    """Errors whose normal interval is as wide as their t interval: the calibration knows the normal alone."""
    with np.errstate(invalid="ignore"):
        return np.asarray(se * stats.t.ppf(1 - alpha / 2, freedom) / stats.norm.ppf(1 - alpha / 2))


@dataclass(frozen=True)
class Draws:
    """Effects of enterprises that were called registered by lot, with their errors and degrees of freedom; draws without an error are left out."""

    effect: Floats
    se: Floats
    freedom: Floats

    @property
    def size(self) -> float:
        """The share of draws whose p is below 5 %."""
        return float((_p(self.effect, self.se, self.freedom) < 0.05).mean())


def placebo_draws(
    residual: Floats, weight: Floats, clusters: NDArray[np.int64], treated: NDArray[np.bool_], *, draws: int, seed: int
) -> tuple[Draws | None, str | None]:
    """The draws, or why there are none.

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
    pieces = []
    for begin in range(0, draws, PIECE):
        member = np.zeros((min(PIECE, draws - begin), len(sizes)), dtype=bool)
        for power, number in sorted(wanted.items()):
            places = np.flatnonzero(bins == power)
            keys = random.random((len(member), len(places)))
            picked = np.argsort(keys, axis=1)[:, :number]
            np.put_along_axis(member, places[picked], True, axis=1)
        pieces.append(np.array(jackknife_of(member, sums, weights)))
    effect, se, freedom = np.hstack(pieces)
    valid = (freedom >= 1) & (se > 0)
    if not valid.any():
        return None, "no draw has enough effective enterprises for an error"
    return Draws(effect[valid], se[valid], freedom[valid]), None


def jackknife_of(member: NDArray[np.bool_], sums: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Effects, errors and degrees of freedom of draws (D x G flags of placebo treated clusters) from clusters' weighted sums of residuals and weights (G each)."""
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
    return effect, se, freedom


def _p(effect: Floats, se: Floats, freedom: Floats) -> Floats:
    return np.asarray(2 * stats.t.sf(np.abs(effect / se), freedom))


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
