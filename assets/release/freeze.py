"""Freezes a release: both tiers, pages, manifest, in a folder that is there whole or not at all.

Belongs here: the order of the parts, refusals, the swap. Not here: the parts.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb

from assets.formats import archive
from assets.formats.archive_index import Creator, Information
from assets.formats.dataset import Dataset
from assets.publishing.audit import connect
from assets.release.manifest import MANIFEST, manifest, write_sums
from assets.release.public_tier import FORMATS, PREVIEW_FORMATS, json_text, public_tables, write_public
from assets.release.restricted_rows import release_key
from assets.release.restricted_tier import write_restricted
from assets.report.pages import make_pages
from transforms.disclosure.limits import Limits, load_limits
from transforms.release.design import Design, read_design

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# In the archives' package no name may be a word of SQL-99.
ARCHIVE_NAMES: Final = {"diagnostics": "effect_diagnostics"}
WARNING: Final = """Personoplysninger. Adgang kun efter aftale; må ikke lægges sammen med andre udgivelser.
Personal data. Access by agreement only; never to be linked with another release.
"""
Say = Callable[[str], None]


class ReleaseError(Exception):
    """Why a release is not made."""


@dataclass(frozen=True)
class Frozen:
    """A release: its folder, rows by table, what disclosure control cost by system, the number of pages."""

    folder: Path
    rows: dict[str, int]
    loss: dict[str, Any]
    pages: int


def freeze(warehouse: Path, name: str, project_key: bytes, say: Say = lambda line: None) -> Frozen:
    """Freezes the published warehouse as `evaluation/<name>/`; nothing is left behind when it fails.

    Raises:
        ReleaseError: a name that exists or cannot be one, no published warehouse.
        DesignError, LimitsError, DisclosureError: the design, limits or tables are not releasable, and why.
    """
    if not NAME.fullmatch(name):
        raise ReleaseError(
            f"{name!r} is no name of a release: letters, digits, dots, hyphens and underscores, at most 64, beginning with a letter or digit"
        )
    final = warehouse / "evaluation" / name
    if final.exists():
        raise ReleaseError(f"{final} exists: a release is frozen. A revision is a new release with a name of its own")
    published = warehouse / "outcome.duckdb"
    if not published.exists():
        raise ReleaseError(f"{published} is not there: build first (fodfaeste build)")
    design, limits = read_design(), load_limits()
    folder = final.with_name(f".{name}.being-made")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with connect(published) as connection:
            made = _make(connection, folder, name, design, limits, project_key, say)
        _make_read_only(folder)
        os.replace(folder, final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Frozen(final, *made)


def preview(warehouse: Path, say: Say = lambda line: None) -> Frozen:
    """The pages of the published warehouse in `report/`, marked as internal: tables protected anew each month show by difference what each of them hides, so they are not for release."""
    folder = warehouse / "report"
    if not (warehouse / "outcome.duckdb").exists():
        raise ReleaseError(f"{warehouse / 'outcome.duckdb'} is not there: build first (fodfaeste build)")
    design, limits = read_design(), load_limits()
    made = warehouse / ".report.being-made"
    shutil.rmtree(made, ignore_errors=True)
    try:
        with connect(warehouse / "outcome.duckdb") as connection:
            rows, loss = _public(connection, made, "preview", design, limits, PREVIEW_FORMATS, is_preview=True)
        say("public tables")
        pages = make_pages(made, made / "pages", is_preview=True)
        # Beside other files of the folder; what was there stays until the new is whole.
        folder.mkdir(exist_ok=True)
        for part in ("public", "pages"):
            shutil.rmtree(folder / part, ignore_errors=True)
        for part in ("public", "pages", MANIFEST):
            os.replace(made / part, folder / part)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Frozen(folder, rows, loss, pages.pages)


def _public(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    design: Design,
    limits: Limits,
    formats: tuple[str, ...],
    *,
    is_preview: bool,
) -> tuple[dict[str, int], dict[str, Any]]:
    tables = public_tables(connection, design, limits)
    write_public(folder / "public", tables, design, limits, formats)
    rows = {f"public/{table}": len(frame) for table, frame in tables.tables.items()}
    loss = {system: protection.information_loss for system, protection in tables.protections.items()}
    found = manifest(connection, folder, name, is_preview=is_preview, rows=rows, loss=loss)
    (folder / MANIFEST).write_text(json_text(found), encoding="utf-8", newline="\n")
    return rows, loss


def _make(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    design: Design,
    limits: Limits,
    project_key: bytes,
    say: Say,
) -> tuple[dict[str, int], dict[str, Any], int]:
    rows, loss = _public(connection, folder, name, design, limits, FORMATS, is_preview=False)
    say("public tier")
    restricted = folder / "restricted"
    _, datasets, counts = write_restricted(restricted, connection, release_key(project_key, name), say)
    (restricted / "README.txt").write_text(WARNING, encoding="utf-8")
    _archive(connection, restricted, datasets)
    say("submission package")
    rows |= {f"restricted/{table}": count for table, count in counts.items()}
    pages = make_pages(folder, folder / "pages", is_preview=False)
    say("pages")
    found = manifest(connection, folder, name, is_preview=False, rows=rows, loss=loss)
    (folder / MANIFEST).write_text(json_text(found), encoding="utf-8", newline="\n")
    write_sums(folder)
    return rows, loss, pages.pages


def _archive(connection: duckdb.DuckDBPyConnection, folder: Path, datasets: dict[str, Dataset]) -> None:
    import pyarrow.parquet as pq

    first, last, as_of = connection.execute(
        "select coalesce(observed_from, placement_first_month)::date, coalesce(observed_through, as_of)::date, as_of::date from quality.fct_builds"
    ).fetchall()[0]
    information = Information(
        number=10000, system_name="Fodfæste", purpose="Evaluering af registrerede socialøkonomiske virksomheder",
        content="Forløb, personmåneder, virksomheder og estimater med nøgler, der kun gælder denne udgivelse", period_start=first, period_end=last,
        creators=(Creator("Ikke udfyldt", first, as_of),),
    )  # fmt: skip
    tables = [
        archive.ArchiveTable(
            replace(dataset, name=ARCHIVE_NAMES.get(name, name)), pq.read_table(folder / f"{name}.parquet")
        )
        for name, dataset in datasets.items()
    ]
    archive.write(tables, information, folder)


def _make_read_only(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
