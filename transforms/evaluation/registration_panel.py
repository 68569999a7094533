"""Enterprises by half-year or year for the third design: months pooled, who can be compared, what was left out.

Belongs here: the layout and its counts. Not here: estimates (registration.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from transforms.estimators.results import EstimationError, Floats

COLUMNS: Final = ("enterprise", "month", "outcome", "citizens", "first_registered", "enterprise_kind")
PARTS: Final = {"half_year": 2, "year": 1}


@dataclass(frozen=True)
class RegistrationPanel:
    """`rows`: enterprise, period (year x parts + part), outcome, citizens, group (missing: never), weight, covariates; only enterprises that are compared somewhere.

    `treated`, `comparators`: registered in the panel, and never registered. `effective` = 1 / sum(share^2) of the treated, an enterprise's share its weight times its periods since registration.
    """

    rows: pd.DataFrame
    parts: int
    treated: int
    comparators: int
    effective: float
    notes: tuple[str, ...]

    def effective_at(self, kind: str, value: float) -> float:
        """Effective number of registered enterprises behind one row: those of a group, seen in a period since registration, or in an event period."""
        rows = self.rows[self.rows["group"].notna()]
        event = rows["period"] - rows["group"]
        if kind == "event":
            chosen = rows[event == value]
        else:
            since = rows[event >= 0]
            chosen = since[since["group" if kind == "group" else "period"] == value]
        return effective_number(chosen.groupby("enterprise")["weight"].sum().to_numpy(dtype=float))

    def label(self, period: float) -> str:
        """2021H2 or 2021."""
        whole = int(period)
        return f"{whole // 2}H{whole % 2 + 1}" if self.parts == 2 else str(whole)


def effective_number(weights: Floats) -> float:
    """1 / sum(share^2); 0 of nobody."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) and weights.sum() > 0 else 0.0


def panel_of(
    frame: pd.DataFrame,
    period: str,
    covariates: tuple[str, ...],
    weighting: str,
    comparator_kinds: tuple[str, ...],
    least_citizens: int,
) -> RegistrationPanel:
    """Months to periods, and only the enterprises that can be compared; counts of the rest in words. Errors: see `registration_effects`."""
    if period not in PARTS:
        raise EstimationError(f"period {period!r} is unknown; known are {', '.join(PARTS)}.")
    if weighting not in ("citizens", "enterprise"):
        raise EstimationError(f"weighting {weighting!r} is unknown; known are citizens, enterprise.")
    notes: list[str] = []
    months = _checked(frame, covariates)
    parts = PARTS[period]

    is_other = months["registered_index"].isna() & ~months["enterprise_kind"].isin(comparator_kinds)
    if is_other.any():
        notes.append(
            f"{months.loc[is_other, 'enterprise'].nunique()} enterprises that were never registered are not {' or '.join(comparator_kinds)}: left out."
        )
        months = months[~is_other]
    months = months.assign(
        period=_period(months["month_index"], parts), group=_period(months["registered_index"], parts)
    )
    is_too_early = (months["period"] == months["group"]) & (months["month_index"] < months["registered_index"])
    if is_too_early.any():
        notes.append(
            f"{int(is_too_early.sum())} months before registration in the {period.replace('_', '-')} of registration are left out."
        )
        months = months[~is_too_early]

    means = ["outcome", *covariates]
    total = months.assign(**{name: months[name] * months["citizens"] for name in means})
    rows = total.groupby(["enterprise", "period"], as_index=False, sort=True).agg(
        {**dict.fromkeys(means, "sum"), "citizens": "sum", "group": "first"}
    )
    for name in means:
        rows[name] = rows[name] / rows["citizens"]
    small = rows["citizens"] < least_citizens
    if small.any():
        notes.append(f"{int(small.sum())} enterprise-periods with fewer than {least_citizens} citizens are left out.")
        rows = rows[~small]
    rows = _comparable(rows, notes)
    rows = rows.assign(weight=_weights(rows, weighting))
    since = rows[rows["period"] >= rows["group"]]
    return RegistrationPanel(
        rows.reset_index(drop=True), parts, int(rows.loc[rows["group"].notna(), "enterprise"].nunique()), int(rows.loc[rows["group"].isna(), "enterprise"].nunique()),
        effective_number(since.groupby("enterprise")["weight"].sum().to_numpy(dtype=float)), tuple(notes),
    )  # fmt: skip


def _checked(frame: pd.DataFrame, covariates: tuple[str, ...]) -> pd.DataFrame:
    absent = [name for name in (*COLUMNS, *covariates) if name not in frame.columns]
    if absent:
        raise EstimationError(f"The frame has no column {', '.join(map(repr, absent))}.")
    months = frame[[*COLUMNS, *covariates]].copy()
    for name in ("month", "first_registered"):
        dates = pd.to_datetime(months[name], errors="coerce")
        if (dates.isna() & months[name].notna()).any():
            raise EstimationError(f"Column {name!r} has values that are no dates.")
        months["month_index" if name == "month" else "registered_index"] = dates.dt.year * 12.0 + dates.dt.month - 1
    if (
        months["enterprise"].isna().any()
        or months["month_index"].isna().any()
        or months["enterprise_kind"].isna().any()
    ):
        raise EstimationError("Columns 'enterprise', 'month' and 'enterprise_kind' must not be empty.")
    twice = int(months.duplicated(["enterprise", "month_index"]).sum())
    if twice:
        raise EstimationError(f"{twice} rows repeat an enterprise and month.")
    for name in ("outcome", "citizens", *covariates):
        try:
            months[name] = months[name].to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError) as error:
            raise EstimationError(f"Column {name!r} must hold numbers.") from error
        if not np.isfinite(months[name]).all():
            raise EstimationError(
                f"Column {name!r} has {int((~np.isfinite(months[name])).sum())} values that are missing or infinite."
            )
    if (months["citizens"] <= 0).any():
        raise EstimationError(
            f"{int((months['citizens'] <= 0).sum())} rows have no citizens: a month without any has no row."
        )
    for name in ("registered_index", "enterprise_kind"):
        changing = int((months.groupby("enterprise")[name].nunique(dropna=False) > 1).sum())
        if changing:
            label = "first_registered" if name == "registered_index" else name
            raise EstimationError(
                f"Column {label!r} changes within {changing} enterprises; it must be the same in all rows of an enterprise."
            )
    return months


def _period(month_index: pd.Series, parts: int) -> pd.Series:
    """year x parts + part: above 0, one apart, missing stays missing."""
    return np.floor(month_index * parts / 12)


def _comparable(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Registered enterprises with citizens in the last period before registration and in one since; never registered ones with two periods."""
    if rows.empty:
        return rows
    periods = np.sort(rows["period"].unique())
    is_registered = rows["group"].notna()
    later = is_registered & (rows["group"] > periods[-1])
    always = is_registered & (rows["group"] <= periods[0])
    if always.any():
        notes.append(
            f"{rows.loc[always, 'enterprise'].nunique()} enterprises were registered in the first period or before: nothing before it to compare with, left out."
        )
    if later.any():
        notes.append(
            f"{rows.loc[later, 'enterprise'].nunique()} enterprises register after the last period: they compare, as not yet registered."
        )
        rows = rows.assign(group=rows["group"].where(~later))
        is_registered = rows["group"].notna()
    place = np.searchsorted(periods, rows["group"].fillna(periods[0]).to_numpy(dtype=float))
    base = periods[np.clip(place - 1, 0, None)]
    seen = rows.assign(
        has_base=(rows["period"].to_numpy(dtype=float) == base) & is_registered & ~always, has_since=(rows["period"] >= rows["group"]) & ~always, one=1
    ).groupby("enterprise").agg(has_base=("has_base", "any"), has_since=("has_since", "any"), periods=("one", "sum"), registered=("group", "max"))  # fmt: skip
    treated = seen["registered"].notna()
    outside = set(rows.loc[always, "enterprise"])
    no_base = treated & ~seen["has_base"] & ~seen.index.isin(outside)
    no_since = treated & seen["has_base"] & ~seen["has_since"]
    single = ~treated & (seen["periods"] < 2)
    for mask, words in (
        (no_base, "registered enterprises have no citizens in the last period before registration: left out."),
        (no_since, "registered enterprises have no citizens since registration: left out."),
        (single, "enterprises that were never registered have citizens in one period alone: left out."),
    ):
        if mask.any():
            notes.append(f"{int(mask.sum())} {words}")
    dropped = outside | set(seen.index[no_base | no_since | single])
    return rows[~rows["enterprise"].isin(dropped)]


def _weights(rows: pd.DataFrame, weighting: str) -> Floats:
    """Per enterprise: 1, or its mean citizens a period, of registered ones in the periods before registration."""
    if weighting == "enterprise" or rows.empty:
        return np.ones(len(rows))
    counted = rows[rows["group"].isna() | (rows["period"] < rows["group"])]
    means = counted.groupby("enterprise")["citizens"].mean()
    return np.asarray(rows["enterprise"].map(means), dtype=np.float64)
