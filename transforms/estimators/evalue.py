"""E-values: how strong a hidden confounder would have to be.

Belongs here: the formula and the ways to a risk ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, sqrt
from typing import Literal

from transforms.estimators.results import EstimationError

Scale = Literal[
    "risk_ratio",
    "odds_ratio_rare",
    "odds_ratio_common",
    "hazard_ratio_rare",
    "hazard_ratio_common",
    "risk_difference",
    "mean_difference",
]
SCALES = (
    "risk_ratio",
    "odds_ratio_rare",
    "odds_ratio_common",
    "hazard_ratio_rare",
    "hazard_ratio_common",
    "risk_difference",
    "mean_difference",
)


@dataclass(frozen=True)
class EValue:
    """`point`, `limit`: E-values (1 = any confounder suffices) of the estimate and of the confidence limit nearest to the null; `risk_ratio`: the estimate as a risk ratio."""

    point: float
    limit: float
    risk_ratio: float


def e_value(
    estimate: float,
    low: float,
    high: float,
    scale: Scale,
    *,
    baseline: float | None = None,
    standard_deviation: float | None = None,
) -> EValue:
    """The smallest risk ratio that a hidden confounder must have with both treatment and outcome to explain an effect away (VanderWeele and Ding 2017).

    E = RR + sqrt(RR (RR - 1)) for a risk ratio above 1, of 1/RR below; 1 for a limit on the other side of the null. Other scales by the approximations of that paper's table 2:
    odds and hazard ratios of rare outcomes as they are; of common ones sqrt(OR), and (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)); a mean difference d in standard deviations of the
    outcome (`standard_deviation`) exp(0.91 d); a risk difference p1/p0 with p0 = `baseline`, the risk without treatment, and p1 = p0 + difference, p0 held fixed for the limits.

    Raises `EstimationError` for an unknown scale, an estimate outside its interval, values that are not finite, ratios not above 0, a missing or impossible `baseline` or `standard_deviation`.
    """
    if scale not in SCALES:
        raise EstimationError(f"scale must be one of {', '.join(SCALES)}, not {scale!r}")
    if not all(isfinite(value) for value in (estimate, low, high)):
        raise EstimationError("the estimate and its limits must be finite")
    if not low <= estimate <= high:
        raise EstimationError(f"the estimate {estimate} is not between its limits {low} and {high}")
    point = _risk_ratio(estimate, scale, baseline, standard_deviation)
    null = 0.0 if scale.endswith("difference") else 1.0
    if low <= null <= high:
        limit = 1.0
    else:
        limit = _formula(_risk_ratio(low if estimate > null else high, scale, baseline, standard_deviation))
    return EValue(_formula(point), limit, point)


def _formula(ratio: float) -> float:
    if ratio <= 0:
        return inf
    ratio = max(ratio, 1 / ratio)
    return ratio + sqrt(ratio * (ratio - 1))


def _risk_ratio(value: float, scale: Scale, baseline: float | None, deviation: float | None) -> float:
    if scale == "risk_difference":
        if baseline is None or not 0 < baseline < 1:
            raise EstimationError(f"a risk difference needs the baseline risk, between 0 and 1, not {baseline}")
        if not 0 <= baseline + value <= 1:
            raise EstimationError(f"baseline {baseline} and difference {value} add up to no risk between 0 and 1")
        return (baseline + value) / baseline
    if scale == "mean_difference":
        if deviation is None or not deviation > 0:
            raise EstimationError(f"a mean difference needs the outcome's standard deviation, above 0, not {deviation}")
        return exp(0.91 * value / deviation)
    if value <= 0:
        raise EstimationError(f"a ratio must be above 0, not {value}")
    if scale == "odds_ratio_common":
        return sqrt(value)
    if scale == "hazard_ratio_common":
        return float((1 - 0.5 ** sqrt(value)) / (1 - 0.5 ** sqrt(1 / value)))
    return value
