"""When no release is made: refused with the reason, or failed midway, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.release import freeze as freezing
from assets.release import restricted_tier
from assets.release.freeze import freeze
from tests.conftest import ROOT, SampleBuild
from tests.release.sample import NAME, PROJECT_KEY, Again, Released, linked, no_pages, release
from transforms.disclosure.limits import DEFAULT
from transforms.release.design import DESIGN_FILE
from transforms.release.variables import FILE as VARIABLES_FILE


def test_a_name_that_exists_is_refused_and_the_release_stays(released: Released) -> None:
    """A release that changes under those who cite it."""
    before = (released.folder / "SHA256SUMS").read_bytes()
    done = release(released.warehouse)
    assert done.exit_code == 1 and "a release is frozen" in done.output
    assert (released.folder / "SHA256SUMS").read_bytes() == before
    assert [path.name for path in released.folder.parent.iterdir()] == [NAME]


def test_a_killed_run_is_cleared_away_by_the_next(again: Again) -> None:
    """What a killed run left behind holds personal data, and would stand in the next release."""
    assert [path.name for path in again.folder.parent.iterdir()] == [NAME]
    assert not (again.folder / "public" / "left.csv").exists()


@pytest.mark.parametrize("place", ["write_codebook_of", "write_package", "write_sums"])
def test_nothing_is_left_behind_when_a_part_fails(place: str, again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a release looks like a whole one."""

    def stumble(*_: object, **__: object) -> None:
        raise RuntimeError("no space left")

    monkeypatch.setattr(freezing, "public_tables", lambda *_: again.tables)
    monkeypatch.setattr(freezing, "make_pages", no_pages)
    monkeypatch.setattr(freezing, "write_package", lambda *_: None)
    where = freezing.descriptions if place == "write_codebook_of" else freezing
    monkeypatch.setattr(where, place, stumble)
    with pytest.raises(RuntimeError, match="no space left"):
        freeze(again.warehouse, "broken", PROJECT_KEY, public_formats=["parquet"], restricted_formats=["parquet"])
    assert [path.name for path in again.folder.parent.iterdir()] == [NAME]


def _changed(file: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a YAML file with something changed."""
    values = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(values)
    copy = folder / file.name
    copy.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    return copy


def _no_description(design: dict[str, Any]) -> None:
    del design["tables"][0]["description"]


def _below_the_law(limits: dict[str, Any]) -> None:
    limits["persons"]["value"] = 3


def _long_names(design: dict[str, Any]) -> None:
    for number in (0, 1):
        design["tables"][number]["name"] = f"scope_by_everything_that_there_is_{number}"


def _no_meaning(variables: dict[str, Any]) -> None:
    del variables["variables"]["rsv_active"], variables["variables"]["subgroup_by"]


REFUSALS: Mapping[str, tuple[str, Path, Callable[[dict[str, Any]], None], tuple[str, ...]]] = {
    "table without description": (
        "DESIGN_FILE",
        DESIGN_FILE,
        _no_description,
        ("scope_by_municipality", "description"),
    ),
    "tables with a name that no format holds": (
        "DESIGN_FILE",
        DESIGN_FILE,
        _long_names,
        ("public/scope_by_everything_that_there_is_0", "public/scope_by_everything_that_there_is_1", "32 characters"),
    ),
    "limit below the law's": ("DEFAULT", DEFAULT, _below_the_law, ("limits.yml", "persons", "5")),
    "variable without description": (
        "VARIABLES_FILE",
        VARIABLES_FILE,
        _no_meaning,
        ("public/effect_estimates.subgroup_by", "transforms/release/variables.yml", "variables: subgroup_by"),
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_it_is_refused_with_the_reason_and_nothing_is_made(
    what: str, sample_build: SampleBuild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release of what nobody described, or of cells of three, cannot be called back."""
    constant, file, change, said = REFUSALS[what]
    warehouse = linked(sample_build, tmp_path / "warehouse")
    monkeypatch.setattr(f"assets.release.rules.{constant}", _changed(file, tmp_path, change))
    done = release(warehouse)
    assert done.exit_code == 1 and "No release is made" in done.output
    assert all(word in done.output for word in said), done.output
    assert not (warehouse / "evaluation").exists()


def test_restricted_columns_without_description_are_all_named(
    sample_build: SampleBuild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reason a run makes a release be mended in seven runs."""

    def forget(given: dict[str, Any]) -> None:
        given["spells"]["columns"]["spell_key"][2] = ""
        given["enterprises"]["description"] = ["", ""]
        del given["enterprises"]["columns"]["industry"]

    monkeypatch.setattr(restricted_tier, "FILE", _changed(restricted_tier.FILE, tmp_path, forget))
    done = release(linked(sample_build, tmp_path / "warehouse"))
    assert done.exit_code == 1
    for where in ("restricted/spells.spell_key", "restricted/enterprises:", "restricted/enterprises.industry"):
        assert where in done.output
    assert "restricted.yml, under enterprises: columns: industry" in done.output


def test_a_warehouse_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    """A mistyped folder becomes an empty warehouse that looks like one."""
    done = release(tmp_path / "gone")
    assert done.exit_code == 1 and "build first" in done.output
    assert list(tmp_path.iterdir()) == []


def test_no_release_is_made_while_a_build_runs(sample_build: SampleBuild, tmp_path: Path) -> None:
    """Two runs that write in one folder make a release of two builds."""
    warehouse = linked(sample_build, tmp_path / "warehouse")
    code = f"from pathlib import Path; from pipelines.lock import one_build\nwith one_build(Path({str(warehouse)!r})): print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        done = release(warehouse)
        other.communicate("\n")
    assert done.exit_code == 1 and "a build is running here already" in done.output
    assert not (warehouse / "evaluation").exists()
