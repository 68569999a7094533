"""The views of `simple`: the rows of their tables, words instead of codes, the same in the published file whatever it is called."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.report.findings.reasons import reason
from assets.report.labels import Labels
from assets.report.language import DANISH
from tests.conftest import SampleBuild

CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")
# Columns whose values are names that somebody gave: files, rules, numbers of registers.
NAMES = {"spell_id", "enterprise_cvr", "enterprise_name", "file_name", "folder", "refusal_reason", "rule", "industry_code", "legal_form"}  # fmt: skip


@pytest.fixture(scope="module")
def outcome(sample_build: SampleBuild) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def views(sample_build: SampleBuild) -> dict[str, dict[str, Any]]:
    """`simple.*` of the build's manifest, by name."""
    manifest = json.loads((sample_build.warehouse / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "simple"
    }


def test_every_view_is_published_as_a_view_with_its_words(
    outcome: duckdb.DuckDBPyConnection, views: dict[str, dict[str, Any]], sample_build: SampleBuild
) -> None:
    """A view that is copied as a table doubles the file, and one without comments is a column of guesses in DBeaver."""
    found = outcome.execute("select view_name, comment from duckdb_views() where schema_name = 'simple'").fetchall()
    assert {name for name, _ in found} == set(views)
    assert len(views) > 15
    assert all(comment for _, comment in found)
    columns = outcome.execute(
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'simple'"
    ).fetchall()
    assert {(table, column) for table, column, _ in columns} == {(name, column) for name, node in views.items() for column in node["columns"]}  # fmt: skip
    assert [(table, column) for table, column, comment in columns if not comment] == []
    assert not outcome.execute("select * from duckdb_tables() where schema_name = 'simple'").fetchall()
    latest = json.loads((sample_build.warehouse / "LATEST.json").read_text(encoding="utf-8"))
    assert latest["views"] == sorted(f"simple.{name}" for name in views)


def test_a_view_has_exactly_the_rows_of_its_table(
    outcome: duckdb.DuckDBPyConnection, views: dict[str, dict[str, Any]]
) -> None:
    """A label that is there twice counts a person twice; one that is missing drops him."""
    counts = {}
    for name, node in views.items():
        base = node["config"]["meta"]["rows_of"]
        [(shown, held)] = outcome.execute(
            f"select (select count(*) from simple.{name}), (select count(*) from {base})"
        ).fetchall()
        counts[name] = (shown, held)
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert sum(shown for shown, _ in counts.values()) > 10_000


def test_a_view_shows_words_never_codes(outcome: duckdb.DuckDBPyConnection, views: dict[str, dict[str, Any]]) -> None:
    """A code that nobody has named sends the reader of a spreadsheet to a list that he does not have."""
    unnamed = {}
    for name, node in views.items():
        for column, described in node["columns"].items():
            if described["data_type"] != "varchar" or column in NAMES:
                continue
            values = [row[0] for row in outcome.execute(f"select distinct {column} from simple.{name} where {column} is not null").fetchall()]  # fmt: skip
            left = [value for value in values if CODE.search(value) or value in ("all", "rsv", "none", "unknown", "public", "private")]  # fmt: skip
            if left:
                unnamed[f"{name}.{column}"] = left
    assert unnamed == {}


def test_the_views_hold_in_a_file_of_another_name(sample_build: SampleBuild, tmp_path: Path) -> None:
    """Whoever copies the file, or attaches it beside another, must not find views that look for the old name."""
    copy = tmp_path / "land-2021.duckdb"
    shutil.copy((sample_build.warehouse / "outcome.duckdb").resolve(), copy)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as \"last year\" (read_only)")
        [(spells,)] = connection.execute('select count(*) from "last year".simple.placements').fetchall()
        [(effects,)] = connection.execute('select count(reason) from "last year".simple.effects').fetchall()
    assert spells > 100
    assert effects > 100


def test_a_spell_in_one_row_says_what_its_tables_say(outcome: duckdb.DuckDBPyConnection) -> None:
    """A pivot that takes another month's hours is seen by nobody: every cell is filled."""
    for horizon in (3, 6, 12, 24):
        [(different, employed)] = outcome.execute(
            f"""
            select
                count(*) filter (
                    placements.ordinary_hours_{horizon} is distinct from horizons.ordinary_hours
                    or placements.is_employed_{horizon} is distinct from case when horizons.status is not null then coalesce(horizons.is_employed, false) end
                    or (placements.status_{horizon} = 'Ikke observeret endnu') is distinct from (horizons.status is null)
                ),
                count(*) filter (placements.is_employed_{horizon})
            from simple.placements
            left join progression.fct_progression_horizons as horizons
                on placements.spell_id = horizons.spell_id and horizons.horizon = {horizon}
            """
        ).fetchall()
        assert different == 0
        assert employed > 0
    for milestone in ("lasting_six_in_row", "lasting_six_of_twelve"):
        found = outcome.execute(
            f"""
            select placements.spell_id, placements.{milestone}_months, date_diff('month', placements.start_date, placements.{milestone}_month)
            from simple.placements where placements.{milestone}_status = 'Nået' order by all
            """
        ).fetchall()
        reached = outcome.execute(
            "select spell_id, months, months from progression.fct_milestones where milestone = ? and status = 'event' order by all",
            [milestone],
        ).fetchall()
        assert found == reached
        assert found


def test_reasons_are_told_alike_in_the_warehouse_and_on_pages(outcome: duckdb.DuckDBPyConnection) -> None:
    """One list of words, two readers: SQL and Python must find the same ones. Figures outside limits are rounded on pages and are not compared."""
    told = outcome.execute(
        "select code, label_da from effect.dim_effect_labels where code_list = 'reason' and not contains(code, 'outside the limits')"
    ).fetchall()
    assert told
    assert [
        (given, words) for given, words in told if reason(given, Labels({}), DANISH) != words or words == given
    ] == []
