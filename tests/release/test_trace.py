"""A figure traced with the public tier alone: what it shows, what it hides, what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import SampleBuild
from tests.release.traced import NAME, Traced, once
from transforms.release.design import read_design

DESIGN = read_design()
REGISTER = ("register", "year=2020")


@pytest.fixture(scope="module")
def traced(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    return once(sample_build, tmp_path_factory)


@pytest.fixture(scope="module")
def alone(traced: Traced, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """The release and dbt's manifest, and nothing of a person."""
    warehouse = tmp_path_factory.mktemp("alone")
    shutil.copytree(traced.warehouse / "evaluation", warehouse / "evaluation")
    (warehouse / "dbt").mkdir()
    shutil.copy(traced.warehouse / "dbt" / "manifest.json", warehouse / "dbt" / "manifest.json")
    return Traced(warehouse, traced.raw)


def keys_of(table: str, row: pd.Series) -> list[str]:
    dimensions = next(one.dimensions for one in DESIGN.tables if one.name == table)
    return [f"{name}={row[name]}" for name in dimensions]


@pytest.mark.parametrize("table", [one.name for one in DESIGN.tables])
def test_a_row_of_every_table_is_shown_as_it_was_released_without_any_data_of_persons(
    table: str, alone: Traced
) -> None:
    """A trace that needs the build to show what is public, or that shows another number than the release."""
    rows = alone.table(table)
    row = rows.iloc[-1]
    found = alone.found(table, *keys_of(table, row))
    for name, shown in found["measures"].items():
        expected = None if pd.isna(row[name]) or shown["is_hidden"] else row[name]
        assert shown["value"] == expected or shown["value"] == pytest.approx(expected), name
    assert found["rule"]["models"][0]["file"].startswith("transforms/models/marts/")
    assert all(one["danish"] and one["english"] for one in found["rule"]["measures"])
    assert "behind" not in found


def test_a_hidden_figure_stays_hidden_and_why_is_said_in_general_words_alone(traced: Traced) -> None:
    """The rule that a cell broke narrows what it holds: `too few persons` is 1 to 4."""
    for table in ("scope_by_instrument_and_target", "hours_by_target_group", "effect_estimates"):
        rows = traced.table(table)
        hidden = rows[rows["status"] != "ok"]
        assert len(hidden)
        row = hidden.iloc[len(hidden) // 2]
        text = traced.trace(table, *keys_of(table, row)).stdout
        assert "[c]" in text and "is not public" in text and "suppressed" not in text.split("The rule")[0]
        found = traced.found(table, *keys_of(table, row))
        assert any(one["is_hidden"] for one in found["measures"].values())
        assert all(one["value"] is None for one in found["measures"].values() if one["is_hidden"])


def test_a_label_names_a_value_and_what_is_not_named_is_its_total(traced: Traced) -> None:
    """Who reads the pages knows the municipality's name, not its code."""
    found = traced.found("supply_by_municipality", "year=2020", "municipality_code=københavn")
    assert found["key"] == {"year": 2020, "municipality_group": "1", "municipality_code": "0101"}
    found = traced.found("scope_by_municipality", "year=2020")
    assert set(found["key"].values()) == {2020, "all"}
    assert traced.found("scope_by_municipality", "year=2020", "municipality_code=0101")["key"]["municipality_group"] == "1"  # fmt: skip


def test_the_chain_reaches_the_deliveries_and_crosses_the_estimators(traced: Traced) -> None:
    """An effect whose chain ends at a Parquet file of our own says nothing of where it comes from."""
    manifest = json.loads((traced.warehouse / "evaluation" / NAME / "manifest.json").read_text(encoding="utf-8"))
    effect = "arm=RO", "family=A", "instrument=work_trial", "outcome=employed", "horizon=12", "estimator=aipw", "specification=main"  # fmt: skip
    found = traced.found("effect_estimates", *effect, "--lines", "500")
    names = [one["name"] for one in found["rule"]["upstream"]]
    assert names.index("estimators") < names.index("intermediate.int_effect_trials")
    assert len(names) == len(set(names)) and "intermediate.int_activities" in names
    kinds = {one["kind"]: one["files"] for one in found["deliveries"]}
    assert set(kinds) == {"cvr_produktionsenheder", "cvr_virksomheder", "dream", "eindkomst", "forloeb", "personer", "se_numre"}  # fmt: skip
    for kind, files in kinds.items():
        assert files == [{"sha256": one["sha256"], "outcome": one["outcome"]} for one in manifest["deliveries"] if one["kind"] == kind]  # fmt: skip
    # The register knows no payroll.
    assert "eindkomst" not in {one["kind"] for one in traced.found(*REGISTER)["deliveries"]}


@pytest.mark.parametrize(
    ("words", "rule", "named"),
    [
        (["scope_by_municipalty", "year=2020"], "table_unknown", "did you mean scope_by_municipality?"),
        (["register", "yaer=2020"], "dimension_unknown", "did you mean year?"),
        (["register", "year=1999"], "value_unknown", "year: 2015, 2016"),
        (["scope_by_municipality", "year=2020", "enterprise_kind=rvs"], "value_unknown", "did you mean rsv?"),
        (["register", "year=2020", "--measure", "rsv_activ"], "measure_unknown", "did you mean rsv_active?"),
        (["hours_by_target_group", "enterprise_kind=rsv"], "dimension_missing", "add horizon=VALUE, one of 3, 6, 12, 24"),
        (["scope_by_municipality", "year=2020", "municipality_group=2", "municipality_code=0101"], "row_missing", "there is no row"),
    ],
)  # fmt: skip
def test_what_the_release_has_not_got_is_refused_with_what_it_has(
    words: list[str], rule: str, named: str, traced: Traced
) -> None:
    """An asker who is told `not found` gives up."""
    done = traced.trace(*words)
    assert done.exit_code == 1 and done.stdout == ""
    assert re.match(rf"^\S+\.(parquet|yml): .*\[trace\.{rule}\] Remedy: .+$", done.stderr), done.stderr
    assert named in done.stderr


def test_a_release_that_is_not_there_is_refused_with_those_that_are(traced: Traced) -> None:
    """A preview taken for a release, or a typing error for an empty one."""
    done = Traced(traced.warehouse, traced.raw).trace("register")
    assert "[trace.dimension_missing]" in done.stderr
    from click.testing import CliRunner

    from pipelines.trace import command

    said = CliRunner().invoke(command, ["2026-2", *REGISTER, "--warehouse", str(traced.warehouse)])
    assert said.exit_code == 1 and "[trace.release_unknown]" in said.stderr and "name one of 2026-1" in said.stderr


def test_a_file_that_was_changed_after_the_release_is_refused(alone: Traced, tmp_path: Path) -> None:
    """A figure that somebody wrote into a release would be traced as if it were one."""
    shutil.copytree(alone.warehouse, tmp_path / "warehouse")
    changed = Traced(tmp_path / "warehouse", alone.raw)
    file = changed.warehouse / "evaluation" / NAME / "public" / "register.parquet"
    changed.table("register").assign(rsv_registered=1).to_parquet(file, index=False)
    done = changed.trace(*REGISTER)
    assert done.exit_code == 1 and "[trace.file_changed]" in done.stderr


def test_a_key_that_is_no_pair_or_comes_twice_is_a_mistake_of_use(traced: Traced) -> None:
    """The last of two years would win in silence."""
    for words in (["register", "2020"], ["register", "year=2020", "year=2019"]):
        done = traced.trace(*words)
        assert done.exit_code == 2 and "KEY=VALUE" in done.stderr
