"""Group-time effects against published numbers, the reference implementation and known truth."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.estimators.test_did_panel import bundled
from transforms.estimators.did_panel import two_period_did
from transforms.estimators.group_time import group_time_effects
from transforms.estimators.group_time_result import GroupTime
from transforms.estimators.influence import critical_value
from transforms.estimators.results import EstimationError

COUNTIES = {"unit": "countyreal", "time": "year", "first_treated": "first.treat", "outcome": "lemp"}
COLUMNS = {"unit": "unit", "time": "time", "first_treated": "first", "outcome": "y"}


@cache
def counties(**options: Any) -> GroupTime:
    return group_time_effects(bundled("mpdta_long"), **COUNTIES, **options)


def staggered(seed: int = 1, units: int = 300, never: bool = True) -> pd.DataFrame:
    """Effect 1 + e in event period e; groups 3, 5, 6 of six periods; trends differ in x."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=units)
    groups = np.array([3, 5, 6, 0] if never else [3, 5, 6])
    first = groups[np.where(rng.uniform(size=units) < 0.3 + 0.1 * (x > 0), rng.integers(0, 3, units), len(groups) - 1)]
    level = rng.normal(size=units)
    rows = []
    for time in range(1, 7):
        effect = np.where((first > 0) & (time >= first), 1.0 + time - first, 0.0)
        rows.append(
            pd.DataFrame(
                {
                    "unit": np.arange(units),
                    "time": time,
                    "first": first,
                    "x": x,
                    "y": level + 0.3 * time * (1 + x) + effect + rng.normal(size=units),
                    "cluster": np.arange(units) % 50,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def test_minimum_wage_panel_gives_the_published_simple_effects() -> None:
    """Simple ATT of Callaway and Sant'Anna's county panel: with log population -0.0418 (0.0115), without covariates -0.0400."""
    with_population = counties(covariates=("lpop",)).aggregate("simple").overall
    assert (round(with_population["estimate"], 4), round(with_population["se"], 4)) == (-0.0418, 0.0115)
    assert round(counties().aggregate("simple").overall["estimate"], 4) == -0.0400


def test_minimum_wage_cells_and_aggregates_are_those_that_r_did_prints() -> None:
    """R's did prints these estimates for the county panel without covariates (its README); a wrong base period or weight moves one of them."""
    result = counties()
    cells = result.effects.set_index(["group", "time"])["estimate"].round(4)
    assert cells.to_dict() == {
        (2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008, (2006, 2004): 0.0065, (2006, 2005): -0.0028,
        (2006, 2006): -0.0046, (2006, 2007): -0.0412, (2007, 2004): 0.0305, (2007, 2005): -0.0027, (2007, 2006): -0.0311, (2007, 2007): -0.0261,
    }  # fmt: skip
    event, group = result.aggregate("event"), result.aggregate("group")
    assert event.effects.set_index("event")["estimate"].round(4).to_dict() == {
        -3: 0.0305,
        -2: -0.0006,
        -1: -0.0245,
        0: -0.0199,
        1: -0.0510,
        2: -0.1373,
        3: -0.1008,
    }
    assert round(event.overall["estimate"], 4) == -0.0772
    assert group.effects.set_index("group")["estimate"].round(4).to_dict() == {
        2004: -0.0797,
        2006: -0.0229,
        2007: -0.0261,
    }
    assert round(group.overall["estimate"], 4) == -0.0310
    # Their standard errors are bootstrapped (0.0196 and 0.0123 printed): within their Monte Carlo error.
    assert event.overall["se"] == pytest.approx(0.0196, abs=0.001)
    assert group.overall["se"] == pytest.approx(0.0123, abs=0.0006)


@pytest.mark.parametrize("frame", ["counties", "random", "random without never treated"])
@pytest.mark.parametrize(
    ("method", "comparison", "base_period"),
    [("doubly_robust", "never_treated", "varying"), ("regression", "not_yet_treated", "varying"), ("ipw", "not_yet_treated", "universal"), ("doubly_robust", "never_treated", "universal")],
)  # fmt: skip
def test_cells_and_aggregates_equal_the_reference(frame: str, method: str, comparison: str, base_period: str) -> None:
    """Every cell, every aggregate and every analytical standard error, beside moderndid (which follows R's did)."""
    import moderndid

    data = bundled("mpdta_long") if frame == "counties" else staggered(never=frame == "random")
    names = COUNTIES if frame == "counties" else COLUMNS
    covariate = "lpop" if frame == "counties" else "x"
    if frame == "random without never treated" and comparison == "never_treated":
        with pytest.raises(EstimationError, match="not_yet_treated"):
            group_time_effects(data, **names, comparison=comparison)
        return
    ours = group_time_effects(
        data, **names, covariates=(covariate,), method=method, comparison=comparison, base_period=base_period
    )
    theirs = moderndid.att_gt(
        data=data, yname=names["outcome"], tname=names["time"], idname=names["unit"], gname=names["first_treated"], xformla=f"~ {covariate}", cband=False,
        est_method={"doubly_robust": "dr", "regression": "reg", "ipw": "ipw"}[method], control_group=comparison.replace("_", ""), base_period=base_period,
    )  # fmt: skip
    expected = pd.DataFrame(
        {"group": theirs.groups, "time": theirs.times, "estimate": theirs.att_gt, "se": theirs.se_gt}
    ).astype(float)
    if frame == "random without never treated":
        # moderndid keeps the placebos of the last group, R's did and we do not: aggregates before treatment differ.
        expected = expected[expected["group"] < 6]
    both = ours.effects.merge(expected, on=["group", "time"], suffixes=("", "_expected"))
    assert len(both) == len(ours.effects) == len(expected)
    is_reference = both["time"] == both["base"]
    np.testing.assert_allclose(both["estimate"], both["estimate_expected"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(both["se"][~is_reference], both["se_expected"][~is_reference], rtol=1e-5)
    for kind, name in {"simple": "simple", "group": "group", "calendar": "calendar", "event": "dynamic"}.items():
        mine, other = ours.aggregate(kind), moderndid.aggte(theirs, type=name, cband=False, na_rm=True)
        assert (mine.overall["estimate"], mine.overall["se"]) == pytest.approx(
            (other.overall_att, other.overall_se), rel=1e-5
        )
        if kind != "simple" and not (kind == "event" and frame == "random without never treated"):
            known = mine.effects["se"].notna().to_numpy()
            np.testing.assert_allclose(mine.effects["estimate"], other.att_by_event, rtol=1e-6, atol=1e-8)
            np.testing.assert_allclose(mine.effects["se"][known], np.asarray(other.se_by_event)[known], rtol=1e-5)


def test_a_cell_is_the_two_period_estimate() -> None:
    """Group 5 in period 6 against never treated, from period 4: a base period one off is another estimand."""
    frame = staggered()
    result = group_time_effects(frame, **COLUMNS, covariates=("x",))
    chosen = frame[frame["time"].isin([4, 6]) & frame["first"].isin([0, 5])].assign(
        treated=lambda rows: (rows["first"] == 5).astype(int)
    )
    single = two_period_did(chosen, unit="unit", time="time", outcome="y", treatment="treated", covariates=["x"])
    cell = result.effects.set_index(["group", "time"]).loc[(5, 6)]
    assert (cell["estimate"], cell["se"], cell["base"]) == pytest.approx((single.estimate, single.se, 4), rel=1e-9)


def test_known_effects_are_found_and_placebos_are_zero() -> None:
    """Effects of 1 + e and none before: an off-by-one in event time would show as a placebo."""
    event = (
        group_time_effects(staggered(units=4000, seed=2), **COLUMNS, covariates=("x",))
        .aggregate("event")
        .effects.set_index("event")
    )
    truth = pd.Series({e: (1.0 + e if e >= 0 else 0.0) for e in event.index})
    assert ((event["estimate"] - truth).abs() < 4 * event["se"]).all()
    assert event["se"].max() < 0.15


def test_order_labels_and_a_constant_change_nothing_and_never_has_three_spellings() -> None:
    """Missing, 0 and infinite all mean never; the seed and not the order of rows decides the bands."""
    frame = staggered(units=150)
    first = group_time_effects(frame, **COLUMNS)
    never = np.array([np.nan, np.inf, 0.0])[frame["unit"] % 3]
    turned = frame.assign(y=frame["y"] - 500, first=frame["first"].where(frame["first"] > 0, never)).sample(
        frac=1, random_state=3
    )
    second = group_time_effects(turned, **COLUMNS)
    numbers = ["estimate", "se", "low", "high", "band_low", "band_high"]
    np.testing.assert_allclose(second.effects[numbers], first.effects[numbers], rtol=1e-9, atol=1e-9)


def test_clusters_of_copies_have_the_standard_errors_of_the_originals() -> None:
    """The reference implementation ignores clusters without the bootstrap: here copies must not count as evidence."""
    frame = staggered(units=120)
    copies = pd.concat([frame.assign(unit=frame["unit"] * 10 + copy, origin=frame["unit"]) for copy in range(3)])
    once, clustered = group_time_effects(frame, **COLUMNS), group_time_effects(copies, **COLUMNS, cluster="origin")
    np.testing.assert_allclose(clustered.effects["se"], once.effects["se"], rtol=1e-9)
    for kind in ("simple", "group", "calendar", "event"):
        assert clustered.aggregate(kind).overall["se"] == pytest.approx(once.aggregate(kind).overall["se"], rel=1e-9)


def test_pairwise_uses_the_units_with_both_periods_and_equals_balanced_where_nothing_lacks() -> None:
    """An unbalanced panel silently balanced, or silently full of zeros, is another population."""
    frame = staggered(units=200)
    holes = frame.drop(frame.index[(frame["unit"] % 7 == 0) & (frame["time"] == 4)])
    with pytest.raises(EstimationError, match="unbalanced"):
        group_time_effects(holes, **COLUMNS)
    result = group_time_effects(holes, **COLUMNS, missing="pairwise").effects.set_index(["group", "time"])
    full = group_time_effects(frame, **COLUMNS).effects.set_index(["group", "time"])
    # Group 3 in period 3 needs periods 2 and 3 only; its cell is untouched. Group 5 in period 5 needs period 4: one in seven is gone.
    np.testing.assert_allclose(
        result.loc[(3, 3), ["estimate", "se"]].astype(float), full.loc[(3, 3), ["estimate", "se"]].astype(float)
    )
    assert result.loc[(5, 5), "comparators"] < full.loc[(5, 5), "comparators"]
    kept = holes[holes["unit"] % 7 != 0]
    alone = group_time_effects(kept, **COLUMNS).effects.set_index(["group", "time"])
    np.testing.assert_allclose(
        result.loc[(5, 5), ["estimate", "se"]].astype(float),
        alone.loc[(5, 5), ["estimate", "se"]].astype(float),
        rtol=1e-9,
    )


def test_always_treated_are_left_out_and_said_and_later_ones_count_as_never() -> None:
    """A unit treated before the panel has no before; kept as a comparator it would carry the effect."""
    frame = staggered(units=150)
    changed = frame.assign(
        first=np.where(frame["unit"] % 10 == 0, 1, np.where(frame["unit"] % 10 == 1, 99, frame["first"]))
    )
    result = group_time_effects(changed, **COLUMNS)
    alone = group_time_effects(
        changed[changed["unit"] % 10 != 0].assign(first=lambda rows: rows["first"].where(rows["first"] < 99, 0)),
        **COLUMNS,
    )
    np.testing.assert_allclose(result.effects["estimate"], alone.effects["estimate"])
    assert any("15 units are treated from the first period on" in note for note in result.notes)
    assert any("15 units are first treated after the last period" in note for note in result.notes)


def test_a_group_of_one_has_an_estimate_and_no_standard_error() -> None:
    """One treated unit has no spread: its standard error would be that of the comparators alone, far too small."""
    frame = staggered(units=150)
    single = frame.assign(first=np.where(frame["unit"] == 0, 4, np.where(frame["first"] == 0, 0, 5)))
    result = group_time_effects(single, **COLUMNS)
    cell = result.effects[result.effects["group"] == 4]
    assert cell["estimate"].notna().all() and cell["se"].isna().all() and cell["low"].isna().all()
    assert cell["reason"].str.contains("no standard error").all()
    row = result.aggregate("group").effects.set_index("group").loc[4]
    assert np.isnan(row["se"]) and "no standard error" in row["reason"]


def test_no_number_is_empty_without_a_reason() -> None:
    """Every empty estimate or standard error says why: a covariate that separates, a group without comparators, a reference period."""
    frame = staggered(units=80, seed=4)
    frame["x"] = np.where(frame["first"] == 3, 10.0, frame["x"])
    result = group_time_effects(frame, **COLUMNS, covariates=("x",), base_period="universal")
    assert (result.effects["estimate"].isna() & (result.effects["group"] == 3)).any()
    tables = [result.effects, *(result.aggregate(kind).effects for kind in ("group", "calendar", "event"))]
    for table in tables:
        assert table.loc[table["estimate"].isna() | table["se"].isna(), "reason"].notna().all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.assign(first=0), "No unit becomes treated"), (lambda f: f.assign(first=1), "No unit becomes treated"), (lambda f: pd.concat([f, f.head(1)]), "repeat a unit"),
        (lambda f: f[f["time"] == 1], "One period"), (lambda f: f.assign(time=f["time"] - 1), "above 0"), (lambda f: f.assign(y=np.nan), "missing or infinite"),
        (lambda f: f.assign(first=f["first"] + (f["time"] == 2)), "changes within"), (lambda f: f.assign(first=f["first"] - 1), "below 0"), (lambda f: f.head(0), "no rows"),
        (lambda f: f.drop(columns="y"), "no column 'y'"), (lambda f: f.assign(first=4), "not_yet_treated"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words(change: Any, words: str) -> None:
    """A panel that cannot answer must say so."""
    with pytest.raises(EstimationError, match=words):
        group_time_effects(change(staggered(units=40)), **COLUMNS)


def test_one_group_without_never_treated_is_refused() -> None:
    """All treated at once: nothing to compare with, whatever the comparison."""
    with pytest.raises(EstimationError, match="same period"):
        group_time_effects(staggered(units=40).assign(first=4), **COLUMNS, comparison="not_yet_treated")


def test_the_simultaneous_critical_value_is_the_known_one() -> None:
    """K independent estimates: P(max |Z| <= c) = 0.95 has c = Phi^-1((1 + 0.95^(1/K)) / 2); perfectly correlated ones: 1.96."""
    from scipy.stats import norm

    assert critical_value(np.diag([1.0, 4.0, 9.0, 0.5]), 0.05, 1, draws=200_000) == pytest.approx(
        norm.ppf((1 + 0.95**0.25) / 2), abs=0.01
    )
    assert critical_value(np.ones((3, 3)), 0.05, 1, draws=200_000) == pytest.approx(1.96, abs=0.01)
    assert critical_value(np.eye(1), 0.05, 1) == pytest.approx(norm.ppf(0.975))
