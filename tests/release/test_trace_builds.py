"""A trace of a build that is not the release's, or that does not add up, is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from assets.release.manifest import sha256
from tests.conftest import SampleBuild
from tests.release.traced import NAME, RESTRICTED, Traced, once

HOURS = ("hours_by_target_group", "horizon=12")


@pytest.fixture(scope="module")
def traced(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    return once(sample_build, tmp_path_factory)


def other(traced: Traced, folder: Path, **said: object) -> Traced:
    """The same warehouse with a release that says something else of its build."""
    folder.mkdir()
    for part in ("build", "lake", "dbt"):
        (folder / part).symlink_to((traced.warehouse / part).resolve())
    shutil.copytree(traced.warehouse / "evaluation", folder / "evaluation")
    file = folder / "evaluation" / NAME / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | said), encoding="utf-8")
    return Traced(folder, traced.raw)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"as_of": "2021-06-30"}, "as_of is 2021-12-31, the release's 2021-06-30"),
        ({"code_version": "0"}, "code_version is"),
        ({"parameters": {}}, "the parameters differ"),
        ({"protocol_hash": "0"}, "the protocol differs"),
        ({"deliveries": [{"kind": "dream", "sha256": "0", "outcome": "used"}]}, "1 of the release's are not here"),
    ],
)
def test_a_build_that_the_release_was_not_made_from_is_refused(
    said: dict[str, object], named: str, traced: Traced, tmp_path: Path
) -> None:
    """People of another build shown as those behind a figure."""
    done = other(traced, tmp_path / "other", **said).trace(*HOURS, *RESTRICTED)
    assert done.exit_code == 1 and done.stdout == ""
    assert "[trace.build_other]" in done.stderr and named in done.stderr and "Remedy: build again" in done.stderr


def test_a_build_of_other_models_is_refused_by_any_figure_that_the_release_shows(
    traced: Traced, tmp_path: Path
) -> None:
    """The files and the ingest are the same when a model has changed: the members of a hidden figure would be others."""
    changed = other(traced, tmp_path / "other")
    file = changed.warehouse / "evaluation" / NAME / "public" / "hours_by_target_group.parquet"
    rows = changed.table("hours_by_target_group")
    at = rows.index[(rows["horizon"] == 3) & rows["spells"].notna()][0]
    rows.loc[at, "spells"] += 1
    rows.to_parquet(file, index=False)
    said = json.loads((changed.warehouse / "evaluation" / NAME / "manifest.json").read_text(encoding="utf-8"))
    said["files"]["public/hours_by_target_group.parquet"] = sha256(file)
    (changed.warehouse / "evaluation" / NAME / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert changed.trace(*HOURS).exit_code == 0
    done = changed.trace(*HOURS, *RESTRICTED)
    assert done.exit_code == 1 and "[trace.build_other]" in done.stderr and "1 of " in done.stderr


def test_without_the_build_file_the_public_tier_alone_is_shown(traced: Traced, tmp_path: Path) -> None:
    """A trace that makes do with the published file would name nobody's lines and say so nowhere."""
    changed = other(traced, tmp_path / "other")
    (changed.warehouse / "build").unlink()
    assert changed.trace(*HOURS).exit_code == 0
    assert "[trace.build_missing]" in changed.trace(*HOURS, *RESTRICTED).stderr


def test_a_build_that_is_being_written_is_waited_for(traced: Traced, tmp_path: Path) -> None:
    """A read in the middle of a build mixes two of them."""
    changed = other(traced, tmp_path / "other")
    (changed.warehouse / "build").unlink()
    (changed.warehouse / "build").mkdir()
    with duckdb.connect(str(changed.warehouse / "build" / "outcome.duckdb")):
        assert "[trace.build_busy]" in changed.trace(*HOURS, *RESTRICTED).stderr


@pytest.mark.parametrize(
    ("part", "rule"), [("compiled", "members_differ"), ("lake", "lake_missing"), ("deliveries", "lake_other")]
)
def test_what_does_not_add_up_is_refused(part: str, rule: str, traced: Traced, tmp_path: Path) -> None:
    """A list of lines that is one short is believed."""
    changed = other(traced, tmp_path / "other")
    if part == "compiled":
        (changed.warehouse / "dbt").unlink()
        marts = Path("dbt/compiled/fodfaeste/models/marts/evaluation")
        (changed.warehouse / marts).mkdir(parents=True)
        shutil.copy(traced.warehouse / "dbt" / "manifest.json", changed.warehouse / "dbt" / "manifest.json")
        text = (traced.warehouse / marts / "fct_hour_cells.sql").read_text(encoding="utf-8")
        short = text.replace("from spell_horizons\n", "from (select * from spell_horizons where spell_id <> (select max(spell_id) from spell_horizons semi join spells_without_work using (spell_id) where horizon = 12)) as spell_horizons\n")  # fmt: skip
        assert short != text
        (changed.warehouse / marts / "fct_hour_cells.sql").write_text(short, encoding="utf-8")
    elif part == "lake":
        (changed.warehouse / "lake").unlink()
    else:
        (changed.warehouse / "lake").unlink()
        shutil.copytree(traced.warehouse / "lake" / "forloeb" / "2019-03", changed.warehouse / "lake" / "forloeb" / "2019-03")  # fmt: skip
    done = changed.trace(*HOURS, *RESTRICTED)
    assert done.exit_code == 1 and f"[trace.{rule}]" in done.stderr and "Remedy:" in done.stderr
    assert done.stdout == ""
