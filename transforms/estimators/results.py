"""What the estimators give back: frozen dataclasses around frames, and the scores that inference needs.

Belongs here: shapes and meaning of results. Not here: how they are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

EFFECT_COLUMNS = (
    "outcome",
    "estimate",
    "se",
    "low",
    "high",
    "band_low",
    "band_high",
    "p",
    "treated",
    "comparators",
    "off_support",
    "mean_treated",
    "mean_weighted_comparators",
    "effective_comparators",
    "effective_clusters",
    "reason",
)


class EstimationError(ValueError):
    """Why no estimate can be made, in words: what is wrong, in which column, how often. Never a person's data."""


@dataclass(frozen=True)
class Scores:
    """What an effect on the treated is a difference of: residuals r (n x K) and two sets of weights (n).

    estimate_k = sum(a_i r_ik) / sum(a_i) - sum(w_i r_ik) / D, with `treated_weight` a (0 for comparators), `comparator_weight` w (0 for treated),
    and D = sum(w_i), or sum(a_i) where `is_normalised` is false (Horvitz-Thompson in place of Hajek). Adding a constant to an outcome adds it to all residuals, which changes nothing.
    Inference and subgroups use these scores; nothing is fitted again.
    """

    residual: Floats
    treated_weight: Floats
    comparator_weight: Floats
    is_normalised: bool = True

    @property
    def estimate(self) -> Floats:
        """The K estimates, in the units of the outcomes. NaN where an arm has no weight: callers look first (`reason`)."""
        treated, comparators = self.treated_weight.sum(), self.comparator_weight.sum()
        if treated <= 0 or comparators <= 0:
            return np.full(self.residual.shape[1], np.nan)
        divisor = comparators if self.is_normalised else treated
        return self.treated_weight @ self.residual / treated - self.comparator_weight @ self.residual / divisor

    def within(self, rows: Flags) -> Scores:
        """The scores of a subgroup (n flags): its rows, with the same residuals and weights, normalised over the subgroup as one cell."""
        return Scores(self.residual[rows], self.treated_weight[rows], self.comparator_weight[rows], self.is_normalised)


@dataclass(frozen=True)
class Jackknife:
    """Leave-one-cluster-out inference about K estimates.

    `left_out`: frame, one row a cluster that holds treated (index: its label), one column an outcome: the estimate without that cluster.
    `covariance`: K x K. `degrees_of_freedom` = `effective_clusters` - 1. `se`, `low`, `high`, `p` are NaN where `reason` says why.
    """

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    covariance: Floats
    left_out: pd.DataFrame
    clusters: int
    effective_clusters: float
    degrees_of_freedom: float
    reason: str | None = None


@dataclass(frozen=True)
class Balance:
    """Entropy balancing weights.

    `weights`: comparators' weights, sum 1, indexed as the frame. `effective_sample` = 1 / sum(w^2) (Kish). `largest_imbalance`: largest absolute
    difference of a balanced moment between treated and weighted comparators, in pooled standard deviations. `treated` and `comparators` on support,
    `off_support` treated without comparator in their cell. `reason` says in words why it did not converge, else None.
    """

    weights: pd.Series
    effective_sample: float
    is_converged: bool
    largest_imbalance: float
    iterations: int
    treated: int
    comparators: int
    off_support: int
    reason: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnostics:
    """What the gate reads of one fit (shares 0 to 1; None where the estimator has no propensity).

    `largest_difference_before/after`: largest absolute standardised mean difference. `equipoise`: share of all rows with preference score 0.3 to 0.7
    (`_treated`, `_comparators`: of each arm). `effective_comparators`: Kish. `largest_weight`: largest share of the comparators' weight that one row has.
    """

    largest_difference_before: float
    largest_difference_after: float
    effective_comparators: float
    largest_weight: float
    equipoise: float | None
    equipoise_treated: float | None
    equipoise_comparators: float | None


@dataclass(frozen=True)
class TreatedEffect:
    """Effects on the treated of one fit, K outcomes.

    `effects`: `EFFECT_COLUMNS`, one row an outcome, in the order asked. `weights`: comparators' weights, sum 1, by index label in the frame's order (0: in a
    cell without treated). `propensity` (cross-fitted; None for entropy balancing) and `folds`: of rows on support, in the order of `rows`. `left_out`: clusters with treated x outcomes. `covariance`: K x K.
    `balance`: covariate, before, after (standardised mean differences). `notes`: in words what was done about odd input (a constant covariate left out).
    `scores`, `rows` and the codes are what `subgroup_effects` needs: arrays over the supported rows, in the order of `rows`, their
    labels in the frame's index.
    """

    effects: pd.DataFrame
    weights: pd.Series
    propensity: pd.Series | None
    left_out: pd.DataFrame
    covariance: Floats
    degrees_of_freedom: float
    balance: pd.DataFrame
    diagnostics: Diagnostics
    folds: pd.Series | None
    notes: tuple[str, ...]
    scores: Scores
    rows: pd.Index
    outcomes: Floats
    cluster_codes: Integers | None
    cluster_labels: Sequence[object]
    person_codes: Integers | None
    inference: str
    alpha: float
    seed: int
    off_support: pd.Index
