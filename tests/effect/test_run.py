"""From cohorts to the five tables. Belongs here: planted worlds, rows and reasons. Not here: estimators (tests/estimators), SQL."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.effect.planted import EFFECT, GROUP, LAST, PLAN, country, without
from transforms.evaluation.frames import FIGURES, KEYS, SCHEMAS, FrameError, conform, write_frames
from transforms.evaluation.plan import Group, plan_of
from transforms.evaluation.protocol import load_protocol
from transforms.evaluation.run import Frames, run
from transforms.evaluation.samples import FrameCohorts, censoring_weights
from transforms.evaluation.subgroups import covariance_within


@pytest.fixture(scope="module")
def planted() -> Frames:
    return run(PLAN, country())


def rows(frames: Frames, **wanted: object) -> pd.DataFrame:
    found = frames["estimates"]
    for name, value in {"specification": "main", "subgroup": "all", "estimator": "aipw", **wanted}.items():
        found = found[found[name] == value]
    return found


def test_a_planted_effect_is_found_by_both_estimators_in_both_arms(planted: Frames) -> None:
    """Wiring that swaps arms, months or weights would still give a number."""
    for arm in ("RO", "RN"):
        for estimator in ("aipw", "entropy"):
            one = rows(planted, arm=arm, outcome="employed", horizon=12, estimator=estimator).iloc[0]
            assert one["low"] < EFFECT < one["high"], (arm, estimator)
            assert 0.08 < one["estimate"] < 0.22 and one["low"] > 0
    assert rows(planted, arm="RO", outcome="ordinary_hours", horizon=12)["estimate"].iloc[0] == pytest.approx(
        100 * rows(planted, arm="RO", outcome="employed", horizon=12)["estimate"].iloc[0], rel=1e-5
    )


def test_the_estimate_is_that_of_the_estimator_on_the_same_sample(planted: Frames) -> None:
    """Between the estimator and the table no number may move."""
    from transforms.estimators import aipw_treated

    cohorts = country()
    trials = cohorts.all_trials[cohorts.all_trials["arm"].isin(["R", "O"])].set_index("trial_id", drop=False)
    at_12 = cohorts.all_outcomes[cohorts.all_outcomes["h"] == 12].set_index("trial_id")
    frame = trials.assign(y=at_12["employed"], d=(trials["arm"] == "R").astype(float)).sample(frac=1, random_state=1)
    expected = aipw_treated(
        frame, outcomes=["y"], treatment="d", covariates=["x_age", "x_hours"], categories=["sex"],
        cluster="cluster_id", cell="cell", terms="linear",
    ).effects.iloc[0]  # fmt: skip
    found = rows(planted, arm="RO", outcome="employed", horizon=12).iloc[0]
    for name in ("estimate", "se", "low", "high", "p", "mean_treated", "mean_weighted_comparators"):
        assert found[name] == pytest.approx(expected[name], rel=1e-4, abs=1e-12), name


def test_effects_over_states_sum_to_zero(planted: Frames) -> None:
    """Who is in one state is in no other: effects that do not cancel show two different samples or models."""
    states = pd.concat([rows(planted, arm="RO", outcome=name) for name in ("state_work", "state_none")])
    assert states.groupby("horizon")["estimate"].sum().abs().max() < 1e-6


def test_every_planned_estimate_has_its_row_and_no_key_comes_twice(planted: Frames) -> None:
    """An estimate that is not there cannot be told from one that was hidden."""
    for group in PLAN.groups:
        for estimator in ("aipw", "entropy"):
            found = rows(planted, arm=group.arm, estimator=estimator)
            asked = {(outcome, horizon) for outcome in PLAN.outcomes for horizon in PLAN.horizons}
            assert asked <= set(zip(found["outcome"], found["horizon"], strict=True))
    for name, keys in KEYS.items():
        assert not planted[name].duplicated(list(keys)).any()
    assert planted["estimates"]["is_primary"].sum() == 1


def test_the_primary_question_is_tested_alone_and_the_others_together(planted: Frames) -> None:
    """A correction that counts the primary question, or the subgroups, would punish asking more."""
    primary = planted["estimates"][planted["estimates"]["is_primary"]].iloc[0]
    assert primary["p_holm"] == primary["p"]
    family = rows(planted, arm="RO")
    family = family[~family["is_primary"] & (family["outcome"] != "break_even_month")]
    smallest = family.loc[family["p"].astype(float).idxmin()]
    assert smallest["p_holm"] == pytest.approx(min(1.0, smallest["p"] * family["p"].notna().sum()), rel=1e-4)
    assert planted["estimates"].loc[planted["estimates"]["subgroup"] != "all", "p_holm"].isna().all()


def test_a_band_is_at_least_as_wide_as_its_intervals(planted: Frames) -> None:
    """A band over horizons that is narrower than the interval of one would promise less doubt for more questions."""
    found = rows(planted, arm="RO", outcome="employed")
    assert (found["band_low"] <= found["low"] + 1e-9).all() and (found["band_high"] >= found["high"] - 1e-9).all()


def test_subgroups_have_bands_over_their_horizons_too(planted: Frames) -> None:
    """Four horizons of ten subgroups without a band invite the reader to pick the one that stands out."""
    found = rows(planted, arm="RO", subgroup="sex=man")
    found = found[found["outcome"].isin(PLAN.beside)]
    assert len(found) == len(PLAN.beside) * len(PLAN.horizons) and found["band_low"].notna().all()
    reach, interval = found["band_high"] - found["estimate"], found["high"] - found["estimate"]
    assert (reach >= interval * (1 - 1e-5)).all()


def test_errors_of_a_subgroup_hang_together_as_its_rows_say() -> None:
    """A band with the correlations of other people is too wide or too narrow."""
    from transforms.estimators import aipw_treated
    from transforms.estimators.summary import subgroup_effects

    random = np.random.default_rng(4)
    frame = pd.DataFrame({"x": random.normal(size=300), "d": np.arange(300) % 3 == 0, "c": random.integers(0, 40, 300)})
    frame["d"] = frame["d"].astype(float)
    frame["y"], frame["z"] = random.normal(size=300), random.normal(size=300)
    frame["sum"] = frame["y"] + frame["z"]
    effect = aipw_treated(
        frame, outcomes=["y", "z", "sum"], treatment="d", covariates=["x"], cluster="c", terms="linear"
    )
    flags = pd.Series(random.random(300) < 0.5, index=frame.index)
    found = covariance_within(effect, flags)
    assert found is not None
    np.testing.assert_allclose(np.sqrt(np.diag(found)), subgroup_effects(effect, {"one": flags})["se"], rtol=1e-12)
    assert found[2, 2] == pytest.approx(found[0, 0] + found[1, 1] + 2 * found[0, 1], rel=1e-9)
    assert covariance_within(effect, (frame["d"] == 1) & flags) is None


def test_curves_stand_on_one_cohort_from_the_first_month_to_the_last(planted: Frames) -> None:
    """A step of a curve that comes from other people looks like an effect."""
    curve = planted["event_study"]
    curve = curve[(curve["arm"] == "RO") & (curve["outcome"] == "employed")].sort_values("event_month")
    assert list(curve["event_month"]) == list(range(PLAN.first_month, LAST + 1)) and curve["treated"].nunique() == 1
    before, after = curve[curve["event_month"] <= 2], curve[curve["event_month"] >= 3]
    assert (before["low"] < 0).all() and (after["low"] > 0).all()
    cumulative = planted["event_study"][planted["event_study"]["outcome"] == "cumulative_hours"]
    assert cumulative["event_month"].min() == 1


NOBODY = pd.DataFrame(columns=country(treated=2, others=2).all_outcomes.columns)


@pytest.mark.parametrize(
    ("cohorts", "words"),
    [
        (without(country(), "R"), "no treated"),
        (without(without(country(), "O"), "N"), "no comparator"),
        (replace(country(treated=3, others=20), all_trials=country(treated=3, others=20).all_trials.iloc[:0]), "no treated"),
        (country(treated=5, others=9), "5 treated starts in the cohort: fewer than 30"),
        (FrameCohorts(country(treated=50, others=90).all_trials, NOBODY.astype({"h": int, "is_censored": bool})), "nobody"),
    ],
    ids=["no treated", "no comparator", "no trials", "a handful", "nothing observed"],
)  # fmt: skip
def test_a_country_that_bears_no_estimate_gives_the_same_rows_with_a_reason(cohorts: FrameCohorts, words: str) -> None:
    """A silent null is read as no effect; a missing row as nothing asked; an error stops the whole build."""
    frames = run(PLAN, cohorts)
    found = rows(frames)
    assert set(zip(found["outcome"], found["horizon"], strict=True)) >= {
        (outcome, horizon) for outcome in PLAN.outcomes for horizon in PLAN.horizons
    }
    assert found["estimate"].isna().all() and found["reason"].str.contains(words).any()
    assert set(found["gate"]) == {"not_estimated"}
    for name, figures in FIGURES.items():
        assert len(frames[name]) and frames[name].loc[frames[name][figures[0]].isna(), "reason"].str.len().gt(0).all()


def test_a_horizon_beyond_the_data_says_so_and_the_others_stand() -> None:
    """A cohort that is too young for one horizon must not lose the rest."""
    cohorts = country(treated=80, others=200)
    young = replace(cohorts, all_outcomes=cohorts.all_outcomes[cohorts.all_outcomes["h"] <= 3])
    found = rows(run(PLAN, young), arm="RO", outcome="employed").set_index("horizon")
    assert np.isfinite(found.loc[3, "estimate"]) and pd.isna(found.loc[12, "estimate"])
    assert found.loc[12, "reason"] == "nobody in the cohort is observed that long"


def test_treated_without_a_comparator_do_not_make_a_group_large_enough() -> None:
    """Twenty starts on support of forty gave a number with an error of 30 points: the protocol's least number is of those who are compared."""
    cohorts = country(treated=60, others=90)
    trials = cohorts.all_trials
    is_alone = (trials["arm"] == "R") & (trials.groupby("arm").cumcount() >= 25)
    alone = replace(cohorts, all_trials=trials.assign(cell=trials["cell"].where(~is_alone, "alone")))
    found = rows(run(replace(PLAN, groups=(GROUP,)), alone))
    assert found["estimate"].isna().all()
    assert set(found["reason"]) == {
        "25 of 60 treated starts have a comparator in their cell: fewer than 30, too few to estimate anything"
    }


def test_one_enterprise_has_an_estimate_without_an_error_and_says_why() -> None:
    """An error out of one enterprise would be invented."""
    cohorts = country(treated=60, others=200)
    trials = cohorts.all_trials.assign(
        cluster_id=cohorts.all_trials["cluster_id"].where(cohorts.all_trials["arm"] != "R", "one")
    )
    one = rows(run(PLAN, replace(cohorts, all_trials=trials)), arm="RO", outcome="employed", horizon=12).iloc[0]
    assert np.isfinite(one["estimate"]) and pd.isna(one["se"]) and "one cluster" in one["reason"]


def test_order_of_rows_and_names_of_trials_change_nothing(planted: Frames) -> None:
    """Numbers that hang on the order of a query move from build to build."""
    cohorts = country()
    shuffled = FrameCohorts(
        cohorts.all_trials.sample(frac=1, random_state=3), cohorts.all_outcomes.sample(frac=1, random_state=4)
    )
    again = run(replace(PLAN, groups=(GROUP,)), shuffled)
    for name in ("estimates", "diagnostics"):
        before = planted[name][planted[name]["arm"] == "RO"].reset_index(drop=True)
        numbers = before.select_dtypes("number").columns
        np.testing.assert_allclose(
            again[name][numbers].astype(float), before[numbers].astype(float), rtol=2e-5, atol=1e-9, equal_nan=True
        )


def test_a_small_subgroup_has_no_estimate_and_says_how_small(planted: Frames) -> None:
    """An estimate for nine people is gossip."""
    assert rows(planted, arm="RO", subgroup="sex=man", outcome="employed", horizon=12)["estimate"].notna().all()
    few = run(replace(PLAN, groups=(GROUP,), least_treated=1000), country(treated=60, others=150))
    found = rows(few, subgroup="sex=man", outcome="employed", horizon=12).iloc[0]
    assert pd.isna(found["estimate"]) and "the protocol asks for at least 1000" in found["reason"]


def test_the_primary_question_stands_beside_it_for_all_or_first_starts_in_every_build() -> None:
    """Whether the comparators' first starts alone count is the largest choice of the protocol: who reads one figure must find the other."""
    main, other, *_ = PLAN.specifications
    found = run(replace(PLAN, specifications=(main, replace(other, is_always_beside=True))), country(60, 60, 200))
    beside = found["estimates"][found["estimates"]["specification"] == "all_starts"]
    assert set(beside["arm"]) == {"RO"} and set(beside["horizon"]) == {12}
    assert (
        set(beside["outcome"]) == set(PLAN.beside) and beside["estimate"].notna().all() and set(beside["gate"]) != {""}
    )


def test_the_full_run_adds_horizons_and_sensitivity_runs_and_moves_nothing(planted: Frames) -> None:
    """Who asks for more must get the same answers to the first questions."""
    plan = replace(PLAN, groups=(GROUP,))
    full = run(plan, country(), full=True)
    assert set(full["estimates"]["specification"]) == {"main", "all_starts", "boosted_outcome", "placebo_in_time"}
    assert set(rows(full, outcome="employed")["horizon"]) == set(range(1, LAST + 1))
    before, after = (rows(frames, arm="RO", outcome="employed", horizon=12).iloc[0] for frames in (planted, full))
    assert (before["estimate"], before["se"], before["p_holm"]) == (after["estimate"], after["se"], after["p_holm"])
    boosted = rows(full, specification="boosted_outcome").iloc[0]
    assert boosted["low"] < EFFECT < boosted["high"]


def test_those_who_stay_stand_for_those_who_emigrate() -> None:
    """Leaving emigrants out without weights lets a group shrink that loses more of them."""
    present = pd.DataFrame(
        {"arm": ["R"] * 4 + ["O"] * 2, "benefit_group": ["a", "a", "a", "b", "a", "a"], "sampling_weight": 1.0}
    )
    censored = np.array([True, False, False, False, False, False])
    assert censoring_weights(present, censored).tolist() == [1.5, 1.5, 1.5, 1.0, 1.0, 1.0]


def test_the_default_protocol_asks_the_primary_question_once() -> None:
    """A protocol whose primary question no group answers would publish none."""
    plan = plan_of(load_protocol())
    assert sum(plan.is_primary(group, plan.primary[3], plan.primary[4]) for group in plan.groups) == 1
    assert Group("RO", "A", "work_trial_and_wage_subsidy", ("work_trial", "wage_subsidy")) in plan.groups
    assert {specification.name for specification in plan.specifications} == {"main", *load_protocol().sensitivity}


def test_a_frame_that_could_be_misread_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The last place where a silent null, a row twice or a lost column can be stopped."""
    frames = run(replace(PLAN, groups=(GROUP,)), without(country(treated=5, others=9), "R"))
    silent = frames["estimates"].assign(reason=None)
    with pytest.raises(FrameError, match="null without a reason"):
        conform(silent, "estimates")
    with pytest.raises(FrameError, match="twice"):
        conform(pd.concat([frames["balance"], frames["balance"]]), "balance")
    with pytest.raises(FrameError, match="does not have"):
        conform(frames["cohort"].assign(more=1), "cohort")
    write_frames(frames, tmp_path / "one")
    write_frames(frames, tmp_path / "two")
    for name in SCHEMAS:
        assert (tmp_path / "one" / f"{name}.parquet").read_bytes() == (
            tmp_path / "two" / f"{name}.parquet"
        ).read_bytes()
