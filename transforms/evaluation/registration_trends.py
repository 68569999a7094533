"""Trends of the third design: whether they differed before registration, and how far they may differ after it before the conclusion falls.

Belongs here: the joint test, the sets of Rambachan and Roth, their breakdown value, from one event study. Not here: the sets themselves (transforms/estimators/honest.py), estimates (registration.py), limits (registration_gate.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import f as fisher
from scipy.stats import norm
from scipy.stats import t as student

from transforms.estimators.group_time_result import Aggregate
from transforms.estimators.honest import sensitivity_bounds
from transforms.estimators.results import EstimationError, Floats
from transforms.evaluation.registration_panel import RegistrationPanel

BOUNDS: Final = ("method", "m", "low", "high", "confidence_set", "reason")
FINEST = 0.05  # to which the breakdown value is searched


@dataclass(frozen=True)
class Trends:
    """What an event study says of trends.

    `largest_before`, `at`: the largest absolute effect before the base period and its event period, units of the outcome. `p_before`: joint test that all of them are 0,
    F = W / k on k and G* - 1 degrees of freedom (W the Wald statistic of k periods). `breakdown`: the largest m, in the largest step before registration, at which the set for the mean effect since registration
    still leaves 0 out, to 0.05, at most the largest m tried; 0 where it does so with parallel trends alone. None each where it cannot be said; `reason` says why there is no breakdown value.
    """

    largest_before: float | None = None
    at: int | None = None
    p_before: float | None = None
    breakdown: float | None = None
    reason: str | None = None


def small_sample(effective: float) -> float:
    """sqrt(G* / (G* - 1)): influence functions are centred at the mean of the few treated, which takes a degree of freedom."""
    return float(np.sqrt(effective / (effective - 1)))


@dataclass(frozen=True)
class _Study:
    """The periods without a gap around the base: estimates and covariance (before, after), widened for few enterprises; `reason` where there are none."""

    estimates: Floats
    covariance: Floats
    before: int
    after: int
    effective: float
    reason: str | None = None

    def bounds(self, method: str, values: Sequence[float], alpha: float, seed: int) -> pd.DataFrame:
        """The sets for the mean effect over the periods after; rows without limits and with the reason where there are none."""
        try:
            if self.reason:
                raise EstimationError(self.reason)
            # The sets suppose normal estimates: the covariance is widened by t over normal.
            widen = (student.ppf(1 - alpha / 2, self.effective - 1) / norm.ppf(1 - alpha / 2)) ** 2
            return sensitivity_bounds(
                self.estimates, self.covariance * widen, self.before, self.after, method=method, m_values=list(values),
                weights=np.full(self.after, 1 / self.after), alpha=alpha, seed=seed,
            )  # fmt: skip
        except EstimationError as error:
            nothing = {"method": method, "low": np.nan, "high": np.nan, "confidence_set": None, "reason": str(error)}
            return pd.DataFrame([nothing | {"m": m} for m in values])


def trends_of(
    event: Aggregate,
    panel: RegistrationPanel,
    relative: Sequence[float],
    smooth: Sequence[float],
    alpha: float,
    seed: int,
) -> tuple[list[dict[Any, Any]], Trends]:
    """Rows of `BOUNDS`, for the mean effect over the event periods from 0 on, as far as estimates stand without a gap around the base period; and what they say."""
    study = _study(event, panel)
    parts = [
        study.bounds(method, values, alpha, seed)
        for method, values in (("relative_magnitude", relative), ("smoothness", smooth))
        if values
    ]
    rows = pd.concat(parts).to_dict("records") if parts else []
    if study.reason is not None:
        return rows, Trends(reason=study.reason)
    before = study.estimates[: study.before]
    worst = int(np.abs(before).argmax())
    breakdown, reason = _breakdown(study, max(relative), alpha, seed) if relative else (None, "no magnitudes asked for")
    return rows, Trends(float(abs(before[worst])), worst - study.before - 1, _joint(study), breakdown, reason)


def _study(event: Aggregate, panel: RegistrationPanel) -> _Study:
    table = event.effects
    known = {
        int(event): place
        for place, (event, se) in enumerate(table[["event", "se"]].to_numpy(dtype=float))
        if not np.isnan(se)
    }
    before: list[int] = []
    after: list[int] = []
    while -2 - len(before) in known:
        before.append(-2 - len(before))
    while len(after) in known:
        after.append(len(after))
    effective = min((panel.effective_at("event", e) for e in [*before, *after]), default=np.nan)
    reason = None
    if not before or not after:
        reason = "no event period before the base period or none since has a standard error"
    elif effective < 2:
        reason = f"an event period rests on {effective:.1f} effective enterprises: fewer than 2"
    if reason is not None:
        return _Study(np.empty(0), np.empty((0, 0)), len(before), len(after), effective, reason)
    places = [known[e] for e in [*reversed(before), *after]]
    return _Study(
        table["estimate"].to_numpy(dtype=float)[places],
        event.covariance[np.ix_(places, places)] * small_sample(effective) ** 2,
        len(before),
        len(after),
        effective,
    )


def _joint(study: _Study) -> float | None:
    """p of no differing trend in any period before; None where the covariance of those periods has no inverse."""
    values, covariance = study.estimates[: study.before], study.covariance[: study.before, : study.before]
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    if not (np.diag(covariance) > 0).all() or np.linalg.eigvalsh(covariance / scale).min() < 1e-10:
        return None
    wald = float(values @ np.linalg.solve(covariance, values))
    return float(fisher.sf(wald / study.before, study.before, study.effective - 1))


def _breakdown(study: _Study, highest: float, alpha: float, seed: int) -> tuple[float | None, str | None]:
    def leaves_out_zero(m: float) -> bool | None:
        low, high = study.bounds("relative_magnitude", [m], alpha, seed)[["low", "high"]].to_numpy(dtype=float)[0]
        return None if np.isnan(low) or np.isnan(high) else bool(low > 0 or high < 0)

    at_parallel = leaves_out_zero(0.0)
    if at_parallel is None:
        return None, "the set cannot be had even with parallel trends"
    if not at_parallel:
        return (
            None,
            "with parallel trends the interval holds 0 already: there is no sign that differing trends could take away",
        )
    if highest <= 0 or leaves_out_zero(highest):
        return highest, None
    # A set grows with m: what is kept at m is kept at less.
    low, high = 0.0, highest
    while high - low > FINEST:
        middle = (low + high) / 2
        low, high = (middle, high) if leaves_out_zero(middle) else (low, middle)
    return low, None


__all__ = ["BOUNDS", "Trends", "small_sample", "trends_of"]
