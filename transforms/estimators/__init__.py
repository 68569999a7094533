"""Estimators of effects on the treated: pure functions on frames.

No database, no files, no orchestration. One linear-algebra thread, rows sorted inside: the order of rows and the names of ids change nothing, and the same
seed gives the same digits. What cannot be estimated is an `EstimationError` in words, or a row without number that says the reason.

    aipw_treated                 augmented inverse probability weighting for the effect on the treated, cross-fitted
    aipw_treated_from            the same from given propensities and predictions
    entropy_balance              weights that make the moments of comparators equal those of the treated
    entropy_effect               the effect by those weights
    subgroup_effects             effects in subgroups from the scores and weights of a fit
    cluster_jackknife            leave one cluster out, for any difference of weighted means
    uniform_bands                simultaneous bands from a covariance
    two_period_did               two periods, treated and comparators (Sant'Anna and Zhao)
    group_time_effects           staggered adoption (Callaway and Sant'Anna)
    sensitivity_bounds           bounds when trends may differ (Rambachan and Roth)
    empirical_calibration        p and interval calibrated on negative controls
    e_value                      how strong hidden confounding would have to be
    smallest_detectable_effect   what a standard error could have seen
    holm                         p-values of a family
"""

from __future__ import annotations

from transforms.estimators.aipw import aipw_treated, aipw_treated_from
from transforms.estimators.calibration import Calibration, empirical_calibration
from transforms.estimators.did_panel import two_period_did
from transforms.estimators.entropy import entropy_balance, entropy_effect
from transforms.estimators.evalue import EValue, e_value
from transforms.estimators.group_time import group_time_effects
from transforms.estimators.group_time_result import GroupTime
from transforms.estimators.honest import sensitivity_bounds
from transforms.estimators.inference import cluster_jackknife, uniform_bands
from transforms.estimators.power import holm, smallest_detectable_effect
from transforms.estimators.results import (
    EFFECT_COLUMNS,
    Balance,
    Diagnostics,
    EstimationError,
    Jackknife,
    Scores,
    TreatedEffect,
)
from transforms.estimators.summary import subgroup_effects

__all__ = [
    "EFFECT_COLUMNS",
    "Balance",
    "Calibration",
    "Diagnostics",
    "EValue",
    "EstimationError",
    "GroupTime",
    "Jackknife",
    "Scores",
    "TreatedEffect",
    "aipw_treated",
    "aipw_treated_from",
    "cluster_jackknife",
    "e_value",
    "empirical_calibration",
    "entropy_balance",
    "entropy_effect",
    "group_time_effects",
    "holm",
    "sensitivity_bounds",
    "smallest_detectable_effect",
    "subgroup_effects",
    "two_period_did",
    "uniform_bands",
]
