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
    group_time_effects           staggered adoption (Callaway and Sant'Anna)
    sensitivity_bounds           bounds when trends may differ (Rambachan and Roth)
    empirical_calibration        p and interval calibrated on negative controls
    e_value                      how strong hidden confounding would have to be
    smallest_detectable_effect   what a standard error could have seen
    holm                         p-values of a family
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from transforms.estimators.results import (
    EFFECT_COLUMNS,
    Balance,
    Diagnostics,
    EstimationError,
    Jackknife,
    Scores,
    TreatedEffect,
)

_PLACES = {
    "aipw_treated": "aipw",
    "aipw_treated_from": "aipw",
    "entropy_balance": "entropy",
    "entropy_effect": "entropy",
    "subgroup_effects": "summary",
    "cluster_jackknife": "inference",
    "uniform_bands": "inference",
    "group_time_effects": "group_time",
    "sensitivity_bounds": "honest",
    "empirical_calibration": "calibration",
    "e_value": "evalue",
    "smallest_detectable_effect": "power",
    "holm": "power",
}


def __getattr__(name: str) -> Any:
    """Entry points are imported when they are first asked for."""
    if name in _PLACES:
        return getattr(import_module(f"transforms.estimators.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'transforms.estimators' has no attribute {name!r}")


__all__ = [
    "EFFECT_COLUMNS",
    "Balance",
    "Diagnostics",
    "EstimationError",
    "Jackknife",
    "Scores",
    "TreatedEffect",
]
