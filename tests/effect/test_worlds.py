"""The proof by simulation in short form: worlds are what they say, both estimators find their effects, verdicts mean what they say.

Few runs and small worlds: figures are held against the limits of evaluation.md widened by three Monte Carlo errors of so few runs. `make bench-effect` holds them against the limits themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.bench_effect import BIAS, COVERAGE, LEVEL, pooled, report, simulate, single, summary, verdict
from benchmarks.effect_worlds import (
    COVARIATES,
    EFFECTS,
    ESTIMATORS,
    HORIZONS,
    OUTCOMES,
    POPULATIONS,
    WITHOUT_EFFECT,
    WORLDS,
    Size,
    column,
    fit,
    one_run,
    population,
)

RUNS = 16
SMALL = Size(persons=1400)
FOUND = [world for world in WORLDS if world != "hidden confounder"]


@pytest.fixture(scope="module")
def results() -> pd.DataFrame:
    return simulate(RUNS, SMALL)


@pytest.fixture(scope="module")
def large() -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    return {kind: population(kind, 7, Size(persons=40_000)) for kind in POPULATIONS}


@pytest.mark.parametrize("world", FOUND)
def test_both_estimators_are_nearly_unbiased(results: pd.DataFrame, world: str) -> None:
    """An estimator that misses the effect by more than chance allows would be published as a finding."""
    rows = results[results["world"].eq(world)]
    assert rows["error"].notna().all()
    for _, errors in rows.groupby(["estimator", "outcome", "horizon"])["error"]:
        assert len(errors) == RUNS
        assert abs(errors.mean()) < BIAS + 3 * errors.std(ddof=1) / np.sqrt(RUNS)


@pytest.mark.parametrize("world", FOUND)
def test_intervals_cover_as_often_as_promised(results: pd.DataFrame, world: str) -> None:
    """Intervals that ignore enterprises cover three of four times: every reader would trust them too much."""
    for estimator in ESTIMATORS:
        rows = results[results["world"].eq(world) & results["estimator"].eq(estimator)]
        by_run = rows.groupby("seed")["covered"].mean()
        error = 3 * max(by_run.std(ddof=1) / np.sqrt(RUNS), 1 / RUNS)
        assert COVERAGE[0] - error <= by_run.mean() <= COVERAGE[1] + error
        if world in WITHOUT_EFFECT:
            assert rows["rejected"].mean() <= LEVEL + error


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_hidden_confounder_is_reported_as_the_limit_it_is(results: pd.DataFrame, estimator: str) -> None:
    """A proof that shows only worlds where the method works would promise what no adjustment can keep."""
    row = summary(results).set_index(["world", "estimator"]).to_dict("index")[("hidden confounder", estimator)]
    assert row["bias"] < -BIAS
    assert row["verdict"].startswith("fail: bias, coverage, size (too often); by design (E-value ")
    assert row["e_point"] > row["e_limit"] > 1


def test_without_squares_the_curved_world_is_missed() -> None:
    """A world in which any model passes proves nothing: linear terms must fail in it by more than the limit."""
    for estimator in ESTIMATORS:
        errors = []
        for seed in range(1, 5):
            frame, effects = population("curved", seed, SMALL)
            names = [column("curved in a covariate", "employed", horizon) for horizon in HORIZONS]
            result = fit(estimator, frame, names, terms="linear").effects.set_index("outcome")["estimate"]
            errors.append((result - effects.loc[frame["treated"].eq(1), names].mean()) / frame[names].std())
        assert pd.concat(errors).mean() < -BIAS


@pytest.mark.parametrize("world", WORLDS)
def test_the_planted_effect_is_the_one_named(large: dict[str, tuple[pd.DataFrame, pd.DataFrame]], world: str) -> None:
    """A truth that differs from the world's name would make bias look like truth."""
    kind = next(kind for kind, worlds in POPULATIONS.items() if world in worlds)
    frame, effects = large[kind]
    own = effects[[column(world, "employed", horizon) for horizon in HORIZONS]]
    if world in WITHOUT_EFFECT:
        assert not own.to_numpy().any()
        assert not effects[[column(world, "ordinary_hours", horizon) for horizon in HORIZONS]].to_numpy().any()
    elif world == "competing exits":
        assert own.isin([0.0, 1.0]).all(axis=None)
        assert (own.mean().between(0.08, 0.12)).all()
    else:
        slack = 0.03 if world == "differs by enterprise" else 0.01
        assert np.abs(own.mean().to_numpy() - np.array(EFFECTS[world])).max() < slack
    treated = frame["treated"].eq(1)
    for horizon in HORIZONS:
        employed, hours = (frame[column(world, outcome, horizon)] for outcome in OUTCOMES)
        assert hours[employed.eq(1)].between(20, 160).all()
        assert hours[employed.eq(0)].eq(0).all()
        without = employed - effects[column(world, "employed", horizon)]
        assert without[treated].isin([0.0, 1.0]).all()


def test_enterprises_differ_in_effect_only_where_said(large: dict[str, tuple[pd.DataFrame, pd.DataFrame]]) -> None:
    """If the constant world differed by enterprise too, the two would prove the same."""
    frame, effects = large["plain"]
    treated = frame["treated"].eq(1)
    spread = {
        world: effects.loc[treated, column(world, "employed", 12)]
        .groupby(frame.loc[treated, "enterprise"])
        .agg(["mean", "size"])
        .query("size >= 100")["mean"]
        .std()
        for world in ("constant", "differs by enterprise")
    }
    assert spread["constant"] < 0.04 < spread["differs by enterprise"]


def test_exits_leave_neither_work_nor_hours_and_grow_with_h(
    large: dict[str, tuple[pd.DataFrame, pd.DataFrame]],
) -> None:
    """Death and pension count as zero hours: dropping the dead would leave a healthier group."""
    frame, _ = large["plain"]
    lost = [
        1 - frame[column("competing exits", "employed", h)].mean() / frame[column("constant", "employed", h)].mean()
        for h in HORIZONS
    ]
    assert 0 < lost[0] < lost[1] < lost[2] < lost[3]
    assert (
        frame[column("competing exits", "ordinary_hours", 24)] <= frame[column("constant", "ordinary_hours", 24)]
    ).all()


def test_the_weakest_start_at_a_few_large_enterprises(large: dict[str, tuple[pd.DataFrame, pd.DataFrame]]) -> None:
    """Without selection and unequal enterprises every estimator would pass."""
    for frame, _ in large.values():
        means = frame.groupby("treated")[list(COVARIATES)].mean()
        assert (means.loc[1, ["hours_7_12", "hours_13_24"]] < means.loc[0, ["hours_7_12", "hours_13_24"]]).all()
        assert means.loc[1, "benefit_13_24"] > means.loc[0, "benefit_13_24"]
        share = frame.loc[frame["treated"].eq(1), "enterprise"].value_counts(normalize=True)
        assert 1 / (share**2).sum() < 40
        assert 0.1 < frame["treated"].mean() < 0.35
        assert frame.loc[frame["treated"].eq(1), "enterprise"].max() < 60 <= frame.loc[frame["treated"].eq(0), "enterprise"].min()  # fmt: skip


def test_error_is_against_the_fits_own_supported_treated() -> None:
    """Against all treated, an estimate would be blamed for persons it does not speak of."""
    size = Size(persons=120)
    frame, effects = population("plain", 1, size)
    with_comparator = set(frame.loc[frame["treated"].eq(0), "cell"])
    with_treated = set(frame.loc[frame["treated"].eq(1), "cell"])
    own = [place for place in frame.index if frame.at[place, "treated"] and frame.at[place, "cell"] in with_comparator]
    assert len(own) < frame["treated"].sum(), "this seed must have treated off support"
    name = column("constant", "employed", 6)
    truth = sum(effects.at[place, name] for place in own) / len(own)
    supported = frame[frame["cell"].isin(with_comparator & with_treated)]
    result = fit("aipw_treated", frame, list(effects.columns)).effects.set_index("outcome").to_dict("index")[name]
    rows = one_run(1, size)
    row = rows[
        rows["world"].eq("constant")
        & rows["estimator"].eq("aipw_treated")
        & rows["outcome"].eq("employed")
        & rows["horizon"].eq(6)
    ].iloc[0]
    assert row["error"] == pytest.approx((result["estimate"] - truth) / supported[name].std(), abs=1e-9)
    assert row["covered"] == (result["low"] <= truth <= result["high"])


def test_the_same_seed_gives_the_same_run() -> None:
    """A table that nobody can make again is no proof."""
    size = Size(persons=500)
    pd.testing.assert_frame_equal(one_run(2, size), one_run(2, size), check_exact=True)


def test_sums_over_runs_equal_plain_loops(results: pd.DataFrame) -> None:
    """Bias of one world printed in the row of another."""
    singles = single(results).set_index(["world", "estimator", "outcome", "horizon"]).to_dict("index")
    ratios = summary(results).set_index(["world", "estimator"])["se_to_sd"].to_dict()
    pools = pooled(results).set_index(["world", "estimator"]).to_dict("index")
    for world, estimator in (("growing with h", "entropy_effect"), ("no effect", "aipw_treated")):
        errors, covered = [], []
        for row in results.to_dict("records"):
            if row["world"] == world and row["estimator"] == estimator:
                covered.append(row["covered"])
                if row["outcome"] == "ordinary_hours" and row["horizon"] == 24:
                    errors.append(row["error"])
        mine = results[results["world"].eq(world) & results["estimator"].eq(estimator)]
        parts = [rows["se"].mean() / rows["error"].std(ddof=1) for _, rows in mine.groupby(["outcome", "horizon"])]
        assert ratios[(world, estimator)] == pytest.approx(sum(parts) / 8)
        one = singles[(world, estimator, "ordinary_hours", 24)]
        assert one["bias"] == pytest.approx(sum(errors) / RUNS)
        assert one["bias_error"] == pytest.approx(np.std(errors, ddof=1) / RUNS**0.5)
        assert pools[(world, estimator)]["coverage"] == pytest.approx(sum(covered) / (8 * RUNS))


GOOD: dict[str, Any] = {
    "world": "no effect",
    "bias": 0.01,
    "bias_error": 0.01,
    "coverage": 0.95,
    "coverage_error": 0.01,
    "rejected": 0.05,
    "rejected_error": 0.01,
    "singles_out": 0,
    "without_number": 0,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "pass"),
        ({"bias": -0.16}, "undecided: bias"),
        ({"bias": -0.18}, "fail: bias"),
        ({"coverage": 0.91}, "undecided: coverage"),
        ({"coverage": 0.89}, "fail: coverage"),
        ({"coverage": 0.995}, "undecided: coverage"),
        ({"coverage": 1.0, "coverage_error": 0.005}, "fail: coverage"),
        ({"singles_out": 1}, "fail: coverage of 1 of eight"),
        ({"rejected": 0.08}, "fail: size (too often)"),
        ({"rejected": 0.02}, "fail: size (too seldom)"),
        ({"rejected": 0.08, "world": "constant"}, "pass"),
        ({"without_number": 3}, "fail: 3 without a number"),
        (
            {"world": "hidden confounder", "e_point": 2.0, "e_limit": 1.5},
            "pass, where it should fail (E-value 2.00, of the limit 1.50)",
        ),
    ],
)
def test_verdicts_follow_the_limits(changes: dict[str, Any], words: str) -> None:
    """A figure beyond its limit that still says pass."""
    assert verdict({**GOOD, **changes}) == words


def test_the_report_names_every_world_and_its_command(results: pd.DataFrame) -> None:
    """A world that fails must not be left out of the table."""
    text = report(results, RUNS, SMALL, "the command", 1.0)
    assert "`the command`" in text and f"{RUNS} runs" in text
    for world in WORLDS:
        for estimator in ESTIMATORS:
            assert text.count(f"| {world} | {estimator} |") == 1 + len(OUTCOMES)
