"""Releases of the sample, each made once. Belongs here: fixtures that are dear and shared. Not here: tests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.release import freeze as freezing
from assets.release.public_tier import PREVIEW_FORMATS
from tests.conftest import SampleBuild
from tests.release.sample import NAME, PROJECT_KEY, Again, Released, linked, no_pages, release
from transforms.disclosure.limits import DEFAULT
from transforms.release.public import PublicTables

PROGRAMMES = 10  # of the search for the fewest suppressed cells: safe from the first on, and cheap


@contextlib.contextmanager
def few_programmes(folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """Limits with a short search, for as long as it lasts."""
    limits = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    limits["search_programmes"]["value"] = PROGRAMMES
    file = folder / "limits.yml"
    file.write_text(yaml.safe_dump(limits), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assets.release.rules.DEFAULT", file)
        yield patch


@pytest.fixture(scope="package")
def released(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Every format once, by the command."""
    folder = tmp_path_factory.mktemp("first")
    warehouse = linked(sample_build, folder / "warehouse")
    with few_programmes(folder):
        done = release(warehouse)
    assert done.exit_code == 0, done.output
    return Released(warehouse / "evaluation" / NAME, warehouse, done.output)


@pytest.fixture(scope="package")
def again(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """The formats that are the same bytes, in a folder where a run was killed before; pages stand in no manifest."""
    folder = tmp_path_factory.mktemp("second")
    warehouse = linked(sample_build, folder / "warehouse")
    killed = warehouse / "evaluation" / f".{NAME}.being-made" / "public"
    killed.mkdir(parents=True)
    (killed / "left.csv").write_text("left behind by a killed run", encoding="utf-8")
    kept: list[PublicTables] = []
    made = freezing.public_tables

    def keep(*words: Any) -> PublicTables:
        kept.append(made(*words))
        return kept[-1]

    with few_programmes(folder) as patch:
        patch.setattr(freezing, "public_tables", keep)
        patch.setattr(freezing, "make_pages", no_pages)
        frozen = freezing.freeze(
            warehouse, NAME, PROJECT_KEY, public_formats=PREVIEW_FORMATS, restricted_formats=PREVIEW_FORMATS
        )
    return Again(frozen.folder, warehouse, kept[0])
