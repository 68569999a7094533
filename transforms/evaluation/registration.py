"""The third design: the same enterprise before and after it became a registered social enterprise (RSV), against nonprofits that never did or have not yet.

Belongs here: enterprises by half-year or year, who can be compared, estimates, event study, sensitivity, and in words why nothing can be said. Not here: the estimator
(transforms/estimators/group_time.py), the panel's layout (registration_panel.py), which outcome at which horizon (the caller).

It separates the label from the workplace: what an enterprise is does not change on the day it is registered. It does not see an effect that comes before registration
(an enterprise that prepares), nor tell registration from what else happened to these enterprises in the same half-year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from transforms.estimators.group_time import group_time_effects
from transforms.estimators.results import EstimationError
from transforms.evaluation.registration_panel import RegistrationPanel, panel_of
from transforms.evaluation.registration_trends import BOUNDS, Trends, small_sample, trends_of

EFFECTS = (
    "aggregate", "value", "estimate", "se", "low", "high", "band_low", "band_high", "p", "treated", "comparators", "effective_enterprises", "reason",
)  # fmt: skip
EVENTS = ("event_period", *EFFECTS[2:])


@dataclass(frozen=True)
class RegistrationEffects:
    """What registration did to the outcomes of the citizens an enterprise receives.

    `effects`: `EFFECTS`; `aggregate` simple (one row: the mean over enterprises and periods since registration), group (by the period of registration), calendar, event (mean over
    event periods from 0). `event_study`: `EVENTS`; event period -1 is the base and 0 by construction. `sensitivity`: `BOUNDS`, for the mean of the event periods in the window.
    `trends`: what the event study says of trends before registration, and how far they may differ. `treated`: registered enterprises that are compared, `comparators`: the most that stood beside them in a cell, `effective_enterprises` = 1 / sum(share^2) of the treated.
    `notes`: what was left out, in words and counts.
    """

    effects: pd.DataFrame
    event_study: pd.DataFrame
    sensitivity: pd.DataFrame
    trends: Trends
    notes: tuple[str, ...]


def registration_effects(
    frame: pd.DataFrame,
    *,
    period: str = "half_year",
    comparison: str = "not_yet_treated",
    method: str = "doubly_robust",
    covariates: Sequence[str] = (),
    weighting: str = "citizens",
    comparator_kinds: Sequence[str] = ("nonprofit",),
    window: int = 4,
    relative_magnitudes: Sequence[float] = (0.5, 1.0, 2.0),
    smoothness: Sequence[float] = (),
    least_enterprises: int = 10,
    least_effective: float = 5.0,
    least_citizens: int = 1,
    alpha: float = 0.05,
    seed: int = 20170101,
    draws: int = 20_000,
) -> RegistrationEffects:
    """Group-time effects of registration on the mean outcome of an enterprise's citizens, summed up.

    Unbalanced enterprises: an enterprise that receives nobody in a period has no outcome there. A cell compares the change from the base period of the enterprises that have both periods.
    That supposes that receiving nobody has nothing to do with the change in outcomes. A registered enterprise without citizens in the last period before registration, or without any
    after, is compared nowhere: left out and counted. In the period of registration only months from the registration's on count.

    Inference: influence functions, enterprises independent, times sqrt(G* / (G* - 1)), t on G* - 1 degrees of freedom with G* the effective number of registered enterprises behind
    the row. Bands are simultaneous
    over the rows of one aggregate. For the sensitivity sets the covariance is widened by the same factor and (t / z)^2, of the row with fewest, since they suppose normal estimates.

    Args:
        frame: one row an enterprise and month with citizens: `enterprise`, `month` (a date in it), `outcome` (their mean), `citizens` (their number), `first_registered` (a date, missing: never),
            `enterprise_kind`; and `covariates`, means over the same citizens.
        period: "half_year" or "year", of the calendar.
        comparison, method: of `group_time_effects`.
        weighting: "citizens" (an enterprise counts by its mean number of citizens a period, of registered ones before registration: registration may change it) or "enterprise" (each counts once).
        comparator_kinds: kinds of enterprise that compare if never registered; other never registered ones are left out.
        window: event periods -window - 1 to window - 1 go into event study and sensitivity.
        relative_magnitudes, smoothness: the m of `sensitivity_bounds`; smoothness in units of the outcome per period.
        least_enterprises, least_effective: below these (registered, comparators; effective registered) there is no estimate but a row with the reason.
        least_citizens: an enterprise and period with fewer is left out.
        alpha, seed, draws: of intervals and bands.

    Returns:
        RegistrationEffects. Where nothing can be said `effects` has one row, without numbers, with the reason; event study and sensitivity are empty.

    Raises:
        EstimationError: columns missing, an enterprise twice in a month, values that are not finite, no citizens in a row, a kind or a registration that changes, an unknown option.

    Source: Callaway & Sant'Anna 2021; Rambachan & Roth 2023.
    """
    panel = panel_of(frame, period, tuple(covariates), weighting, tuple(comparator_kinds), least_citizens)
    reason = _too_few(panel, least_enterprises, least_effective)
    if reason is None:
        try:
            result = group_time_effects(
                panel.rows, unit="enterprise", time="period", first_treated="group", outcome="outcome", covariates=tuple(covariates), method=method,
                comparison=comparison, base_period="universal", missing="pairwise", weight="weight", alpha=alpha, seed=seed, draws=draws,
            )  # fmt: skip
        except EstimationError as error:
            if "is unknown" in str(error):
                raise
            reason = str(error)
    if reason is not None:
        empty = {
            **dict.fromkeys(EFFECTS),
            "aggregate": "simple",
            "treated": panel.treated,
            "comparators": panel.comparators,
            "effective_enterprises": panel.effective,
            "reason": reason,
        }
        return RegistrationEffects(
            _frame([empty], EFFECTS), _frame([], EVENTS), _frame([], BOUNDS), Trends(reason=reason), panel.notes
        )

    windowed = result.aggregate("event", first=-window - 1, last=window - 1)
    everything = {kind: result.aggregate(kind) for kind in ("simple", "group", "calendar")}
    rows = [
        _row({"aggregate": kind, "value": None}, whole.overall, panel.effective, alpha)
        for kind, whole in everything.items()
    ]
    rows.append(_row({"aggregate": "event", "value": None}, windowed.overall, panel.effective, alpha))
    for kind in ("group", "calendar"):
        part = everything[kind].effects
        rows += [
            _row(
                {"aggregate": kind, "value": panel.label(row[kind])},
                row,
                panel.effective_at(kind, float(row[kind])),
                alpha,
            )
            for _, row in part.iterrows()
        ]
    events = [
        _row({"event_period": int(row["event"])}, row, panel.effective_at("event", float(row["event"])), alpha)
        for _, row in windowed.effects.iterrows()
    ]
    bounds, trends = trends_of(windowed, panel, relative_magnitudes, smoothness, alpha, seed)
    return RegistrationEffects(
        _frame(rows, EFFECTS),
        _frame(events, EVENTS),
        _frame(bounds, BOUNDS),
        trends,
        (*panel.notes, *result.notes),
    )


def _too_few(panel: RegistrationPanel, least: int, least_effective: float) -> str | None:
    """Why nothing can be said, or None."""
    if panel.treated < least:
        return f"{panel.treated} enterprises became RSV with citizens in the period before and in one since: fewer than {least}, too few to say anything"
    if panel.comparators < least:
        return f"{panel.comparators} enterprises to compare with have citizens in two periods: fewer than {least}, too few to say anything"
    if panel.effective < least_effective:
        return f"the {panel.treated} registered enterprises are as uneven as {panel.effective:.1f} equal ones: fewer than {least_effective:g}, too few to say anything"
    return None


def _row(key: dict[str, Any], found: pd.Series, effective: float, alpha: float) -> dict[str, Any]:
    """A row with t in place of normal quantiles, of the effective number of registered enterprises less one."""
    estimate, se, reason = float(found["estimate"]), float(found["se"]), found["reason"]
    row = {
        **key, "estimate": estimate, "se": se, "treated": int(found["treated"]), "comparators": int(found["comparators"]), "effective_enterprises": effective,
        "low": np.nan, "high": np.nan, "band_low": np.nan, "band_high": np.nan, "p": np.nan, "reason": reason,
    }  # fmt: skip
    if np.isnan(se):
        return row
    degrees = effective - 1
    if degrees < 1:
        return {
            **row,
            "se": np.nan,
            "reason": f"the registered enterprises are as uneven as {effective:.1f} equal ones: no standard error",
        }
    se *= small_sample(effective)
    reach = float(student.ppf(1 - alpha / 2, degrees)) * se
    row |= {
        "se": se,
        "low": estimate - reach,
        "high": estimate + reach,
        "p": float(2 * student.sf(abs(estimate) / se, degrees)) if se > 0 else float(estimate == 0),
    }
    if "band_high" in found.index and se > 0:
        wide = (float(found["band_high"]) - estimate) / float(found["se"])
        reach = float(student.isf(norm.sf(wide), degrees)) * se
        row |= {"band_low": estimate - reach, "band_high": estimate + reach}
    return row


def _frame(rows: Sequence[Mapping[Any, Any]], columns: Sequence[str]) -> pd.DataFrame:
    texts = {"aggregate", "value", "reason", "method", "confidence_set"}
    counts = {"treated", "comparators", "event_period"}
    frame = pd.DataFrame(rows, columns=list(columns))
    kinds = {name: "object" if name in texts else "int64" if name in counts else "float64" for name in columns}
    frame = frame.astype(kinds)
    return (
        frame.where(frame.notna(), None)
        if frame.empty
        else frame.assign(**{name: frame[name].where(frame[name].notna(), None) for name in columns if name in texts})
    )


__all__ = ["BOUNDS", "EFFECTS", "EVENTS", "RegistrationEffects", "registration_effects"]
