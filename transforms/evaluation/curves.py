"""Curves over event months on the fixed cohort, bands over horizons, and the month in which lock-in is repaid.

Belongs here: `event_study`, sup-t bands of the reported horizons, break-even. Not here: single horizons (run.py).

The fixed cohort: trials whose months -12 and 24 are both observed and who have not emigrated by month 24, so that no step of a curve comes from other people. Horizons are estimated on samples of
their own; their band takes the correlations over horizons from the fixed cohort, and each horizon's own error. A subgroup's correlations are those of its part of the fixed cohort, from the same fit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from transforms.estimators import TreatedEffect, uniform_bands
from transforms.evaluation.fits import Fit, Pair, cell_of, counts_of, fit, narrowed, refused, table_of
from transforms.evaluation.plan import AIPW, ALL, BREAK_EVEN, Group, Plan, Specification, is_defined
from transforms.evaluation.samples import TREATED, Cohorts, column, sample_at
from transforms.evaluation.subgroups import covariance_within

Matrix = np.ndarray


@dataclass
class Curves:
    """Rows of `event_study` and of `estimates` (break-even), and each outcome's correlations over the horizons in `months`. `fitted`: the fit on the fixed cohort, where there is one."""

    event_study: pd.DataFrame = field(default_factory=pd.DataFrame)
    break_even: pd.DataFrame = field(default_factory=pd.DataFrame)
    correlations: dict[str, tuple[list[int], Matrix]] = field(default_factory=dict)
    fitted: Fit | None = None


def curves_of(
    plan: Plan,
    group: Group,
    specification: Specification,
    cohorts: Cohorts,
    chosen: pd.DataFrame,
    *,
    full: bool = False,
) -> Curves:
    """One fit of all curves of a group; `full`: of every outcome and with correlations over all months."""
    drawn = plan.outcomes if full else plan.curve_outcomes
    months = range(plan.first_month, plan.last_month + 1)
    horizons = range(1, plan.last_month + 1) if full else plan.horizons
    curve = [(outcome, month) for outcome in drawn for month in months if is_defined(outcome, month)]
    reported = [(outcome, month) for outcome in plan.outcomes for month in horizons if is_defined(outcome, month)]
    wanted = list(dict.fromkeys([*curve, *reported]))
    unfit = refused(plan, AIPW, chosen, wanted)
    if unfit is not None:
        rows = _break_even(plan, group, specification, unfit) if plan.break_even_outcome in drawn else pd.DataFrame()
        return Curves(event_study=_rows(plan, group, specification, unfit, curve), break_even=rows)
    eligible = chosen[chosen["last_h"] >= plan.last_month]
    # What is not drawn month by month is read at the reported horizons alone.
    rest = [outcome for outcome in plan.outcomes if outcome not in drawn]
    observed = cohorts.outcomes(group, eligible["trial_id"], [*months], drawn)
    if rest:
        observed = observed.merge(
            cohorts.outcomes(group, eligible["trial_id"], horizons, rest).drop(columns="is_censored"),
            on=["trial_id", "h"],
            how="left",
        )
    first = observed.loc[observed["h"] == plan.first_month, "trial_id"]
    fixed = eligible[eligible["trial_id"].isin(first)]
    sample = sample_at(fixed, observed, plan.last_month, wanted)
    bands = [
        [(outcome, month) for month in part if (outcome, month) in set(wanted)]
        for outcome in drawn
        for part in (range(plan.first_month, 1), range(1, plan.last_month + 1))
    ]
    fitted = fit(plan, group, specification, AIPW, sample, wanted, band_groups=[one for one in bands if one])
    found = Curves(event_study=_rows(plan, group, specification, fitted, curve))
    if fitted.effect is not None:
        for outcome in plan.outcomes:
            found.correlations[outcome] = _correlation(fitted.effect, outcome, [*horizons])
        found.fitted = fitted
    if plan.break_even_outcome in drawn:
        found.break_even = _break_even(plan, group, specification, fitted)
    return found


def _rows(plan: Plan, group: Group, specification: Specification, fitted: Fit, curve: list[Pair]) -> pd.DataFrame:
    shared = cell_of(group, specification) | {"estimator": AIPW}
    sample = fitted.sample
    if fitted.effect is None:
        treated = sample[TREATED] == 1 if len(sample) else pd.Series(False, index=sample.index, dtype=bool)
        counts = counts_of(sample, treated, int((~treated).sum()), 0)
        counts = {name: counts[name] for name in ("treated", "comparators", "enterprises")}
        return pd.DataFrame(
            [
                shared | counts | {"outcome": outcome, "event_month": month, "reason": fitted.reason}
                for outcome, month in curve
            ]
        )
    treated = pd.Series(sample.index.isin(fitted.effect.rows), index=sample.index) & (sample[TREATED] == 1)
    table = table_of(
        plan,
        group,
        fitted.effect.effects,
        shared | {"subgroup": ALL},
        curve,
        fitted.unobserved,
    )
    table["enterprises"] = counts_of(sample, treated, 0, 0)["enterprises"]
    dropped = ["subgroup", "is_primary", "off_support", "effective_comparators", "freedom", "p"]
    return table.rename(columns={"horizon": "event_month"}).drop(columns=dropped, errors="ignore")


def _correlation(effect: TreatedEffect, outcome: str, months: list[int]) -> tuple[list[int], Matrix]:
    places = {name: place for place, name in enumerate(effect.effects["outcome"])}
    there = [month for month in months if column(outcome, month) in places]
    index = [places[column(outcome, month)] for month in there]
    covariance = effect.covariance[np.ix_(index, index)]
    scale = np.sqrt(np.maximum(np.diag(covariance), 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = covariance / np.outer(scale, scale)
    return there, correlation


def with_bands(plan: Plan, estimates: pd.DataFrame, found: Curves) -> pd.DataFrame:
    """Bands over the horizons of whole groups and subgroups; a curve of one horizon has its interval as band."""
    result = estimates.copy()
    result["band_low"], result["band_high"] = np.nan, np.nan
    if "se" not in result:
        return result
    is_banded = (
        (result["specification"] == plan.main.name)
        & result["outcome"].isin(found.correlations)
        & result["se"].notna()
        & result["low"].notna()
    )
    reaches: dict[tuple[bytes, float], float] = {}
    for subgroup, part in result[is_banded].groupby("subgroup"):
        outcomes = [str(outcome) for outcome in part["outcome"].unique()]
        correlations = found.correlations if subgroup == ALL else _within(found, str(subgroup), outcomes, plan)
        for (outcome, _), rows in part.groupby(["outcome", "estimator"]):
            if str(outcome) in correlations:
                _band(plan, result, rows, *correlations[str(outcome)], reaches)
    return result


def _band(
    plan: Plan,
    result: pd.DataFrame,
    rows: pd.DataFrame,
    months: list[int],
    correlation: Matrix,
    reaches: dict[tuple[bytes, float], float],
) -> None:
    """Writes the band of one curve (`rows` of `result`) in place; none where a correlation is not known. `reaches`: how many errors wide, by correlations and degrees of freedom, of those drawn already."""
    rows = rows[rows["horizon"].isin(months) & (rows["se"] > 0)].sort_values("horizon")
    index = [months.index(int(month)) for month in rows["horizon"]]
    part = correlation[np.ix_(index, index)]
    if not len(rows) or not np.isfinite(part).all():
        return
    freedom = float(rows["freedom"].min())
    known = (part.tobytes(), freedom)
    if known not in reaches:
        _, _, reaches[known] = uniform_bands(
            np.zeros(len(part)), part, degrees_of_freedom=freedom, seed=plan.band_seed, alpha=plan.alpha
        )
    reach = reaches[known] * rows["se"]
    result.loc[rows.index, "band_low"], result.loc[rows.index, "band_high"] = (
        rows["estimate"] - reach,
        rows["estimate"] + reach,
    )


def _within(found: Curves, subgroup: str, outcomes: list[str], plan: Plan) -> dict[str, tuple[list[int], Matrix]]:
    """A subgroup's correlations: the fixed cohort's scores and weights within it. None where its part of the fixed cohort lacks an arm or an error."""
    fitted = found.fitted
    if fitted is None or fitted.effect is None:
        return {}
    name, _, level = subgroup.partition("=")
    asked = [column(outcome, month) for outcome in outcomes for month in plan.horizons]
    effect = narrowed(fitted.effect, [one for one in asked if one in set(fitted.effect.effects["outcome"])])
    flags = (fitted.sample[name].astype(str) == level).fillna(False)
    covariance = covariance_within(effect, flags)
    if covariance is None:
        return {}
    mine = replace(effect, covariance=covariance)
    return {outcome: _correlation(mine, outcome, [*plan.horizons]) for outcome in outcomes}


def _break_even(plan: Plan, group: Group, specification: Specification, fitted: Fit) -> pd.DataFrame:
    """The first month from which the cumulative effect stays at zero or above to the last month; its interval by the sup-t band.

    low: the first month from which the band's upper limit stays at zero or above; high: the same for its lower limit, null when that is not reached (the interval is open above).
    """
    outcome = plan.break_even_outcome
    assert outcome is not None
    shared: dict[str, Any] = cell_of(group, specification) | {
        "subgroup": ALL,
        "estimator": AIPW,
        "outcome": BREAK_EVEN,
        "horizon": plan.last_month,
        "is_primary": False,
    }
    if fitted.effect is None:
        return pd.DataFrame([shared | {"reason": fitted.reason}])
    effect = fitted.effect
    table = effect.effects.set_index("outcome")
    names = [column(outcome, month) for month in range(1, plan.last_month + 1)]
    names = [name for name in names if name in table.index]
    if len(names) < plan.last_month or table.loc[names, "estimate"].isna().any():
        return pd.DataFrame([shared | {"reason": "the cumulative effect is not estimated in every month"}])
    curve = table.loc[names]
    treated = pd.Series(fitted.sample.index.isin(effect.rows), index=fitted.sample.index) & (
        fitted.sample[TREATED] == 1
    )
    counts = counts_of(fitted.sample, treated, int(curve["comparators"].iloc[0]), len(effect.off_support))
    estimate, low, high = (_stays(curve[name]) for name in ("estimate", "band_high", "band_low"))
    reason = None
    if estimate is None:
        reason = f"the cumulative effect is not at zero or above by month {plan.last_month}"
    elif high is None:
        reason = f"the interval is open above: the band holds losses up to month {plan.last_month}"
    elif estimate == 1:
        reason = "there is no lock-in to repay: the cumulative effect is never below zero"
    return pd.DataFrame([shared | counts | {"estimate": estimate, "low": low, "high": high, "reason": reason}])


def _stays(values: pd.Series) -> float | None:
    """The first month (from 1) from which the values stay at zero or above; None when the last one does not. Unknown counts as below."""
    below = np.flatnonzero(~(values.to_numpy(dtype=float) >= 0))
    if len(below) and below[-1] == len(values) - 1:
        return None
    return float(below[-1] + 2 if len(below) else 1)
