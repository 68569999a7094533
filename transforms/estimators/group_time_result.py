"""Group-time effects and what they sum up to: one number, by group, by calendar period, by time since treatment.

Belongs here: weights of the aggregates and the influence function of those weights. Not here: the cells (group_time.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from transforms.estimators.influence import critical_value, influence_covariance, one_thread
from transforms.estimators.results import EstimationError, Floats


def with_intervals(frame: pd.DataFrame, covariance: Floats, alpha: float, seed: int, draws: int) -> pd.DataFrame:
    """Put se, low, high (pointwise normal), band_low, band_high (simultaneous over the rows) and p beside `estimate`; empty where `has_se` is false."""
    has_se = frame["has_se"].to_numpy(dtype=bool)
    se = np.where(has_se, np.sqrt(np.clip(np.diag(covariance), 0.0, None)), np.nan)
    point, estimate = norm.ppf(1 - alpha / 2), frame["estimate"].to_numpy(dtype=float)
    places = np.flatnonzero(has_se)
    wide = critical_value(covariance[np.ix_(places, places)], alpha, seed, draws) if len(places) else point
    safe = np.where(se > 0, se, 1.0)
    p = np.where(se > 0, 2 * norm.sf(np.abs(estimate) / safe), np.where(estimate == 0, 1.0, 0.0))
    out = frame.drop(columns="has_se").assign(
        se=se,
        low=estimate - point * se,
        high=estimate + point * se,
        band_low=estimate - wide * se,
        band_high=estimate + wide * se,
        p=np.where(has_se, p, np.nan),
    )
    order = ["estimate", "se", "low", "high", "band_low", "band_high", "p"]
    return out[
        [name for name in out.columns if name not in (*order, "treated", "comparators", "reason")]
        + [*order, "treated", "comparators", "reason"]
    ]


@dataclass(frozen=True)
class Aggregate:
    """`overall`: one row (estimate, se, low, high, p, treated, comparators, reason). `effects`: one row a group, period or event time (column `kind`), with simultaneous bands;
    empty for "simple". `influence`: n x rows of `effects`; `covariance` of those rows (a row without estimate or without standard error: zeros)."""

    kind: str
    overall: pd.Series
    effects: pd.DataFrame
    influence: Floats
    covariance: Floats


@dataclass(frozen=True)
class GroupTime:
    """Group-time effects.

    `effects`: group, time, base, estimate, se, low, high, band_low, band_high, p, treated, comparators, reason; one row a cell. `influence`: n units x cells.
    `covariance`: cells x cells. `unit_group`: infinite for never treated. `notes`: what was done about units that cannot be used, in words.
    """

    effects: pd.DataFrame
    influence: Floats
    covariance: Floats
    units: pd.Index
    unit_group: Floats
    unit_weight: Floats
    clusters: NDArray[np.int64] | None
    comparison: str
    base_period: str
    method: str
    alpha: float
    seed: int
    draws: int
    notes: tuple[str, ...]

    @one_thread
    def aggregate(self, kind: str, *, first: float | None = None, last: float | None = None) -> Aggregate:
        """Sum the cells up, with p_g the (weighted) share of group g among all units.

            simple    sum over t >= g of p_g ATT(g, t), divided by the sum of p_g
            group     by g: the mean of ATT(g, t) over t >= g; overall: weighted by p_g
            calendar  by t: weighted by p_g over the groups treated by t; overall: the mean over t
            event     by e = t - g: weighted by p_g over the groups seen at e; overall: the mean over e >= 0

        Standard errors from the influence functions of the cells and, where p_g is in the weights, of the estimated p_g, as R's `did`. A cell without estimate
        is left out and the weights of the rest are renormalised (`did` with na.rm=TRUE); the row says how many in `reason`.

        Args:
            first, last: keep event times (t - g) from first to last; for all kinds.
        """
        cells = self.effects
        event = cells["time"] - cells["group"]
        is_kept = (event >= (-np.inf if first is None else first)) & (event <= (np.inf if last is None else last))
        is_post = (event >= 0) & is_kept
        if kind == "simple":
            overall = self._row(is_post, "no cell at or after treatment has an estimate")
            return Aggregate(
                kind, _overall(overall, self), pd.DataFrame(), np.zeros((len(self.units), 0)), np.zeros((0, 0))
            )
        if kind not in ("group", "calendar", "event"):
            raise EstimationError(f"Aggregate {kind!r} is unknown; known are simple, group, calendar, event.")
        key = {"group": cells["group"], "calendar": cells["time"], "event": event}[kind]
        chosen = is_kept if kind == "event" else is_post
        rows = [
            {kind: value, **self._row(chosen & (key == value), "no cell has an estimate", equal=kind == "group")}
            for value in sorted(key[chosen].unique())
        ]
        if not rows:
            raise EstimationError(f"No cell to aggregate by {kind} within the event times asked for.")
        influence = np.column_stack([row.pop("influence") for row in rows])
        effects = pd.DataFrame(rows)
        counted = effects["estimate"].notna().to_numpy() & (
            (effects[kind] >= 0).to_numpy() if kind == "event" else True
        )
        overall = self._overall_of(effects, influence, np.flatnonzero(counted), by_share=kind == "group", key=kind)
        covariance = influence_covariance(influence, self.clusters)
        known = effects["has_se"].to_numpy(dtype=bool)
        covariance = covariance * np.outer(known, known)
        return Aggregate(
            kind,
            _overall(overall, self),
            with_intervals(effects, covariance, self.alpha, self.seed, self.draws),
            influence,
            covariance,
        )

    def _share(self, group: float) -> tuple[float, Floats]:
        """p_g and its influence function."""
        weight = self.unit_weight / self.unit_weight.mean()
        indicator = weight * (self.unit_group == group)
        share = float(indicator.mean())
        return share, indicator - share

    def _combine(self, estimates: Floats, influence: Floats, groups: Floats) -> tuple[float, Floats]:
        """A mean weighted by p_g, and its influence function with that of the weights."""
        shares = [self._share(group) for group in groups]
        p, moved = np.array([share for share, _ in shares]), np.column_stack([rows for _, rows in shares])
        total = p.sum()
        weights = p / total
        estimate = float(weights @ estimates)
        return estimate, influence @ weights + moved @ ((estimates - estimate) / total)

    def _row(self, mask: pd.Series, without: str, equal: bool = False) -> dict[str, Any]:
        """One aggregate over the cells of a mask: weighted by p_g, or equally (cells of one group)."""
        cells = self.effects[mask]
        usable = cells["estimate"].notna()
        places = np.flatnonzero(mask.to_numpy())[usable.to_numpy()]
        empty: dict[str, Any] = {
            "estimate": np.nan,
            "has_se": False,
            "treated": 0,
            "comparators": 0,
            "reason": without,
            "influence": np.zeros(len(self.units)),
        }
        if len(places) == 0:
            return empty
        used = self.effects.iloc[places]
        estimates, influence = used["estimate"].to_numpy(dtype=float), self.influence[:, places]
        if equal:
            estimate, rows = float(estimates.mean()), influence.mean(axis=1)
        else:
            estimate, rows = self._combine(estimates, influence, used["group"].to_numpy(dtype=float))
        treated = int(used.groupby("group")["treated"].max().sum())
        is_reference = bool((used["time"] == used["base"]).all())
        has_se = not is_reference and treated > 1 and int(used["comparators"].max()) > 1
        left = int((~usable).sum())
        reason = f"{left} of {len(cells)} cells have no estimate and are left out" if left else None
        if is_reference:
            reason = "reference period: zero by construction"
        elif not has_se:
            reason = "one treated unit or one comparator: no standard error"
        return {
            "estimate": estimate, "has_se": has_se, "treated": treated, "comparators": int(used["comparators"].max()), "reason": reason,
            "influence": np.zeros(len(self.units)) if is_reference else rows,
        }  # fmt: skip

    def _overall_of(
        self, effects: pd.DataFrame, influence: Floats, places: NDArray[np.intp], by_share: bool, key: str
    ) -> dict[str, Any]:
        if len(places) == 0:
            return {
                "estimate": np.nan,
                "has_se": False,
                "treated": 0,
                "comparators": 0,
                "reason": "no period at or after treatment has an estimate",
                "influence": influence[:, 0] * 0,
            }
        used = effects.iloc[places]
        estimates = used["estimate"].to_numpy(dtype=float)
        if by_share:
            estimate, rows = self._combine(estimates, influence[:, places], used[key].to_numpy(dtype=float))
        else:
            estimate, rows = float(estimates.mean()), influence[:, places].mean(axis=1)
        treated = int(used["treated"].sum() if by_share else used["treated"].max())
        has_se = treated > 1 and int(used["comparators"].max()) > 1
        return {
            "estimate": estimate, "has_se": has_se, "treated": treated, "comparators": int(used["comparators"].max()),
            "reason": None if has_se else "one treated unit or one comparator: no standard error", "influence": rows,
        }  # fmt: skip


def _overall(row: dict[str, Any], result: GroupTime) -> pd.Series:
    """A single aggregate as a series with its interval."""
    rows = row.pop("influence")
    frame = with_intervals(
        pd.DataFrame([row]),
        influence_covariance(rows[:, None], result.clusters),
        result.alpha,
        result.seed,
        result.draws,
    )
    series = frame.iloc[0].drop(["band_low", "band_high"])
    return series
