"""`dcat.jsonld`: the release as a catalogue by DCAT-AP-DK 3.0.1, the Danish profile for portals of public data.

Belongs here: tables -> a graph in JSON-LD that needs nothing from outside, and what the profile's mandatory properties find missing. Not here: files.

Addresses are relative to the file while the owner has not given `access_url`: a catalogue read where it lies still points at the files beside it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assets.codebook.entries import Release, Table
from transforms.release.about import About, Text

CONTEXT: dict[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EU = "http://publications.europa.eu/resource/authority/"
# Ending of a file -> title, EU file type ('' where the list has none that we could confirm), media type.
FORMATS: dict[str, tuple[str, str, str]] = {
    ".csv": ("CSV (UTF-8, komma, punktum)", "CSV", "text/csv"),
    "_excel.csv": ("CSV til Excel (semikolon, decimalkomma)", "CSV", "text/csv"),
    ".parquet": ("Parquet", "PARQUET", ""),
    ".px": ("PX (PC-Axis)", "", ""),
    ".json": ("JSON-stat", "JSON", "application/json"),
}
MANDATORY = {
    "dcat:Catalog": ("dct:title", "dct:description", "dct:publisher", "dcat:dataset"),
    "dcat:Dataset": ("dct:title", "dct:description", "dct:publisher"),
    "dcat:Distribution": ("dcat:accessURL",),
    "foaf:Agent": ("foaf:name",),
    "vcard:Kind": ("vcard:fn",),
}
Node = dict[str, Any]
Endings = Sequence[str] | Mapping[str, Sequence[str]]


def catalogue(tables: Sequence[Table], about: About, release: Release, endings: Endings = tuple(FORMATS)) -> Node:
    """The graph as a JSON-LD document.

    Args:
        tables: of the public tier; a table is a dataset.
        endings: of the files that the tables have, of `FORMATS`; by table where they differ.
    """
    publisher = _publisher(about)
    catalog: Node = {
        "@id": "#katalog",
        "@type": "dcat:Catalog",
        "dct:title": _texts(about.title),
        "dct:description": _texts(about.description),
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:language": [
            _node(f"{EU}language/DAN", "dct:LinguisticSystem"),
            _node(f"{EU}language/ENG", "dct:LinguisticSystem"),
        ],
        "dct:spatial": _node(f"{EU}country/DNK", "dct:Location"),
        "dcat:themeTaxonomy": _node(f"{EU}data-theme", "skos:ConceptScheme")
        | {"dct:title": _texts(Text("Datasæts emner", "Dataset themes"))},
        "dcat:dataset": [{"@id": _place(table)} for table in tables],
    }
    if about.publisher_homepage:
        catalog["foaf:homepage"] = _node(about.publisher_homepage, "foaf:Document")
    if release.issued:
        catalog["dct:issued"] = _date(release.issued)
    of_table = endings if isinstance(endings, Mapping) else {table.file: endings for table in tables}
    datasets = [_dataset(table, about, release, publisher["@id"], of_table[table.file]) for table in tables]
    return {"@context": CONTEXT, "@graph": [catalog, publisher, *datasets]}


def _publisher(about: About) -> Node:
    """A publisher is mandatory: while the owner has not named one, the catalogue says so in the name's place."""
    name = (
        Text(about.publisher, about.publisher)
        if about.publisher
        else Text("Ikke udfyldt af ejeren", "Not filled in by the owner")
    )
    return {"@id": "#udgiver", "@type": "foaf:Agent", "foaf:name": _texts(name)}


def _place(table: Table) -> str:
    return f"#{table.file}"


def _dataset(table: Table, about: About, release: Release, publisher: str, endings: Sequence[str]) -> Node:
    dataset: Node = {
        "@id": _place(table),
        "@type": "dcat:Dataset",
        "dct:title": _texts(table.label),
        "dct:description": _texts(table.description),
        "dct:identifier": f"{release.name}/{table.file}",
        "dct:publisher": {"@id": publisher},
        "dcat:theme": [_node(f"{EU}data-theme/{theme}", "skos:Concept") | _label(theme) for theme in about.themes],
        "dcat:keyword": [*_words(about.keywords_da, "da"), *_words(about.keywords_en, "en")],
        "dct:accrualPeriodicity": _node(f"{EU}frequency/{about.frequency}", "dct:Frequency"),
        "dct:accessRights": _node(f"{EU}access-right/PUBLIC", "dct:RightsStatement"),
        "dct:spatial": _node(f"{EU}country/DNK", "dct:Location"),
        "dct:language": [
            _node(f"{EU}language/DAN", "dct:LinguisticSystem"),
            _node(f"{EU}language/ENG", "dct:LinguisticSystem"),
        ],
        "dct:bibliographicCitation": _texts(about.cite(release.name, release.day)),
        "dcat:version": release.name,
        "dcat:distribution": [_distribution(table, about, ending) for ending in endings],
    }
    if about.contact or about.contact_email:
        contact: Node = {"@type": "vcard:Kind", "vcard:fn": about.contact or about.contact_email}
        if about.contact_email:
            contact["vcard:hasEmail"] = {"@id": f"mailto:{about.contact_email}"}
        dataset["dcat:contactPoint"] = contact
    period = _period(table)
    if period:
        dataset["dct:temporal"] = period
    if release.issued:
        dataset["dct:issued"] = _date(release.issued)
    notes = dict.fromkeys(known.text for entry in table.entries for known in entry.breaks)
    if notes:
        dataset["adms:versionNotes"] = _texts(
            Text("Databrud: " + " ".join(note.da for note in notes), "Breaks: " + " ".join(note.en for note in notes))
        )
    return dataset


def _label(theme: str) -> Node:
    labels = {
        "SOCI": Text("Befolkning og samfund", "Population and society"),
        "GOVE": Text("Regeringen og den offentlige sektor", "Government and public sector"),
    }
    return {"skos:prefLabel": _texts(labels.get(theme, Text(theme, theme)))}


def _distribution(table: Table, about: About, ending: str) -> Node:
    title, file_type, media_type = FORMATS[ending]
    address = f"{about.access_url}{table.file}{ending}"
    node: Node = {
        "@id": f"{_place(table)}{ending.replace('.', '-')}",
        "@type": "dcat:Distribution",
        "dct:title": _texts(Text(title, "")),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
    }
    if file_type:
        node["dct:format"] = _node(f"{EU}file-type/{file_type}", "dct:MediaTypeOrExtent")
    if media_type:
        node["dcat:mediaType"] = _node(f"https://www.iana.org/assignments/media-types/{media_type}", "dct:MediaType")
    if about.licence_url:
        node["dct:license"] = _node(about.licence_url, "dct:LicenseDocument") | {
            "dct:title": _texts(Text(about.licence, ""))
        }
    return node


def _period(table: Table) -> Node:
    """The longest span that a variable of the table covers; empty when none is known."""
    since = [entry.valid_from for entry in table.entries if entry.valid_from]
    until = [entry.valid_to for entry in table.entries if entry.valid_to and entry.valid_from]
    if not since or not until:
        return {}
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": _date(min(since)), "dcat:endDate": _date(max(until))}


def _texts(text: Text) -> list[Node]:
    return [*_words([text.da], "da"), *_words([text.en], "en")]


def _words(words: Sequence[str], language: str) -> list[Node]:
    return [{"@value": word, "@language": language} for word in words if word]


def _date(day: datetime.date) -> Node:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _node(address: str, kind: str) -> Node:
    return {"@id": address, "@type": kind}


def faults(document: Mapping[str, Any]) -> list[str]:
    """What the profile requires and the document lacks; also a reference to a node that is not there."""
    return list(_faults(document))


def _faults(document: Mapping[str, Any]) -> Iterator[str]:
    if document.get("@context") != CONTEXT:
        yield "the context is not the document's own: a reader would have to fetch one"
    nodes = list(_nodes(document.get("@graph", [])))
    kinds = [node.get("@type") for node in nodes]
    for kind in ("dcat:Catalog", "dcat:Dataset", "foaf:Agent"):
        if kind not in kinds:
            yield f"no {kind}"
    for node in nodes:
        for name in MANDATORY.get(str(node.get("@type")), ()):
            if not node.get(name):
                yield f"{node.get('@id', node['@type'])}: no {name}"
    known = {node["@id"] for node in nodes if "@id" in node}
    for address in _references(document.get("@graph", [])):
        if address.startswith("#") and address not in known:
            yield f"{address} is pointed at and not there"


def _nodes(value: Any) -> Iterator[Node]:
    """Every node with a type, also those inside others."""
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part)
    elif isinstance(value, dict):
        if "@type" in value and "@value" not in value:
            yield value
        for part in value.values():
            yield from _nodes(part)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _references(part)
    elif isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for part in value.values():
            yield from _references(part)
