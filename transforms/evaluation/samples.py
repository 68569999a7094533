"""The sample of one estimate: who is observed at a horizon, with which weight, and their outcomes side by side.

Belongs here: cohorts as frames, weights for emigration, wide outcomes. Not here: estimating.

Emigration: who has emigrated by h has no outcome there. Those who remain stand for them: weight = all observed at h / those not emigrated, within arm and benefit group (inverse
probability of censoring; Robins and Rotnitzky 1992). Death and pension are outcomes (no hours), not censoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from transforms.evaluation.plan import Group, Specification

TREATED = "is_treated"
WEIGHT = "weight"
CELL = "support_cell"
COMPARATOR = {"RO": "O", "RN": "N"}


class Cohorts(Protocol):
    """Where trials and outcomes come from: frames in tests, the build file in a build."""

    def trials(self, group: Group) -> pd.DataFrame:
        """`int_effect_trials` of a group: the treated (R) and the comparators of its arm, in order of `trial_id`."""

    def outcomes(
        self, group: Group, trial_ids: pd.Series, months: Sequence[int], columns: Sequence[str]
    ) -> pd.DataFrame:
        """`int_effect_outcomes` of these trials: `trial_id`, `h`, `is_censored` and the columns asked for."""


@dataclass(frozen=True)
class FrameCohorts:
    """Cohorts that are frames already."""

    all_trials: pd.DataFrame
    all_outcomes: pd.DataFrame

    def trials(self, group: Group) -> pd.DataFrame:
        """See `Cohorts.trials`."""
        trials = self.all_trials
        rows = (
            (trials["family"] == group.family)
            & trials["instrument"].isin(group.instruments)
            & trials["arm"].isin(["R", COMPARATOR[group.arm]])
        )
        return trials[rows].sort_values("trial_id").reset_index(drop=True)

    def outcomes(
        self, group: Group, trial_ids: pd.Series, months: Sequence[int], columns: Sequence[str]
    ) -> pd.DataFrame:
        """See `Cohorts.outcomes`."""
        found = self.all_outcomes
        rows = found["trial_id"].isin(trial_ids) & found["h"].isin(list(months))
        return found.loc[rows, ["trial_id", "h", "is_censored", *columns]]


def column(outcome: str, month: int) -> str:
    """The name of an outcome at a month among the columns of a sample."""
    return f"{outcome}@{month}"


def select(trials: pd.DataFrame, specification: Specification) -> pd.DataFrame:
    """The trials that a specification looks at, indexed by `trial_id`, with `is_treated` and the cell that treated and comparators share.

    A comparator person who later becomes treated in the same month counts as what they started first: that is the cohort's business, not this one's.
    """
    chosen = trials
    if specification.is_first_start_only:
        chosen = chosen[chosen["is_primary"]]
    if specification.without_rsv_later:
        chosen = chosen[~chosen["is_rsv_later"]]
    if specification.without_exits:
        chosen = chosen[~_dies_or_retires(chosen)]
    chosen = chosen.set_index("trial_id", drop=False).rename_axis(None)
    parts = [chosen[name].astype(str) for name in specification.cell]
    cell = parts[0]
    for part in parts[1:]:
        cell = cell + "|" + part
    chosen[TREATED] = (chosen["arm"] == "R").astype(float)
    chosen[CELL] = cell
    return chosen


def _dies_or_retires(trials: pd.DataFrame) -> pd.Series:
    return trials["exit_reason"].notna() & (trials["exit_reason"] != "emigrated") & (trials["exit_h"] <= 24)


def sample_at(
    chosen: pd.DataFrame,
    observed: pd.DataFrame,
    horizon: int,
    wanted: Sequence[tuple[str, int]],
) -> pd.DataFrame:
    """Trials observed at the horizon and not emigrated, with `weight` and the wanted outcomes as columns (`outcome@month`).

    Args:
        chosen: trials as `select` gives them. observed: long outcomes. wanted: (outcome, month) pairs; months up to the horizon.
    """
    at_horizon = observed.loc[observed["h"] == horizon, ["trial_id", "is_censored"]].set_index("trial_id")
    present = chosen.loc[chosen.index.isin(at_horizon.index)]
    censored = at_horizon["is_censored"].reindex(present.index).to_numpy(dtype=bool)
    weight = censoring_weights(present, censored)
    kept = present.loc[~censored].copy()
    kept[WEIGHT] = kept["sampling_weight"].to_numpy(dtype=float) * weight[~censored]
    place = pd.Series(np.arange(len(kept)), index=kept.index)
    values: dict[str, np.ndarray] = {}
    by_month = dict(iter(observed.groupby("h"))) if wanted else {}
    for month in sorted({month for _, month in wanted}):
        rows = by_month.get(month)
        names = [outcome for outcome, at in wanted if at == month]
        block = np.full((len(kept), len(names)), np.nan)
        if rows is not None:
            rows = rows[rows["trial_id"].isin(kept.index)]
            block[place.loc[rows["trial_id"]].to_numpy()] = rows[names].to_numpy(dtype=float)
        for number, outcome in enumerate(names):
            values[column(outcome, month)] = block[:, number]
    return pd.concat([kept, pd.DataFrame(values, index=kept.index)], axis=1)


def censoring_weights(present: pd.DataFrame, censored: np.ndarray) -> np.ndarray:
    """For each trial: observed over not emigrated, by sampling weights, within arm and benefit group. 1 where nobody has emigrated."""
    base = present["sampling_weight"].to_numpy(dtype=float)
    stratum = pd.factorize(present["arm"].astype(str) + "|" + present["benefit_group"].astype(str))[0]
    everyone = np.bincount(stratum, weights=base)
    staying = np.bincount(stratum, weights=base * ~censored, minlength=len(everyone))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(staying > 0, everyone / staying, 1.0)
    return np.asarray(ratio[stratum])


def effective(labels: np.ndarray) -> tuple[int, float]:
    """How many labels there are, and 1 / sum of squared shares by label: as many of equal size would say the same. 0 when empty; a null is no label but a share of its own."""
    if not len(labels):
        return 0, 0.0
    codes, found = pd.factorize(labels, use_na_sentinel=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(found)).astype(float)
    alone = float((codes < 0).sum())
    return len(found), float((counts.sum() + alone) ** 2 / ((counts**2).sum() + alone))
