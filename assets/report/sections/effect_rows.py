"""Which rows of the estimates a page shows, and in which order.

Belongs here: choosing rows of effect_estimates. Not here: sentences (findings/effect.py), figures (effect.py).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from assets.report.findings.effect import PASSED, gate_of
from assets.report.language import Language
from assets.report.status import is_protected
from assets.report.tier import Tier

ARMS: Final = ("RO", "RN")
FAMILY: Final = "A"
HORIZON: Final = 12
PRIMARY: Final = "work_trial_and_wage_subsidy"
SHARES: Final = (
    "at_least_39_hours", "employed_reported_hours", "at_least_39_reported_hours", "self_supporting",
    "first_ordinary_hour_by", "lasting_six_in_row_by", "lasting_six_of_twelve_by",
)  # fmt: skip
BESIDE: Final = SHARES[:3]
NOT_EFFECTS: Final = ("placebo_in_time",)


def main_rows(tier: Tier) -> pd.DataFrame:
    """Estimates of whole groups of family A after the start, in the main analysis."""
    rows = tier.tables["effect_estimates"]
    return rows[
        rows["arm"].isin(ARMS) & (rows["family"] == FAMILY) & (rows["subgroup"] == "all") & (rows["specification"] == "main") & (rows["horizon"] > 0)
    ]  # fmt: skip


def groups(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Comparison and instrument family, in the order of the protocol; single instruments of a family that is there are left out."""
    found = {(arm, instrument) for arm, instrument in zip(rows["arm"], rows["instrument"], strict=True)}
    order = (PRIMARY, "guidance_upskilling", "guidance_and_upskilling")
    return [(arm, instrument) for arm in ARMS for instrument in order if (arm, instrument) in found]


def primary(tier: Tier) -> pd.Series | None:
    """The one estimate that the protocol names as primary."""
    rows = tier.tables["effect_estimates"]
    found = rows[rows["is_primary"].eq(True)]
    return found.iloc[0] if len(found) == 1 else None


def questions(tier: Tier, language: Language) -> pd.DataFrame:
    """The primary question first, then the same one otherwise; one row each with `label`."""
    main = main_rows(tier)
    rows = tier.tables["effect_estimates"]
    labels = tier.labels
    twelve = main[main["horizon"] == HORIZON]
    first = twelve[(twelve["arm"] == "RO") & (twelve["instrument"] == PRIMARY)]
    employed = first[first["outcome"] == "employed"]
    found = [_named(employed[employed["estimator"] == "aipw"], language.pick("Hovedspørgsmålet", "The main question"))]
    for outcome in BESIDE:
        part = first[(first["outcome"] == outcome) & (first["estimator"] == "aipw")]
        found.append(_named(part, labels.of("outcome", outcome, language)))
    found.append(_named(employed[employed["estimator"] == "entropy"], labels.of("estimator", "entropy", language)))
    other = rows[
        (rows["arm"] == "RO") & (rows["family"] == FAMILY) & (rows["instrument"] == PRIMARY) & (rows["subgroup"] == "all")
        & (rows["outcome"] == "employed") & (rows["horizon"] == HORIZON) & (rows["estimator"] == "aipw")
        & ~rows["specification"].isin(["main", *NOT_EFFECTS])
    ]  # fmt: skip
    for specification in sorted(other["specification"].unique()):
        found.append(_named(other[other["specification"] == specification], labels.of("specification", specification, language)))  # fmt: skip
    for arm, instrument in groups(twelve)[1:]:
        part = twelve[(twelve["arm"] == arm) & (twelve["instrument"] == instrument) & (twelve["outcome"] == "employed") & (twelve["estimator"] == "aipw")]  # fmt: skip
        found.append(_named(part, labels.comparison(arm, instrument, language)))
    return pd.concat([part for part in found if len(part) == 1]) if any(len(part) == 1 for part in found) else first.assign(label="").iloc[:0]  # fmt: skip


def outcomes(tier: Tier, language: Language) -> pd.DataFrame:
    """Every share at twelve months, RO of the primary family, by the primary estimator."""
    rows = main_rows(tier)
    rows = rows[(rows["arm"] == "RO") & (rows["instrument"] == PRIMARY) & (rows["horizon"] == HORIZON) & (rows["estimator"] == "aipw")]  # fmt: skip
    parts = [
        _named(rows[rows["outcome"] == outcome], tier.labels.of("outcome", outcome, language)) for outcome in SHARES
    ]
    return pd.concat(parts)


def subgroups(tier: Tier, language: Language) -> pd.DataFrame:
    """The primary outcome by subgroup, RO of the primary family."""
    rows = tier.tables["effect_estimates"]
    rows = rows[
        (rows["arm"] == "RO") & (rows["family"] == FAMILY) & (rows["instrument"] == PRIMARY) & (rows["subgroup"] != "all")
        & (rows["outcome"] == "employed") & (rows["horizon"] == HORIZON) & (rows["estimator"] == "aipw") & (rows["specification"] == "main")
    ]  # fmt: skip
    order = {by: index for index, by in enumerate(("sex", "age_band", "municipality_group", "target_group"))}
    rows = rows.assign(order=rows["subgroup_by"].map(order)).sort_values(["order", "subgroup"])
    labels = [_subgroup(tier, by, code, language) for by, code in zip(rows["subgroup_by"], rows["subgroup"], strict=True)]  # fmt: skip
    return rows.assign(label=labels)


def _subgroup(tier: Tier, by: str, code: str, language: Language) -> str:
    label = tier.labels.of(by, code, language)
    if by != "age_band":
        return label
    return (f"{code}{language.pick(' år', ' years')}" if label == code else label).replace("-", "–")


def _named(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    return rows.assign(label=label)


def forest_rows(rows: pd.DataFrame, tier: Tier) -> pd.DataFrame:
    """Rows of a forest plot: hollow where the gate is not passed, hidden where the row is protected."""
    if rows.empty:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "label": rows["label"].to_numpy(), "series": "rsv", "value": rows["estimate"].to_numpy(), "low": rows["low"].to_numpy(),
            "high": rows["high"].to_numpy(), "is_hidden": is_protected(rows, "estimate").to_numpy(),
            "is_hollow": [gate_of(row) != PASSED for _, row in rows.iterrows()],
        }
    )  # fmt: skip
