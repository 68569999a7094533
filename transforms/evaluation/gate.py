"""The gate: diagnostics before results. Each has a figure, limits and a verdict; a failed one is written beside the estimate, never hidden.

Belongs here: diagnostics of a fit, summing up, Holm. Not here: balance (balance.py), placebos (placebo.py), the limits (the protocol).

    largest_difference      largest absolute standardised mean difference after weighting, at most
    equipoise               share with preference score 0.3 to 0.7, at least
    effective_comparators   effective sample of comparators over the number of treated, at least
    largest_weight          largest share of the comparators' weight that one has, at most the limit or twice the equal share
    smallest_detectable     smallest detectable effect of this estimate, at most what the protocol calls relevant
    placebo_in_time, placebo_enterprises: placebo.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from transforms.estimators import holm
from transforms.estimators.diagnostics import (
    EQUIPOISE,
    effective_sample,
    largest_share,
    preference_score,
)
from transforms.evaluation.balance import columns_of, largest_difference
from transforms.evaluation.fits import Fit, cell_of
from transforms.evaluation.plan import AIPW, ALL, MAIN, Group, Plan, Specification
from transforms.evaluation.samples import TREATED, WEIGHT

PASS, FAIL, NOT_MADE, NOT_APPLICABLE = "pass", "fail", "not_made", "not_applicable"
NOT_ESTIMATED, NOT_CHECKED = "not_estimated", "not_checked"
PLACEBO_IN_TIME = "placebo_in_time"
CELL = ["design", "family", "specification", "arm", "instrument"]


def verdict(figure: float, low: float | None, high: float | None) -> str:
    """pass or fail of a figure against its limits, both included."""
    return FAIL if (low is not None and figure < low) or (high is not None and figure > high) else PASS


def row(
    shared: dict[str, Any],
    diagnostic: str,
    figure: float | None,
    low: float | None,
    high: float | None,
    reason: str | None = None,
    given: str | None = None,
) -> dict[str, Any]:
    """A row of `diagnostics`; without a figure `reason` says why and `verdict` is not_applicable unless given."""
    is_there = figure is not None and np.isfinite(figure)
    return shared | {
        "diagnostic": diagnostic,
        "figure": figure if is_there else np.nan,
        "limit_low": low,
        "limit_high": high,
        "verdict": given or (verdict(float(figure), low, high) if is_there and figure is not None else NOT_APPLICABLE),
        "reason": reason if reason or is_there else "the figure cannot be computed from this sample",
    }


def diagnostics_of(
    plan: Plan,
    group: Group,
    specification: Specification,
    fitted: Fit,
    horizon: int,
    estimates: pd.DataFrame,
    subgroup: str = ALL,
    flags: pd.Series | None = None,
) -> pd.DataFrame:
    """Rows of `diagnostics` of one fit, or of a subgroup of it (`flags` over the sample's rows), and of its rows of `estimates`."""
    shared = cell_of(group, specification) | {
        "subgroup": subgroup,
        "outcome": ALL,
        "horizon": horizon,
        "estimator": fitted.estimator,
    }
    limits = plan.limits
    effect = fitted.effect
    if effect is None or effect.effects["estimate"].isna().all():
        why = f"no estimate: {fitted.reason if effect is None else effect.effects['reason'].iloc[0]}"
        return pd.DataFrame(
            [
                row(shared, "largest_difference", None, None, limits.largest_difference, why),
                row(shared, "equipoise", None, limits.equipoise, None, why),
                row(shared, "effective_comparators", None, limits.comparators_of_treated, None, why),
                row(shared, "largest_weight", None, None, limits.largest_weight, why),
            ]
        )
    data = fitted.supported
    inside = np.ones(len(data), dtype=bool) if flags is None else flags.reindex(effect.rows).to_numpy(dtype=bool)
    treated = data[TREATED].to_numpy() == 1
    weight = data[WEIGHT].to_numpy(dtype=float)
    comparators = effect.scores.comparator_weight * inside
    number = int((treated & inside).sum())
    difference = (
        float(effect.balance["after"].abs().max())
        if flags is None
        else largest_difference(
            columns_of(plan, group, fitted), weight * (treated & inside), weight * (~treated & inside), comparators
        )
    )
    share = largest_share(comparators)
    others = max(1, int((~treated & inside).sum()))
    most = max(limits.largest_weight, limits.largest_weight_of_equal / others)
    rows = [
        row(shared, "largest_difference", difference, None, limits.largest_difference),
        _equipoise_row(plan, shared, fitted, treated, weight, inside),
        row(
            shared,
            "effective_comparators",
            effective_sample(comparators) / max(1, number),
            limits.comparators_of_treated,
            None,
        ),
        row(shared, "largest_weight", share, None, most),
    ]
    return pd.DataFrame([*rows, *_detectable_rows(plan, estimates)])


def _equipoise_row(
    plan: Plan, shared: dict[str, Any], fitted: Fit, treated: np.ndarray, weight: np.ndarray, inside: np.ndarray
) -> dict[str, Any]:
    assert fitted.effect is not None
    if fitted.effect.propensity is None:
        return row(shared, "equipoise", None, plan.limits.equipoise, None, "this estimator has no propensity: see aipw")
    score = preference_score(fitted.effect.propensity.to_numpy(), treated, weight)
    between = (score >= EQUIPOISE[0]) & (score <= EQUIPOISE[1])
    total = float((weight * inside).sum())
    figure = float((weight * inside * between).sum()) / total if total > 0 else None
    return row(shared, "equipoise", figure, plan.limits.equipoise, None)


def _detectable_rows(plan: Plan, estimates: pd.DataFrame) -> list[dict[str, Any]]:
    """Each outcome's own smallest detectable effect, as it stands in its row of `estimates`. An estimate without an error could have missed anything: it fails."""
    rows = []
    one: dict[str, Any]
    for one in estimates.to_dict("records"):  # type: ignore[assignment]
        limit, estimate = plan.limits.smallest_detectable.get(one["outcome"]), one.get("estimate", np.nan)
        if limit is None or not np.isfinite(estimate):
            continue
        shared = {name: one[name] for name in (*CELL, "subgroup", "outcome", "horizon", "estimator")}
        given = None if np.isfinite(one["se"]) else FAIL
        figure = one["smallest_detectable_effect"]
        rows.append(row(shared, "smallest_detectable", figure, None, limit, one["reason"], given))
    return rows


def close(plan: Plan, estimates: pd.DataFrame, diagnostics: pd.DataFrame) -> pd.DataFrame:
    """Sums the diagnostics up in `gate` and `reason` of every estimate, and adds `p_holm` over the protocol's family."""
    about: dict[tuple[Any, ...], list[tuple[str, str, str]]] = {}
    keys = [*CELL, "subgroup", "outcome", "horizon", "estimator"]
    found: dict[str, Any]
    for found in diagnostics.to_dict("records"):  # type: ignore[assignment]
        about.setdefault(tuple(found[key] for key in keys), []).append(
            (found["verdict"], found["diagnostic"], _told(found))
        )
    gates, reasons = [], []
    one: dict[str, Any]
    for one in estimates.to_dict("records"):  # type: ignore[assignment]
        gate, reason = _sum_up(one, _matching(one, about))
        gates.append(gate)
        reasons.append(reason)
    closed = estimates.assign(gate=gates, reason=pd.Series(reasons, index=estimates.index, dtype=object))
    closed["is_primary"] = closed["is_primary"].fillna(False).astype(bool)
    return with_holm(plan, closed)


def is_in_family(plan: Plan, estimates: pd.DataFrame) -> pd.Series:
    """The questions that Holm's correction counts: main specification, whole groups, first estimator, reported horizons, the protocol's outcomes."""
    return (
        (estimates["specification"] == plan.main.name)
        & (estimates["subgroup"] == ALL)
        & (estimates["estimator"] == AIPW)
        & estimates["horizon"].isin(plan.horizons)
        & estimates["outcome"].isin(plan.outcomes)
    )


def with_holm(plan: Plan, estimates: pd.DataFrame) -> pd.DataFrame:
    """Adds `p_holm`: over the outcomes and horizons of an arm, family and instrument; the primary question is tested alone."""
    closed = estimates.assign(p_holm=np.nan)
    if "p" not in closed:
        return closed
    asked = closed[is_in_family(plan, closed)]
    alone = asked[asked["is_primary"]]
    closed.loc[alone.index, "p_holm"] = alone["p"].astype(float)
    for _, family in asked[~asked["is_primary"]].groupby(["arm", "family", "instrument"]):
        closed.loc[family.index, "p_holm"] = holm(family["p"].astype(float).to_numpy())
    return closed


def _matching(
    one: dict[str, Any], about: dict[tuple[Any, ...], list[tuple[str, str, str]]]
) -> list[tuple[str, str, str]]:
    """What is about this estimate: its own sample's diagnostics at its horizon, its own outcome's, and the placebos of its group."""
    cell = tuple(one[key] for key in CELL)
    found: list[tuple[str, str, str]] = []
    for outcome in (ALL, one["outcome"]):
        found += about.get((*cell, one["subgroup"], outcome, one["horizon"], one["estimator"]), [])
    # Placebos are made of the main run alone. What they say of the design holds for a run that changes one choice; a placebo is not judged by itself.
    if one["specification"] != PLACEBO_IN_TIME:
        found += about.get((*(MAIN if key == "specification" else one[key] for key in CELL), ALL, ALL, 0, ALL), [])
    return found


def _sum_up(one: dict[str, Any], found: list[tuple[str, str, str]]) -> tuple[str, str | None]:
    told = [str(one["reason"])] if isinstance(one.get("reason"), str) and one["reason"] else []
    estimate = one.get("estimate")
    if estimate is None or not np.isfinite(float(estimate)):
        return NOT_ESTIMATED, "; ".join(told) or None
    failed = [text for status, _, text in found if status == FAIL]
    unmade = [name for status, name, _ in found if status == NOT_MADE]
    if failed:
        told.append("outside the limits: " + ", ".join(failed))
    if unmade:
        told.append("not made in this run: " + ", ".join(unmade))
    if all(status == NOT_APPLICABLE for status, _, _ in found):
        return NOT_CHECKED, "; ".join([*told, "no diagnostic with a limit is defined for this estimate"])
    return (FAIL if failed else PASS), "; ".join(told) or None


def _told(found: dict[str, Any]) -> str:
    limits = [
        text
        for text in (
            f"at least {found['limit_low']:.3g}" if _is_number(found["limit_low"]) else "",
            f"at most {found['limit_high']:.3g}" if _is_number(found["limit_high"]) else "",
        )
        if text
    ]
    figure = f"{found['figure']:.3g}" if _is_number(found["figure"]) else "unknown"
    return f"{found['diagnostic']} {figure} ({' and '.join(limits)})"


def _is_number(value: Any) -> bool:
    return value is not None and bool(np.isfinite(float(value)))
