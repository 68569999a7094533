"""The pages as files: whole, offline, without a script, accessible, with every protected number as `[c]`."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from assets.report import pages, prices
from assets.report.language import DANISH
from assets.report.pages import make_pages, marks_in
from assets.report.prices import PriceError, in_kroner, read_prices
from assets.report.sections import limits
from assets.report.tier import Tier, TierError, read_tier
from tests.report.conftest import Made
from tests.report.html import Node, read
from tests.report.public_tier import municipalities

CODES = [row["kommune_kode"] for row in municipalities()]
SAMPLE = ("index.html", "en/index.html", "kommuner/index.html", "en/municipalities/index.html", "kommuner/0751.html", "en/municipalities/0825.html")  # fmt: skip


@pytest.fixture(scope="session")
def documents(made: Made) -> dict[str, Node]:
    """Every page read."""
    folder, _ = made
    return {file.relative_to(folder).as_posix(): read(file) for file in sorted(folder.rglob("*.html"))}


def test_every_municipality_has_a_page_in_both_languages(made: Made, documents: dict[str, Node]) -> None:
    """Prevents a municipality that is left out because it has nothing."""
    expected = {f"{folder}/{name}.html" for folder in ("kommuner", "en/municipalities") for name in [*CODES, "index"]}
    assert set(documents) == expected | {"index.html", "en/index.html"}
    assert (made[1].pages, made[1].municipality_pages) == (200, 196)


def test_every_link_leads_somewhere(made: Made, documents: dict[str, Node]) -> None:
    """Prevents a dead link, an anchor that is not there, a municipality without a way back."""
    ids = {name: {node.attributes.get("id") for node in document.all()} for name, document in documents.items()}
    for name, document in documents.items():
        targets = set()
        for link in document.all("a"):
            target, _, anchor = link.attributes["href"].partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), target)) if target else name
            targets.add(path)
            if path in ids:
                assert not anchor or anchor in ids[path], f"{name}: #{anchor}"
            else:
                assert (made[0] / path).exists(), f"{name}: {target}"
        assert {"index.html", "en/index.html"} & targets, name


def test_nothing_is_asked_for_and_nothing_runs(documents: dict[str, Node]) -> None:
    """Prevents a page that needs the network, or that runs a script."""
    for name, document in documents.items():
        for node in document.all():
            assert node.tag not in ("script", "iframe", "object", "embed", "img"), name
            assert not any(key.startswith("on") for key in node.attributes), name
            for key in ("src", "href", "xlink:href", "action", "poster"):
                assert not re.match(r"(https?:)?//", node.attributes.get(key, "")), f"{name}: {node.attributes[key]}"
        style = "".join(node.text for node in document.all("style"))
        assert "url(" not in style and "@import" not in style


def test_structure_can_be_read_aloud(documents: dict[str, Node]) -> None:
    """Prevents a page without language, landmarks, one heading, header cells, or names of its pictures."""
    for name, document in documents.items():
        assert document.all("html")[0].attributes["lang"] == ("en" if name.startswith("en/") else "da")
        assert [len(document.all(tag)) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1], name
        assert len(document.all("head")[0].all("title")) == 1, name
        levels = [int(node.tag[1]) for node in document.all() if re.fullmatch("h[1-6]", node.tag)]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), name
        identifiers = [node.attributes["id"] for node in document.all() if "id" in node.attributes]
        assert len(identifiers) == len(set(identifiers)), name
        assert all(head.attributes.get("scope") in ("col", "row") for head in document.all("th")), name
        assert all(len(table.all("caption")) == 1 for table in document.all("table")), name
        assert all(len(figure.all("figcaption")) == 1 for figure in document.all("figure")), name
        for svg in document.all("svg"):
            assert svg.attributes["role"] == "img" and len(svg.all("desc")) == 1, name
            assert set(svg.attributes["aria-labelledby"].split()) <= set(identifiers), name
            inside = {key for node in svg.all()[1:] for key in node.attributes}
            assert not inside & {"role", "tabindex", "href", "xlink:href"} and not any(key.startswith("aria") for key in inside), name  # fmt: skip


def test_every_picture_has_a_table_beside_it_and_its_finding_in_words(documents: dict[str, Node]) -> None:
    """Prevents a chart that can only be seen."""
    for name in ("index.html", "en/index.html", "kommuner/0751.html"):
        figures = documents[name].all("figure")
        assert len(figures) >= 3
        for figure in figures:
            assert figure.all("table"), figure.attributes["id"]
            assert figure.all("figcaption")[0].all("p")[0].content.strip(), figure.attributes["id"]


def test_protected_cells_are_marked_and_none_is_a_zero(made: Made, documents: dict[str, Node], tier: Tier) -> None:
    """Prevents a hidden number on a page, and a hidden number that reads as none."""
    year = tier.last_whole_year
    table = next(table for table in documents["index.html"].all("table") if "Andel af borgere i forløb" in table.all("caption")[0].content)  # fmt: skip
    shown = {line.all("th")[0].content: [cell.content for cell in line.all("td")] for line in table.all("tr")[1:]}
    rows = tier.rows("supply_by_municipality", year=year)
    assert len(shown) == len(rows) == 98
    for _, row in rows.iterrows():
        cells = shown[tier.labels.of("municipality_code", row["municipality_code"], DANISH)]
        is_hidden = [
            pd.isna(row[name]) and row["status"] != "ok" for name in ("persons_in_placement", "persons_in_rsv")
        ]
        assert [cell == "[c]" for cell in cells] == [*is_hidden, any(is_hidden)]
    assert made[1].protected_cells_shown > 1000


def test_numbers_on_the_danish_pages_are_danish(documents: dict[str, Node]) -> None:
    """Prevents 1,234 and 12.3% on a Danish page."""
    danish = documents["index.html"].all("main")[0].content
    assert not re.search(r"\d\.\d+\s?%", danish)
    assert not re.search(r"\d%", danish)
    assert re.search(r"\d,\d\u00a0%", danish) and re.search(r"\b\d{1,3}\.\d{3}\b", danish)
    texts = [document.content for name, document in documents.items() if not name.startswith("en/")]
    assert not re.search(r"\bnan\b|\bNone\b|\bTrue\b", " ".join(texts))
    assert re.search(r"\d\.\d%", documents["en/index.html"].all("main")[0].content)


def test_both_definitions_of_lasting_stand_beside_each_other(documents: dict[str, Node]) -> None:
    """Prevents one definition from becoming the official one by being alone."""
    article = next(node for node in documents["index.html"].all("article") if node.attributes["id"] == "svar-varig")
    assert "seks måneder i træk" in article.content and "seks af tolv måneder" in article.content


def test_the_questions_come_first_and_the_gate_before_the_result(documents: dict[str, Node]) -> None:
    """Prevents an effect that is read before whether it may be read."""
    order = [node.attributes["id"] for node in documents["index.html"].all() if "id" in node.attributes]
    wanted = ["svar-arbejde", "svar-timer", "svar-varig", "omfang", "progression", "timer-maaned", "timer", "overgange", "effekt", "port", "hovedresultat", "maaned", "udfald", "registrering", "registrering-halvaar", "break-even", "kroner", "ikke-sige", "kvalitet", "data"]  # fmt: skip
    assert [name for name in order if name in wanted] == wanted


def test_marks_of_every_picture_are_in_the_file(made: Made) -> None:
    """Prevents a drawing that was emptied on its way into the page."""
    counted = marks_in(made[0] / "index.html")
    assert len(counted) == 2 * 22
    assert sum(layer.get("tiles", 0) + layer.get("protected", 0) + layer.get("unknown", 0) == 98 for layer in counted) == 4  # fmt: skip
    assert all(sum(layer.values()) > 0 for layer in counted)


def test_deliveries_stand_by_kind_with_what_was_used_and_rejected(documents: dict[str, Node]) -> None:
    """Prevents rows that were delivered and are told nowhere, and a kind that nobody knew from being left out."""
    [figure] = [node for node in documents["index.html"].all("figure") if node.attributes["id"] == "leverancer"]
    lines = [[cell.content for cell in row.children] for row in figure.all("tr")[1:]]
    assert lines[0] == ["Forløb fra jobcentre", "9", "8", "40.000", "39.000", "120", "880", "0,30\u00a0%"]
    assert lines[1][:3] == ["Ukendt slags fil", "3", "0"]
    assert "4 af 12 filer er ikke brugt" in figure.all("p")[0].content


def test_the_codebook_is_one_link_away(documents: dict[str, Node]) -> None:
    """Prevents files that nobody can read without asking."""
    for name, way in (("index.html", "../public"), ("en/index.html", "../../public")):
        links = {link.attributes["href"] for link in documents[name].all("a")}
        assert f"{way}/codebook.html" in links


def test_a_preview_says_so_on_every_page_and_a_release_on_none(release: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Prevents a preview from being passed on as a release."""

    for part in ("scope", "progression", "effect"):
        monkeypatch.setattr(
            pages, part, limits
        )  # the banner is the page's, not a chart's: without them it takes a second
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # another process would not know of them
    small = tmp_path / "release"
    shutil.copytree(release, small, ignore=shutil.ignore_patterns("pages", "*.csv"))
    supply = pd.read_parquet(small / "public" / "supply_by_municipality.parquet")
    supply[supply["municipality_code"].isin(["0101", "0825"])].to_parquet(small / "public" / "supply_by_municipality.parquet")  # fmt: skip
    report = make_pages(small, tmp_path / "preview", is_preview=True)
    files = list((tmp_path / "preview").rglob("*.html"))
    assert len(files) == report.pages == 8
    assert all(re.search("Intern forhåndsvisning|Internal preview", file.read_text(encoding="utf-8")) for file in files)
    assert not any("Intern forhåndsvisning" in (made[0] / name).read_text(encoding="utf-8") for name in SAMPLE)
    assert "udgivelse 2022-1" in unescape((made[0] / "index.html").read_text(encoding="utf-8"))


def test_a_folder_that_is_no_public_tier_is_refused_with_every_fault(release: Path, tmp_path: Path) -> None:
    """Prevents pages of half a release, and a search for one missing file after the other."""
    shutil.copytree(release / "public", tmp_path / "public")
    (tmp_path / "public" / "register.parquet").unlink()
    frame = pd.read_parquet(tmp_path / "public" / "effect_curves.parquet").drop(columns=["band_low"])
    frame.to_parquet(tmp_path / "public" / "effect_curves.parquet")
    with pytest.raises(TierError, match=r"register.parquet is missing.*effect_curves.parquet has no column band_low.*manifest.json is missing"):  # fmt: skip
        read_tier(tmp_path)


def test_a_price_is_documented_or_left_out(tmp_path: Path) -> None:
    """Prevents kroner from a guess."""
    known = {price.name: price for price in read_prices()}
    assert known["placement_week"].of_one() is None
    assert all(price.source and price.year for price in known.values() if price.value is not None)
    week = known["cash_benefit_week_without_children"]
    assert week.of_one() == pytest.approx(-11944 * 12 / 52, rel=1e-5)
    found = in_kroner(week, pd.Series({"estimate": -2.0, "low": -3.0, "high": 1.0}))
    assert found == pytest.approx((5512.6, -2756.3, 8268.9), rel=1e-4)
    text = prices.FILE.read_text(encoding="utf-8").replace("year: 2023", "year: null", 1)
    (tmp_path / "prices.yml").write_text(text, encoding="utf-8")
    with pytest.raises(PriceError, match="cash_benefit_week_without_children has a value and no source or no year"):
        read_prices(tmp_path / "prices.yml")
