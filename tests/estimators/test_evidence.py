"""Numbers beside an estimate. Belongs here: E-values, calibration, power, Holm, against published figures and other implementations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests

from transforms.estimators import EstimationError, e_value, empirical_calibration, holm, smallest_detectable_effect


def test_the_e_values_of_the_paper() -> None:
    """VanderWeele and Ding 2017: breast-feeding, risk ratio 3.9 (1.8 to 8.7), 7.26 and 3.0; and 0.80 (0.71 to 0.91), 1.81 and 1.43."""
    first, second = e_value(3.9, 1.8, 8.7, "risk_ratio"), e_value(0.80, 0.71, 0.91, "risk_ratio")
    assert (round(first.point, 2), round(first.limit, 1)) == (7.26, 3.0)
    assert (round(second.point, 2), round(second.limit, 2)) == (1.81, 1.43)


def test_other_scales_go_by_the_documented_approximations() -> None:
    """Each is the risk ratio's E-value of its approximation; a limit beyond the null needs no confounder at all."""

    def formula(ratio: float) -> float:
        return ratio + np.sqrt(ratio * (ratio - 1))

    assert e_value(2.25, 1.44, 4.0, "odds_ratio_common").point == pytest.approx(formula(1.5))
    assert e_value(2.25, 1.44, 4.0, "odds_ratio_rare").limit == pytest.approx(formula(1.44))
    hazard = (1 - 0.5 ** np.sqrt(2)) / (1 - 0.5 ** np.sqrt(1 / 2))
    assert e_value(2.0, 1.5, 3.0, "hazard_ratio_common").point == pytest.approx(formula(hazard))
    mean = e_value(10.0, 2.0, 18.0, "mean_difference", standard_deviation=20.0)
    assert mean.point == pytest.approx(formula(np.exp(0.91 * 0.5))) and mean.limit == pytest.approx(
        formula(np.exp(0.91 * 0.1))
    )
    risk = e_value(0.06, 0.02, 0.10, "risk_difference", baseline=0.2)
    assert (
        risk.risk_ratio == pytest.approx(1.3)
        and risk.point == pytest.approx(formula(1.3))
        and risk.limit == pytest.approx(formula(1.1))
    )
    less = e_value(-0.05, -0.08, -0.02, "risk_difference", baseline=0.2)
    assert less.point == pytest.approx(formula(4 / 3)) and less.limit == pytest.approx(formula(1 / 0.9))
    assert e_value(0.05, -0.01, 0.11, "risk_difference", baseline=0.2).limit == 1.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((1.5, 1.2, 1.9, "odds"), "scale must be one of"),
        ((1.5, 1.6, 1.9, "risk_ratio"), "not between its limits"),
        ((-1.5, -1.6, 1.9, "risk_ratio"), "must be above 0"),
        ((0.1, 0.0, 0.2, "risk_difference"), "needs the baseline risk"),
        ((0.1, 0.0, 0.2, "mean_difference"), "standard deviation"),
        ((float("nan"), 0.0, 0.2, "risk_ratio"), "must be finite"),
    ],
)
def test_an_e_value_that_makes_no_sense_is_refused(arguments: tuple, words: str) -> None:
    """A robust-looking number of an impossible input is worse than none."""
    with pytest.raises(EstimationError, match=words):
        e_value(*arguments)


def test_the_systematic_error_is_that_of_largest_likelihood() -> None:
    """Beside a general optimiser over both parameters; p and interval by their formulas."""
    random = np.random.default_rng(2)
    ses = random.uniform(0.05, 0.4, 40)
    values = random.normal(0.15, np.sqrt(0.2**2 + ses**2))
    found = empirical_calibration(values, ses, 0.5, 0.1)

    def loss(parameters: np.ndarray) -> float:
        return -float(stats.norm.logpdf(values, parameters[0], np.sqrt(parameters[1] ** 2 + ses**2)).sum())

    best = optimize.minimize(
        loss, [0.0, 0.1], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}
    )
    assert (found.mean, found.standard_deviation) == pytest.approx((best.x[0], abs(best.x[1])), abs=1e-5)
    z = (0.5 - best.x[0]) / np.sqrt(best.x[1] ** 2 + 0.1**2)
    assert found.p == pytest.approx(2 * min(stats.norm.cdf(z), stats.norm.cdf(-z)), abs=1e-5)
    assert found.high - found.low == pytest.approx(
        2 * stats.norm.ppf(0.975) * np.sqrt(best.x[1] ** 2 + 0.1**2), abs=1e-5
    )
    assert (found.low + found.high) / 2 == pytest.approx(found.estimate) == pytest.approx(0.5 - found.mean)


def test_equal_errors_have_a_closed_answer_and_quiet_negatives_change_nothing() -> None:
    """Mean and variance minus noise; where the negatives vary less than their noise no systematic error is claimed: the p-value is the usual one around the mean."""
    values = np.array([-0.3, -0.1, 0.0, 0.2, 0.5, 0.6])
    found = empirical_calibration(values, np.full(6, 0.1), 0.4, 0.2)
    assert found.mean == pytest.approx(values.mean()) and found.standard_deviation == pytest.approx(
        np.sqrt(values.var() - 0.01), rel=1e-6
    )
    quiet = empirical_calibration([-0.01, 0.0, 0.01], [0.5, 0.5, 0.5], 0.4, 0.2)
    assert quiet.standard_deviation == 0 and quiet.p == pytest.approx(2 * stats.norm.sf(2)) == pytest.approx(
        quiet.p_before
    )


def test_calibrated_p_values_of_negatives_are_uniform() -> None:
    """What calibration is for: with a bias in every study one in twenty negatives is rejected, not half of them."""
    random = np.random.default_rng(3)
    ses = random.uniform(0.05, 0.2, 200)
    values = random.normal(0.2, np.sqrt(0.15**2 + ses**2))
    results = [
        empirical_calibration(np.delete(values, one), np.delete(ses, one), values[one], ses[one])
        for one in range(0, 200, 2)
    ]
    assert np.mean([result.p < 0.05 for result in results]) <= 0.12
    assert np.mean([result.p_before < 0.05 for result in results]) > 0.3


@pytest.mark.parametrize(
    ("negatives", "ses", "words"),
    [
        ([0.1, 0.2], [0.1, 0.1], "at least 3"),
        ([0.1, 0.2, 0.3], [0.1, 0.1], "one standard error each"),
        ([0.1, 0.2, 0.3], [0.1, 0.0, 0.1], "above 0"),
    ],
)
def test_too_few_or_broken_negatives_are_refused(negatives: list, ses: list, words: str) -> None:
    """Two negatives show no spread: calibrating on them would claim there is none."""
    with pytest.raises(EstimationError, match=words):
        empirical_calibration(negatives, ses, 0.1, 0.1)


def test_the_smallest_detectable_effect_is_found_with_its_power() -> None:
    """2.80 standard errors (Bloom 1995); with few enterprises more; and a test of that size finds it four times in five."""
    assert smallest_detectable_effect(1.0) == pytest.approx(2.8016, abs=1e-4)
    assert smallest_detectable_effect(2.0, df=9) == pytest.approx(2 * (stats.t.ppf(0.975, 9) + stats.t.ppf(0.8, 9)))
    effect = float(smallest_detectable_effect(1.0, power=0.9, alpha=0.01))
    assert stats.norm.sf(stats.norm.ppf(0.995) - effect) == pytest.approx(0.9)
    np.testing.assert_allclose(smallest_detectable_effect(np.array([1.0, 3.0])), [2.8016, 8.4048], atol=1e-3)
    for arguments in ({"se": -1.0}, {"se": 1.0, "power": 1.0}, {"se": 1.0, "df": 0.0}, {"se": np.nan}):
        with pytest.raises(EstimationError):
            smallest_detectable_effect(**arguments)


def test_holm_is_that_of_another_implementation() -> None:
    """Ties, order and the cap at one; a question without p-value does not count."""
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.03, 0.9, 0.6])
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1])
    with_null = np.insert(p, 2, np.nan)
    assert np.isnan(holm(with_null)[2])
    np.testing.assert_allclose(np.delete(holm(with_null), 2), holm(p))
    with pytest.raises(EstimationError, match="between 0 and 1"):
        holm([0.5, 1.2])
