"""The gate of the third design: what must hold before registration as an event is read as an effect of registration.

Belongs here: its diagnostics, with figures and limits. Not here: how trends are measured (registration_trends.py), summing up (gate.py).

    pre_trend                          largest absolute effect before registration, at most the outcome's smallest effect that matters; fails where no period before can be seen
    breakdown                          how far trends may differ after registration, in the largest step before it, until the interval holds 0: at least the protocol's; not applicable where it holds 0 already
    registered_enterprises             enterprises that became registered and are compared, at least the protocol's
    effective_registered_enterprises   the same as if of equal size, at least the protocol's
    smallest_detectable                smallest detectable effect of this estimate, at most the outcome's smallest effect that matters
    sensitivity_<method>_<m>           nearest end to 0 of the interval when trends differ by m; no limit
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transforms.estimators import smallest_detectable_effect
from transforms.evaluation.gate import FAIL, NOT_APPLICABLE, row
from transforms.evaluation.plan import Plan
from transforms.evaluation.registration import RegistrationEffects


def smallest_detectable_of(plan: Plan, whole: Mapping[str, Any]) -> float:
    """Of one estimate with its error and effective registered enterprises; not a number without an error."""
    se, freedom = float(whole["se"]), float(whole["effective_enterprises"]) - 1
    return (
        float(smallest_detectable_effect(se, alpha=plan.alpha, df=freedom))
        if np.isfinite(se) and freedom > 0
        else np.nan
    )


def gate_rows(
    plan: Plan, at: dict[str, Any], effects: RegistrationEffects, whole: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of `diagnostics` of an estimate (`whole`, a row of `effects.effects`); without one every diagnostic is there with the reason."""
    matters = plan.limits.smallest_detectable.get(at["outcome"])
    trends, has_estimate = effects.trends, np.isfinite(float(whole["estimate"]))
    none = None if has_estimate else f"no estimate: {whole['reason']}"
    smallest = smallest_detectable_of(plan, whole) if has_estimate else None
    # What cannot be seen has not passed.
    unseen = FAIL if has_estimate and not np.isfinite(smallest_detectable_of(plan, whole)) else None
    blind = FAIL if has_estimate and trends.largest_before is None else None
    return [
        row(at, "pre_trend", trends.largest_before, None, matters, none or _before(effects) or trends.reason, blind),
        row(
            at, "breakdown", trends.breakdown, plan.registration_breakdown, None, none or trends.reason or _breakdown()
        ),
        row(at, "registered_enterprises", whole["treated"], plan.least_enterprises, None, none),
        row(at, "effective_registered_enterprises", whole["effective_enterprises"], plan.least_effective, None, none),
        row(at, "smallest_detectable", smallest, None, matters, none or whole["reason"], unseen),
        *_bounds(at, effects, whole["reason"]),
    ]


def gate_rows_without(plan: Plan, at: dict[str, Any], reason: str | None) -> list[dict[str, Any]]:
    """The same rows where there is not even a panel."""
    matters, why = plan.limits.smallest_detectable.get(at["outcome"]), f"no estimate: {reason}"
    return [
        row(at, "pre_trend", None, None, matters, why),
        row(at, "breakdown", None, plan.registration_breakdown, None, why),
        row(at, "registered_enterprises", None, plan.least_enterprises, None, why),
        row(at, "effective_registered_enterprises", None, plan.least_effective, None, why),
        row(at, "smallest_detectable", None, None, matters, why),
    ]


def _before(effects: RegistrationEffects) -> str | None:
    trends = effects.trends
    if trends.at is None:
        return None
    found = effects.event_study.set_index("event_period").loc[trends.at]
    joint = "" if trends.p_before is None else f"; joint test of all periods before: p = {trends.p_before:.3g}"
    return (
        f"largest absolute effect before registration, {-trends.at - 1} periods before the base: {found['estimate']:.3g} "
        f"({found['low']:.3g} to {found['high']:.3g}){joint}"
    )


def _breakdown() -> str:
    return "the largest m, of those up to the protocol's largest, at which the set of Rambachan and Roth still leaves 0 out, to 0.05"


def _bounds(at: dict[str, Any], effects: RegistrationEffects, reason: str | None) -> list[dict[str, Any]]:
    rows = []
    for one in effects.sensitivity.to_dict("records"):
        low, high = one["low"], one["high"]
        is_known = low is not None and high is not None and np.isfinite(float(low)) and np.isfinite(float(high))
        told = f"mean effect since registration between {float(low):.3g} and {float(high):.3g}" if is_known else None
        rows.append(
            at
            | {
                "diagnostic": f"sensitivity_{one['method']}_{float(one['m']):g}",
                # The end of the set that is nearest to no effect; 0 when the set holds it.
                "figure": _nearest(float(low), float(high)) if is_known else np.nan,
                "verdict": NOT_APPLICABLE,
                "reason": told or one["reason"] or reason or "the set of effects is empty or has no end",
            }
        )
    return rows


def _nearest(low: float, high: float) -> float:
    return low if low > 0 else high if high < 0 else 0.0
