"""AIPW on the treated. Belongs here: its numbers, support, folds, invariances. Not here: errors (test_inference), refusals (test_refusals)."""

from __future__ import annotations

import doubleml
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from tests.estimators.worlds import SHAPE, cohort
from transforms.estimators import (
    EstimationError,
    Scores,
    TreatedEffect,
    aipw_treated,
    aipw_treated_from,
    entropy_effect,
    subgroup_effects,
)
from transforms.estimators.features import build_features
from transforms.estimators.inference import jackknife

NUMBERS = [
    "estimate",
    "se",
    "low",
    "high",
    "band_low",
    "band_high",
    "p",
    "mean_treated",
    "mean_weighted_comparators",
    "effective_comparators",
]


@pytest.fixture(scope="module")
def fitted() -> TreatedEffect:
    return aipw_treated(cohort(), **SHAPE)


def test_without_normalising_it_is_the_atte_of_doubleml_on_the_same_folds() -> None:
    """An independent implementation, same learners, same folds: one different sign, weight or fold would show in the eighth digit."""
    frame = cohort()
    ours = aipw_treated(frame, **{**SHAPE, "outcomes": ["y"], "cell": None}, normalise=False)
    matrix = build_features(frame, covariates=SHAPE["covariates"], categories=SHAPE["categories"]).matrix
    data = doubleml.DoubleMLData.from_arrays(matrix, frame["y"].to_numpy(), frame["arm"].to_numpy(dtype=float))
    assert ours.folds is not None and ours.propensity is not None
    fold = ours.folds.reindex(frame.index).to_numpy()
    samples = [[(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(5)]]
    processor = doubleml.utils.PSProcessorConfig(clipping_threshold=1e-12)
    theirs = doubleml.DoubleMLIRM(
        data,
        Ridge(alpha=1.0, solver="cholesky"),
        LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-9, max_iter=200),
        score="ATTE",
        n_folds=5,
        draw_sample_splitting=False,
        ps_processor_config=processor,
    )
    theirs.set_sample_splitting(samples)
    theirs.fit(store_predictions=True)
    np.testing.assert_allclose(ours.propensity.reindex(frame.index), theirs.predictions["ml_m"][:, 0, 0], atol=1e-8)
    assert ours.effects["estimate"][0] == pytest.approx(float(theirs.coef[0]), abs=1e-8)
    errors = jackknife(ours.scores, np.arange(len(frame)), labels=(), names=["y"])
    assert list(ours.folds.index) == list(ours.propensity.index) == list(ours.rows)
    assert errors.se[0] == pytest.approx(float(theirs.se[0]), rel=0.01)


def test_the_formula_by_hand_with_weights_and_cells() -> None:
    """Four comparators in two cells: w = s o, scaled to the treated of the cell; any other normalisation gives another number."""
    y, m = np.array([5.0, 7.0, 9.0, 1.0, 2.0, 3.0, 4.0]), np.array([1.0, 1.0, 2.0, 0.5, 0.5, 1.0, 2.0])
    d, e = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([0.5, 0.5, 0.5, 0.5, 0.25, 0.5, 0.75])
    s, cell = np.array([1.0, 2.0, 1.0, 1.0, 3.0, 1.0, 1.0]), np.array([0, 0, 1, 0, 0, 1, 1])
    treated = (1 * 4 + 2 * 6 + 1 * 7) / 4
    first, second = (1 * 0.5 + 3 / 3 * 1.5) / 2, (1 * 2 + 3 * 2) / 4
    assert aipw_treated_from(y, d, e, m, weight=s, cell=cell).estimate[0] == pytest.approx(
        treated - (3 * first + 1 * second) / 4
    )
    whole = (1 * 0.5 + 1 * 1.5 + 1 * 2 + 3 * 2) / 6
    assert aipw_treated_from(y, d, e, m, weight=s).estimate[0] == pytest.approx(treated - whole)
    assert aipw_treated_from(y, d, e, m, weight=s, normalise=False).estimate[0] == pytest.approx(
        treated - whole * 6 / 4
    )


@pytest.mark.parametrize("estimator", [aipw_treated, entropy_effect])
def test_effects_over_labour_states_sum_to_zero(estimator: object) -> None:
    """Who leaves one state enters another: a sum other than zero would be people from nowhere."""
    frame = cohort()
    state = np.digitize(frame["y"], [0, 1.5, 3])
    names = [f"state_{number}" for number in range(4)]
    for number, name in enumerate(names):
        frame[name] = (state == number).astype(float)
    effects = estimator(frame, **{**SHAPE, "outcomes": names}).effects  # type: ignore[operator]
    assert effects["estimate"].abs().min() > 1e-4
    assert effects["estimate"].sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("estimator", [aipw_treated, entropy_effect])
def test_order_of_rows_names_of_ids_and_a_constant_change_nothing(estimator: object) -> None:
    """The same people in another order, or under new keys of another release, must give the same published digits."""
    frame = cohort()
    shape = {**SHAPE, "person": "person", "inference": "two_way"}
    before = estimator(frame, **shape)  # type: ignore[operator]
    names = np.random.default_rng(5).permutation(1000)
    changed = frame.sample(frac=1, random_state=2)
    changed["enterprise"] = [f"k{names[value]}" for value in changed["enterprise"]]
    changed["person"] = [f"p{names[value]}" for value in changed["person"]]
    changed["y"] += 1000
    changed.index = pd.Index(
        names[: len(changed)] if len(changed) <= 1000 else np.random.default_rng(6).permutation(len(changed))
    )
    after = estimator(changed, **shape)  # type: ignore[operator]
    shift = np.zeros((2, len(NUMBERS)))
    shift[0, 7:9] = 1000
    np.testing.assert_allclose(
        after.effects[NUMBERS].to_numpy(), before.effects[NUMBERS].to_numpy() + shift, rtol=1e-9, atol=1e-9
    )
    again = estimator(frame, **shape)  # type: ignore[operator]
    pd.testing.assert_frame_equal(again.effects, before.effects, check_exact=True)


def test_another_seed_makes_other_folds_and_all_rows_of_an_enterprise_share_one(fitted: TreatedEffect) -> None:
    """Rows of one enterprise on both sides of a fold would let its models see what they are tested on."""
    frame = cohort()
    assert fitted.folds is not None
    assert (fitted.folds.groupby(frame["enterprise"]).nunique() == 1).all()
    treated = fitted.folds[frame["arm"].eq(1)].value_counts()
    assert len(treated) == 5 and treated.max() <= 1.3 * treated.min()
    other = aipw_treated(frame, **SHAPE, seed=5).folds
    assert other is not None and not other.equals(fitted.folds)


def test_given_folds_are_used() -> None:
    """Comparing with another implementation needs the same folds, by column or by series."""
    frame = cohort()
    frame["fold"] = frame["enterprise"] % 3
    by_column, by_series = (
        aipw_treated(frame, **SHAPE, fold_of="fold"),
        aipw_treated(frame, **SHAPE, fold_of=frame["fold"].add(7)),
    )
    assert by_column.folds is not None and (by_column.folds.reindex(frame.index) == frame["fold"]).all()
    pd.testing.assert_frame_equal(by_column.effects, by_series.effects)


def test_off_support_is_counted_and_touches_nothing() -> None:
    """A treated without comparator in its cell must be seen in the count, and must not move the models of those who have one."""
    frame = cohort()
    before = aipw_treated(frame, **SHAPE)
    lonely = frame[frame["arm"].eq(1)].head(3).assign(cell=99, y=1e6, x1=50.0)
    unused = frame[frame["arm"].eq(0)].head(5).assign(cell=98, y=-1e6, x1=50.0)
    after = aipw_treated(pd.concat([frame, lonely, unused], ignore_index=True), **SHAPE)
    assert set(after.effects["off_support"]) == {3} and list(after.off_support) == list(
        range(len(frame), len(frame) + 3)
    )
    assert (after.weights.loc[len(frame) + 3 :] == 0).all() and len(after.weights) == frame["arm"].eq(0).sum() + 5
    pd.testing.assert_frame_equal(after.effects[NUMBERS], before.effects[NUMBERS])


def test_weights_sum_to_one_and_to_the_treated_of_each_cell(fitted: TreatedEffect) -> None:
    """Exact cells: comparators of a quarter may not stand in for the treated of another."""
    frame = cohort()
    assert fitted.weights.sum() == pytest.approx(1)
    by_cell = fitted.weights.groupby(frame["cell"]).sum()
    np.testing.assert_allclose(by_cell, frame[frame["arm"].eq(1)].groupby("cell").size() / 150, rtol=1e-12)
    mean = float((fitted.weights * frame.loc[fitted.weights.index, "y"]).sum())
    assert fitted.effects["mean_weighted_comparators"][0] == pytest.approx(mean)


def test_copies_and_sampling_weights_are_the_same() -> None:
    """A comparator drawn with weight 2 stands for two: the estimate must be that of the frame with the row twice."""
    frame = cohort(60, 300)
    frame["fold"], frame["weight"] = frame["enterprise"] % 2, 1.0
    twice = frame["arm"].eq(0) & frame["flag"].eq(1)
    copied = pd.concat([frame, frame[twice]], ignore_index=True)
    weighted = frame.assign(weight=np.where(twice, 2.0, 1.0))
    linear = {**SHAPE, "terms": "linear", "fold_of": "fold", "covariates": ["x1"]}
    tiny = {"propensity_penalty": 1e-9, "outcome_penalty": 1e-9}
    first, second = aipw_treated(copied, **linear, **tiny), aipw_treated(weighted, **linear, **tiny, weight="weight")
    np.testing.assert_allclose(first.effects["estimate"], second.effects["estimate"], rtol=1e-7)


def test_subgroups_renormalise_the_same_scores(fitted: TreatedEffect) -> None:
    """A subgroup of everybody is the whole; any other is the difference of its own weighted means; an empty one says so."""
    frame = cohort()
    flags = {
        "all": frame["arm"] >= 0,
        "flag": frame["flag"].eq(1),
        "nobody": frame["arm"] > 5,
        "treated": frame["arm"].eq(1),
    }
    table = subgroup_effects(fitted, flags).set_index(["subgroup", "outcome"])
    np.testing.assert_allclose(table.loc["all", "estimate"], fitted.effects["estimate"], rtol=1e-12)
    rows = frame.loc[fitted.rows, "flag"].eq(1).to_numpy()
    scores = fitted.scores
    a, w = scores.treated_weight * rows, scores.comparator_weight * rows
    by_hand = (a @ scores.residual) / a.sum() - (w @ scores.residual) / w.sum()
    np.testing.assert_allclose(table.loc["flag", "estimate"], by_hand)
    assert table.loc[("flag", "y"), "treated"] == (frame["flag"].eq(1) & frame["arm"].eq(1)).sum()
    assert table.loc["nobody", "estimate"].isna().all() and set(table.loc["nobody", "reason"]) == {
        "no treated on support in this subgroup"
    }
    assert set(table.loc["treated", "reason"]) == {"no comparators on support in this subgroup"}


def test_start_and_outcome_curved_in_a_covariate_do_not_bias() -> None:
    """Linear terms alone are off by more than a standard deviation in such a world; squares and products must bring it back. Coverage within Monte Carlo error."""
    shape = {**SHAPE, "outcomes": ["y"], "cell": None}
    errors, covered, linear = [], [], []
    for seed in range(40):
        frame = cohort(150, 600, seed=seed)
        curved = frame.assign(y=frame["y"] + 1.0 * frame["x1"] ** 2)
        row = aipw_treated(curved, **shape).effects.iloc[0]
        errors.append(row["estimate"] - 1)
        covered.append(row["low"] <= 1 <= row["high"])
        linear.append(aipw_treated(curved, **shape, terms="linear").effects["estimate"][0] - 1)
    assert abs(np.mean(errors)) < 0.15 * np.std(errors) + 2 * np.std(errors) / np.sqrt(40)
    assert np.mean(covered) >= 0.87
    assert abs(np.mean(linear)) > 2 * abs(np.mean(errors))


def test_a_linear_covariate_enters_once_and_the_others_with_squares_and_products() -> None:
    """The square of a rare count is a few outliers: one in six hundred then carries a coefficient and a weight of its own."""
    frame = cohort()
    first, second = SHAPE["covariates"][:2]
    names = build_features(frame, covariates=SHAPE["covariates"], linear=[first]).names
    assert first in names and f"{second}^2" in names
    assert not [name for name in names if first in name and name != first]
    without = aipw_treated(frame, **SHAPE).effects["estimate"]
    assert not np.allclose(aipw_treated(frame, **SHAPE, linear=[first]).effects["estimate"], without)
    everything = aipw_treated(frame, **SHAPE, linear=SHAPE["covariates"]).effects["estimate"]
    np.testing.assert_allclose(everything, aipw_treated(frame, **SHAPE, terms="linear").effects["estimate"])
    with pytest.raises(EstimationError, match="'linear' names what is no covariate: shoe_size"):
        aipw_treated(frame, **SHAPE, linear=["shoe_size"])


def test_scores_without_weight_have_no_estimate() -> None:
    """An arm without weight is not a zero effect."""
    scores = Scores(np.ones((2, 1)), np.array([1.0, 0.0]), np.zeros(2))
    assert np.isnan(scores.estimate).all()
