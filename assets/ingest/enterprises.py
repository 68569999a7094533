"""Enterprises: `cvr_virksomheder_<date>.ndjson`, a snapshot of the register with its history, one document a line.

Belongs here: which lists an enterprise's document has, its hard rules, and the two soft rules about RSV flags, which need
periods resolved within the document. Not here: strict types and lines (`cvr_documents.py`), what a period means for a
measure (dbt).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

ROOT = "Vrvirksomhed"
KIND = "cvr_virksomheder"
CODE_LISTS: tuple[str, ...] = ()  # none: only the file decides
RSV_TYPE = "SOCIAL_ØKONOMISK_VIRKSOMHED"
LAW_IN_FORCE = date(2015, 1, 1)  # a flag without a start holds from the day of the law on registered social enterprises
SOLE_PROPRIETOR_FORMS = {"10", "15"}
ASSOCIATION_FORMS = {"110", "115"}
IMPLAUSIBLE_INDUSTRIES = ("68", "94")  # real estate; organisations and associations

LISTS = (
    ("navne", "name", lambda entry: None if entry.get("navn") is None else cvr.text(entry["navn"])),
    ("beliggenhedsadresse", "municipality", cvr.municipality_of),
    ("hovedbranche", "industry", lambda entry: cvr.text(entry.get("branchekode"))),
    ("virksomhedsform", "legal_form", lambda entry: str(cvr.whole_number(entry.get("virksomhedsformkode")))),
    ("livsforloeb", "life", lambda entry: None),
    ("virksomhedsstatus", "status", lambda entry: None if entry.get("status") is None else cvr.text(entry["status"])),
)
HEADCOUNT_LISTS = (("maanedsbeskaeftigelse", "old"), ("erstMaanedsbeskaeftigelse", "new"))

NUMBER, POSITION = ("enterprise_cvr", pa.string()), ("position", pa.int32())
TABLES: Tables = {
    "rows": schema(NUMBER, ("is_advertising_protected", pa.bool_())),
    "attributes": schema(NUMBER, ("attribute", pa.string()), ("value", pa.string()), *PERIOD, POSITION),
    "rsv": schema(NUMBER, *PERIOD, POSITION),
    "headcounts": schema(NUMBER, ("month", pa.date32()), ("employees", pa.int32()), ("list", pa.string()), POSITION),
}


@dataclass(frozen=True)
class Enterprise:
    """A document whose every value is of its type; `enterprise_cvr` is None when the number is not valid."""

    enterprise_cvr: str | None
    is_advertising_protected: bool | None
    is_registered_by_mistake: bool
    attributes: list[cvr.AttributeRow]
    rsv: list[tuple[date | None, date | None, int]]
    headcounts: list[tuple[date, int | None, str, int]]

    @property
    def broken(self) -> list[str]:
        """The hard rules that the document breaks."""
        rules = (("cvr_invalid", self.enterprise_cvr is None), ("registered_by_mistake", self.is_registered_by_mistake))
        return [f"{KIND}.{rule}" for rule, is_broken in rules if is_broken]

    @property
    def number(self) -> str | None:
        """The number that tells enterprises apart."""
        return self.enterprise_cvr

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of the lake's tables, without delivery and line."""
        number = (self.enterprise_cvr,)
        return {
            "rows": [(*number, self.is_advertising_protected)],
            "attributes": [number + row for row in self.attributes],
            "rsv": [number + row for row in self.rsv],
            "headcounts": [number + row for row in self.headcounts],
        }


def enterprise_of(line: str) -> Enterprise:
    """Return the enterprise of a line, or raise `UnreadableDocument`."""
    document = cvr.document_of(line, ROOT)
    number = cvr.whole_number(document.get("cvrNummer"))
    for unit in cvr.entries_of(
        document, "penheder"
    ):  # read for its types alone: the units' own file says whose they are
        cvr.whole_number(unit.get("pNummer"))
        cvr.period_of(unit)
    return Enterprise(
        enterprise_cvr=cvr.cvr_of(number),
        is_advertising_protected=cvr.flag(document.get("reklamebeskyttet")),
        is_registered_by_mistake=cvr.flag(document.get("fejlRegistreret")) is True,
        attributes=cvr.attribute_rows(document, LISTS),
        rsv=_rsv_periods(document),
        headcounts=[
            (*cvr.employees_of(entry), which, position)
            for name, which in HEADCOUNT_LISTS
            for position, entry in enumerate(cvr.entries_of(document, name))
        ],
    )


def _rsv_periods(document: dict[str, Any]) -> list[tuple[date | None, date | None, int]]:
    """Return the periods with "true" of every entry of the type, in order; any other value is no RSV."""
    periods: list[tuple[date | None, date | None, int]] = []
    position = 0
    for entry in cvr.entries_of(document, "attributter"):
        if cvr.text(entry.get("type")) != RSV_TYPE:
            continue
        for value in cvr.entries_of(entry, "vaerdier"):
            word = value.get("vaerdi")
            is_rsv = word is not None and cvr.text(word) == "true"
            valid_from, valid_to = cvr.period_of(value)
            if is_rsv:
                periods.append((valid_from or LAW_IN_FORCE, valid_to, position))
            position += 1
    return periods


def is_rsv_on_sole_proprietor(enterprise: Enterprise) -> bool:
    """Whether the RSV flag has a day on which the legal form is 10 or 15."""
    return any(form in SOLE_PROPRIETOR_FORMS for form, _ in _forms_and_industries_under_flag(enterprise))


def is_rsv_implausible(enterprise: Enterprise) -> bool:
    """Whether the RSV flag has a day on which the legal form is 110 or 115 and the industry begins with 68 or 94."""
    return any(
        form in ASSOCIATION_FORMS and industry is not None and industry.startswith(IMPLAUSIBLE_INDUSTRIES)
        for form, industry in _forms_and_industries_under_flag(enterprise)
    )


def _forms_and_industries_under_flag(enterprise: Enterprise) -> Iterable[tuple[str | None, str | None]]:
    """Yield (legal form, industry) of every stretch of days in an RSV period in which both stay the same."""
    forms = cvr.resolved(enterprise.attributes, "legal_form")
    industries = cvr.resolved(enterprise.attributes, "industry")
    for valid_from, valid_to, _ in enterprise.rsv:
        first, last = cvr.ordinals((valid_from, valid_to))
        changes = {first, *forms.changes, *industries.changes}
        for ordinal in changes:
            if first <= ordinal <= last:
                yield forms.value_on(ordinal), industries.value_on(ordinal)


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write the tables of `cvr_virksomheder` (docs/lake.md) for the files of one date and return a report a file."""
    soft = {f"{KIND}.rsv_on_sole_proprietor": is_rsv_on_sole_proprietor, f"{KIND}.rsv_implausible": is_rsv_implausible}
    return read_documents(files, out_dir, KIND, "enterprise_cvr", TABLES, enterprise_of, soft)
