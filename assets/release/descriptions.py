"""The codebook of a release: its own tables and variables, with what the one source says that they mean.

Belongs here: which tables and texts, what nobody has described. Not here: the codebook's files (assets/codebook), the texts (transforms/release/variables.yml, restricted.yml, the models).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import duckdb

from assets.codebook import Release, Table, check_codebook, tables_of, undescribed, write_codebook
from assets.codebook.dcat import FORMATS
from assets.formats.dataset import Dataset, DatasetError
from assets.release import restricted_tier
from assets.release.public_tier import dataset_of
from assets.release.rules import ReleaseError, Rules
from transforms.release.about import About
from transforms.release.labels import code_labels
from transforms.release.variables import Variables

RELEASE: Final = """
    select
        builds.as_of::date, builds.observed_from::date, builds.observed_through::date, builds.placement_first_month::date,
        (select min(register.month)::date from scope.fct_rsv_register_monthly as register), builds.code_version
    from quality.fct_builds as builds
"""
PUBLIC, RESTRICTED = "public", "restricted"
WRITE_IN: Final = "write one in transforms/release/variables.yml, under variables: "
Row = dict[str, Any]


def codebook_rows(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """`quality.codebook` of a published warehouse."""
    cursor = connection.execute("select * from quality.codebook")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def release_of(connection: duckdb.DuckDBPyConnection, name: str, *, is_preview: bool) -> Release:
    """What the codebook has to know of the release. No day of making: the same build gives the same files."""
    as_of, first, last, placements, register, code = connection.execute(RELEASE).fetchall()[0]
    return Release(name, as_of, first, last, placements, register, str(code or ""), is_preview=is_preview)


def public_datasets(rules: Rules) -> dict[str, Dataset]:
    """The designed tables as every file describes them.

    Raises:
        ReleaseError: every table that some format cannot hold (a name too long, ...), and why.
    """
    labels, found, faults = code_labels(), {}, []
    for table in rules.design.tables:
        try:
            found[table.name] = dataset_of(rules.design, table, labels)
        except DatasetError as problem:
            faults += [f"{PUBLIC}/{fault}" for fault in str(problem).splitlines()]
    if faults:
        raise ReleaseError("\n".join(faults))
    return found


def public_tables(rules: Rules, rows: Iterable[Row], release: Release) -> list[Table]:
    """The public tier in the codebook."""
    datasets = public_datasets(rules)
    names = {name: [variable.name for variable in dataset.variables] for name, dataset in datasets.items()}
    meanings = rules.variables.meanings(names, rows)
    return tables_of(datasets.values(), rules.about, release, meanings, PUBLIC)


def restricted_tables(
    datasets: Mapping[str, Dataset], about: About, rows: Iterable[Row], release: Release
) -> list[Table]:
    """The restricted tier in the codebook; `datasets` as `write_restricted` gives them."""
    sources = Variables({name: (source,) for name, source in restricted_tier.sources().items()}, {})
    names = {name: [variable.name for variable in dataset.variables] for name, dataset in datasets.items()}
    return tables_of(datasets.values(), about, release, sources.meanings(names, rows), RESTRICTED)


def require_descriptions(
    connection: duckdb.DuckDBPyConnection, rules: Rules, rows: list[Row], release: Release
) -> None:
    """Refuses a release with a table or a variable that nobody has described.

    Raises:
        ReleaseError: all of them: tier, table, variable, where to write the description.
    """
    faults = [
        f"{PUBLIC}/{fault}: {WRITE_IN}{fault.partition(':')[0].rpartition('.')[2]}"
        for fault in undescribed(public_tables(rules, rows, release))
    ]
    faults += [f"{RESTRICTED}/{fault}" for fault in restricted_tier.undescribed(connection, rows)]
    if faults:
        raise ReleaseError("\n".join(faults))


def write_codebook_of(
    folder: Path, tables: list[Table], about: About, release: Release, *, with_catalogue: bool
) -> list[Path]:
    """Writes the codebook into the folder of a tier, beside its data files, and reads it back.

    Args:
        with_catalogue: with DCAT-AP-DK, of the files that are there.

    Raises:
        ReleaseError: a file of the codebook that does not say what it should.
    """
    endings = None
    if with_catalogue:
        endings = {
            table.file: tuple(ending for ending in FORMATS if (folder / f"{table.file}{ending}").is_file())
            for table in tables
        }
    written = write_codebook(folder, tables, about, release, endings)
    faults = check_codebook(folder, tables, about, release, endings)
    if faults:
        raise ReleaseError("\n".join(f"{folder.name}/{fault}" for fault in faults))
    return written
