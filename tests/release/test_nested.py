"""Horizons and milestones: populations inside one another cannot be subtracted, nor looked up in each other's tables."""

from __future__ import annotations

from itertools import pairwise, permutations

import duckdb
import pandas as pd
import pytest
import yaml

from tests.conftest import ROOT, SampleBuild
from transforms.disclosure.limits import Limits
from transforms.disclosure.system import DisclosureError
from transforms.release.design import PublicSystem, read_design
from transforms.release.public import protect_system

LIMITS = Limits(search_programmes=60)
MILESTONES = ROOT / "transforms" / "models" / "marts" / "evaluation" / "_fct_lasting_cells.yml"
# Who is without benefit may be without work, and who works may have a benefit: at risk of it are others than of any other milestone.
ALONE = {"self_support_six_months"}
REMEDY = (
    "transforms/release/tables.yml: systems: lasting: nested: milestone: {}. Remedy: a chain names the widest first; put each milestone before those "
    "whose spells at risk are all at risk of it too (who has no half time has no full time: full_time before half_time)"
)


@pytest.fixture(scope="module")
def system() -> PublicSystem:
    """The system of hours."""
    return read_design().systems["hours"]


def rows(spells: dict[str, dict[int, int]]) -> pd.DataFrame:
    """Rows of hours by target group and horizon, both kinds and all: one spell a person, a fifth of them employed, other enterprises five times RSV."""
    groups = {**spells, "all": {h: sum(one[h] for one in spells.values()) for h in next(iter(spells.values()))}}
    found = []
    for group, counts in groups.items():
        for horizon, count in counts.items():
            for kind, times in (("rsv", 1), ("other", 5), ("all", 6)):
                number = count * times
                found.append((kind, group, horizon, number, number // 5))
    frame = pd.DataFrame(found, columns=["enterprise_kind", "target_group", "horizon", "spells", "employed"])
    return frame.assign(
        start_year=0,
        instrument="all",
        municipality_group="all",
        municipality_code="all",
        persons=frame["spells"],
        small_jobs=0,
        band_0=frame["spells"] - frame["employed"],
        band_1=0,
        band_2=frame["employed"],
        band_3=0,
        band_4=0,
        exited=0,
        share=frame["employed"] / frame["spells"],
        ci_lower=0.0,
        ci_upper=1.0,
        enterprises=9,
        largest_persons=1,
        second_persons=1,
    )


def at(found: pd.DataFrame, group: str, horizon: int, kind: str = "rsv") -> pd.Series:
    """One row."""
    chosen = (found["target_group"] == group) & (found["horizon"] == horizon) & (found["enterprise_kind"] == kind)
    return found[chosen].iloc[0]


def test_two_more_at_three_months_than_at_six_are_not_told_by_subtraction(system: PublicSystem) -> None:
    """52 starts can be followed for three months and 50 for six: whoever sees both knows of two who started in the last three months."""
    given = {"a": {3: 52, 6: 50}, "b": {3: 200, 6: 150}, "c": {3: 210, 6: 160}, "d": {3: 220, 6: 170}}
    found = protect_system(rows(given), system, LIMITS).rows
    assert (at(found, "a", 3)["status"], at(found, "a", 6)["status"]) != ("ok", "ok")
    assert at(found, "all", 3, "all")["status"] == "ok"


def test_enough_more_may_be_told(system: PublicSystem) -> None:
    """A difference of fifty tells of nobody: hiding it would lose a row for nothing."""
    given = {"a": {3: 100, 6: 50}, "b": {3: 200, 6: 150}, "c": {3: 210, 6: 160}}
    found = protect_system(rows(given), system, LIMITS).rows
    assert (found["status"] == "ok").all()


def test_a_group_hidden_at_one_horizon_is_hidden_at_the_other(system: PublicSystem) -> None:
    """The same spells stand at three and at six months: a number hidden in one row would be read in the other."""
    given = {group: dict.fromkeys((3, 6), count) for group, count in {"a": 3, "b": 60, "c": 65, "d": 70}.items()}
    found = protect_system(rows(given), system, LIMITS).rows
    assert at(found, "a", 3)["status"] == "suppressed_primary"
    assert (found["status"] == "suppressed_secondary").any()
    by_row = found.pivot_table(
        index=["enterprise_kind", "target_group"], columns="horizon", values="status", aggfunc="first"
    )
    assert (by_row[3] == by_row[6]).all()


def test_a_population_larger_than_the_one_around_it_is_refused(system: PublicSystem) -> None:
    """The design would be protecting tables that do not exist."""
    with pytest.raises(DisclosureError, match="hours: nested: persons"):
        protect_system(rows({"a": {3: 50, 6: 60}, "b": {3: 50, 6: 50}}), system, LIMITS)


@pytest.mark.parametrize("name", ["hours", "lasting"])
def test_no_pair_of_the_sample_tells_of_a_few(sample_build: SampleBuild, name: str) -> None:
    """Every table of the sample: two published counts of nested populations differ by nobody or by enough."""
    system = read_design().systems[name]
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        given = connection.execute(f"select * from {system.source} where {system.rows}").df()
    found = protect_system(given, system, Limits(search_programmes=1)).rows
    statuses = found[["status"]].join(given[[*system.keys, "spells", "persons"]])
    looked_at = 0
    for dimension, chains in system.nested.items():
        others = [key for key in system.keys if key != dimension]
        for wide, narrow in (pair for chain in chains for pair in pairwise(chain)):
            both = statuses[statuses[dimension] == wide].merge(statuses[statuses[dimension] == narrow], on=others)
            more = both["spells_x"] - both["spells_y"]
            is_shown = (both["status_x"] == "ok") & (both["status_y"] == "ok")
            assert not more[is_shown].between(1, LIMITS.persons - 1).any()
            same = both[(more == 0) & (both["persons_x"] == both["persons_y"])]
            assert (same["status_x"] == same["status_y"]).all()
            looked_at += len(both)
    assert looked_at > 50


def test_every_milestone_of_a_release_stands_in_a_chain() -> None:
    """One that is forgotten is protected as if the others were not there: what they hide is had by subtraction, and nothing else tells."""
    (model,) = yaml.safe_load(MILESTONES.read_text(encoding="utf-8"))["models"]
    (tested,) = (column["data_tests"] for column in model["columns"] if column["name"] == "milestone")
    (published,) = (test["accepted_values"]["arguments"]["values"] for test in tested if "accepted_values" in test)
    chained = [milestone for chain in read_design().systems["lasting"].nested["milestone"] for milestone in chain]
    assert len(chained) == len(set(chained)) > 1
    missing = sorted(set(published) - set(chained) - ALONE)
    assert missing == [], REMEDY.format(
        f"{missing} stand in no chain, and are not said to stand alone in tests/release/test_nested.py"
    )
    assert {*chained, *ALONE} <= set(published)


def test_chains_of_milestones_are_those_of_the_spells_at_risk(sample_build: SampleBuild) -> None:
    """In a chain in the wrong order, or said to stand alone, a milestone is protected from differences that nobody can make and open to those that anyone can."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        found = connection.execute("select milestone, spell_id from progression.fct_milestones").fetchall()
    at_risk: dict[str, set[str]] = {}
    for milestone, spell in found:
        at_risk.setdefault(milestone, set()).add(spell)
    chains = read_design().systems["lasting"].nested["milestone"]
    declared = {(wide, narrow) for chain in chains for at, wide in enumerate(chain) for narrow in chain[at + 1 :]}
    inside = {(wide, narrow) for wide, narrow in permutations(at_risk, 2) if at_risk[narrow] <= at_risk[wide]}
    assert declared <= inside, REMEDY.format(f"{sorted(declared - inside)}: the second is not inside the first")
    # Two of the same spells may stand either way round. Who stands alone may hold a small group by chance, never all of a chain.
    missing = {pair for pair in inside if not {pair, pair[::-1]} & declared and not ALONE & set(pair)}
    assert missing == set(), REMEDY.format(f"{sorted(missing)}: the second is inside the first")
    for alone, chain in ((alone, chain) for alone in ALONE for chain in chains):
        is_apart = [not {(alone, one), (one, alone)} & inside for one in chain]
        assert any(is_apart), REMEDY.format(f"{alone} does not stand alone")
    assert len(inside) > 5
