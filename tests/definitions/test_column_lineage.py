"""The lineage of a column, from a finished table down to what was accepted of the delivered files."""

from __future__ import annotations

import pytest

from assets.ingest.landing import KINDS
from pipelines.built import BuiltTable, describe_tables
from pipelines.lake_tables import columns_of_kind
from pipelines.lineage import column_lineage
from pipelines.manifest import load_manifest
from pipelines.settings import Settings
from tests.conftest import SampleBuild

Column = tuple[str, str]


@pytest.fixture(scope="module")
def tables(sample_build: SampleBuild) -> dict[str, BuiltTable]:
    """Every relation of the build file."""
    return describe_tables(Settings(warehouse=sample_build.warehouse).build_file)


@pytest.fixture(scope="module")
def sources(sample_build: SampleBuild, tables: dict[str, BuiltTable]) -> dict[Column, set[Column]]:
    """What each column is made of directly, as the graph shows it."""
    settings = Settings(warehouse=sample_build.warehouse)
    found = column_lineage(settings, load_manifest(settings), tables)
    return {
        (table, column): {(".".join(dep.asset_key.path), dep.column_name) for dep in deps}
        for table, lineage in found.items()
        for column, deps in lineage.deps_by_column.items()
    }


def ends(first: Column, sources: dict[Column, set[Column]]) -> set[Column]:
    """The columns that a column is made of at the far end."""
    seen: set[Column] = set()
    ring = {first}
    while ring:
        seen |= ring
        ring = {other for one in ring for other in sources.get(one, ())} - seen
    return {one for one in seen if one not in sources}


@pytest.mark.parametrize(
    ("number", "delivered"),
    [
        (("scope.fct_scope_yearly", "persons"), {("lake.forloeb", "person_key"), ("lake.forloeb", "start_date")}),
        (("core.fct_person_months", "ordinary_hours"), {("lake.eindkomst", "hours"), ("lake.se_numre", "enterprise_cvr")}),
        (("progression.fct_employment_by_target_group", "share"), {("lake.eindkomst", "hours"), ("lake.eindkomst", "period_from")}),
        (("evaluation.fct_scope_cells", "persons"), {("lake.forloeb", "person_key")}),
    ],
)  # fmt: skip
def test_a_published_number_ends_in_the_fields_it_was_delivered_as(number: Column, delivered: set[Column], sources: dict[Column, set[Column]]) -> None:  # fmt: skip
    """Prevents a lineage that stops at a step in between, where a reader cannot tell what was delivered."""
    assert delivered <= ends(number, sources)


def test_every_source_that_is_named_exists(tables: dict[str, BuiltTable], sources: dict[Column, set[Column]]) -> None:
    """Prevents an arrow to a column that nobody has."""
    known = {(table, column) for table, built in tables.items() for column in built.columns}
    known |= {(f"lake.{kind}", column) for kind in KINDS for column in columns_of_kind(kind)}
    assert {source for named in sources.values() for source in named} <= known


def test_every_finished_table_can_be_followed_but_the_codebook(tables: dict[str, BuiltTable], sources: dict[Column, set[Column]]) -> None:  # fmt: skip
    """Prevents a table whose SQL can no longer be read from losing its lineage unseen. The codebook is made of the project's YAML; the effect comes out of Python."""
    finished = {
        table for table in tables if table.split(".")[0] not in ("staging", "intermediate", "code_lists", "effect")
    }
    assert finished - {table for table, _ in sources} == {"quality.codebook"}
