"""Freezes a release: both tiers, codebooks, pages, manifest, in a folder that is there whole or not at all.

Belongs here: the order of the parts, refusals, the swap. Not here: the parts.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import duckdb

from assets.codebook import Release
from assets.publishing.audit import connect
from assets.release import descriptions, restricted_tier
from assets.release.manifest import MANIFEST, facts, fixed, hashes, write_sums
from assets.release.public_tier import FORMATS, PREVIEW_FORMATS, json_text, public_tables, write_public
from assets.release.restricted_rows import release_key
from assets.release.rules import ReleaseError, Rules, read_rules
from assets.release.submission import write_package
from assets.report.pages import make_pages
from transforms.disclosure.protect import Protection

__all__ = ["Frozen", "ReleaseError", "freeze", "preview"]

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PUBLISHED: Final = "published"  # in the manifest of a preview: the file that it shows
WARNING: Final = """Personoplysninger. Adgang kun efter aftale; må ikke lægges sammen med andre udgivelser.
Personal data. Access by agreement only; never to be linked with another release.
"""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Frozen:
    """A release: its folder, rows by table, what disclosure control cost by system, the number of pages, the keys of about.yml that wait for the owner."""

    folder: Path
    rows: dict[str, int]
    loss: dict[str, Any]
    pages: int
    unfilled: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Making:
    """What every part of a release needs."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    rules: Rules
    release: Release
    codebook: list[dict[str, Any]]
    say: Say


def freeze(
    warehouse: Path,
    name: str,
    project_key: bytes,
    say: Say = lambda line: None,
    *,
    public_formats: Sequence[str] = FORMATS,
    restricted_formats: Sequence[str] = restricted_tier.FORMATS,
) -> Frozen:
    """Freezes the published warehouse as `evaluation/<name>/`; nothing is left behind when it fails.

    Raises:
        ReleaseError: a name that exists or cannot be one, no published warehouse, a mistake in the design or the limits, a table or variable without description.
        DisclosureError: tables that cannot be protected.
    """
    if not NAME.fullmatch(name):
        raise ReleaseError(
            f"{name!r} is no name of a release: letters, digits, dots, hyphens and underscores, at most 64, beginning with a letter or digit"
        )
    final = warehouse / "evaluation" / name
    if final.exists():
        raise ReleaseError(f"{final} exists: a release is frozen. A revision is a new release with a name of its own")
    published = _published(warehouse)
    rules = read_rules()
    folder = final.with_name(f".{name}.being-made")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with connect(published) as connection:
            making = _begun(connection, folder, rules, name, say, is_preview=False)
            rows, protections = _public(making, public_formats)
            rows |= _restricted(making, release_key(project_key, name), restricted_formats)
            pages = _pages_and_manifest(making, rows, protections)
        write_sums(folder, pages.sums)
        _make_read_only(folder)
        os.replace(folder, final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Frozen(final, rows, _losses(protections), pages.count, rules.about.unfilled())


def preview(warehouse: Path, say: Say = lambda line: None) -> Frozen:
    """The pages of the published warehouse in `report/`, marked as internal: tables protected anew each month show by difference what each of them hides, so they are not for release."""
    folder, published, rules = warehouse / "report", _published(warehouse), read_rules()
    rules = replace(rules, limits=rules.limits.for_preview())
    made = warehouse / ".report.being-made"
    shutil.rmtree(made, ignore_errors=True)
    try:
        with connect(published) as connection:
            making = _begun(connection, made, rules, "preview", say, is_preview=True)
            rows, protections = _public(making, PREVIEW_FORMATS)
            pages = _pages_and_manifest(making, rows, protections, {PUBLISHED: published.resolve().name})
        # Beside other files of the folder; what was there stays until the new is whole.
        folder.mkdir(exist_ok=True)
        for part in ("public", "pages"):
            shutil.rmtree(folder / part, ignore_errors=True)
        for part in ("public", "pages", MANIFEST):
            os.replace(made / part, folder / part)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Frozen(folder, rows, _losses(protections), pages.count, rules.about.unfilled())


def _published(warehouse: Path) -> Path:
    published = warehouse / "outcome.duckdb"
    if not published.exists():
        raise ReleaseError(f"{published} is not there: build first (fodfaeste build)")
    return published


def _begun(
    connection: duckdb.DuckDBPyConnection, folder: Path, rules: Rules, name: str, say: Say, *, is_preview: bool
) -> _Making:
    """Looks whether everything is described before anything is made."""
    release = descriptions.release_of(connection, name, is_preview=is_preview)
    codebook = descriptions.codebook_rows(connection)
    descriptions.require_descriptions(connection, rules, codebook, release)
    folder.mkdir(parents=True)
    return _Making(connection, folder, rules, release, codebook, say)


def _public(making: _Making, formats: Sequence[str]) -> tuple[dict[str, int], Mapping[str, Protection]]:
    """The public tier with its codebook; a catalogue for portals stands in a release alone."""
    rules, folder = making.rules, making.folder / "public"
    tables = public_tables(making.connection, rules.design, rules.limits)
    making.say("public tables protected")
    write_public(folder, tables, rules.design, rules.limits, formats)
    described = descriptions.public_tables(rules, making.codebook, making.release)
    descriptions.write_codebook_of(
        folder, described, rules.about, making.release, with_catalogue=not making.release.is_preview
    )
    making.say("public tier")
    return {f"public/{table}": len(frame) for table, frame in tables.tables.items()}, tables.protections


def _restricted(making: _Making, key: bytes, formats: Sequence[str]) -> dict[str, int]:
    folder, about = making.folder / "restricted", making.rules.about
    datasets, counts = restricted_tier.write_restricted(
        folder, making.connection, key, making.codebook, formats, making.say
    )
    (folder / "README.txt").write_text(WARNING, encoding="utf-8")
    described = descriptions.restricted_tables(datasets, about, making.codebook, making.release)
    descriptions.write_codebook_of(folder, described, about, making.release, with_catalogue=False)
    write_package(folder, datasets, about.archive, making.release)
    making.say("submission package")
    return {f"restricted/{table}": count for table, count in counts.items()}


@dataclass(frozen=True)
class _Told:
    count: int
    sums: dict[str, str]


def _pages_and_manifest(
    making: _Making,
    rows: Mapping[str, int],
    protections: Mapping[str, Protection],
    more: Mapping[str, str] = MappingProxyType({}),
) -> _Told:
    """The pages read what the manifest says; the hashes of files come into it when the pages are there too."""
    release, folder = making.release, making.folder
    found = dict(more) | facts(
        making.connection,
        release.name,
        is_preview=release.is_preview,
        rows=rows,
        protections=protections,
        unfilled=making.rules.about.unfilled(),
    )
    _write(folder, found)
    pages = make_pages(folder, folder / "pages", is_preview=release.is_preview)
    making.say("pages")
    sums = hashes(folder)
    _write(folder, found | {"files": fixed(sums)})
    return _Told(pages.pages, sums)


def _write(folder: Path, found: Mapping[str, Any]) -> None:
    (folder / MANIFEST).write_text(json_text(found), encoding="utf-8", newline="\n")


def _losses(protections: Mapping[str, Protection]) -> dict[str, Any]:
    return {system: protection.information_loss for system, protection in protections.items()}


def _make_read_only(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
