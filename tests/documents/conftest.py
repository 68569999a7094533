"""One room for the commands that change nothing, one of its own for each that does. Belongs here: fixtures. Not here: tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from raw.synthetic import make
from tests.conftest import SampleBuild
from tests.documents.room import Room, make_room
from tests.documents.table import Row


@pytest.fixture(scope="session")
def pattern_room(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Room:
    """The room that is shared by commands which change nothing; a release stands in it, and a landing zone without defects."""
    made = make_room(tmp_path_factory.mktemp("documents") / "room", sample_build)
    text = "fodfaeste release 2026-1"
    done = made.run(Row(text, "run", f"{text} 2>&1 | tee release.log"))
    assert (made.folder / "warehouse" / "evaluation" / "2026-1" / "manifest.json").is_file(), done.said
    make(made.folder / "clean", persons=300, first_month="2021-01", last_month="2021-03", seed=1, defects="none")
    return made


@pytest.fixture
def room(row: Row, pattern_room: Room, tmp_path: Path) -> Iterator[Room]:
    """The room for one command: the shared one, or one of its own that goes when the command is done."""
    if row.way == "run" and not row.own:
        yield pattern_room
        return
    folder = tmp_path / "room"
    shutil.copytree(pattern_room.folder, folder, symlinks=True)
    yield Room(folder)
    shutil.rmtree(folder, ignore_errors=True)
