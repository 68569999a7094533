"""Bad input. Belongs here: what is refused and in which words, what becomes a row with a reason, diagnostics of odd data. Never a silent NaN."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tests.estimators.worlds import SHAPE, cohort
from transforms.estimators import EstimationError, aipw_treated, aipw_treated_from, entropy_effect
from transforms.estimators.diagnostics import preference_score

Change = Callable[[pd.DataFrame], pd.DataFrame]


def _null(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].astype(object).where(frame.index != 5, None)})


REFUSED: dict[str, tuple[Change, str]] = {
    "no treated": (lambda frame: frame.assign(arm=0), "no treated: 'arm' is 0 in all"),
    "no comparator": (lambda frame: frame.assign(arm=1), "no comparator: 'arm' is 1 in all"),
    "no comparator in any cell": (lambda frame: frame.assign(cell=frame["arm"]), "no comparator in any cell of 'cell'"),
    "ids twice": (lambda frame: frame.rename(index={1: 0}), "must name each row once: 1 rows repeat"),
    "treatment of three values": (
        lambda frame: frame.assign(arm=frame["arm"].where(frame.index != 0, 2)),
        "must be 0 or 1: 1 rows",
    ),
    "treatment missing": (
        lambda frame: frame.assign(arm=frame["arm"].where(frame.index != 0)),
        "must be 0 or 1: 1 rows",
    ),
    "outcome null": (lambda frame: _null(frame, "y"), "'y' has 1 rows that are null or not finite"),
    "covariate infinite": (
        lambda frame: frame.assign(x1=frame["x1"].where(frame.index != 7, np.inf)),
        "'x1' has 1 rows",
    ),
    "category null": (lambda frame: _null(frame, "group"), "'group' has 1 rows without a value"),
    "text as number": (lambda frame: frame.assign(x1="much"), "'x1' is not numeric"),
    "no such column": (lambda frame: frame.drop(columns="x2"), "no column 'x2'"),
    "nothing varies": (lambda frame: frame.assign(x1=1.0, x2=1.0, flag=0.0, group="a"), "no covariate varies"),
}


@pytest.mark.parametrize("estimator", [aipw_treated, entropy_effect])
@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_words(estimator: Callable, case: str) -> None:
    """The message names the column and how many rows, and shows no person's data."""
    change, words = REFUSED[case]
    with pytest.raises(EstimationError, match=words):
        estimator(change(cohort(40, 200)), **SHAPE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"covariates": ["x1", "arm"]}, "'arm' is the treatment"),
        ({"covariates": ["x1", "y"]}, "'y' is an outcome"),
        ({"outcomes": ["y", "y"]}, "named twice"),
        ({"unit": "person"}, "'person' must name each row once"),
        ({"weight": "x1"}, "must be positive"),
        ({"inference": "two_way"}, "needs both 'cluster' and 'person'"),
        ({"inference": "bootstrap"}, "inference must be"),
        ({"terms": "cubes"}, "terms must be"),
        ({"folds": 1}, "at least 2 folds"),
        ({"propensity_penalty": 0.0}, "penalty must be above 0"),
        ({"fold_of": "arm"}, "outside one of them"),
        ({"band_groups": [["w"]]}, "were not asked for"),
    ],
)
def test_impossible_questions_are_refused_in_words(changes: dict, words: str) -> None:
    """A misspelt option must not become a default."""
    with pytest.raises(EstimationError, match=words):
        aipw_treated(cohort(40, 200), **{**SHAPE, **changes})


def test_given_nuisances_are_checked() -> None:
    """A comparator's propensity of 1 is an infinite weight; two lengths are two cohorts."""
    y, d, m = np.array([1.0, 2.0, 3.0]), np.array([1, 0, 0]), np.zeros(3)
    for propensity, words in (
        ([0.5, 1.0, 0.5], "propensity of 1"),
        ([0.5, 1.2, 0.5], "between 0 and 1"),
        ([0.5, 0.0, 0.0], "propensity of 0"),
        ([0.5, np.nan, 0.5], "finite"),
    ):
        with pytest.raises(EstimationError, match=words):
            aipw_treated_from(y, d, np.array(propensity), m)
    with pytest.raises(EstimationError, match="lengths differ"):
        aipw_treated_from(y, d, np.array([0.5, 0.5]), m)
    with pytest.raises(EstimationError, match="no comparator"):
        aipw_treated_from(y, np.ones(3), np.full(3, 0.5), m)
    with pytest.raises(EstimationError, match="1 cells have treated and no comparator"):
        aipw_treated_from(y, d, np.full(3, 0.5), m, cell=[0, 1, 1])


def test_perfect_separation_is_a_reason_and_no_number() -> None:
    """Treated and comparators who share nothing: a penalised fit still gives finite weights, and a number that means nothing."""
    frame = cohort().assign(x1=lambda world: world["x1"] + 40 * world["arm"])
    effects = aipw_treated(frame, **SHAPE).effects
    assert effects[["estimate", "se", "low", "high", "p", "band_low"]].isna().all(axis=None)
    assert effects["reason"].str.contains("separate treated from comparators").all()
    assert (effects["treated"] == 150).all()


def test_treated_whom_nobody_resembles_are_noted() -> None:
    """Some beyond the others' reach: the estimate stands, and says how many it rests on nobody for."""
    frame = cohort()
    frame.loc[frame.index < 40, "x2"] += 60
    assert any(
        "40 treated have a propensity above 0.99" in note
        for note in aipw_treated(frame, **SHAPE, propensity_penalty=0.01).notes
    )


@pytest.mark.parametrize("estimator", [aipw_treated, entropy_effect])
def test_a_constant_covariate_is_left_out_and_named(estimator: Callable) -> None:
    """A flag that nobody has, in a small cohort, must neither divide by zero nor change a digit."""
    frame = cohort().assign(never=0.0)
    before, after = (
        estimator(frame, **SHAPE),
        estimator(frame, **{**SHAPE, "covariates": [*SHAPE["covariates"], "never"]}),
    )
    assert after.notes == ("'never' is constant and was left out",)
    assert after.balance.set_index("covariate").loc["never"].tolist() == [0.0, 0.0]
    # The folds hash the covariates: only balancing, which has none, is equal to the last digit.
    if estimator is entropy_effect:
        np.testing.assert_allclose(after.effects["estimate"], before.effects["estimate"], rtol=1e-9)
    assert after.effects["estimate"].notna().all()


@pytest.mark.parametrize("estimator", [aipw_treated, entropy_effect])
def test_an_outcome_without_variation_is_zero_with_a_reason(estimator: Callable) -> None:
    """A labour state that nobody is in has an effect of zero and no test: no p-value of rounding errors."""
    row = estimator(cohort().assign(y=0.3), **SHAPE).effects.iloc[0]
    assert (row["estimate"], row["se"], row["low"], row["band_high"]) == (0, 0, 0, 0)
    assert np.isnan(row["p"]) and "one value in all rows" in row["reason"]


def test_differences_before_and_after_by_hand() -> None:
    """The gate fails an estimate on this figure: (m1 - m0) / sqrt((v1 + v0) / 2), variances before weighting in both."""
    frame = cohort()
    result = aipw_treated(frame, **SHAPE)
    treated, comparators = frame[frame["arm"].eq(1)], frame.loc[result.weights.index]
    spread = np.sqrt((treated["x1"].var(ddof=0) + comparators["x1"].var(ddof=0)) / 2)
    row = result.balance.set_index("covariate").loc["x1"]
    assert row["before"] == pytest.approx((treated["x1"].mean() - comparators["x1"].mean()) / spread)
    assert row["after"] == pytest.approx((treated["x1"].mean() - (result.weights * comparators["x1"]).sum()) / spread)
    assert abs(row["after"]) < 0.1 < abs(row["before"])
    assert result.diagnostics.largest_difference_after == pytest.approx(result.balance["after"].abs().max())
    assert result.diagnostics.largest_weight == pytest.approx(result.weights.max())
    assert result.diagnostics.effective_comparators == pytest.approx(1 / (result.weights**2).sum())


def test_preference_scores_do_not_know_how_common_treatment_is() -> None:
    """Walker 2013: where covariates say nothing everybody has 0.5, be 1 in 20 treated or half of them."""
    treated = np.arange(100) < 5
    np.testing.assert_allclose(preference_score(np.full(100, 0.05), treated, np.ones(100)), 0.5)
    weight = np.where(treated, 1.0, 2.0)
    np.testing.assert_allclose(preference_score(np.full(100, 5 / 195), treated, weight), 0.5)
    result = aipw_treated(cohort(), **SHAPE).diagnostics
    assert result.equipoise is not None and 0.5 < result.equipoise <= 1


def test_whatever_the_data_there_is_a_number_or_a_reason() -> None:
    """Small odd cohorts by lot: no other error, no warning, no missing number without words."""
    numbers = ["estimate", "se", "low", "high", "band_low", "band_high", "p"]
    outcomes = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        n = int(random.integers(2, 60))
        frame = pd.DataFrame(
            {
                "arm": (random.random(n) < random.choice([0.1, 0.5])).astype(int),
                "x1": random.normal(size=n).round(int(random.integers(0, 3))),
                "x2": random.normal(size=n) * random.choice([0.0, 1e6]),
                "flag": random.integers(0, 2, n) * 1.0,
                "group": random.choice(list("abc"), n),
                "cell": random.integers(0, int(random.integers(1, 8)), n),
                "enterprise": random.integers(0, int(random.integers(1, 12)), n),
                "person": random.integers(0, n, n),
                "y": random.normal(size=n),
                "z": (random.random(n) < 0.2) * 1.0,
            }
        )
        shape = {**SHAPE, "person": "person", "inference": random.choice(["jackknife", "two_way", "person"])}
        for estimator in (aipw_treated, entropy_effect):
            try:
                effects = estimator(frame, **shape).effects
            except EstimationError:
                continue
            outcomes += 1
            assert effects.loc[effects[numbers].isna().any(axis=1), "reason"].notna().all(), seed
    assert outcomes > 60
