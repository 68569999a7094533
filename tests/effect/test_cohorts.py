"""Who is compared with whom, held to plain loops over the tables before: an invented country with crowded edges under a changed protocol, and the sample under the project's own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import SampleBuild
from tests.effect.cohort_inputs import build_cohorts, changed_protocol, make_rows
from tests.effect.oracle_cohorts import Cohorts
from tests.effect.oracle_outcomes import outcomes
from tests.effect.oracle_tables import number, read
from transforms.evaluation.protocol import Covariates, load_protocol
from transforms.evaluation.protocol_schema import CATEGORIES, CELLS, OUTCOMES, SUBGROUPS, covariates

SEED = 20170101


@pytest.fixture(scope="module")
def protocol_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A protocol that differs from the project's in all that the cohorts take from it."""
    return changed_protocol(tmp_path_factory.mktemp("protocol"))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, protocol_file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The cohorts of the invented country under that protocol."""
    with build_cohorts(tmp_path_factory.mktemp("cohorts"), make_rows(SEED), protocol_file) as connection:
        yield connection


@pytest.fixture(scope="module")
def counted(crowded: duckdb.DuckDBPyConnection, protocol_file: Path) -> Cohorts:
    """The same, counted in loops."""
    return Cohorts(read(crowded), load_protocol(protocol_file))


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    """A cohort table."""
    cursor = connection.execute(f"select * from intermediate.{table}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def is_same(one: Any, other: Any) -> bool:
    """Equal; doubles to 1e-9 of their size."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def assert_starts(connection: duckdb.DuckDBPyConnection, cohorts: Cohorts) -> None:
    """Arm and reason of every spell."""
    found = {row["spell_id"]: (row["arm"], row["reason"]) for row in rows(connection, "int_effect_starts")}
    assert found == {spell: (start["arm"], start["reason"]) for spell, start in cohorts.starts.items()}


def assert_trials(connection: duckdb.DuckDBPyConnection, cohorts: Cohorts) -> None:
    """Every trial, and every column of it."""
    expected = cohorts.trials()
    found = {
        (row["arm"], row["person_key"], number(row["month"]), row["instrument"]): row
        for row in rows(connection, "int_effect_trials")
    }
    assert set(found) == set(expected)
    for key, trial in expected.items():
        row, cell = found[key], trial["cell"]
        assert (row["family"], row["instrument"], row["benefit_group"], row["quarter"], row["is_town"]) == cell, key
        assert row["cell"] == "|".join([*cell[1:4], "towns" if cell[4] else "outskirts"]), key
        wrong = {
            name: (row[name], value)
            for name, value in trial.items()
            if name != "cell" and not is_same(row[name], value)
        }
        assert not wrong, (key, wrong)
    unheld = {
        "trial_id",
        "person_key",
        "month",
        "arm",
        "contrast",
        "family",
        "instrument",
        "instrument_family",
        "benefit_group",
        "quarter",
        "is_town",
    }
    unheld |= {"enterprise_cvr", "age_band", "municipality_group"}
    assert set(next(iter(found.values()))) - set(next(iter(expected.values()))) == unheld


def assert_outcomes(connection: duckdb.DuckDBPyConnection, cohorts: Cohorts, every: int = 1) -> int:
    """Every outcome of every month of every trial, or of one in so many."""
    trials = sorted(rows(connection, "int_effect_trials"), key=lambda row: row["trial_id"])[::every]
    chosen = {row["trial_id"] for row in trials}
    found: dict[int, dict[int, dict[str, Any]]] = {trial: {} for trial in chosen}
    for row in rows(connection, "int_effect_outcomes"):
        if row["trial_id"] in chosen:
            found[row.pop("trial_id")][row.pop("h")] = row
    for trial in trials:
        expected = outcomes(cohorts, trial["person_key"], number(trial["month"]))
        assert set(found[trial["trial_id"]]) == set(expected), trial
        for h, month in expected.items():
            row = found[trial["trial_id"]][h]
            assert set(row) == set(month) == {*OUTCOMES, "is_censored"}
            wrong = {name: (row[name], value) for name, value in month.items() if not is_same(row[name], value)}
            assert not wrong, (trial["arm"], trial["month"], h, wrong)
    return sum(map(len, found.values()))


def test_arms_and_reasons_equal_those_counted_in_loops(crowded: duckdb.DuckDBPyConnection, counted: Cohorts) -> None:
    """A start that enters the wrong arm, or is left out for a reason that does not hold: every reason must come up."""
    assert_starts(crowded, counted)
    seen = Counter(start["reason"] or start["arm"] for start in counted.starts.values())
    declared = {
        "R",
        "O",
        "later_in_the_month",
        "two_on_the_same_day",
        "instrument_not_in_protocol",
        "enterprise_unknown",
        "enterprise_not_compared",
        "enterprise_was_rsv_before",
        "earlier_rsv_start",
    }
    declared |= {
        "month_not_observed",
        "age",
        "not_resident",
        "not_in_panel",
        "no_target_benefit",
        "same_instrument_before",
        "municipality_not_delivered",
        "hours_outside_families",
    }
    assert set(seen) == declared, seen


def test_everyone_who_could_have_entered_is_counted(crowded: duckdb.DuckDBPyConnection, counted: Cohorts) -> None:
    """A person-month too many or too few among those from whom controls are drawn."""
    found = {
        (row["person_key"], number(row["month"])): (row["family"], row["benefit_group"])
        for row in rows(crowded, "int_effect_eligible_months")
    }
    assert found == {key: (entry["family"], entry["benefit_group"]) for key, entry in counted.eligible.items()}
    assert {family for family, _ in found.values()} == {"A", "B"}


def test_trials_equal_those_counted_in_loops(crowded: duckdb.DuckDBPyConnection, counted: Cohorts) -> None:
    """Controls from another cell or with a wrong weight, covariates that look past the start, a second start that counts as the first."""
    assert_trials(crowded, counted)
    arms = Counter(key[0] for key in counted.trials())
    assert arms["R"] > 30 and arms["O"] > 30 and arms["N"] > 100, arms
    assert any(control["weight"] > 1 for control in counted.controls)


def test_covariates_that_a_protocol_may_name_are_those_of_the_trials(
    crowded: duckdb.DuckDBPyConnection, counted: Cohorts
) -> None:
    """A covariate that passes the check of the protocol and stops the estimates an hour later."""
    columns = {row[0] for row in crowded.execute("describe intermediate.int_effect_trials").fetchall()}
    allowed = covariates(counted.protocol.instruments)
    assert {name for name in columns if name.startswith("x_")} == set(allowed)
    everything = Covariates(allowed, (), {})
    assert {name for name in columns if name.startswith("xp_")} == set(everything.placebo) - {"x_age"}
    assert {*CATEGORIES, *CELLS, *SUBGROUPS} <= columns


def test_outcomes_equal_those_counted_in_loops(crowded: duckdb.DuckDBPyConnection, counted: Cohorts) -> None:
    """A sum that begins in the start month, work after death, an emigrant counted as idle, a run that began before the start."""
    assert assert_outcomes(crowded, counted) > 5_000


def test_states_of_a_month_add_up_to_one(crowded: duckdb.DuckDBPyConnection) -> None:
    """Effects over the states sum to zero only when every month is in exactly one."""
    states = " + ".join(name for name in OUTCOMES if name.startswith("state_"))
    assert crowded.execute(
        f"select count(*) from intermediate.int_effect_outcomes where not is_censored and {states} is distinct from 1"
    ).fetchone() == (0,)


def test_starts_and_those_left_out_add_up(crowded: duckdb.DuckDBPyConnection) -> None:
    """A start that vanishes between the arms and the table of those left out."""
    counts = "select (select sum(starts) from intermediate.int_effect_left_out), (select count(*) from intermediate.int_effect_trials where arm <> 'N')"
    left_out, entered = crowded.execute(counts).fetchone() or (0, 0)
    assert left_out + entered == crowded.execute("select count(*) from intermediate.int_effect_starts").fetchone()[0]  # type: ignore[index]


def test_the_cohorts_of_the_sample_equal_those_counted_in_loops(sample_build: SampleBuild) -> None:
    """What an invented country cannot show: the tables before as a build really makes them."""
    with duckdb.connect(str(sample_build.warehouse / "build" / "outcome.duckdb"), read_only=True) as connection:
        cohorts = Cohorts(read(connection), load_protocol())
        assert_starts(connection, cohorts)
        assert_trials(connection, cohorts)
        assert assert_outcomes(connection, cohorts, every=5) > 1_000
