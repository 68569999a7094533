"""Sensitivity bounds against the published Medicaid example, linear programs, closed forms and coverage under the worst trends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog, minimize
from scipy.stats import norm

from tests.estimators.test_did_panel import bundled
from transforms.estimators import honest_relative
from transforms.estimators.honest import breakdown_value, original_interval, sensitivity_bounds
from transforms.estimators.honest_relative import relative_magnitude_test
from transforms.estimators.honest_smooth import fixed_length_interval, folded_normal_quantile
from transforms.estimators.results import EstimationError

Floats = Any


def medicaid() -> tuple[Floats, Floats]:
    """The event study of HonestDiD's README: insurance by state and year, expansion in 2014, two-way fixed effects, clustered by state (fixest's small-sample factor)."""
    frame = bundled("ehec_data")
    frame = frame[(frame["year"] < 2016) & (frame["yexp2"].isna() | (frame["yexp2"] != 2015))]
    expanded = (frame["yexp2"] == 2014).to_numpy()
    years, states = frame["year"].to_numpy(), pd.factorize(frame["stfips"])[0]
    regressors = np.column_stack(
        [(years == year) & expanded for year in (2008, 2009, 2010, 2011, 2012, 2014, 2015)]
    ).astype(float)
    dummies = np.column_stack([pd.get_dummies(states), pd.get_dummies(years)]).astype(float)
    within = np.eye(len(years)) - dummies @ np.linalg.pinv(dummies)
    x, y = within @ regressors, within @ frame["dins"].to_numpy()
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    scores = np.zeros((states.max() + 1, x.shape[1]))
    np.add.at(scores, states, x * (y - x @ beta)[:, None])
    count, clusters, coefficients = len(y), len(scores), x.shape[1] + len(np.unique(years))
    factor = clusters / (clusters - 1) * (count - 1) / (count - coefficients)
    return beta, factor * bread @ (scores.T @ scores) @ bread


def three_significant(value: float) -> float:
    return float(f"{value:.3g}")


def random_study(seed: int, pre: int, post: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(pre + post, pre + post))
    return rng.normal(scale=2, size=pre + post), root @ root.T / (pre + post) + 0.2 * np.eye(pre + post)


def test_relative_magnitudes_give_the_published_medicaid_sets() -> None:
    """HonestDiD's README, method C-LF: on the grid on which R searches, the first and last accepted points are the printed ones, all eight."""
    beta, sigma = medicaid()
    grid = np.linspace(-20, 20, 1000) * np.sqrt(sigma[5, 5])
    published = {0.5: (0.0240, 0.0672), 1.0: (0.0170, 0.0720), 1.5: (0.00824, 0.0797), 2.0: (-0.000916, 0.0881)}
    table = sensitivity_bounds(beta, sigma, 5, 2, m_values=list(published)).set_index("m")
    for m, ends in published.items():
        accepted = relative_magnitude_test(beta, sigma, 5, np.array([1.0, 0.0]), m, 0.05, 1, 50_000)(grid)
        places = np.flatnonzero(accepted)
        assert (three_significant(grid[places[0]]), three_significant(grid[places[-1]])) == ends
        # Without a grid the ends lie beyond its last accepted points, and before its first rejected ones.
        assert grid[places[0] - 1] <= table.loc[m, "low"] <= grid[places[0]]
        assert grid[places[-1]] <= table.loc[m, "high"] <= grid[places[-1] + 1]
    assert breakdown_value(table.reset_index()) == 2.0


def test_smoothness_gives_the_published_medicaid_intervals() -> None:
    """HonestDiD's README, method FLCI. R draws the critical value (10^6 draws: 0.2 % of the half-length), so its last digit can be one off."""
    beta, sigma = medicaid()
    table = sensitivity_bounds(beta, sigma, 5, 2, method="smoothness", m_values=[0, 0.01, 0.02, 0.03])
    np.testing.assert_allclose(table["low"], [0.0259, 0.0132, 0.00286, -0.00714], atol=8e-5)
    np.testing.assert_allclose(table["high"][:3], [0.0607, 0.0787, 0.0907], atol=8e-5)
    assert table["high"][3] == pytest.approx(0.101, abs=5e-4)


@pytest.mark.parametrize(("pre", "post"), [(1, 1), (3, 1), (2, 2), (4, 3)])
def test_the_vertices_solve_the_linear_program(pre: int, post: int) -> None:
    """The statistic and its truncation, beside linear programs over the moments as HonestDiD writes them: a vertex forgotten makes the set too narrow."""
    for seed in range(3):
        beta, sigma = random_study(seed, pre, post)
        weights = np.random.default_rng(seed).normal(size=post)
        step, sign, m, theta = seed % pre, (1.0, -1.0)[seed % 2], (0.7, 1.3, 2.0)[seed], 0.4
        noise = np.random.default_rng(0).normal(size=(10, pre + post))
        piece = honest_relative._vertices(sigma, pre, weights, m, step, sign, 0.005, noise)
        # Moments: |first differences| <= (1 before, m after) x the signed step; rows of zeros and, with several post periods, rows without post periods fall away.
        differences = np.delete(np.diff(np.eye(pre + post + 1), axis=0), pre, axis=1)
        bound = sign * differences[step] * np.where(np.arange(pre + post) < pre, 1.0, m)[:, None]
        moments = np.vstack([differences - bound, -differences - bound])
        moments = moments[np.abs(moments).max(axis=1) > 1e-12]
        if post > 1:
            moments = moments[np.abs(moments[:, pre:]).max(axis=1) > 0]
        variance = moments @ sigma @ moments.T
        scale = np.sqrt(np.diag(variance))
        change = np.vstack([weights, np.eye(post)[1:]])
        assert abs(np.linalg.det(change)) > 1e-6
        columns = moments[:, pre:] @ np.linalg.inv(change)
        y = moments @ beta - columns[:, 0] * theta

        def dual(values: Floats, scale: Floats = scale, columns: Floats = columns) -> Any:
            equal = np.vstack([scale, columns[:, 1:].T])
            return linprog(-values, A_eq=equal, b_eq=np.eye(len(equal))[0], bounds=(0, None), method="highs")

        solved = dual(y)
        ours = piece.rows @ beta - piece.slope * theta
        assert ours.max() == pytest.approx(-solved.fun, rel=1e-8)
        # Truncation: along the direction of the optimal multipliers they stay optimal from `lowest` to `highest` and not beyond.
        gamma = solved.x
        own = gamma @ variance @ gamma
        along = variance @ gamma / own
        rest = y - along * (gamma @ y)
        top = int(ours.argmax())
        ratio = piece.covariance[top] / piece.covariance[top, top]
        slack = 1 - ratio
        limits = np.divide(ours - ratio * ours[top], slack, out=np.full_like(slack, np.nan), where=np.abs(slack) > 1e-9)
        lowest, highest = (
            np.nanmax(np.where(slack > 1e-9, limits, np.nan), initial=-np.inf),
            np.nanmin(np.where(slack < -1e-9, limits, np.nan), initial=np.inf),
        )
        assert own == pytest.approx(piece.covariance[top, top], rel=1e-8)
        for end, outward in ((lowest, -1.0), (highest, 1.0)):
            if np.isfinite(end):
                inside, outside = end - outward * 1e-3, end + outward * 1e-3
                assert -dual(rest + along * inside).fun == pytest.approx(inside, abs=1e-7)
                assert -dual(rest + along * outside).fun > outside + 1e-7


@pytest.mark.parametrize("m", [0.0, 0.3])
def test_the_fixed_length_interval_is_the_shortest_and_its_bias_is_the_worst(m: float) -> None:
    """Beside a direct search over affine estimators whose worst bias is a linear program: an interval that promises less bias than there is covers too seldom."""
    pre, post = 4, 2
    beta, sigma = random_study(7, pre, post)
    weights = np.array([0.5, 0.5])
    low, high = fixed_length_interval(beta, sigma, pre, weights, m, 0.05)
    second = np.delete(np.diff(np.eye(pre + post + 1), n=2, axis=0), pre, axis=1)

    def worst_bias(full: Floats) -> float:
        if m == 0:
            return 0.0
        return float(
            -linprog(
                -full,
                A_ub=np.vstack([second, -second]),
                b_ub=np.full(2 * len(second), m),
                bounds=(None, None),
                method="highs",
            ).fun
        )

    def full_from(free: Floats) -> Floats:
        # The weight of the first estimate before treatment is what removes a linear trend.
        before = np.concatenate([[0.0], free])
        time = np.concatenate([np.arange(-pre, 0), np.arange(1, post + 1)])
        full = np.concatenate([before, weights])
        full[0] = (full @ time) / pre
        return full

    def half_length(free: Floats) -> float:
        full = full_from(free)
        sd = float(np.sqrt(full @ sigma @ full))
        return sd * folded_normal_quantile(worst_bias(full) / sd, 0.05)

    searched = min(
        minimize(half_length, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 400}).fun
        for start in (np.zeros(pre - 1), np.array([0.2, -0.4, -1.0]))
    )
    assert (high - low) / 2 == pytest.approx(searched, rel=1e-4)
    assert (high - low) / 2 <= searched * (1 + 1e-6)


def test_the_folded_normal_quantile_has_its_probability() -> None:
    """The critical value of a biased estimator: too small and the interval is too short."""
    for bias in (0.0, 0.3, 1.0, 4.0, 60.0):
        c = folded_normal_quantile(bias, 0.05)
        assert norm.cdf(c - bias) - norm.cdf(-c - bias) == pytest.approx(0.95, abs=1e-10)
    assert folded_normal_quantile(0.0, 0.05) == pytest.approx(1.959964, abs=1e-6)


def test_without_sampling_error_the_sets_are_the_identified_ones() -> None:
    """Steps before treatment of 1, -3 and 2: with m = 1.5 the first effect is known up to 4.5, the mean of two up to 4.5 x (1 + 1/2); slopes that change by at most m likewise."""
    beta, sigma = np.array([0.0, 1.0, -2.0, 10.0, 12.0]), 1e-10 * np.eye(5)
    first = sensitivity_bounds(beta, sigma, 3, 2, m_values=[1.5]).iloc[0]
    assert (first["low"], first["high"]) == pytest.approx((10 - 4.5, 10 + 4.5), abs=1e-3)
    mean = sensitivity_bounds(beta, sigma, 3, 2, m_values=[1.5], weights=[0.5, 0.5]).iloc[0]
    assert (mean["low"], mean["high"]) == pytest.approx((11 - 6.75, 11 + 6.75), abs=1e-3)
    # The last slope before is 2: the first effect is 10 - 2 -/+ m, the second 12 - 4 -/+ (2 + 1) m.
    smooth = sensitivity_bounds(beta, sigma, 3, 2, method="smoothness", m_values=[100.0]).iloc[0]
    assert (smooth["low"], smooth["high"]) == pytest.approx((8 - 100, 8 + 100), abs=1e-3)
    second = sensitivity_bounds(beta, sigma, 3, 2, method="smoothness", m_values=[100.0], weights=[0, 1]).iloc[0]
    assert (second["low"], second["high"]) == pytest.approx((8 - 300, 8 + 300), abs=1e-3)


def test_no_room_for_other_trends_is_the_usual_interval() -> None:
    """m = 0 of the relative magnitudes is parallel trends after treatment: the hybrid test is then the two-sided z-test."""
    beta, sigma = medicaid()
    row = sensitivity_bounds(beta, sigma, 5, 2, m_values=[0]).iloc[0]
    assert (row["low"], row["high"]) == pytest.approx(original_interval(beta, sigma, 5, 2), abs=1e-4)


def test_the_sets_cover_under_the_worst_trends() -> None:
    """True trends at the edge of what m allows, in both directions: 95 % sets must hold the truth at least 95 times in 100 (4,000 draws: 0.94 is three errors below)."""
    _, sigma = random_study(11, 3, 2)
    sigma, m, draws, alpha, kappa = sigma * 0.05, 1.0, 4_000, 0.05, 0.005
    rng = np.random.default_rng(2)
    noise = rng.multivariate_normal(np.zeros(5), sigma, size=draws)
    reference = rng.multivariate_normal(np.zeros(5), sigma, size=100_000)
    for weights in ([1.0, 0.0], [0.5, 0.5]):
        pieces = [
            honest_relative._vertices(sigma, 3, np.array(weights), m, step, sign, kappa, reference)
            for step in range(3)
            for sign in (1.0, -1.0)
        ]
        for trend in ([-1.0, -2.0, -1.0, 1.0, 2.0], [-1.0, -2.0, -1.0, -1.0, -2.0], [0.0] * 5):
            # The effect is 0: what is estimated is the trend.
            held = np.zeros(draws, dtype=bool)
            for piece in pieces:
                held |= honest_relative._accepts(piece, (np.array(trend) + noise) @ piece.rows.T, alpha, kappa)
            assert held.mean() >= 0.94, (weights, trend)
    # Slopes that change by m at every step, along the estimator's bias.
    curve = np.array([-4.5, -2.0, -0.5, -0.5, -2.0])
    ends = np.array(
        [fixed_length_interval(curve + row, sigma, 3, np.array([1.0, 0.0]), 1.0, 0.05) for row in noise[:200]]
    )
    assert np.mean((ends[:, 0] <= 0) & (ends[:, 1] >= 0)) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 200)


def test_sets_grow_with_m_and_scale_with_the_outcome() -> None:
    """Weaker assumptions cannot say more, and the unit of the outcome cannot matter."""
    beta, sigma = random_study(5, 3, 3)
    for method in ("relative_magnitude", "smoothness"):
        table = sensitivity_bounds(beta, sigma, 3, 3, method=method, m_values=[0.5, 1, 2], weights=[1 / 3] * 3)
        assert (np.diff(table["high"] - table["low"]) > 0).all()
        factor = 1000.0
        m_values = [0.5, 1, 2] if method == "relative_magnitude" else [500, 1000, 2000]
        scaled = sensitivity_bounds(
            -factor * beta, factor**2 * sigma, 3, 3, method=method, m_values=m_values, weights=[1 / 3] * 3
        )
        np.testing.assert_allclose(-scaled["low"] / factor, table["high"], rtol=2e-2)
        np.testing.assert_allclose(-scaled["high"] / factor, table["low"], rtol=2e-2, atol=2e-2)


def test_the_breakdown_value_is_the_first_m_whose_set_holds_zero() -> None:
    """A breakdown value read beyond a missing row would claim robustness that nobody computed."""
    table = pd.DataFrame({"m": [2.0, 1.0, 0.5], "low": [-1.0, -0.1, 0.2], "high": [3.0, 2.0, 1.5]})
    assert breakdown_value(table) == 1.0
    assert breakdown_value(table[table["m"] < 1]) is None
    assert breakdown_value(table.assign(low=[-1.0, -0.1, np.nan])) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pre": 0, "post": 3}, "At least one period before"), ({"pre": 3, "post": 1}, "need as many estimates"), ({"method": "trend"}, "is unknown"), ({"m_values": []}, "empty"),
        ({"m_values": [-1]}, "not below 0"), ({"m_values": [np.nan]}, "finite"), ({"weights": [0.0]}, "not all 0"), ({"weights": [1, 2, 3]}, "weights must be"),
        ({"event_study_estimates": [1, np.nan, 1]}, "missing or infinite"), ({"covariance": np.ones((3, 3))}, "positive definite"), ({"covariance": -np.eye(3)}, "positive definite"),
        ({"covariance": np.triu(np.ones((3, 3)))}, "symmetric"), ({"alpha": 0.7}, "alpha"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    """A singular covariance or a forgotten period would give a set that is too narrow without a sign of it."""
    given = {
        "event_study_estimates": [0.1, 0.2, 1.0],
        "covariance": np.eye(3),
        "pre": 2,
        "post": 1,
        "m_values": [1.0],
        **change,
    }
    with pytest.raises(EstimationError, match=words):
        sensitivity_bounds(**given)
