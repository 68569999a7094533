"""The project, opened once for the tests of `fodfaeste explain`. Belongs here: fixtures. Not here: tests."""

from __future__ import annotations

import pytest

from pipelines.explain import open_project
from pipelines.explain_project import Project
from pipelines.settings import read_settings


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project alone: no data, no key, nothing built."""
    return open_project(read_settings(None, tmp_path_factory.mktemp("nothing-built") / "warehouse"))
