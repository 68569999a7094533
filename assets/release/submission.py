"""The submission package of a release's restricted tier for the National Archives.

Belongs here: what the package says of this release, what of it is not filled in. Not here: the package's form (assets/formats/archive*.py), the owner's texts (transforms/release/about.yml).
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from assets.codebook import Release
from assets.formats import archive, archive_page
from assets.formats.archive_index import Creator, Document, Information
from assets.formats.dataset import Dataset
from transforms.release.about import Archive

SYSTEM: Final = "Fodfæste"
# The smallest number that the order allows: the archives have given none.
PLACEHOLDER: Final = 10000
NOBODY: Final = "Ikke udfyldt"
# In the archives' package no name may be a word of SQL-99.
NAMES: Final = {"diagnostics": "effect_diagnostics"}


def write_package(folder: Path, datasets: Mapping[str, Dataset], said: Archive, release: Release) -> Path:
    """Writes `FD.<number>` into `folder` out of the Parquet files there; what is not filled in is said in a document of the package."""
    first = release.observed_from or release.placements_from or release.day
    last = release.observed_through or release.day
    creators = tuple(Creator(one.name, one.since, one.until) for one in said.creators)
    information = Information(
        number=said.number or PLACEHOLDER,
        system_name=SYSTEM,
        purpose=said.purpose or NOBODY,
        content=said.content or NOBODY,
        period_start=first,
        period_end=last,
        creators=creators or (Creator(NOBODY, first, release.day),),
    )
    tables = [
        archive.ArchiveTable(replace(dataset, name=NAMES.get(name, name)), pq.read_table(folder / f"{name}.parquet"))
        for name, dataset in datasets.items()
    ]
    lines = reservations(said, release.name, release.day)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".being-written-") as drawn:
        documents = []
        if lines:
            pages = archive_page.write_pages(lines, Path(drawn))
            documents.append(Document("Forbehold", "Hvad der ikke er udfyldt i pakken", pages=pages))
        return archive.write(tables, information, folder, documents)


def reservations(said: Archive, release: str, as_of: datetime.date) -> list[str]:
    """What of the package is not filled in, as lines of a document; empty when all is."""
    missing = []
    if said.number is None:
        missing.append(
            f"Nummer: Rigsarkivet har ikke givet et. FD.{PLACEHOLDER} er det mindste lovlige nummer og kun en pladsholder."
        )
    for what, value in (("Dataskaber", said.creators), ("Formål", said.purpose), ("Indhold", said.content)):
        if not value:
            missing.append(f'{what}: ikke udfyldt. Indekset siger "{NOBODY}".')
    if not missing:
        return []
    head = f"Udgivelse {release}, opgjort pr. {as_of.isoformat()}. Pakken kan ikke afleveres, før dette er udfyldt:"
    return [head, "", *missing, "", "Det udfyldes i transforms/release/about.yml under archive, før udgivelsen laves."]
