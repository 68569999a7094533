"""The truth: the same lives again, with another placement or none."""

from __future__ import annotations

import copy

import numpy as np
import pyarrow.parquet as pq
import pytest

from raw.synthetic.life import World
from raw.synthetic.parameters import KINDS, I, K, Parameters, load
from raw.synthetic.simulate import Country
from raw.synthetic.truth import potential_outcomes

from .conftest import Made, lived


@pytest.fixture(scope="module")
def country() -> tuple[World, Country]:
    """A country with the lives before each start."""
    return lived(12_000, keep=True)


def _changed(section: str, **values: object) -> Parameters:
    given = load()
    other = copy.deepcopy(given.given)
    other[section] |= values
    return Parameters(other, given.transitions, given.municipalities)


def test_the_world_that_came_is_the_one_that_is_delivered(country: tuple[World, Country]) -> None:
    """A truth about another country than the one in the files: what was lived again equals what was paid, hour for hour."""
    world, lived_once = country
    chosen = np.arange(len(lived_once.start_spell))[::3]
    outcomes = potential_outcomes(world, lived_once, chosen, lambda message: None)
    spell = lived_once.start_spell[chosen]
    spells, lines = lived_once.spells, lived_once.lines
    months = world.calendar.last + 1
    paid = np.zeros((len(world.people), months + 1))
    ordinary = lines.kind == 0
    np.add.at(paid, (lines.person[ordinary], lines.month[ordinary]), lines.quarters[ordinary] / 4.0)
    compared = 0
    for name, mine in (("rsv", spells.kind[spell] == K["rsv"]), ("other", spells.kind[spell] != K["rsv"])):
        at = np.flatnonzero(mine)
        for horizon in (1, 3, 12, 24):
            inside = at[spells.month[spell[at]] + horizon <= world.calendar.last]
            found = outcomes[name][inside, horizon - 1]
            assert np.array_equal(
                found, paid[spells.person[spell[inside]], spells.month[spell[inside]] + horizon].astype(np.float32)
            )
            compared += len(inside)
    assert compared > 3_000


def test_the_chosen_effect_is_there_to_be_found(country: tuple[World, Country]) -> None:
    """An effect that a country of this size cannot show, or lock-in without gain."""
    world, lived_once = country
    spells = lived_once.spells
    mine = (spells.kind[lived_once.start_spell] == K["rsv"]) & (
        spells.instrument[lived_once.start_spell] == I["work_trial"]
    )
    outcomes = potential_outcomes(world, lived_once, np.flatnonzero(mine), lambda message: None)
    effect = (outcomes["rsv"] >= 1).mean(axis=0) - (outcomes["other"] >= 1).mean(axis=0)
    against_none = (outcomes["rsv"] >= 1).mean(axis=0) - (outcomes["none"] >= 1).mean(axis=0)
    assert 0.05 < effect[11] < 0.16
    assert against_none[1] < 0.01 < 0.05 < against_none[11]


def test_without_a_chosen_difference_there_is_none() -> None:
    """A difference between workplaces that nobody chose: the test worlds of the evaluation would have a false zero."""
    given = load()
    same = {name: dict.fromkeys(KINDS, 0.4) for name in given["effect"]["find"]}
    hire = {name: dict.fromkeys(KINDS, 0.05) for name in given["effect"]["hire"]}
    world, country = lived(
        3_000,
        keep=True,
        parameters=_changed("effect", find=same, hire=hire, enterprise_sd=0.0, enterprise_sd_course=0.0),
    )
    outcomes = potential_outcomes(world, country, np.arange(len(country.start_spell)), lambda message: None)
    assert len(country.start_spell) > 1_000
    # Where the two worlds' workplaces are both an enterprise: guidance without one has no difference either, by the same numbers.
    assert np.array_equal(outcomes["rsv"], outcomes["other"])


def test_the_weakest_are_sent_to_rsv(country: tuple[World, Country]) -> None:
    """Selection that is not there: a plain comparison would be right by luck."""
    world, lived_once = country
    spells = lived_once.spells
    work = (spells.instrument == I["work_trial"]) & (spells.month >= world.calendar.first)
    skill = world.people.skill[spells.person]
    assert skill[work & (spells.kind == K["rsv"])].mean() < skill[work & (spells.kind != K["rsv"])].mean() - 0.05


def test_only_some_of_the_target_population_are_ever_placed(country: tuple[World, Country]) -> None:
    """Nobody to compare with."""
    world, lived_once = country
    target = np.isin(lived_once.state[:, world.calendar.first :], np.arange(1, 12)).any(axis=1)
    share = len(np.unique(lived_once.spells.person)) / target.sum()
    assert 0.3 < share < 0.7


def test_enterprises_differ_in_what_they_do(country: tuple[World, Country]) -> None:
    """Intervals that look right because every enterprise is the same."""
    enterprises = country[0].enterprises
    assert abs(enterprises.effect.std() - load()["effect"]["enterprise_sd"]) < 0.03


def test_flex_job_and_pension_are_common_ends(country: tuple[World, Country]) -> None:
    """Competing ends that hardly occur: censoring and exits would go untested."""
    world, lived_once = country
    first, last = lived_once.state[:, world.calendar.first], lived_once.state[:, -1]
    weak = np.isin(first, [3, 7, 8])
    ends = np.isin(last, [12, 13, 14, 19])
    assert ends[weak].mean() > 0.15


def test_the_written_truth_adds_up(small: Made) -> None:
    """Effects that are not the means of the outcomes beside them."""
    outcomes = pq.read_table(small.truth / "potential_outcomes.parquet").to_pandas()
    spells = pq.read_table(small.truth / "spells.parquet").to_pandas()
    effects = pq.read_table(small.truth / "effects.parquet").to_pandas()
    joined = outcomes.merge(spells, on="spell")
    mine = joined[
        (joined["instrument"] == "guidance_upskilling")
        & (joined["enterprise_kind"] == "rsv")
        & (joined["horizon"] == 12)
    ]
    wanted = effects[
        (effects["instrument"] == "guidance_upskilling")
        & (effects["enterprise_kind"] == "rsv")
        & (effects["contrast"] == "RN")
        & (effects["family"] == "all")
        & (effects["horizon"] == 12)
    ]
    assert len(mine) == wanted["spells"].iloc[0]
    assert abs((mine["hours_rsv"] - mine["hours_none"]).mean() - wanted["hours_effect"].iloc[0]) < 1e-4
    assert outcomes.groupby("spell").size().eq(36).all()
