"""The files of a release, and the analyst's examples, in the programs of others. Needs Rscript with haven, and pspp: only collected when this directory is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.formats.writer import write_all
from tests.formats.tables import PERSONS, persons


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`make test` needs Python alone, so a run over all of `tests` leaves this directory out."""
    return None if any("other_tools" in argument for argument in config.args) else True


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table of persons in the formats of Stata, SPSS and SAS."""
    made = tmp_path_factory.mktemp("release")
    write_all(persons(), PERSONS, made, ["stata", "spss", "sas"])
    return made
