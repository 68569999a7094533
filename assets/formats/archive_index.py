"""The two indices of a submission package: `archiveIndex.xml` and `contextDocumentationIndex.xml`.

Belongs here: what a package says of itself and of its documents. Not here: tables.
Source: bekendtgørelse nr. 128 af 12. februar 2020, bilag 6 and 9 (namespace http://www.sa.dk/xmlns/diark/1.0).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

NAMESPACE = "http://www.sa.dk/xmlns/diark/1.0"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Creator:
    """Who made the data, and when."""

    name: str
    start: datetime.date
    end: datetime.date


@dataclass(frozen=True)
class Information:
    """What `archiveIndex.xml` says. The archives give `number` (five digits or more) and approve the two indices."""

    number: int
    system_name: str
    purpose: str
    content: str
    period_start: datetime.date
    period_end: datetime.date
    creators: tuple[Creator, ...]
    alternative_names: tuple[str, ...] = ()
    approved_by: str = "SA"
    has_municipality_codes: bool = True


@dataclass(frozen=True)
class Document:
    """A document of the package: its pages as image files, all of one kind (.tif, or .jpg, .jp2; sound and film .mp3, .mpg)."""

    title: str
    description: str
    category: tuple[str, str] = ("researchInformation", "researchInformationOther")
    pages: tuple[Path, ...] = ()


def write_archive_index(information: Information, path: Path) -> None:
    """Writes `archiveIndex.xml`. The package holds pseudonyms: no CPR number, no CVR number; it is still personal data with restricted access."""
    facts: list[tuple[str, str]] = [
        ("archiveInformationPackageID", f"AVID.{information.approved_by}.{information.number}"),
        ("archivePeriodStart", information.period_start.isoformat()),
        ("archivePeriodEnd", information.period_end.isoformat()),
        ("archiveInformationPacketType", "true"),
    ]
    root = _root("archiveIndex")
    _add(root, facts)
    creators = ElementTree.SubElement(root, "archiveCreatorList")
    for creator in information.creators:
        _add(
            creators,
            [
                ("creatorName", creator.name),
                ("creationPeriodStart", creator.start.isoformat()),
                ("creationPeriodEnd", creator.end.isoformat()),
            ],
        )
    flags = ("archiveType", "archiveTypeClosedFiles")
    _add(root, [(flag, "false") for flag in flags])
    _add(
        root,
        [
            ("systemName", information.system_name),
            *(("alternativeName", alternative) for alternative in information.alternative_names),
        ],
    )
    _add(root, [("systemPurpose", information.purpose), ("systemContent", information.content)])
    _add(root, [("regionNum", "false"), ("komNum", str(information.has_municipality_codes).lower())])
    absent = (
        "cprNum",
        "cvrNum",
        "matrikNum",
        "bbrNum",
        "whoSygKod",
        "containsDigitalDocuments",
        "containsGeodata",
    )
    _add(root, [(flag, "false") for flag in absent])
    _add(root, [("containsResearchData", "true"), ("researchSIP", "true")])
    _add(
        root,
        [
            (flag, "false")
            for flag in (
                "documentsDisposal",
                "searchRelatedOtherRecords",
                "systemFileConcept",
                "multipleDataCollection",
            )
        ],
    )
    _add(
        root,
        [
            ("personalDataRestrictedInfo", "true"),
            ("otherAccessTypeRestrictions", "false"),
            ("archiveApproval", information.approved_by),
        ],
    )
    _write(root, path)


def write_document_index(documents: Iterable[Document], path: Path) -> None:
    """Writes `contextDocumentationIndex.xml`; a document's number is its folder."""
    root = _root("contextDocumentationIndex")
    for number, document in enumerate(documents, 1):
        element = ElementTree.SubElement(root, "document")
        _add(
            element,
            [
                ("documentID", str(number)),
                ("documentTitle", document.title),
                ("documentDescription", document.description),
            ],
        )
        category = ElementTree.SubElement(ElementTree.SubElement(element, "documentCategory"), document.category[0])
        _add(category, [(document.category[1], "true")])
    _write(root, path)


def read_index(path: Path) -> dict[str, list[str]]:
    """Element name -> texts, in order; raises `ElementTree.ParseError`, or `ValueError` when the namespace is another."""
    root = ElementTree.parse(path).getroot()
    if root.tag != f"{{{NAMESPACE}}}{path.stem}":
        raise ValueError(f"{path.name}: the root element is not {path.stem} of {NAMESPACE}")
    found: dict[str, list[str]] = {}
    for element in root.iter():
        found.setdefault(element.tag.removeprefix(f"{{{NAMESPACE}}}"), []).append((element.text or "").strip())
    return found


def _root(name: str) -> ElementTree.Element:
    schema = f"{NAMESPACE} ../Schemas/standard/{name}.xsd"
    return ElementTree.Element(name, {"xmlns": NAMESPACE, "xmlns:xsi": _XSI, "xsi:schemaLocation": schema})


def _add(parent: ElementTree.Element, facts: Iterable[tuple[str, str]]) -> None:
    for name, text in facts:
        ElementTree.SubElement(parent, name).text = text


def _write(root: ElementTree.Element, path: Path) -> None:
    ElementTree.indent(root)  # the archives' program looks for documentID as the second node, after white space
    path.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="utf-8") + b"\n")
