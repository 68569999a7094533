"""Difference-in-differences on two periods against published numbers, the reference implementation and hand calculation."""

from __future__ import annotations

import gzip
import importlib.util
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from transforms.estimators.did_panel import METHODS, panel_effect, two_period_did
from transforms.estimators.results import EstimationError

LALONDE = ("age", "educ", "black", "married", "nodegree", "hisp", "re74")
COLUMNS = {"unit": "unit", "time": "time", "outcome": "y", "treatment": "treated"}


def bundled(name: str) -> pd.DataFrame:
    """A data set that comes with moderndid (read without importing it)."""
    found = importlib.util.find_spec("moderndid")
    assert found is not None and found.origin is not None
    with gzip.open(Path(found.origin).parent / "core" / "datasets" / f"{name}.pkl.gz") as file:
        return pd.DataFrame(pickle.load(file))


def simulated(seed: int = 3, units: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=units), rng.binomial(1, 0.4, size=units).astype(float)
    treated = rng.binomial(1, 1 / (1 + np.exp(-(0.6 * x - 0.4 * z - 0.3)))).astype(float)
    first = x + rng.normal(size=units)
    second = first + 1.0 + 0.8 * x - 0.5 * z + 0.7 * treated + rng.normal(size=units)
    wide = pd.DataFrame(
        {
            "unit": np.arange(units),
            "x": x,
            "z": z,
            "treated": treated,
            "weight": rng.uniform(0.5, 3.0, size=units),
            "cluster": rng.integers(0, 40, size=units),
        }
    )
    return pd.concat([wide.assign(time=1, y=first), wide.assign(time=2, y=second)], ignore_index=True)


@pytest.mark.parametrize(
    ("method", "estimate", "se"),
    [
        ("doubly_robust", -871.3271, 396.0211),
        ("regression", -1300.645, 349.8259),
        ("ipw", -1021.609, 397.5201),
        ("ipw_unnormalised", -1107.872, 408.6127),
    ],
)
def test_lalonde_nsw_against_cps_gives_the_published_numbers(method: str, estimate: float, se: float) -> None:
    """An estimator that is nearly right passes every simulation and fails here: estimates and standard errors as R's DRDID and Stata's drdid print them."""
    frame = bundled("nsw_long")
    frame = frame[(frame["treated"] == 0) | (frame["sample"] == 2)]
    found = two_period_did(
        frame, unit="id", time="year", outcome="re", treatment="experimental", covariates=LALONDE, method=method
    )
    digits = 4 if method == "doubly_robust" else 3
    assert round(found.estimate, digits) == estimate
    assert round(found.se, 4) == se
    assert (found.treated, found.comparators) == (425, 15992)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("method", "module", "function"), [
    ("doubly_robust", "drdid_panel", "drdid_panel"), ("regression", "reg_did_panel", "reg_did_panel"),
    ("ipw", "std_ipw_did_panel", "std_ipw_did_panel"), ("ipw_unnormalised", "ipw_did_panel", "ipw_did_panel"),
])  # fmt: skip
def test_estimates_and_influence_functions_equal_the_reference(
    method: str, module: str, function: str, weighted: bool
) -> None:
    """Weights forgotten in one of the parts of the influence function change the standard error alone, and nobody sees it."""
    reference = getattr(importlib.import_module(f"moderndid.drdid.estimators.{module}"), function)
    frame = simulated()
    before, after = frame[frame["time"] == 1], frame[frame["time"] == 2]
    x = before[["x", "z"]].to_numpy()
    weight = before["weight"].to_numpy() if weighted else np.ones(len(before))
    change, treated = after["y"].to_numpy() - before["y"].to_numpy(), before["treated"].to_numpy()
    estimate, influence = panel_effect(change, treated == 1, x, weight, method)
    expected = reference(
        y1=after["y"].to_numpy(),
        y0=before["y"].to_numpy(),
        d=treated,
        covariates=np.column_stack([np.ones(len(x)), x]),
        i_weights=weight,
        influence_func=True,
    )
    assert estimate == pytest.approx(expected.att, rel=1e-7)
    np.testing.assert_allclose(influence, np.ravel(expected.att_inf_func), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_without_covariates_it_is_the_difference_of_mean_changes(method: str) -> None:
    """The simplest case by hand: a mistake in the constant column or in the weights of an arm shows."""
    frame = simulated()
    change = frame[frame["time"] == 2].set_index("unit")["y"] - frame[frame["time"] == 1].set_index("unit")["y"]
    treated = frame[frame["time"] == 1].set_index("unit")["treated"] == 1
    found = two_period_did(frame, method=method, **COLUMNS)
    assert found.estimate == pytest.approx(change[treated].mean() - change[~treated].mean(), abs=1e-12)
    by_hand = np.sqrt(change[treated].var(ddof=0) / treated.sum() + change[~treated].var(ddof=0) / (~treated).sum())
    assert found.se == pytest.approx(by_hand, rel=1e-9)


def test_clusters_of_copies_have_the_standard_error_of_the_originals() -> None:
    """Clustering that is ignored makes a panel of copies look four times as large."""
    frame = simulated(units=150)
    copies = pd.concat([frame.assign(unit=frame["unit"] * 10 + copy, origin=frame["unit"]) for copy in range(4)])
    once = two_period_did(frame, covariates=["x"], **COLUMNS)
    clustered = two_period_did(copies, covariates=["x"], cluster="origin", **COLUMNS)
    ignored = two_period_did(copies, covariates=["x"], **COLUMNS)
    assert (clustered.estimate, clustered.se) == pytest.approx((once.estimate, once.se), rel=1e-9)
    assert ignored.se == pytest.approx(once.se / 2, rel=1e-9)
    assert clustered.clusters == 150


def test_a_weight_of_two_is_the_unit_twice() -> None:
    """Weights that enter one model and not the other give an estimate that belongs to no population."""
    frame = simulated(units=200)
    doubled = frame["unit"] % 3 == 0
    twice = pd.concat([frame, frame[doubled].assign(unit=frame["unit"] + 1000)])
    for method in METHODS:
        weighted = two_period_did(
            frame.assign(w=np.where(doubled, 2.0, 1.0)), covariates=["x", "z"], weight="w", method=method, **COLUMNS
        )
        copied = two_period_did(twice, covariates=["x", "z"], method=method, **COLUMNS)
        assert weighted.estimate == pytest.approx(copied.estimate, rel=1e-9)


def test_order_of_rows_labels_and_a_constant_change_nothing() -> None:
    """A result that depends on the order of a file cannot be made again."""
    frame = simulated(units=120)
    first = two_period_did(frame, covariates=["x", "z"], **COLUMNS)
    turned = frame.sample(frac=1, random_state=1).assign(
        y=frame["y"] + 1000.0, unit=frame["unit"].map(lambda value: f"u{997 * value % 1009:05d}"), x=frame["x"] * 50 + 3
    )
    second = two_period_did(turned, covariates=["z", "x"], **COLUMNS)
    assert (second.estimate, second.se) == pytest.approx((first.estimate, first.se), rel=1e-9)


def broken(kind: str) -> pd.DataFrame:
    frame = simulated(units=60)
    if kind == "twice":
        return pd.concat([frame, frame.iloc[:1]])
    if kind == "missing":
        return frame.iloc[1:]
    if kind == "infinite":
        return frame.assign(y=frame["y"].where(frame["unit"] != 3, np.inf))
    if kind == "empty value":
        return frame.assign(x=frame["x"].where(frame["unit"] != 3))
    if kind == "changes":
        return frame.assign(treated=np.where(frame["unit"] == 3, frame["time"] - 1.0, frame["treated"]))
    if kind == "half":
        return frame.assign(treated=frame["treated"] / 2)
    if kind == "nobody":
        return frame.assign(treated=0)
    if kind == "everybody":
        return frame.assign(treated=1)
    if kind == "one":
        return frame.assign(treated=(frame["unit"] == 5).astype(int))
    if kind == "constant":
        return frame.assign(x=1.0)
    if kind == "collinear":
        return frame.assign(z=2 * frame["x"] + 1)
    if kind == "constant among comparators":
        return frame.assign(z=np.where(frame["treated"] == 1, frame["z"], 0.0))
    if kind == "separated":
        return frame.assign(x=frame["treated"] * 5 + frame["x"] / 100)
    if kind == "three periods":
        return pd.concat([frame, frame[frame["time"] == 2].assign(time=3)])
    if kind == "text":
        return frame.assign(x="a")
    if kind == "negative weight":
        return frame.assign(weight=-1.0)
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("twice", "repeat a unit and period"), ("missing", "missing in one of the two periods"), ("infinite", "missing or infinite"), ("empty value", "missing or infinite"),
        ("changes", "changes within 1 units"), ("half", "must be 0 or 1"), ("nobody", "No treated unit"), ("everybody", "No comparator"), ("one", "no standard error|propensity"),
        ("constant", "Constant covariate: x"), ("collinear", "constant or collinear"), ("constant among comparators", "constant or collinear: z"),
        ("separated", "perfectly|propensity of"), ("three periods", "Two periods are needed"), ("text", "must hold numbers"), ("negative weight", "must be positive"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words(kind: str, words: str) -> None:
    """A silent NaN, or a number from half the data, would travel into a table."""
    with pytest.raises(EstimationError, match=words):
        two_period_did(broken(kind), covariates=["x", "z"], weight="weight", **COLUMNS)


def test_an_unknown_column_or_method_is_named() -> None:
    """A typing error must not end as a different estimator."""
    with pytest.raises(EstimationError, match="'ages'"):
        two_period_did(simulated(), covariates=["ages"], **COLUMNS)
    with pytest.raises(EstimationError, match="is unknown"):
        two_period_did(simulated(), method="dr", **COLUMNS)


def test_a_rare_treatment_far_from_the_comparators_still_converges() -> None:
    """Newton's full step jumps over the maximum when few are treated: the fit must not call that separation."""
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.normal(0, 1, 5000), rng.normal(-2.2, 0.6, 60)])
    treated = np.arange(len(x)) >= 5000
    change = 0.5 * x + treated + rng.normal(size=len(x))
    estimate, _ = panel_effect(change, treated, x[:, None], np.ones(len(x)), "doubly_robust")
    assert estimate == pytest.approx(1.0, abs=0.5)
