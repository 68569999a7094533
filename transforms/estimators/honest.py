"""How wrong parallel trends may be before a conclusion falls: confidence sets after Rambachan and Roth.

Belongs here: the entry point, input that must hold, the breakdown value. Not here: the two confidence sets (honest_relative.py, honest_smooth.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from transforms.estimators.honest_relative import relative_magnitude_set
from transforms.estimators.honest_smooth import fixed_length_interval
from transforms.estimators.influence import one_thread
from transforms.estimators.results import EstimationError, Floats

SETS = {
    "relative_magnitude": "conditional least-favourable hybrid",
    "smoothness": "optimal fixed-length interval",
}


@one_thread
def sensitivity_bounds(
    event_study_estimates: ArrayLike,
    covariance: ArrayLike,
    pre: int,
    post: int,
    *,
    method: str = "relative_magnitude",
    m_values: Sequence[float],
    weights: ArrayLike | None = None,
    alpha: float = 0.05,
    seed: int = 20170101,
    draws: int = 50_000,
) -> pd.DataFrame:
    """Confidence sets for an effect when trends may differ by a bounded amount.

    beta = (pre, post) event-study estimates against the last period before treatment (a *universal* base: estimates against a varying base are changes, not
    levels, and must not be given), beta ~ N(tau + delta, covariance), tau = 0 before treatment, delta the difference in trends, delta = 0 in the base period. The target is
    theta = weights' tau_post. Periods are evenly spaced, without gaps.

    relative_magnitude: |delta_{t+1} - delta_t| after treatment is at most m times the largest one before (the step into the base period counts). The set is the
        union over which step before is the largest, and its sign, of the sets that the conditional test with a least-favourable first stage does not reject (Andrews, Roth & Pakes;
        first stage of size alpha / 10; moments of post periods, and all moments where there is one post period, as R's `HonestDiD` "C-LF"). Reported: its lowest and highest
        point, searched to 1e-9 standard errors beyond a fine grid. The first stage's critical value is drawn with a seed.
    smoothness: |(delta_{t+1} - delta_t) - (delta_t - delta_{t-1})| <= m everywhere: the slope changes by at most m. The set is the shortest interval of fixed length around an affine
        estimator (Armstrong & Kolesár), `HonestDiD` "FLCI"; here exact, there searched on a grid with a simulated critical value.

    Both cover theta with probability at least 1 - alpha when the restriction holds and beta is normal with this covariance. Neither is an identified set: sampling error is inside.

    Args:
        event_study_estimates: pre + post numbers in the order of time, without the base period. covariance: of them.
        pre, post: how many before the base period and after it.
        m_values: not negative. relative_magnitude: a multiple; smoothness: in units of the outcome per period.
        weights: `post` numbers (default: the first period after treatment; 1 / post each is the mean effect).
        alpha: 1 - confidence. seed, draws: of the least-favourable critical value.

    Returns:
        One row an m, in the order given: method, m, low, high (units of the outcome; with low > 0 or high < 0 the conclusion of an effect stands at that m), confidence_set, reason.
        A row whose set cannot be had has neither limit and says why.

    Raises:
        EstimationError: counts that do not fit, no period before or after, values that are not finite, a covariance that is not symmetric and positive definite, an m below 0,
            weights that are all zero, an unknown method.

    Source: Rambachan & Roth, Review of Economic Studies 2023; Andrews, Roth & Pakes, Review of Economic Studies 2023; Armstrong & Kolesár, Econometrica 2018.
    """
    if method not in SETS:
        raise EstimationError(f"method {method!r} is unknown; known are {', '.join(SETS)}.")
    beta, sigma, target = _checked(event_study_estimates, covariance, pre, post, weights)
    bounds = [float(m) for m in m_values]
    if not bounds:
        raise EstimationError("m_values is empty.")
    if not np.isfinite(bounds).all() or min(bounds) < 0:
        raise EstimationError("m_values must be finite and not below 0.")
    if not 0 < alpha < 0.5:
        raise EstimationError("alpha must lie between 0 and 0.5.")
    rows = []
    for m in bounds:
        reason, low, high = None, np.nan, np.nan
        try:
            if method == "relative_magnitude":
                low, high = relative_magnitude_set(beta, sigma, pre, target, m, alpha, seed, draws)
            else:
                low, high = fixed_length_interval(beta, sigma, pre, target, m, alpha)
        except EstimationError as error:
            reason = str(error)
        rows.append(
            {"method": method, "m": m, "low": low, "high": high, "confidence_set": SETS[method], "reason": reason}
        )
    return pd.DataFrame(rows)


def original_interval(
    event_study_estimates: ArrayLike,
    covariance: ArrayLike,
    pre: int,
    post: int,
    *,
    weights: ArrayLike | None = None,
    alpha: float = 0.05,
) -> tuple[float, float]:
    """The usual normal interval of weights' beta_post: what parallel trends gives."""
    beta, sigma, target = _checked(event_study_estimates, covariance, pre, post, weights)
    centre = float(target @ beta[pre:])
    reach = float(norm.ppf(1 - alpha / 2) * np.sqrt(target @ sigma[pre:, pre:] @ target))
    return centre - reach, centre + reach


def breakdown_value(bounds: pd.DataFrame) -> float | None:
    """The smallest m of a table of `sensitivity_bounds` whose set holds 0 (None: none of those tried does, or a set is missing before it)."""
    ordered = bounds.sort_values("m")
    for m, low, high in ordered[["m", "low", "high"]].to_numpy(dtype=float):
        if np.isnan(low) or np.isnan(high):
            return None
        if low <= 0 <= high:
            return float(m)
    return None


def _checked(
    estimates: ArrayLike, covariance: ArrayLike, pre: int, post: int, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    beta, sigma = np.asarray(estimates, dtype=float).ravel(), np.asarray(covariance, dtype=float)
    if pre < 1 or post < 1:
        raise EstimationError(
            f"At least one period before the base period and one after are needed; there are {pre} and {post}."
        )
    if len(beta) != pre + post or sigma.shape != (pre + post, pre + post):
        raise EstimationError(
            f"{pre} + {post} periods need as many estimates and a square covariance; there are {len(beta)} and {sigma.shape}."
        )
    if not np.isfinite(beta).all() or not np.isfinite(sigma).all():
        raise EstimationError("Estimates or covariance have values that are missing or infinite.")
    if not np.allclose(sigma, sigma.T, rtol=1e-8, atol=0):
        raise EstimationError("The covariance is not symmetric.")
    if (np.diag(sigma) <= 0).any() or np.linalg.eigvalsh(
        sigma / np.sqrt(np.outer(np.diag(sigma), np.diag(sigma)))
    ).min() < 1e-10:
        raise EstimationError(
            "The covariance is not positive definite: fewer units than periods, or an estimate that repeats another."
        )
    target = np.eye(post)[0] if weights is None else np.asarray(weights, dtype=float).ravel()
    if len(target) != post or not np.isfinite(target).all() or not target.any():
        raise EstimationError(f"weights must be {post} finite numbers, not all 0.")
    return beta, (sigma + sigma.T) / 2, target
