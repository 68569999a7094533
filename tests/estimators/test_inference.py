"""Errors. Belongs here: the jackknife, two-way clustering, bands, against refitting by hand and other implementations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

from tests.estimators.worlds import SHAPE, cohort
from transforms.estimators import Scores, aipw_treated, aipw_treated_from, cluster_jackknife, uniform_bands
from transforms.estimators.inference import effective_clusters, jackknife, left_out_estimates, two_way


def test_of_equal_clusters_it_is_the_variance_of_cluster_means() -> None:
    """Treated at 8 enterprises of 5 against comparators each for itself: the textbook variance of means, to the factor of the jackknife."""
    random = np.random.default_rng(1)
    treated = pd.DataFrame({"arm": 1, "cluster": np.repeat(np.arange(8), 5), "y": random.normal(size=40)})
    comparators = pd.DataFrame({"arm": 0, "cluster": 100 + np.arange(200), "y": random.normal(size=200)})
    result = cluster_jackknife(
        pd.concat([treated, comparators], ignore_index=True), outcomes=["y"], treatment="arm", cluster="cluster"
    )
    means = treated.groupby("cluster")["y"].mean()
    variance = means.var(ddof=1) / 8 * 8 / 7 + comparators["y"].var(ddof=1) / 200 * 200 / 199
    assert result.se[0] ** 2 == pytest.approx(variance * 207 / 208)
    assert result.effective_clusters == pytest.approx(8) and result.degrees_of_freedom == pytest.approx(7)
    assert result.high[0] - result.estimate[0] == pytest.approx(stats.t.ppf(0.975, 7) * result.se[0])
    assert result.p[0] == pytest.approx(2 * stats.t.sf(abs(result.estimate[0] / result.se[0]), 7))
    assert result.left_out.loc[3, "y"] == pytest.approx(means.drop(3).mean() - comparators["y"].mean())


def test_it_agrees_with_the_sandwich_of_a_regression_where_clusters_are_many() -> None:
    """A regression on the treatment alone is the same difference of means: CV3 and CV1 must nearly agree."""
    frame = cohort(1000, 3000).assign(enterprise=lambda world: world["enterprise"] * 100 + np.arange(4000) % 20)
    result = cluster_jackknife(frame, outcomes=["y"], treatment="arm", cluster="enterprise")
    fit = sm.OLS(frame["y"], sm.add_constant(frame["arm"])).fit()
    assert result.estimate[0] == pytest.approx(fit.params["arm"])
    assert result.se[0] == pytest.approx(
        np.sqrt(cov_cluster(fit, pd.factorize(frame["enterprise"])[0])[1, 1]), rel=0.01
    )


def test_leaving_out_an_enterprise_is_the_estimate_of_the_others_with_the_weights_they_have() -> None:
    """By hand for each enterprise. Cells are not scaled anew: a cell with two comparators would count its noise twice."""
    random = np.random.default_rng(3)
    n = 60
    y, m, e = random.normal(size=(n, 2)), random.normal(size=(n, 2)), random.uniform(0.1, 0.9, n)
    d, cluster, cell, s = (
        random.integers(0, 2, n),
        random.integers(0, 9, n),
        random.integers(0, 8, n),
        random.uniform(1, 2, n),
    )
    has_both = np.isin(cell, [one for one in range(8) if 0 < d[cell == one].mean() < 1])
    y, m, e, d, cluster, cell, s = (values[has_both] for values in (y, m, e, d, cluster, cell, s))
    for is_normalised in (True, False):
        scores = aipw_treated_from(y, d, e, m, weight=s, cell=cell, normalise=is_normalised)
        ways = left_out_estimates(scores, cluster)
        for one in range(9):
            rest = cluster != one
            treated, others = rest & (d == 1), rest & (d == 0)
            weight = scores.comparator_weight[others]
            by_hand = np.average((y - m)[treated], axis=0, weights=s[treated]) - weight @ (y - m)[others] / (
                weight.sum() if is_normalised else s[treated].sum()
            )
            np.testing.assert_allclose(ways[one], by_hand, atol=1e-12)


def test_without_the_only_enterprise_of_an_arm_there_is_no_estimate() -> None:
    """A difference of means of nobody is a number by rounding."""
    arm = np.array([1, 1, 0, 0]) == 1
    scores = Scores(np.array([[0.1], [0.2], [0.3], [0.4]]), arm * 0.1, ~arm * 0.7)
    assert np.isnan(left_out_estimates(scores, np.array([0, 0, 1, 2]))[0, 0])
    assert np.isfinite(left_out_estimates(scores, np.array([0, 0, 1, 2]))[1:]).all()


def test_many_outcomes_are_left_out_as_few_are() -> None:
    """Outcomes are worked on in blocks: a seam between blocks may not show."""
    random = np.random.default_rng(4)
    residual = random.normal(size=(50, 70))
    arm = np.arange(50) < 20
    scores = Scores(residual, arm * 1.0, ~arm * 1.0)
    cluster = random.integers(0, 10, 50)
    alone = np.column_stack(
        [left_out_estimates(Scores(residual[:, [k]], arm * 1.0, ~arm * 1.0), cluster)[:, 0] for k in range(70)]
    )
    np.testing.assert_allclose(left_out_estimates(scores, cluster), alone)


def test_two_ways_agree_with_the_sandwich_and_collapse_where_one_nests_the_other() -> None:
    """Persons with several starts and enterprises with many persons both correlate; persons within enterprises add nothing."""
    random = np.random.default_rng(5)
    n = 4000
    person, enterprise = random.integers(0, 800, n), random.integers(0, 300, n)
    arm = (random.random(n) < 0.4).astype(float)
    y = random.normal(size=n) + random.normal(size=800)[person] + random.normal(size=300)[enterprise]
    scores = Scores(y[:, None], arm, 1 - arm)
    result = two_way(scores, enterprise, person, labels=(), names=["y"])
    fit = sm.OLS(y, sm.add_constant(arm)).fit()
    assert result.se[0] == pytest.approx(np.sqrt(cov_cluster_2groups(fit, person, enterprise)[0][1, 1]), rel=0.02)
    nested = jackknife(scores, enterprise, labels=(), names=["y"])
    inside = two_way(scores, enterprise, enterprise * 10 + person % 10, labels=(), names=["y"])
    assert inside.se[0] == pytest.approx(nested.se[0], rel=1e-9)


def test_effective_clusters_count_sizes() -> None:
    """A hundred enterprises of which one has half the citizens are not a hundred."""
    assert effective_clusters(np.ones(12), np.repeat(np.arange(4), 3)) == pytest.approx(4)
    assert effective_clusters(np.array([5.0, 1, 1, 1, 1, 1]), np.arange(6)) == pytest.approx(100 / 30)
    assert effective_clusters(np.array([1.0, 1.0, 0.0]), np.array([0, 1, 2])) == pytest.approx(2)


def test_bands_are_exact_where_the_answer_is_known() -> None:
    """One parameter: the t quantile. Independent ones: the quantile of the largest of K. Perfectly correlated ones: one parameter."""
    _, _, one = uniform_bands(np.array([1.0]), np.array([[4.0]]), degrees_of_freedom=9)
    assert one == pytest.approx(stats.t.ppf(0.975, 9))
    low, high, many = uniform_bands(np.zeros(24), np.eye(24) * 4)
    assert many == pytest.approx(stats.norm.ppf((1 + 0.95 ** (1 / 24)) / 2), rel=0.01)
    np.testing.assert_allclose(high, 2 * many)
    _, _, same = uniform_bands(np.zeros(5), np.ones((5, 5)))
    assert same == pytest.approx(stats.norm.ppf(0.975), rel=0.01)
    assert (
        uniform_bands(np.zeros(24), np.eye(24) * 4)[2] == many
        and uniform_bands(np.zeros(24), np.eye(24) * 4, seed=3)[2] != many
    )
    low, high, _ = uniform_bands(np.array([1.0, 2.0, 3.0]), np.diag([1.0, 0.0, 1.0]))
    assert low[1] == high[1] == 2.0


def test_each_curve_has_its_own_band() -> None:
    """A band over a curve's 24 months must not widen because another outcome was asked for in the same call."""
    frame = cohort()
    alone = aipw_treated(frame, **{**SHAPE, "outcomes": ["y"]}).effects
    both = aipw_treated(frame, **SHAPE, band_groups=[["y"], ["z"]]).effects
    together = aipw_treated(frame, **SHAPE).effects
    assert both["band_high"][0] == pytest.approx(alone["high"][0]) and both["band_high"][1] == pytest.approx(
        both["high"][1]
    )
    assert together["band_high"][0] > both["band_high"][0]


def test_all_treated_at_one_enterprise_has_an_estimate_and_a_reason() -> None:
    """Between-enterprise error cannot be seen at one enterprise: no number may pretend it can."""
    frame = cohort()
    frame.loc[frame["arm"].eq(1), "enterprise"] = 1
    result = aipw_treated(frame, **SHAPE)
    assert result.effects["estimate"].notna().all() and result.effects[
        ["se", "low", "high", "band_low", "p"]
    ].isna().all(axis=None)
    assert result.effects["reason"].str.contains("all treated stand in one cluster").all()
    assert any("folds are by row" in note for note in result.notes)
    frame.loc[(frame.index < 3) & frame["arm"].eq(1), "enterprise"] = 2
    few = aipw_treated(frame, **SHAPE).effects
    assert (
        few["se"].notna().all() and few["low"].isna().all() and few["reason"].str.contains("effective clusters").all()
    )
