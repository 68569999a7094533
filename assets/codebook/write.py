"""Writes the codebook's four files and checks that they still say what the descriptions say.

Belongs here: names of the files, writing, reading back. Not here: what stands in them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assets.codebook import dcat, package
from assets.codebook.entries import Release, Table
from assets.codebook.page import codebook_page
from assets.codebook.workbook import read_workbook, sheets, write_workbook
from transforms.release.about import About

PAGE, WORKBOOK, PACKAGE, CATALOGUE = "codebook.html", "codebook.xlsx", "datapackage.json", "dcat.jsonld"


def write_codebook(
    folder: Path,
    tables: Sequence[Table],
    about: About,
    release: Release,
    endings: dcat.Endings | None = tuple(dcat.FORMATS),
) -> list[Path]:
    """Writes `codebook.html`, `codebook.xlsx`, `datapackage.json` and `dcat.jsonld` into `folder`, after the data files: their hashes are in it.

    Args:
        endings: of the files that each table has (`dcat.FORMATS`), by table where they differ; None: no catalogue, for a tier that no portal may list.

    Raises:
        ValueError: what the standards do not allow in a descriptor, each on a line; nothing is written then.
    """
    texts = _texts(folder, tables, about, release, endings)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)
    write_workbook(folder / WORKBOOK, tables, about, release)
    return [*written, folder / WORKBOOK]


def check_codebook(
    folder: Path,
    tables: Sequence[Table],
    about: About,
    release: Release,
    endings: dcat.Endings | None = tuple(dcat.FORMATS),
) -> list[str]:
    """Which files of a folder are missing or stale: not what `write_codebook` would write now. Empty when all is as it should be."""
    found = []
    for name, text in _texts(folder, tables, about, release, endings).items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{name} is stale")
    workbook = folder / WORKBOOK
    if not workbook.is_file():
        found.append(f"{WORKBOOK} is missing")
    elif read_workbook(workbook) != sheets(tables, about, release):
        found.append(f"{WORKBOOK} is stale")
    return found


def _texts(
    folder: Path, tables: Sequence[Table], about: About, release: Release, endings: dcat.Endings | None
) -> dict[str, str]:
    described = package.package(tables, about, release, folder)
    faults = [f"{PACKAGE}: {fault}" for fault in package.faults(described)]
    texts = {PAGE: codebook_page(tables, about, release), PACKAGE: _json(described)}
    if endings is not None:
        document = dcat.catalogue(tables, about, release, endings)
        faults += [f"{CATALOGUE}: {fault}" for fault in dcat.faults(document)]
        texts[CATALOGUE] = _json(document)
    if faults:
        raise ValueError("\n".join(faults))
    return texts


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
