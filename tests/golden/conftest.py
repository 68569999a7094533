"""The one build that all golden lives share."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from assets.ingest.keys import SAMPLE_KEY, ProjectKey
from tests.golden.delivery import write
from tests.support.build import build


@pytest.fixture(scope="session")
def sample_key() -> ProjectKey:
    """The public key of the sample."""
    return ProjectKey(SAMPLE_KEY)


@pytest.fixture(scope="session")
def golden_warehouse(
    tmp_path_factory: pytest.TempPathFactory, sample_key: ProjectKey
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse of the golden delivery, opened read-only."""
    folder = tmp_path_factory.mktemp("golden")
    published = build(write(folder / "raw"), folder / "warehouse", None, SAMPLE_KEY)
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection
