"""Two periods, two groups: difference-in-differences on a panel, with its influence function.

Belongs here: one change per unit, treated or comparator, with covariates. Not here: many periods (group_time.py), standard errors of several (influence.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import qr
from scipy.special import expit
from scipy.stats import norm

from transforms.estimators.influence import influence_covariance, one_thread
from transforms.estimators.panels import read_panel
from transforms.estimators.results import EstimationError, Flags, Floats

METHODS: tuple[str, ...] = ("doubly_robust", "regression", "ipw", "ipw_unnormalised")
# A propensity above this leaves nobody to compare with (the limit of R's `did`).
LARGEST_PROPENSITY = 0.999
_COLLINEAR = 1e-9


@dataclass(frozen=True)
class PanelDid:
    """The average effect on the treated from one change per unit.

    `estimate`, `se`, `low`, `high` in units of the outcome (normal interval), `p` two-sided. `influence`: one row a unit (index: unit), mean zero,
    se^2 = sum(influence^2) / n^2 without clusters. `treated`, `comparators`: units. `clusters`: how many, None when each unit is one.
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    treated: int
    comparators: int
    clusters: int | None
    method: str
    influence: pd.Series


@one_thread
def two_period_did(
    frame: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    treatment: str,
    covariates: Sequence[str] = (),
    method: str = "doubly_robust",
    weight: str | None = None,
    cluster: str | None = None,
    alpha: float = 0.05,
) -> PanelDid:
    """Effect on the treated from a panel of two periods, parallel trends given covariates.

    With D treated, X covariates of the first period (and 1), dY the change, p(X) a logistic propensity by maximum likelihood, m(X) least squares of dY on X among
    comparators, w = p (1 - D) / (1 - p), E weighted means:

        doubly_robust      E[D (dY - m)] / E[D] - E[w (dY - m)] / E[w]     (Sant'Anna & Zhao's traditional one: R's `drdid_panel`, Stata's `dripw`)
        regression         E[D (dY - m)] / E[D]                            (`reg_did_panel`)
        ipw                E[D dY] / E[D] - E[w dY] / E[w]                 (standardised, `std_ipw_did_panel`: what R's `did` calls "ipw")
        ipw_unnormalised   E[(D - w) dY] / E[D]                            (Abadie 2005, `ipw_did_panel`)

    On LaLonde's NSW against CPS they give -871.3271, -1300.645, -1021.609 and -1107.872. The standard error is that of the influence function, with the
    estimation of p and m in it; summed within `cluster` first.

    Args:
        frame: two rows a unit, one at each of the two values of `time`.
        unit, time, outcome: columns. `treatment`: 0 or 1, the same in both rows. `covariates`: numbers, read in the first period.
        weight: positive, the same in both rows (None: equal). cluster: the same in both rows.
        alpha: 1 - confidence.

    Raises:
        EstimationError: a unit twice in a period or missing in one, a value that is not finite, a treatment that is not 0/1 or changes, an empty arm, one treated
            unit (no standard error), collinear or constant covariates, comparators too few for them, perfect separation, a propensity at 1.

    Source: Sant'Anna & Zhao, Journal of Econometrics 2020; Abadie, Review of Economic Studies 2005.
    """
    _known_method(method)
    panel = read_panel(frame, unit, time, outcome, covariates, constant=(treatment,), weight=weight, cluster=cluster)
    if len(panel.times) != 2:
        raise EstimationError(f"Two periods are needed; column {time!r} has {len(panel.times)}.")
    if panel.is_missing.any():
        raise EstimationError(f"{int(panel.is_missing.any(axis=1).sum())} units are missing in one of the two periods.")
    flags = panel.constants[treatment]
    if not np.isin(flags, (0, 1)).all():
        raise EstimationError(f"Column {treatment!r} must be 0 or 1 in every row.")
    treated = flags.astype(bool)
    change = panel.outcome[:, 1] - panel.outcome[:, 0]
    estimate, influence = panel_effect(
        change, treated, panel.covariates[:, 0, :], panel.weight, method, tuple(covariates)
    )
    if treated.sum() < 2:
        raise EstimationError("One treated unit: the effect has no standard error.")
    if panel.clusters is not None and len(np.unique(panel.clusters)) < 2:
        raise EstimationError(f"Column {cluster!r} has one cluster: the effect has no standard error.")
    se = float(np.sqrt(influence_covariance(influence[:, None], panel.clusters)[0, 0]))
    reach = float(norm.ppf(1 - alpha / 2)) * se
    p = float(2 * norm.sf(abs(estimate) / se)) if se > 0 else float(estimate == 0)
    return PanelDid(
        estimate, se, estimate - reach, estimate + reach, p, int(treated.sum()), int((~treated).sum()),
        None if panel.clusters is None else int(panel.clusters.max()) + 1, method, pd.Series(influence, index=panel.units, name="influence"),
    )  # fmt: skip


def panel_effect(
    change: Floats, treated: Flags, covariates: Floats, weight: Floats, method: str, names: Sequence[str] = ()
) -> tuple[float, Floats]:
    """The estimate and its influence function (n), by the formulas of `two_period_did`.

    Args:
        change: n. treated: n. covariates: n x k without the constant (k may be 0). weight: n, positive; only its proportions matter.
        names: of the covariates, for the error.
    """
    _known_method(method)
    count, treated_count = len(change), int(treated.sum())
    if treated_count == 0:
        raise EstimationError("No treated unit.")
    if treated_count == count:
        raise EstimationError("No comparator.")
    d, w = treated.astype(float), weight / weight.mean()
    x = _design(covariates, treated, names, for_comparators=method in ("doubly_robust", "regression"))
    fitted, regression_rows = np.zeros(count), np.zeros_like(x)
    if method in ("doubly_robust", "regression"):
        comparators = w * (1 - d)
        bread = np.linalg.inv((x * comparators[:, None]).T @ x / count)
        fitted = x @ (bread @ (x.T @ (comparators * change) / count))
        regression_rows = (comparators * (change - fitted))[:, None] * x @ bread
    treated_weight, mean_treated = w * d, float((w * d).mean())
    if method == "regression":
        treated_part = treated_weight * (change - fitted)
        estimate = float(treated_part.mean() / mean_treated)
        slope = (treated_weight[:, None] * x).mean(axis=0)
        return estimate, (treated_part - treated_weight * estimate - regression_rows @ slope) / mean_treated

    propensity, propensity_rows = _propensity(x, d, w)
    odds = w * (1 - d) * propensity / (1 - propensity)
    if method == "ipw_unnormalised":
        parts = (treated_weight - odds) * change
        estimate = float(parts.mean() / mean_treated)
        slope = ((odds * change)[:, None] * x).mean(axis=0)
        return estimate, (parts - propensity_rows @ slope - treated_weight * estimate) / mean_treated

    residual, mean_odds = change - fitted, float(odds.mean())
    eta_treated = float((treated_weight * residual).mean() / mean_treated)
    eta_comparators = float((odds * residual).mean() / mean_odds)
    treated_rows = treated_weight * (residual - eta_treated) - regression_rows @ (treated_weight[:, None] * x).mean(
        axis=0
    )
    comparator_rows = odds * (residual - eta_comparators)
    comparator_rows = comparator_rows + propensity_rows @ (comparator_rows[:, None] * x).mean(axis=0)
    comparator_rows = comparator_rows - regression_rows @ (odds[:, None] * x).mean(axis=0)
    return eta_treated - eta_comparators, treated_rows / mean_treated - comparator_rows / mean_odds


def _known_method(method: str) -> None:
    if method not in METHODS:
        raise EstimationError(f"Method {method!r} is unknown; known are {', '.join(METHODS)}.")


def _design(covariates: Floats, treated: Flags, names: Sequence[str], for_comparators: bool) -> Floats:
    """The constant and the covariates, standardised (which changes no estimate), or why they cannot be used."""
    count, width = covariates.shape
    if width == 0:
        return np.ones((count, 1))
    labels = ["the constant", *(names or [f"covariate {place + 1}" for place in range(width)])]
    spread = covariates.std(axis=0)
    scale = np.where(spread > _COLLINEAR * np.maximum(1.0, np.abs(covariates).max(axis=0)), spread, 0.0)
    if (scale == 0).any():
        raise EstimationError(
            f"Constant covariate: {', '.join(labels[place + 1] for place in np.flatnonzero(scale == 0))}."
        )
    x = np.column_stack([np.ones(count), (covariates - covariates.mean(axis=0)) / scale])
    rows = x[~treated] if for_comparators else x
    arm = "comparators" if for_comparators else "units"
    if len(rows) <= width + 1:
        raise EstimationError(f"{len(rows)} {arm} are too few for {width} covariates and a constant.")
    _, triangle, order = qr(rows, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    lost = order[diagonal < 1e-7 * diagonal[0]]
    if len(lost):
        raise EstimationError(
            f"Among the {arm} these covariates are constant or collinear: {', '.join(labels[place] for place in sorted(lost))}."
        )
    return x


def _propensity(x: Floats, d: Floats, w: Floats, steps: int = 60) -> tuple[Floats, Floats]:
    """Maximum-likelihood logistic propensity (n) and the influence of its coefficients (n x columns)."""
    beta = np.zeros(x.shape[1])
    beta[0] = np.log((w * d).sum() / (w * (1 - d)).sum())
    likelihood = _log_likelihood(x @ beta, d, w)
    for _ in range(steps):
        p = expit(x @ beta)
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x / len(d)
        if not np.isfinite(hessian).all() or np.linalg.cond(hessian) > 1e13:
            break
        step = np.linalg.solve(hessian, x.T @ (w * (d - p)) / len(d))
        if float(np.abs(step).max()) < 1e-9:
            if float(p.max()) > LARGEST_PROPENSITY:
                raise EstimationError(
                    f"A propensity of {p.max():.4f}: treated units with nobody like them among the comparators (the limit is {LARGEST_PROPENSITY})."
                )
            return p, (w * (d - p))[:, None] * x @ np.linalg.inv(hessian)
        # Halved until the likelihood rises: with few treated Newton's full step jumps over the maximum and never comes back.
        length, least = 1.0, likelihood - 1e-12 * abs(likelihood)
        while (likelihood := _log_likelihood(x @ (beta + length * step), d, w)) < least and length > 1e-6:
            length /= 2
        beta = beta + length * step
    raise EstimationError(
        "The covariates separate treated from comparators (almost) perfectly: the propensity has no maximum-likelihood estimate."
    )


def _log_likelihood(index: Floats, d: Floats, w: Floats) -> float:
    return float((w * (d * index - np.logaddexp(0.0, index))).sum())
