"""`datapackage.json`: the release's CSV files as a Data Package (datapackage.org, version 2).

Belongs here: tables of entries -> descriptor, and what the standard forbids in one. Not here: the CSV files, the catalogue (dcat.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assets.codebook.entries import Entry, Release, Table
from transforms.release.about import About

PROFILE = "https://datapackage.org/profiles/2.0/"
TYPES = {
    "integer": "integer",
    "decimal": "number",
    "double": "number",
    "text": "string",
    "date": "date",
    "month": "date",
    "boolean": "boolean",
}
NAME = re.compile(r"[-a-z0-9._/]+")  # of version 1, so that its readers take the file too


def package(tables: Sequence[Table], about: About, release: Release, folder: Path | None = None) -> dict[str, Any]:
    """The descriptor: a resource a table, at `<table>.csv` beside it.

    Args:
        folder: where the CSV files stand; of each that is there, size and SHA-256 are given.
    """
    described: dict[str, Any] = {
        "$schema": f"{PROFILE}datapackage.json",
        "name": _slug(f"fodfaeste-{release.name}"),
        "title": about.title.da,
        "title_en": about.title.en,
        "description": f"{about.description.da}\n\n{about.description.en}",
        "version": release.name,
        "as_of": release.day.isoformat(),
        "citation": about.cite(release.name, release.day).da,
        "keywords": [*about.keywords_da, *about.keywords_en],
        "sources": [{"title": source.da, "title_en": source.en} for source in about.sources],
        "breaks": [
            {
                "name": known.name,
                "from": known.since.isoformat() if known.since else None,
                "to": known.until.isoformat() if known.until else None,
                "description": known.text.da,
                "description_en": known.text.en,
            }
            for known in about.breaks
        ],
        "not_filled_in_by_the_owner": about.unfilled(),
    }
    if about.publisher_homepage:
        described["homepage"] = about.publisher_homepage
    if about.publisher:
        described["contributors"] = [{"title": about.publisher, "roles": ["publisher"]}]
    if about.licence_id or about.licence_url:
        licence = {"name": about.licence_id, "path": about.licence_url, "title": about.licence}
        described["licenses"] = [{key: value for key, value in licence.items() if value}]
    return described | {"resources": [_resource(table, folder) for table in tables]}


def _slug(name: str) -> str:
    return re.sub(r"[^-a-z0-9._]+", "-", name.lower()).strip("-")


def _resource(table: Table, folder: Path | None) -> dict[str, Any]:
    file = f"{table.file}.csv"
    resource: dict[str, Any] = {
        "$schema": f"{PROFILE}dataresource.json",
        "name": _slug(table.file),
        "type": "table",
        "path": file,
        "title": table.label.da,
        "title_en": table.label.en,
        "description": table.description.da or table.description.en,
        "description_en": table.description.en,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    if folder is not None and (folder / file).is_file():
        content = (folder / file).read_bytes()
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    schema: dict[str, Any] = {
        "$schema": f"{PROFILE}tableschema.json",
        "fields": [_field(entry) for entry in table.entries],
        "missingValues": [""],
    }
    keys = [entry.name for entry in table.entries if entry.is_key]
    if keys:
        schema["primaryKey"] = keys
    return resource | {"schema": schema}


def _field(entry: Entry) -> dict[str, Any]:
    kind = TYPES[entry.kind]
    field: dict[str, Any] = {
        "name": entry.name,
        "type": kind,
        "title": entry.label.da,
        "title_en": entry.label.en,
        "description": entry.general.da or entry.general.en,
    }
    if entry.general.en and entry.general.en != field["description"]:
        field["description_en"] = entry.general.en
    if entry.unit:
        field["unit"] = entry.unit
    if entry.values:
        codes: list[Any] = [int(code) if kind == "integer" else code for code in entry.values]
        field["categories"] = [
            {"value": code, "label": label.da, "label_en": label.en}
            for code, label in zip(codes, entry.values.values(), strict=True)
        ]
    if entry.is_key:
        field["constraints"] = {"required": True}
    return field


def faults(described: Mapping[str, Any]) -> list[str]:
    """What of a descriptor the standard (version 2, and the names of version 1) does not allow; empty when nothing."""
    return list(_faults(described))


def _faults(described: Mapping[str, Any]) -> Iterator[str]:
    if not NAME.fullmatch(str(described.get("name", ""))):
        yield f"name: '{described.get('name')}' is not lower case letters, digits and .-_"
    for key in ("contributors", "keywords", "licenses", "resources"):
        if key in described and not described[key]:
            yield f"{key}: an empty list is not allowed"
    for licence in described.get("licenses", []):
        if not licence.get("name") and not licence.get("path"):
            yield "licenses: one needs a name or a path"
    resources = described.get("resources", [])
    if not resources:
        yield "resources: at least one"
    names = [resource.get("name") for resource in resources]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"resources: '{name}' stands more than once"
    for resource in resources:
        for problem in _resource_faults(resource):
            yield f"{resource.get('name')}: {problem}"


def _resource_faults(resource: Mapping[str, Any]) -> Iterator[str]:
    if not NAME.fullmatch(str(resource.get("name", ""))):
        yield "the name is not lower case letters, digits and .-_"
    path = str(resource.get("path", ""))
    if not path or path.startswith(("/", ".", "~")) or ".." in path:
        yield f"path '{path}' is not one below the descriptor"
    if "hash" in resource and not re.fullmatch(r"sha256:[0-9a-f]{64}", resource["hash"]):
        yield "hash is not sha256:<64 hexadecimal digits>"
    fields = resource.get("schema", {}).get("fields", [])
    if not fields:
        yield "no fields"
    names = [field.get("name") for field in fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"field '{name}' stands more than once"
    for key in resource.get("schema", {}).get("primaryKey", []):
        if key not in names:
            yield f"primaryKey '{key}' is no field"
    for field in fields:
        yield from _field_faults(field)


def _field_faults(field: Mapping[str, Any]) -> Iterator[str]:
    if field.get("type") not in set(TYPES.values()):
        yield f"field '{field.get('name')}': type '{field.get('type')}' is none of the standard's"
    wanted = {"integer": int, "string": str}.get(field.get("type", ""))
    for category in field.get("categories", []):
        if wanted is None or not isinstance(category.get("value"), wanted):
            yield f"field '{field.get('name')}': category '{category.get('value')}' is not of the field's type"
