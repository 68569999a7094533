"""The gate, the placebos and what could be seen. Belongs here: each diagnostic against an independent computation, summing up. Not here: estimates (test_run.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.effect.planted import GROUP, PLAN, country
from transforms.estimators import cluster_jackknife
from transforms.estimators.diagnostics import balance_table
from transforms.evaluation import gate
from transforms.evaluation.balance import largest_difference
from transforms.evaluation.curves import _stays
from transforms.evaluation.placebo import as_normal, jackknife_of, matched_numbers, placebo_draws
from transforms.evaluation.plan import Limits
from transforms.evaluation.power import intraclass_correlation, power_table
from transforms.evaluation.run import Frames, run


@pytest.fixture(scope="module")
def planted() -> Frames:
    return run(replace(PLAN, groups=(GROUP,)), country())


def figure(frames: Frames, diagnostic: str, **wanted: object) -> pd.Series:
    found = frames["diagnostics"]
    for name, value in {"diagnostic": diagnostic, "subgroup": "all", **wanted}.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_every_diagnostic_of_the_gate_stands_with_figure_limit_and_verdict(planted: Frames) -> None:
    """A gate with a bar missing is open where it should not be."""
    for diagnostic in ("largest_difference", "equipoise", "effective_comparators", "largest_weight"):
        one = figure(planted, diagnostic, horizon=12, estimator="aipw")
        assert np.isfinite(one["figure"]) and one["verdict"] in ("pass", "fail")
    for diagnostic in ("placebo_in_time", "placebo_enterprises"):
        assert np.isfinite(figure(planted, diagnostic)["figure"])
    assert figure(planted, "smallest_detectable", horizon=12, outcome="employed", estimator="aipw")["limit_high"] == 0.2
    assert figure(planted, "equipoise", horizon=12, estimator="entropy")["verdict"] == "not_applicable"


def test_the_figures_are_those_of_the_balance_table(planted: Frames) -> None:
    """The gate must judge the balance that is shown."""
    balance = planted["balance"][planted["balance"]["estimator"] == "aipw"]
    worst = balance[balance["is_worst"]].iloc[0]
    assert figure(planted, "largest_difference", horizon=12, estimator="aipw")["figure"] == pytest.approx(
        abs(worst["after"]), rel=1e-5
    )
    assert abs(worst["after"]) < abs(balance["before"]).max()


def test_a_failed_diagnostic_closes_the_gate_and_the_estimate_stays() -> None:
    """Hiding what failed is selective reporting; showing it unmarked is worse."""
    strict = replace(PLAN, groups=(GROUP,), limits=Limits(equipoise=0.99999, largest_difference=1e-9))
    found = run(strict, country(treated=100, others=300))["estimates"]
    primary = found[found["is_primary"]].iloc[0]
    assert primary["gate"] == "fail" and np.isfinite(primary["estimate"])
    assert "equipoise" in primary["reason"] and "at least 1" in primary["reason"]
    assert "largest_difference" in primary["reason"]


def test_an_open_gate_says_nothing_and_a_subgroup_has_its_own(planted: Frames) -> None:
    """A subgroup that passes by the whole group's balance is not judged at all."""
    lenient = Limits(
        largest_difference=9,
        equipoise=0,
        largest_weight=1,
        comparators_of_treated=0,
        placebo_in_time=9,
        placebo_size=(0, 1),
    )
    found = run(replace(PLAN, groups=(GROUP,), limits=lenient), country(treated=150, others=300))
    estimates = found["estimates"]
    primary = estimates[estimates["is_primary"]].iloc[0]
    assert primary["gate"] == "pass" and primary["reason"] is None
    own = figure(planted, "largest_difference", subgroup="sex=man", horizon=12)
    assert own["figure"] != figure(planted, "largest_difference", horizon=12, estimator="aipw")["figure"]
    assert set(planted["estimates"].loc[planted["estimates"]["specification"] == "placebo_in_time", "gate"]) == {
        "not_checked"
    }


def test_the_primary_gate_is_about_the_primary_estimate_alone() -> None:
    """An outcome that nobody asked about, or another month, that could not have been seen closes the gate of the one that could."""
    lenient = Limits(
        largest_difference=9, equipoise=0, largest_weight=1, comparators_of_treated=0, placebo_in_time=9, placebo_size=(0, 1),
        smallest_detectable={"employed": 0.2, "ordinary_hours": 1e-6},
    )  # fmt: skip
    frames = run(replace(PLAN, groups=(GROUP,), limits=lenient), country(treated=150, others=300))
    estimates = frames["estimates"]
    gates = estimates[
        (estimates["subgroup"] == "all") & (estimates["estimator"] == "aipw") & (estimates["horizon"] == 12)
    ]
    gates = gates.set_index(["specification", "outcome"])["gate"]
    assert gates["main", "employed"] == "pass" and gates["main", "ordinary_hours"] == "fail"
    # A subgroup could have missed what the whole group could not: by its own error.
    own = figure(frames, "smallest_detectable", subgroup="sex=man", outcome="employed", horizon=12)
    of_row = estimates[
        (estimates["subgroup"] == "sex=man") & (estimates["outcome"] == "employed") & (estimates["horizon"] == 12)
    ]
    assert own["figure"] == of_row.iloc[0]["smallest_detectable_effect"] > 0
    assert of_row.iloc[0]["gate"] == ("fail" if own["figure"] > 0.2 else "pass")


def test_a_group_whose_placebo_fails_has_no_open_gate_in_any_run(planted: Frames) -> None:
    """A run that changes one choice would pass where the design itself shows an effect before the start."""
    main = planted["estimates"][planted["estimates"]["is_primary"]].assign(gate=None, reason=None)
    runs = pd.concat([main.assign(specification=name) for name in ("main", "all_starts", "placebo_in_time")])
    runs = runs.reset_index(drop=True)
    placebo = planted["diagnostics"][planted["diagnostics"]["diagnostic"] == "placebo_in_time"]
    closed = gate.close(PLAN, runs, placebo.assign(verdict="fail")).set_index("specification")["gate"]
    assert closed.to_dict() == {"main": "fail", "all_starts": "fail", "placebo_in_time": "not_checked"}


def test_balance_of_a_subgroup_is_measured_as_that_of_the_whole() -> None:
    """Two formulas under one name would judge alike groups differently."""
    random = np.random.default_rng(5)
    data = pd.DataFrame(
        {"x": random.normal(size=200), "z": random.normal(size=200), "k": random.choice(["a", "b", "c"], 200)}
    )
    treated, weight = random.random(200) < 0.3, random.uniform(0.5, 2, 200)
    comparators = np.where(treated, 0.0, random.random(200))
    expected = (
        balance_table(
            data, covariates=["x", "z"], categories=["k"], treated=treated, weight=weight, comparator_weight=comparators
        )["after"]
        .abs()
        .max()
    )
    columns = np.column_stack([data["x"], data["z"], *[(data["k"] == level).astype(float) for level in "abc"]])
    found = largest_difference(columns, weight * treated, weight * ~treated, comparators)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "low", "high", "status"),
    [(0.1, None, 0.1, "pass"), (0.1001, None, 0.1, "fail"), (0.2, 0.2, None, "pass"), (0.02, 0.02, 0.08, "pass"), (0.01, 0.02, 0.08, "fail")],
)  # fmt: skip
def test_a_figure_on_its_limit_passes(value: float, low: float | None, high: float | None, status: str) -> None:
    """`at most 0.1` holds 0.1."""
    assert gate.verdict(value, low, high) == status


def test_a_placebo_draw_is_the_jackknife_of_the_estimators() -> None:
    """All draws at once is fast and would be wrong fast."""
    random = np.random.default_rng(2)
    clusters = np.repeat(np.arange(30), random.integers(1, 9, 30))
    frame = pd.DataFrame(
        {"y": random.normal(size=len(clusters)), "w": random.uniform(0.5, 2, len(clusters)), "c": clusters}
    )
    member = np.isin(np.arange(30), random.choice(30, 8, replace=False))
    frame["d"] = member[clusters].astype(float)
    expected = cluster_jackknife(frame, outcomes=["y"], treatment="d", cluster="c", weight="w")
    sums, weights = np.bincount(clusters, weights=frame["y"] * frame["w"]), np.bincount(clusters, weights=frame["w"])
    found = [values[0] for values in jackknife_of(member[None, :], sums, weights)]
    wanted = [expected.estimate[0], expected.se[0], expected.degrees_of_freedom]
    assert found == pytest.approx(wanted, rel=1e-10)


def test_where_there_is_nothing_placebo_enterprises_are_significant_one_time_in_twenty() -> None:
    """A placebo that always passes, or always fails, checks nothing."""
    random = np.random.default_rng(8)
    clusters = np.repeat(np.arange(340), random.geometric(0.15, 340))
    treated = clusters < 40
    shock = random.normal(scale=0.4, size=340)[clusters]
    residual = random.normal(size=len(clusters)) + shock
    drawn, reason = placebo_draws(residual, np.ones(len(clusters)), clusters, treated, draws=1000, seed=1)
    assert reason is None and drawn is not None and 0.025 <= drawn.size <= 0.08


def test_the_primary_estimate_is_calibrated_by_the_placebo_enterprises_and_others_say_why_not(planted: Frames) -> None:
    """A calibrated interval narrower than the plain one, or of another outcome, would promise what negative controls cannot give."""
    primary = planted["estimates"][planted["estimates"]["is_primary"]].iloc[0]
    p, low, high = (
        figure(planted, f"calibrated_{name}", outcome="employed", horizon=12) for name in ("p", "low", "high")
    )
    assert {one["verdict"] for one in (p, low, high)} == {"not_applicable"} and p[
        ["limit_low", "limit_high"]
    ].isna().all()
    assert low["figure"] < primary["estimate"] < high["figure"] and 0 <= p["figure"] <= 1
    assert high["figure"] - low["figure"] >= (primary["high"] - primary["low"]) * (1 - 1e-4)
    assert "negative controls: 200 draws" in p["reason"]
    # Without systematic error the interval is the estimate's own, on t.
    se, freedom = np.array([0.1]), np.array([7.0])
    assert 1.959964 * as_normal(se, freedom, 0.05)[0] == pytest.approx(0.1 * 2.364624, rel=1e-6)
    without_draws = run(replace(PLAN, groups=(PLAN.groups[1],)), country(treated=60, others=100))
    assert "not calibrated: not-now comparators" in figure(without_draws, "calibrated_p")["reason"]


def test_placebo_enterprises_are_of_like_size_and_never_more_than_half() -> None:
    """Small enterprises in the place of large ones make the test look better than it is."""
    assert matched_numbers(np.array([1, 1, 5, 20]), np.array([1] * 10 + [4] * 2 + [16] * 4)) == {4: 1, 2: 1, 0: 2}
    assert matched_numbers(np.array([20, 20, 20]), np.array([1] * 10 + [16] * 2)) == {4: 1, 0: 2}


@pytest.mark.parametrize(
    ("curve", "month"),
    [([-1, -2, 0, 3], 3), ([1, 2], 1), ([1, -1], None), ([-1, 1, -1, 2], 4), ([np.nan, 1], 2)],
)
def test_lock_in_is_repaid_when_the_curve_stays_above(curve: list[float], month: int | None) -> None:
    """A curve that dips again has not won back what was lost."""
    assert _stays(pd.Series(curve)) == month


def test_intraclass_correlation_is_that_of_the_analysis_of_variance() -> None:
    """Against sums worked by hand: three enterprises of two, MSB 8, MSW 1: (8 - 1) / (8 + 1)."""
    values = pd.Series([1 - 0.5**0.5, 1 + 0.5**0.5, 3 - 0.5**0.5, 3 + 0.5**0.5, 5 - 0.5**0.5, 5 + 0.5**0.5])
    assert intraclass_correlation(values, pd.Series(list("aabbcc"))) == pytest.approx(7 / 9)
    assert intraclass_correlation(values, pd.Series(list("abcdef"))) == 0.0


def test_the_error_planned_before_the_outcomes_is_that_of_the_estimate() -> None:
    """Counts alone promised 7 points where the estimate could see 10: weights, cells, uneven enterprises and the jackknife cost what they cost. Within a quarter, in both arms."""
    cohorts = country(before=1.0)
    planned = power_table(PLAN, cohorts, ["employed"]).set_index(["arm", "horizon"])
    plan = replace(PLAN, specifications=(replace(PLAN.main, estimators=("aipw",)),), curve_outcomes=("employed",))
    made = run(replace(plan, outcomes=("employed",), beside=("employed",), break_even_outcome=None), cohorts)
    made_rows = made["estimates"]
    made_rows = made_rows[(made_rows["specification"] == "main") & (made_rows["subgroup"] == "all")]
    for one in made_rows.to_dict("records"):
        plan_row = planned.loc[(one["arm"], one["horizon"])]
        assert 0.75 < plan_row["standard_error"] / one["se"] < 1.25, one
        assert 0.75 < plan_row["smallest_detectable_effect"] / one["smallest_detectable_effect"] < 1.25
        assert plan_row["effective_comparators"] == pytest.approx(one["effective_comparators"], rel=1e-5)
        assert (plan_row["treated"], plan_row["comparators"]) == (one["treated"], one["comparators"])
    assert len(made_rows) == 4


def test_power_reads_no_outcome_after_the_start() -> None:
    """Who has seen the outcomes chooses the question by them."""
    cohorts = country(treated=100, others=300)
    blind = replace(cohorts, all_outcomes=cohorts.all_outcomes[cohorts.all_outcomes["h"] < 0])
    table = power_table(PLAN, blind)
    pd.testing.assert_frame_equal(table, power_table(PLAN, cohorts))
    known = table["smallest_detectable_effect"]
    assert known.notna().any() and table.loc[known.isna(), "reason"].str.len().gt(0).all()
    assert (table["treated"] == 100).all()
