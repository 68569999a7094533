"""Entropy balancing. Belongs here: published figures, the balance it promises, its errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causaldata import cps_mixtape, nsw_mixtape

from tests.estimators.worlds import SHAPE, cohort
from transforms.estimators import entropy_balance, entropy_effect

LALONDE = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    """The 185 treated of Dehejia and Wahba's NSW sample with the 15,992 comparators of CPS-1."""
    nsw, cps = nsw_mixtape.load_pandas().data, cps_mixtape.load_pandas().data
    return pd.concat([nsw[nsw["treat"].eq(1)], cps], ignore_index=True)


def test_lalonde_with_three_moments_gives_the_published_figures(lalonde: pd.DataFrame) -> None:
    """1392.15 and an effective sample of 116.46: eight covariates, squares and cubes of the four that are not binary."""
    balance = entropy_balance(lalonde, treatment="treat", covariates=LALONDE, moments=3)
    effect = entropy_effect(
        lalonde, outcomes=["re78"], treatment="treat", covariates=LALONDE, terms="linear", moments=3
    )
    assert balance.is_converged and balance.reason is None and (balance.treated, balance.comparators) == (185, 15992)
    assert round(float(effect.effects["estimate"][0]), 2) == 1392.15
    assert round(balance.effective_sample, 2) == round(float(effect.effects["effective_comparators"][0]), 2) == 116.46


def test_every_moment_that_was_asked_for_is_balanced(lalonde: pd.DataFrame) -> None:
    """Computed on the raw data, not on what the solver believes."""
    weights = entropy_balance(lalonde, treatment="treat", covariates=LALONDE, moments=3).weights
    assert weights.sum() == pytest.approx(1) and (weights > 0).all()
    numbers = lalonde[LALONDE].astype(float)
    treated, comparators = numbers[lalonde["treat"].eq(1)], numbers.loc[weights.index]
    for name in LALONDE:
        for power in (1, 2, 3):
            assert (weights * comparators[name] ** power).sum() == pytest.approx(
                (treated[name] ** power).mean(), rel=1e-6
            )


def test_weights_are_closest_to_the_base_weights_among_those_that_balance() -> None:
    """log(w / s) must be linear in the moments: the condition of the least entropy. Sampling weights and cells are where it starts from."""
    frame = cohort().assign(weight=lambda world: 1 + world["flag"])
    weights = entropy_balance(frame, treatment="arm", covariates=["x1", "x2"], weight="weight", cell="cell").weights
    comparators, treated = frame.loc[weights.index], frame[frame["arm"].eq(1)]
    base = comparators["weight"] * comparators["cell"].map(
        treated.groupby("cell")["weight"].sum() / comparators.groupby("cell")["weight"].sum()
    )
    moments = np.column_stack([np.ones(len(comparators)), comparators["x1"], comparators["x2"]])
    relative = np.log(weights / base)
    coefficients = np.linalg.lstsq(moments, relative, rcond=None)[0]
    np.testing.assert_allclose(moments @ coefficients, relative, atol=1e-8)
    assert (weights * comparators["x1"]).sum() == pytest.approx(np.average(treated["x1"], weights=treated["weight"]))


def test_its_error_is_that_of_balancing_anew_without_each_enterprise() -> None:
    """Weights stay fixed in the jackknife; what balancing takes away must not be counted as noise, nor anything lost. Beside refitting for each of 120 enterprises."""
    frame = cohort()
    shape = {**SHAPE, "outcomes": ["y"], "cell": None, "terms": "linear"}
    fitted = entropy_effect(frame, **shape)
    whole = float(fitted.effects["estimate"][0])
    without = [
        entropy_effect(frame[frame["enterprise"] != one], **shape).effects["estimate"][0]
        for one in np.unique(frame["enterprise"])
    ]
    refitted = np.sqrt((len(without) - 1) / len(without) * ((np.array(without) - whole) ** 2).sum())
    assert fitted.effects["se"][0] == pytest.approx(refitted, rel=0.05)


def test_what_cannot_be_balanced_is_a_reason_and_no_number() -> None:
    """Treated beyond all comparators: a weight for each would still be an invention."""
    frame = cohort()
    frame.loc[frame["arm"].eq(1), "x2"] += 100
    balance = entropy_balance(frame, treatment="arm", covariates=["x1", "x2"])
    effect = entropy_effect(frame, **SHAPE)
    assert not balance.is_converged and balance.reason is not None and "'x2'" in balance.reason
    assert (
        effect.effects["estimate"].isna().all()
        and effect.effects["reason"].str.contains("no weights of the comparators").all()
    )


def test_a_group_that_comparators_lack_is_named() -> None:
    """A level without comparators has a moment no weight can reach."""
    frame = cohort()
    frame = frame[~(frame["arm"].eq(0) & frame["group"].eq("c"))]
    reason = entropy_effect(frame, **SHAPE).effects["reason"][0]
    assert "'group=" in reason or "reproduce" in reason
