"""Production units: `cvr_produktionsenheder_<date>.ndjson`, a snapshot of the register with its history, one document a line.

Belongs here: which lists a unit's document has and its hard rules. Not here: strict types and lines (`cvr_documents.py`), who
owns a unit on a day (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.ingest import cvr_documents as cvr
from assets.ingest.document_tables import PERIOD, Tables, read_documents, schema
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.reports import FileReport
from expectations.code_lists import CodeLists

ROOT = "VrproduktionsEnhed"
KIND = "cvr_produktionsenheder"
CODE_LISTS: tuple[str, ...] = ()  # none: only the file decides

LISTS = (
    ("beliggenhedsadresse", "municipality", cvr.municipality_of),
    ("hovedbranche", "industry", lambda entry: cvr.text(entry.get("branchekode"))),
    ("livsforloeb", "life", lambda entry: None),
)

NUMBER, POSITION = ("p_number", pa.string()), ("position", pa.int32())
TABLES: Tables = {
    "rows": schema(NUMBER),
    "owners": schema(NUMBER, ("enterprise_cvr", pa.string()), *PERIOD, POSITION),
    "attributes": schema(NUMBER, ("attribute", pa.string()), ("value", pa.string()), *PERIOD, POSITION),
}


@dataclass(frozen=True)
class Unit:
    """A document whose every value is of its type; `p_number` is None when the number is not ten digits, an owner None when not valid."""

    p_number: str | None
    is_registered_by_mistake: bool
    owners: list[tuple[str | None, date | None, date | None, int]]
    attributes: list[cvr.AttributeRow]

    @property
    def broken(self) -> list[str]:
        """The hard rules that the document breaks."""
        rules = (
            ("p_number_invalid", self.p_number is None),
            ("registered_by_mistake", self.is_registered_by_mistake),
            ("owner_cvr_invalid", any(owner is None for owner, *_ in self.owners)),
        )
        return [f"{KIND}.{rule}" for rule, is_broken in rules if is_broken]

    @property
    def number(self) -> str | None:
        """The number that tells units apart."""
        return self.p_number

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of the lake's tables, without delivery and line."""
        number = (self.p_number,)
        return {
            "rows": [number],
            "owners": [number + row for row in self.owners],
            "attributes": [number + row for row in self.attributes],
        }


def unit_of(line: str) -> Unit:
    """Return the production unit of a line, or raise `UnreadableDocument`."""
    document = cvr.document_of(line, ROOT)
    number = cvr.whole_number(document.get("pNummer"))
    return Unit(
        p_number=str(number) if 10**9 <= number < 10**10 else None,
        is_registered_by_mistake=cvr.flag(document.get("fejlRegistreret")) is True,
        owners=[
            (cvr.cvr_of(cvr.whole_number(entry.get("cvrNummer"))), *cvr.period_of(entry), position)
            for position, entry in enumerate(cvr.entries_of(document, "virksomhedsrelation"))
        ],
        attributes=cvr.attribute_rows(document, LISTS),
    )


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write the tables of `cvr_produktionsenheder` (docs/lake.md) for the files of one date and return a report a file."""
    return read_documents(files, out_dir, KIND, "p_number", TABLES, unit_of, soft={})
