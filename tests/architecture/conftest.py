"""The graph as Dagster loads it. Belongs here: fixtures. Not here: tests."""

import pytest

from tests.architecture.graph import Graph, read_graph


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Of definitions loaded into an empty warehouse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FODFAESTE_WAREHOUSE", str(tmp_path_factory.mktemp("architecture")))
        from pipelines.definitions import defs

        return read_graph(defs)
