"""The four files of a release's codebook: complete, by their standards, equal to the descriptions, told when stale."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from assets.codebook import check_codebook, dcat, package, write_codebook
from assets.codebook.entries import HEADINGS
from assets.codebook.page import codebook_page
from assets.codebook.workbook import read_workbook
from tests.codebook.profile import PROFILE
from tests.codebook.shown import ABOUT, DATASETS, MUNICIPALITIES, RELEASE, tables


class Page(HTMLParser):
    """What a page holds: places, links, addresses that a browser would fetch, the headings under each variable."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tags: set[str] = set()
        self.headings: dict[str, list[str]] = {}
        self.open = ""
        self.variable = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open = tag
        for name, value in attributes:
            if name == "id":
                self.ids.append(str(value))
            elif name == "href" and tag == "a":
                self.links.append(str(value))
            elif name in ("src", "href", "srcset", "data"):
                self.fetched.append(str(value))
        if tag == "h3":
            self.variable = self.ids[-1]
            self.headings[self.variable] = []

    def handle_data(self, data: str) -> None:
        if self.open == "dt" and self.variable and data.strip():
            self.headings[self.variable].append(data.strip())


def test_every_variable_stands_in_the_page_under_the_nine_headings() -> None:
    """A researcher who looks for Databrud and finds nothing believes that there is none."""
    page = Page(codebook_page(tables(), ABOUT, RELEASE))
    variables = {f"{dataset.name}--{variable.name}" for dataset in DATASETS for variable in dataset.variables}
    assert set(page.headings) == variables
    assert all(found == [text.da for _, text in HEADINGS] for found in page.headings.values())


def test_the_page_needs_nothing_from_outside_and_its_links_lead_somewhere() -> None:
    """A page that fetches a font tells somebody who reads it; a dead link hides a value set."""
    text = codebook_page(tables(), ABOUT, RELEASE)
    page = Page(text)
    assert page.fetched == []
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in text and "@import" not in text
    assert len(set(page.ids)) == len(page.ids)
    assert {link for link in page.links if link.removeprefix("#") not in page.ids} == set()
    assert '<html lang="da">' in text and '<main id="indhold">' in text


def test_text_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    """A description that begins with = runs as a formula, one with < as markup, a code loses its leading zero."""
    assert "=Talt én gang &lt;hver&gt;." in codebook_page(tables(), ABOUT, RELEASE)
    write_codebook(tmp_path, tables(), ABOUT, RELEASE)
    sheets = read_workbook(tmp_path / "codebook.xlsx")
    assert any("=Talt én gang <hver>." in row for row in sheets["Variable"])
    assert [row[2] for row in sheets["Værdisæt"] if row[1] == "municipality_code"] == list(MUNICIPALITIES)


def test_the_workbook_has_a_sheet_of_tables_one_of_variables_one_of_value_sets(tmp_path: Path) -> None:
    """A variable that the sheets lose is one that a reader of sheets does not know of."""
    write_codebook(tmp_path, tables(), ABOUT, RELEASE)
    sheets = read_workbook(tmp_path / "codebook.xlsx")
    assert list(sheets) == ["Tabeller", "Variable", "Værdisæt", "Om"]
    assert [row[0] for row in sheets["Tabeller"][1:]] == [dataset.name for dataset in DATASETS]
    assert [row[:2] for row in sheets["Variable"][1:]] == [
        (one.name, variable.name) for one in DATASETS for variable in one.variables
    ]
    assert {"Beskrivende navn", "Gyldig fra/til", "Databrud", "Populationer"} <= set(sheets["Variable"][0])


def test_the_descriptor_is_a_data_package_of_the_files_beside_it(tmp_path: Path) -> None:
    """A descriptor that tools refuse, or that describes another file, is worse than none."""
    (tmp_path / "scope_by_municipality.csv").write_bytes(b"year\n2020\n")
    write_codebook(tmp_path, tables(), ABOUT, RELEASE)
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.validate(described, PROFILE)
    assert package.faults(described) == []
    scope, hours = described["resources"]
    assert (
        scope["bytes"] == 10
        and scope["hash"] == f"sha256:{hashlib.sha256(b'year' + bytes([10]) + b'2020' + bytes([10])).hexdigest()}"
    )
    assert "hash" not in hours
    assert scope["schema"]["primaryKey"] == ["year", "municipality_code"]
    assert [field["type"] for field in hours["schema"]["fields"]] == [
        "integer",
        "string",
        "date",
        "number",
        "number",
        "boolean",
    ]
    assert hours["schema"]["fields"][0]["categories"][0] == {"value": 0, "label": "Alle", "label_en": "All"}
    assert "licenses" not in described and "contributors" not in described


def test_what_the_standard_forbids_in_a_descriptor_is_named() -> None:
    """A check that passes whatever it is shown protects nobody."""
    described = package.package(tables(), ABOUT, RELEASE)
    described["name"] = "Uden Mening"
    first, second = described["resources"]
    first |= {"path": "../persondata.csv", "hash": "x"}
    second["name"] = first["name"]
    second["schema"]["primaryKey"] = ["nowhere"]
    second["schema"]["fields"][0]["type"] = "month"
    told = "\n".join(package.faults(described))
    for fault in ("Uden Mening", "../persondata.csv", "sha256", "more than once", "nowhere", "'month'", "category '0'"):
        assert fault in told


def test_the_catalogue_has_what_the_danish_profile_requires() -> None:
    """A portal drops a catalogue without publisher or a distribution without address."""
    document = dcat.catalogue(tables(), ABOUT, RELEASE)
    assert dcat.faults(document) == []
    catalog, publisher, scope, hours = document["@graph"]
    assert publisher["foaf:name"][0] == {"@value": "Ikke udfyldt af ejeren", "@language": "da"}
    assert [node["@id"] for node in catalog["dcat:dataset"]] == [scope["@id"], hours["@id"]]
    assert scope["dcat:distribution"][0]["dcat:accessURL"] == {"@id": "scope_by_municipality.csv"}
    assert scope["dct:temporal"]["dcat:startDate"]["@value"] == "2014-07-01"
    assert hours["dct:temporal"]["dcat:endDate"]["@value"] == "2022-03-31"
    assert "dcat:contactPoint" not in scope and "dct:license" not in json.dumps(scope)


def test_what_the_owner_has_filled_in_stands_in_catalogue_and_descriptor() -> None:
    """A licence that is chosen and not said leaves a reader without rights."""
    filled = dataclasses.replace(
        ABOUT,
        publisher="En styrelse",
        contact="Et kontor",
        contact_email="kontor@example.org",
        licence="En licens",
        licence_id="x-1.0",
        licence_url="https://example.org/licens",
        access_url="https://example.org/2026-1/",
    )
    document = dcat.catalogue(tables(), filled, RELEASE, [".csv"])
    assert dcat.faults(document) == []
    scope = document["@graph"][2]
    assert scope["dcat:contactPoint"] == {
        "@type": "vcard:Kind",
        "vcard:fn": "Et kontor",
        "vcard:hasEmail": {"@id": "mailto:kontor@example.org"},
    }
    [distribution] = scope["dcat:distribution"]
    assert distribution["dcat:accessURL"] == {"@id": "https://example.org/2026-1/scope_by_municipality.csv"}
    assert distribution["dct:license"]["@id"] == "https://example.org/licens"
    described = package.package(tables(), filled, RELEASE)
    jsonschema.validate(described, PROFILE)
    assert described["licenses"] == [{"name": "x-1.0", "path": "https://example.org/licens", "title": "En licens"}]


@pytest.mark.parametrize("name", ["dct:title", "dct:publisher", "dcat:distribution"])
def test_what_a_catalogue_lacks_is_named(name: str) -> None:
    """A check that passes whatever it is shown protects nobody."""
    document = dcat.catalogue(tables(), ABOUT, RELEASE)
    scope = document["@graph"][2]
    if name == "dcat:distribution":
        del scope[name][0]["dcat:accessURL"]
    else:
        del scope[name]
    assert len(dcat.faults(document)) == 1


def test_every_term_of_the_catalogue_is_of_a_vocabulary_that_it_names() -> None:
    """A term without a namespace is dropped by a reader without a word."""
    text = json.dumps(dcat.catalogue(tables(), ABOUT, dataclasses.replace(RELEASE, issued=RELEASE.as_of)))
    keys = {key for node in dcat._nodes(json.loads(text)["@graph"]) for key in node if not key.startswith("@")}
    assert {key.split(":")[0] for key in keys} <= set(dcat.CONTEXT)


def test_the_same_descriptions_give_the_same_files(tmp_path: Path) -> None:
    """A file that differs on a second run cannot be told from one that was changed."""
    for name in ("one", "two"):
        write_codebook(tmp_path / name, tables(), ABOUT, RELEASE)
    for name in ("codebook.html", "datapackage.json", "dcat.jsonld"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read_workbook(tmp_path / "one" / "codebook.xlsx") == read_workbook(tmp_path / "two" / "codebook.xlsx")


def test_a_stale_codebook_is_told_file_by_file(tmp_path: Path) -> None:
    """A codebook that nobody made anew describes an older release."""
    write_codebook(tmp_path, tables(), ABOUT, RELEASE)
    assert check_codebook(tmp_path, tables(), ABOUT, RELEASE) == []
    first, *others = tables()
    changed = dataclasses.replace(first.entries[2], label=dataclasses.replace(first.entries[2].label, da="Borgere"))
    moved = [dataclasses.replace(first, entries=(*first.entries[:2], changed, *first.entries[3:])), *others]
    assert check_codebook(tmp_path, moved, ABOUT, RELEASE) == [
        "codebook.html is stale",
        "datapackage.json is stale",
        "codebook.xlsx is stale",
    ]
    (tmp_path / "dcat.jsonld").unlink()
    assert check_codebook(tmp_path, tables(), ABOUT, RELEASE) == ["dcat.jsonld is missing"]


def test_a_descriptor_that_no_tool_would_take_is_not_written(tmp_path: Path) -> None:
    """Half a codebook is taken for a whole one."""
    with pytest.raises(ValueError, match="stands more than once"):
        write_codebook(tmp_path / "new", [*tables(), *tables()], ABOUT, RELEASE)
    assert not (tmp_path / "new").exists()
