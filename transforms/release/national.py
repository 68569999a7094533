"""The public tables that are not sums of cells: the register, supply, and the effect.

Belongs here: what of their rows is a public fact and what is protected, and how. Not here: the designed systems (public.py), reading a warehouse (assets/release).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from transforms.disclosure.limits import Limits
from transforms.disclosure.protect import protect
from transforms.release.public import COUNT_TYPE, OK, PRIMARY
from transforms.release.relations import joined

EFFECT_KEYS: Final = ["arm", "family", "instrument", "horizon"]
TOO_FEW: Final = "too few treated starts to publish"
# Reasons that name a count of persons, and how they are said without it.
COUNTED: Final = (
    (
        r"\d+ treated starts (in the cohort|are observed that long): fewer than (\d+)",
        r"fewer than \2 treated starts \1",
    ),
    (
        r"too small for a subgroup: \d+ treated starts, the protocol",
        r"too small for a subgroup: too few treated starts, the protocol",
    ),
)
# The largest estimate before registration is one of a half-year that the curves may hide.
OF_A_HIDDEN_HALF_YEAR: Final = (r"pre_trend -?[\d.e+]+ \(", "pre_trend protected (")
# Beside an estimate: the mean of a known number of persons, given exactly, tells the number.
DIGITS: Final = 3


def register(rows: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """`rows`: one a year with the columns of fct_rsv_register_monthly. Citizens, and shares of them, only where they are enough, at enough enterprises."""
    found = rows.copy()
    few = pd.Series(False, index=found.index)
    for count in ("citizens_unpaid", "citizens_supported"):
        found[count] = found[count].astype(COUNT_TYPE)
        few |= (found[count] > 0) & (found[count] < limits.persons)
    few |= found["rsv_with_spells"].fillna(0).lt(limits.enterprises)
    few &= found[["citizens_unpaid", "citizens_supported"]].notna().any(axis=1)
    found["status"] = np.where(few, PRIMARY, OK)
    hidden = found["status"] != OK
    for column in ("citizens_unpaid", "citizens_supported", "ordinary_share", "guidance_share"):
        found[column] = found[column].mask(hidden)
    return found


def supply(rows: pd.DataFrame, scope: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """A row a year and municipality.

    `rows`: of fct_municipal_supply_yearly: the register's facts are public, target persons are protected; their sum in a municipality group is known from the published rates, so it counts as a public
    fact. `scope`: protected rows of the system of scope: persons in spells are what its table by municipality says.
    """
    found = rows.copy()
    found["target_persons"] = found["target_persons"].astype(COUNT_TYPE)
    status = _target_status(found, limits)
    found["status"] = status
    found["target_persons"] = found["target_persons"].mask(status != OK)
    whole = scope.loc[
        np.logical_and.reduce([scope[name] == "all" for name in ("instrument", "target_group", "age_band", "sex")])
        & (scope["municipality_code"] != "all")
    ]
    for measure, kind in (("persons_in_placement", "all"), ("persons_in_rsv", "rsv")):
        shown = whole.loc[whole["enterprise_kind"] == kind, ["year", "municipality_code", "persons", "status"]]
        merged = found[["year", "municipality_code"]].merge(shown, on=["year", "municipality_code"], how="left")
        # No row: nobody was.
        found[measure] = merged["persons"].where(merged["status"].notna(), 0).astype(COUNT_TYPE).to_numpy()
        hidden = merged["status"].fillna(OK).ne(OK).to_numpy()
        found["status"] = np.where((found["status"] == OK) & hidden, merged["status"].fillna(OK), found["status"])
    return found


def _target_status(rows: pd.DataFrame, limits: Limits) -> pd.Series:
    given = rows.loc[
        rows["target_persons"].notna(), ["year", "municipality_group", "municipality_code", "target_persons"]
    ]
    part = given["year"].astype(str) + "|" + given["municipality_code"]
    whole = given["year"].astype(str) + "|group " + given["municipality_group"]
    totals = given.groupby(whole)["target_persons"].sum().astype(float)
    cells = pd.concat(
        [
            pd.DataFrame({"persons": given["target_persons"].to_numpy(dtype=float), "is_protected": True}, index=part),
            pd.DataFrame({"persons": totals.to_numpy(), "is_protected": False}, index=totals.index),
        ]
    )
    relations = pd.concat(
        [
            pd.DataFrame({"relation": totals.index, "cell": totals.index, "coefficient": 1.0}),
            pd.DataFrame({"relation": whole, "cell": part, "coefficient": -1.0}),
        ]
    ).assign(count="persons", sense="=")
    relations["relation"] = pd.factorize(relations["relation"], sort=True)[0]
    found = protect(cells, relations.sort_values("relation", kind="stable"), limits)
    status = pd.Series(OK, index=rows.index, dtype=object)
    status.loc[given.index] = found.status.reindex(part).to_numpy()
    return status


def effect(estimates: pd.DataFrame, limits: Limits, families: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Estimates of the national tables; `treated` (and what goes with it) only where no group of too few can be worked out.

    `estimates`: of fct_effect_estimates with `subgroup_by` and `subgroup` apart. The treated of subgroups add up to those of the whole, and those of instruments to their family (`families`: family -> its instruments): one system.
    Means of the treated are shares of a count: they are shown only where that count could be. Horizons and arms differ by a few starts here and there, which their counts would tell by subtraction: so
    counts are rounded to the limit of persons, means to three digits, and no reason names a count.
    """
    found = estimates.copy()
    found["treated"] = found["treated"].astype(COUNT_TYPE)
    status = _treated_status(found, limits, families)
    events = (found["treated"].astype(float) * found["mean_treated"]).round()
    is_share = found["mean_treated"].between(0, 1)
    others = found["treated"].astype(float) - events
    small = is_share & ((events.between(0, limits.persons - 1)) | (others.between(0, limits.persons - 1)))
    for column in ("mean_treated", "mean_weighted_comparators"):
        found[column] = found[column].mask(small | (status != OK))
    found["status"] = status
    hidden = status != OK
    for column in (
        "estimate",
        "low",
        "high",
        "p",
        "p_holm",
        "treated",
        "comparators",
        "enterprises",
        "smallest_detectable",
    ):
        found[column] = found[column].mask(hidden)
    for count in ("treated", "comparators"):
        found[count] = rounded(found[count], limits.persons)
    for column in ("mean_treated", "mean_weighted_comparators"):
        found[column] = found[column].map(lambda mean: float(f"{mean:.{DIGITS}g}"), na_action="ignore")
    for pattern, words in (*COUNTED, OF_A_HIDDEN_HALF_YEAR):
        found["reason"] = found["reason"].str.replace(pattern, words, regex=True)
    found.loc[hidden, "reason"] = TOO_FEW
    return found


def rounded(counts: pd.Series, to: int) -> pd.Series:
    """Counts to the nearest multiple, halves up; nullable integers."""
    return (counts.astype(COUNT_TYPE) + to // 2) // to * to


def _treated_status(rows: pd.DataFrame, limits: Limits, families: Mapping[str, Sequence[str]]) -> pd.Series:
    """Hidden are too few treated, and those that sums with what is shown would give away."""
    keys = [*EFFECT_KEYS, "subgroup_by", "subgroup"]
    trials = rows[rows["arm"] != "registration"]
    cell = joined(trials, keys)
    once = trials.assign(cell=cell).drop_duplicates("cell").set_index("cell")
    cells = pd.DataFrame(
        {
            "persons": once["treated"].astype(float).fillna(0.0),
            "enterprises": once["enterprises"].astype(float).where(once["enterprises"] > 0),
        }
    )
    pieces = []
    whole = once[once["subgroup_by"] == "all"]
    for by in sorted(set(once["subgroup_by"]) - {"all"}):
        pieces.append(_sums(whole, once[once["subgroup_by"] == by], EFFECT_KEYS, by))
    for family, instruments in families.items():
        members = once[once["instrument"].isin(instruments)]
        keys_of_members = ["arm", "family", "horizon", "subgroup_by", "subgroup"]
        pieces.append(_sums(once[once["instrument"] == family], members, keys_of_members, family))
    relations = [piece for piece in pieces if len(piece)]
    status = pd.Series(OK, index=rows.index, dtype=object)
    if relations:
        linked = pd.concat(relations)
        linked["relation"] = pd.factorize(linked["relation"], sort=True)[0]
        linked = linked.sort_values("relation", kind="stable").assign(count="persons")
        shown = protect(cells, linked, limits).status
        status.loc[trials.index] = shown.reindex(cell).to_numpy()
    registered = rows["arm"] == "registration"
    few = registered & (
        rows["enterprises"].fillna(0).lt(limits.enterprises) | rows["treated"].between(1, limits.persons - 1)
    )
    return status.mask(few, PRIMARY)


def _sums(whole: pd.DataFrame, parts: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
    """total = sum of parts where that is so, else total >= sum (a level without a row)."""
    key_of_whole, key_of_part = joined(whole, keys), joined(parts, keys)
    known = key_of_whole.isin(set(key_of_part))
    total = whole["treated"].astype(float).fillna(0.0)[known].groupby(key_of_whole[known]).first()
    sums = parts["treated"].astype(float).fillna(0.0).groupby(key_of_part).sum().reindex(total.index)
    sense = pd.Series(np.where(np.isclose(total, sums), "=", "<="), index=total.index)
    usable = total.index[(sums <= total + 1e-9).to_numpy()]
    first, second = known & key_of_whole.isin(usable), key_of_part.isin(usable)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "relation": name + key_of_whole[first],
                    "cell": whole.index[first],
                    "coefficient": -1.0,
                    "sense": sense.reindex(key_of_whole[first]).to_numpy(),
                }
            ),
            pd.DataFrame(
                {
                    "relation": name + key_of_part[second],
                    "cell": parts.index[second],
                    "coefficient": 1.0,
                    "sense": sense.reindex(key_of_part[second]).to_numpy(),
                }
            ),
        ]
    )


def curves(rows: pd.DataFrame, estimates: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Event-study rows, with the gate of the same comparison's last month; hidden where the treated are too few."""
    found = rows.copy()
    found["treated"] = found["treated"].astype(COUNT_TYPE)
    few = found["treated"].between(0, limits.persons - 1) | found["enterprises"].fillna(0).lt(limits.enterprises)
    found["status"] = np.where(few, PRIMARY, OK)
    for column in ("estimate", "low", "high", "band_low", "band_high", "treated"):
        found[column] = found[column].mask(few)
    found["treated"] = rounded(found["treated"], limits.persons)
    main = estimates[(estimates["specification"] == "main") & (estimates["subgroup_by"] == "all")]
    gates = main.sort_values("horizon").groupby(["arm", "family", "instrument", "outcome", "estimator"])["gate"].last()
    at = pd.MultiIndex.from_frame(found[["arm", "family", "instrument", "outcome", "estimator"]])
    found["gate"] = gates.reindex(at).to_numpy()
    return found
