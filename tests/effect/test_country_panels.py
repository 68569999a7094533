"""The country of simulated panels (benchmarks/effect_panels.py) is the country that the pipeline reads, and its truth is that of the treated who are estimated."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from benchmarks.bench_country import true_effects
from benchmarks.cohort_models import Models, models_of
from benchmarks.effect_panels import HORIZONS, OUTCOMES, CountrySamples, country_samples
from benchmarks.panel_tables import NAMES
from tests.conftest import SampleBuild
from tests.effect.planted import PLAN
from transforms.evaluation.plan import Group

# The arguments of raw/synthetic/sample.py, whose deliveries the sample build has read.
SAMPLE = {"seed": 20, "persons": 600, "months": ("2018-07", "2021-12"), "municipalities": 4}
GROUP = Group("RO", "A", "work_trial", ("work_trial",))
# What payroll hears late, wrongly or never, and weeks of DREAM that nobody knows.
DELIVERED = ("_hours_", "_benefit_", "sampling_weight")


@pytest.fixture(scope="module")
def models(sample_build: SampleBuild) -> Models:
    return models_of(sample_build.warehouse / "dbt", NAMES)


@pytest.fixture(scope="module")
def panels(models: Models) -> CountrySamples:
    return country_samples(models=models, **SAMPLE)  # type: ignore[arg-type]


def test_trials_of_the_panels_are_those_of_the_deliveries(panels: CountrySamples, sample_build: SampleBuild) -> None:
    """A proof from panels that are another country than the one the pipeline reads.

    Every start is the same trial, with the same values, but where a delivery lost it: its row was refused or its file never came, its person has no benefits in DREAM, its municipality-month is
    missing. Hours and benefit weeks, and with them and with lost starts which controls are drawn, differ in as few trials as deliveries have defects. The build has no start that was not lived.
    """
    with duckdb.connect(str(sample_build.warehouse / "build" / "outcome.duckdb"), read_only=True) as connection:
        built = connection.execute("select * from intermediate.int_effect_trials").df().set_index("trial_id")
        reasons = dict(connection.execute("select spell_id, reason from intermediate.int_effect_starts").fetchall())
    built["person_key"] = built["person_key"].astype(str)
    trials = panels.trials.set_index("trial_id")
    starts = trials[trials["arm"] != "N"]
    assert set(built.index[built["arm"] != "N"]) <= set(starts.index)
    lost = starts.loc[~starts.index.isin(built.index), "spell_id"]
    assert len(lost) <= 0.03 * len(starts)
    assert {reasons.get(spell) for spell in lost} <= {None, "no_target_benefit", "municipality_not_delivered"}
    both = trials.index.intersection(built.index)
    assert len(both) > 0.9 * max(len(trials), len(built))
    ours, theirs = trials.loc[both], built.loc[both, trials.columns]
    for name in trials.columns:
        differs = ~((ours[name] == theirs[name]) | (ours[name].isna() & theirs[name].isna()))
        if any(part in name for part in DELIVERED):
            assert name == "sampling_weight" or differs.mean() < 0.08, name
        else:
            assert not differs.any(), name


def test_the_world_with_the_start_is_the_one_that_was_lived(panels: CountrySamples) -> None:
    """A truth of other lives than those in the cohorts: what a treated start led to must stand in its outcomes, hour by hour."""
    found = panels.truth.merge(panels.outcomes, on=["trial_id", "h"])
    stays = found[~found["is_censored"]]
    assert len(stays) > 100 and stays["is_possible"].all()
    for outcome in OUTCOMES:
        assert (stays[f"{outcome}_rsv"] == stays[outcome]).all(), outcome
    assert (stays["ordinary_hours_rsv"] != stays["ordinary_hours_none"]).any()


def test_a_country_without_effect_has_none_for_anybody(models: Models) -> None:
    """Rejections of an effect that is there, counted as false ones."""
    truth = country_samples(models=models, is_null=True, **SAMPLE).truth  # type: ignore[arg-type]
    assert len(truth) and truth["employed_rsv"].sum() > 0
    assert np.abs(truth[[f"{outcome}_{arm}" for outcome in OUTCOMES for arm in ("ro", "rn")]].to_numpy()).max() == 0


def test_truth_is_the_mean_over_the_supported_treated(panels: CountrySamples) -> None:
    """An estimate held against the effect on people whom it says nothing about: without a comparator, emigrated, or starting again."""
    some = panels.trials.iloc[[0] * 6].reset_index(drop=True)
    trials = some.assign(
        trial_id=range(6), arm=["R", "R", "R", "R", "O", "O"], family="A", instrument="work_trial",
        cell=["a", "a", "a", "b", "a", "c"], is_primary=[True, True, False, True, True, True],
    )  # fmt: skip
    outcomes = pd.DataFrame({"trial_id": np.tile(range(6), len(HORIZONS)), "h": np.repeat(HORIZONS, 6)})
    outcomes["is_censored"] = (outcomes["trial_id"] == 1) & (outcomes["h"] == 24)
    truth = outcomes.loc[outcomes["trial_id"] < 4, ["trial_id", "h"]]
    truth = truth.assign(**{f"{outcome}_ro": 10.0 ** truth["trial_id"] for outcome in OUTCOMES})
    found = true_effects(replace(PLAN, groups=(GROUP,)), GROUP, CountrySamples(trials, outcomes, truth))
    by_horizon = found[found["outcome"] == "employed"].set_index("horizon")
    assert by_horizon["supported"].to_dict() == {3: 2, 6: 2, 12: 2, 24: 1}
    assert by_horizon["truth"].to_dict() == {3: 5.5, 6: 5.5, 12: 5.5, 24: 1.0}
