"""The schema `effect` as readers find it, and what stands around the estimates. Belongs here: a reader's contract, the cache, the truth. Not here: estimates themselves."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.publishing.audit import connect
from pipelines import effect
from pipelines.cohorts import BuildCohorts
from pipelines.gate import read_gate
from pipelines.power import draw, lines
from pipelines.settings import Settings
from pipelines.truth import points, true_effect
from tests.conftest import SampleBuild
from tests.effect.planted import PLAN, country
from transforms.evaluation.frames import KEYS, SCHEMAS
from transforms.evaluation.power import power_table
from transforms.evaluation.protocol import load_protocol


@pytest.fixture(scope="module")
def published(sample_build: SampleBuild) -> duckdb.DuckDBPyConnection:
    return connect(sample_build.warehouse / "outcome.duckdb")


def test_a_reader_finds_five_tables_with_the_columns_of_the_issue(published: duckdb.DuckDBPyConnection) -> None:
    """A script that a researcher wrote last year must run this year."""
    columns = dict(
        published.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() where schema_name = 'effect' and starts_with(table_name, 'fct_') group by table_name"
        ).fetchall()
    )
    assert columns == {f"fct_effect_{name}": schema.names for name, schema in SCHEMAS.items()}
    asked = (
        "design family specification arm instrument subgroup outcome horizon estimator estimate se low high band_low band_high p p_holm treated comparators enterprises "
        "effective_enterprises effective_comparators off_support mean_treated mean_weighted_comparators gate reason protocol_hash"
    )
    assert set(asked.split()) <= set(columns["fct_effect_estimates"])


def test_no_estimate_is_null_without_a_reason_and_every_row_names_its_protocol(
    published: duckdb.DuckDBPyConnection,
) -> None:
    """A silent null is read as zero, and a number without its protocol as anybody's."""
    for table, figure in (
        ("estimates", "estimate"),
        ("event_study", "estimate"),
        ("balance", "after"),
        ("diagnostics", "figure"),
    ):
        silent = published.execute(
            f"select count(*) from effect.fct_effect_{table} where {figure} is null and coalesce(trim(reason), '') = ''"
        ).fetchone()
        assert silent == (0,), table
    for name, keys in KEYS.items():
        rows, distinct = published.execute(
            f"select count(*), count(distinct ({', '.join(keys)})) from effect.fct_effect_{name}"
        ).fetchone() or (0, 0)
        assert rows and rows == distinct
        hashes = published.execute(f"select distinct protocol_hash from effect.fct_effect_{name}").fetchall()
        assert hashes == [(load_protocol().sha256,)]


def test_there_is_one_primary_row_and_it_has_a_gate(published: duckdb.DuckDBPyConnection) -> None:
    """Two primary results are none."""
    rows = published.execute(
        "select arm, family, outcome, horizon, gate from effect.fct_effect_estimates where is_primary"
    ).fetchall()
    primary = load_protocol().primary
    assert [row[:4] for row in rows] == [(primary.contrast, primary.family, primary.outcome, primary.horizon)]
    assert rows[0][4] in ("pass", "fail", "not_estimated")


def test_numbers_have_six_significant_digits(published: duckdb.DuckDBPyConnection) -> None:
    """More digits hang on the machine, and a frozen release would differ from its copy."""
    values = published.execute("select mean_age from effect.fct_effect_cohort where mean_age is not null").df()
    assert len(values) and all(float(f"{value:.6g}") == value for value in values["mean_age"])


def test_the_gate_is_told_in_a_danish_sentence(sample_build: SampleBuild) -> None:
    """A stakeholder reads one sentence, not a table of diagnostics."""
    gate = read_gate(sample_build.warehouse / "outcome.duckdb")
    assert "primær" in gate.sentence and gate.sentence.endswith(".")
    assert gate.is_open is not bool(gate.failed)
    assert all(": " in line for line in gate.own)


def with_cohorts(folder: Path) -> Settings:
    """A warehouse whose build file holds small cohorts."""
    settings = Settings(raw=folder / "raw", warehouse=folder)
    settings.build_folder.mkdir(parents=True)
    cohorts = country(treated=3, others=4)
    trials, outcomes = cohorts.all_trials, cohorts.all_outcomes
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute("create schema intermediate")
        connection.execute("create table intermediate.int_effect_trials as select * from trials")
        connection.execute("create table intermediate.int_effect_outcomes as select * from outcomes")
        connection.execute(
            "create table intermediate.int_enterprise_rsv_periods (enterprise_cvr bigint, valid_from date)"
        )
    assert len(trials) and len(outcomes)
    return settings


def test_unchanged_cohorts_are_not_estimated_again_and_changed_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that is never right costs a minute a build; one that is wrong publishes yesterday's effects."""
    runs = []

    def empty(*_: object) -> dict[str, pd.DataFrame]:
        runs.append(1)
        return {name: pd.DataFrame(columns=schema.names) for name, schema in SCHEMAS.items()}

    monkeypatch.setattr(effect, "_run", empty)
    settings = with_cohorts(tmp_path)
    assert effect.estimate(settings).is_new and not effect.estimate(settings).is_new
    assert effect.estimate(settings, full=True).is_new, "all of the protocol is another result"
    assert effect.estimate(settings).is_new
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute("create table copy as select * from intermediate.int_effect_trials order by trial_id desc")
        connection.execute("delete from intermediate.int_effect_trials")
        connection.execute("insert into intermediate.int_effect_trials select * from copy")
    assert not effect.estimate(settings).is_new, "the order of rows is nobody's"
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute(
            "update intermediate.int_effect_outcomes set employed = 1 - employed where trial_id = 3 and h = 2"
        )
    assert effect.estimate(settings).is_new
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute("insert into intermediate.int_enterprise_rsv_periods values (10000000, '2020-01-01')")
    assert effect.estimate(settings).is_new, "registration as an event rests on it"
    (effect.folder(settings) / "balance.parquet").unlink()
    assert effect.estimate(settings).is_new
    assert len(runs) == 6


def test_a_group_is_read_from_the_build_file_as_from_frames(tmp_path: Path) -> None:
    """The build reads by SQL what the tests read by pandas."""
    settings = with_cohorts(tmp_path)
    frames = country(treated=3, others=4)
    with duckdb.connect(str(settings.build_file), read_only=True) as connection:
        build = BuildCohorts(connection)
        for group in PLAN.groups:
            trials = build.trials(group)
            assert list(trials["trial_id"]) == list(frames.trials(group)["trial_id"])
            found, expected = (
                one.outcomes(group, trials["trial_id"], [3, 12], ["employed"]) for one in (build, frames)
            )
            order = ["trial_id", "h"]
            pd.testing.assert_frame_equal(
                found.sort_values(order, ignore_index=True),
                expected.sort_values(order, ignore_index=True),
                check_dtype=False,
            )


def test_processes_side_by_side_change_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups come back in the order in which they are ready: rows of one would be taken for another's, on some machines, some days."""
    settings = with_cohorts(tmp_path)
    monkeypatch.setattr(effect, "LEAST_TRIALS", 0)
    told: list[str] = []
    alone, beside = (
        effect.groups_in_workers(PLAN, settings.build_file, [1, 2], workers, False, told.append) for workers in (1, 2)
    )
    assert sorted(told) == sorted([f"{group.arm} A work_trial" for group in PLAN.groups] * 2)
    for one, other in zip(alone, beside, strict=True):
        assert one.keys() == other.keys()
        for name, frame in one.items():
            pd.testing.assert_frame_equal(frame, other[name])


def test_the_truth_is_the_mean_over_the_treated_that_the_estimate_rests_on(tmp_path: Path) -> None:
    """Against four treated by hand: one off support, one not observed, one whose RSV could not be reached; the fourth and fifth differ by 1 and 0."""
    rows = [  # trial, person, arm, cell, observed
        (1, "a", "R", "x", True), (2, "b", "R", "x", True), (3, "c", "R", "alone", True), (4, "d", "R", "x", False), (5, "e", "R", "x", True), (6, "f", "O", "x", True),
    ]  # fmt: skip
    month = datetime.date(2019, 3, 1)
    build_file = tmp_path / "build.duckdb"
    with duckdb.connect(str(build_file)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_effect_trials (trial_id bigint, person_key varchar, month date, arm varchar, cell varchar, family varchar, instrument varchar, is_primary boolean)"
        )
        connection.execute(
            "create table intermediate.int_effect_outcomes (trial_id bigint, h integer, is_censored boolean)"
        )
        for trial, person, arm, cell, is_observed in rows:
            connection.execute(
                "insert into intermediate.int_effect_trials values (?, ?, ?, ?, ?, 'A', 'work_trial', true)",
                [trial, person, month, arm, cell],
            )
            if is_observed:
                connection.execute("insert into intermediate.int_effect_outcomes values (?, 12, false)", [trial])
    spells = pd.DataFrame(
        [
            (number, person, month, "work_trial", "rsv" if arm == "R" else "private")
            for number, person, arm, _, _ in rows
        ],
        columns=["spell", "person_key", "start_month", "instrument", "enterprise_kind"],
    )
    worlds = pd.DataFrame(
        [(1, 12, True, False, False, True), (2, 12, True, True, False, True), (3, 12, True, False, False, True), (5, 12, True, False, False, False), (1, 3, False, True, False, True)],
        columns=["spell", "horizon", "is_employed_rsv", "is_employed_other", "is_employed_none", "rsv_possible"],
    )  # fmt: skip
    spells.to_parquet(tmp_path / "spells.parquet")
    worlds.to_parquet(tmp_path / "potential_outcomes.parquet")
    found = true_effect(build_file, tmp_path, load_protocol())
    assert found is not None and (found.effect, found.treated, found.known) == (0.5, 3, 2)


def test_percentage_points_are_written_as_danes_write_them() -> None:
    """+7,5 and a real minus: a hyphen before a number is read as a dash."""
    assert [points(0.0754), points(-0.0121), points(0.00001)] == [
        "+7,5 procentpoint",
        "−1,2 procentpoint",
        "0,0 procentpoint",
    ]


def test_power_is_shown_as_a_table_and_a_plot_with_a_mark_for_every_figure(tmp_path: Path) -> None:
    """An empty chart has no error: the marks are counted."""
    table = power_table(PLAN, country(treated=60, others=200))
    shown = lines(table, PLAN.shares)
    assert "3 mdr." in shown[0] and any(" pp" in line for line in shown[1:])
    of_primary = table[table["outcome"] == "employed"]
    draw(of_primary, tmp_path)
    known = int(of_primary["smallest_detectable_effect"].notna().sum())
    assert known and (tmp_path / "power.svg").read_text(encoding="utf-8").count('aria-roledescription="point"') == known
    assert (tmp_path / "power.png").stat().st_size > 5_000
