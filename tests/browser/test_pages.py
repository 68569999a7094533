"""The report's pages in a real browser: nothing asked for, no violation that axe finds, phone width, paper.

axe-core (MPL-2.0) comes from the package axe-core-python and runs in the page itself; the pages are made from the tests' own public tier.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from assets.report.pages import make_pages
from tests.browser.devtools import Tab
from tests.report.public_tier import write_public_tier

AXE = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACES = ("index", "0101", "0751", "0563", "0825")  # the list, two large cities, two islands with next to nothing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a preview: with the banners a release does not have."""
    release = write_public_tier(tmp_path_factory.mktemp("release") / "preview")
    make_pages(release, release / "pages", is_preview=True)
    return release / "pages"


def all_pages(folder: Path) -> list[Path]:
    """Every page."""
    return sorted(folder.rglob("*.html"))


def some_pages(folder: Path) -> list[Path]:
    """Both front pages, both lists, a few municipalities in both languages."""
    places = [folder / part / f"{name}.html" for part in ("kommuner", "en/municipalities") for name in PLACES]
    return [folder / "index.html", folder / "en" / "index.html", *places]


def violations(tab: Tab) -> list[str]:
    """What axe finds on the page, opened tables and all.

    A picture is one image with a name, and has neither roles nor links inside (tests/report/test_pages.py): its five thousand shapes are taken out, for they are most of the time.
    """
    tab.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    tab.run("document.querySelectorAll('svg > :not(title, desc)').forEach(one => one.remove())")
    tab.run(AXE + "; true")
    options = json.dumps({"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    found = tab.run(
        f"axe.run(document, {options}).then(result => result.violations.map("
        "rule => rule.id + ': ' + rule.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')))"
    )
    return list(found)


def test_axe_finds_nothing_on_any_page_and_no_page_asks_for_anything(folder: Path, tab: Tab) -> None:
    """Prevents a page that somebody cannot read, and one that tells the network who reads it."""
    found: dict[str, list[str]] = {}
    for file in all_pages(folder):
        tab.open(file)
        assert tab.requests == [file.resolve().as_uri()]
        assert tab.errors == []
        if names := violations(tab):
            found[file.relative_to(folder).as_posix()] = names
    assert found == {}


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_no_page_scrolls_sideways(folder: Path, tab: Tab, width: int) -> None:
    """Prevents a chart or a table that pushes the page wider than a phone; wide tables scroll in their own frame."""
    for file in some_pages(folder):
        tab.open(file, width)
        tab.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.run("document.documentElement.scrollWidth <= window.innerWidth"), file.name


def test_each_width_has_its_own_picture_and_its_text_can_be_read(folder: Path, tab: Tab) -> None:
    """Prevents a phone's reader from being given a desktop picture shrunk to specks, or both pictures at once."""
    script = """(() => [...document.querySelectorAll('.picture.both')].map(one => {
        const seen = [...one.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width > 0);
        const box = seen[0].getBoundingClientRect();
        return [seen.length, box.width / seen[0].viewBox.baseVal.width * 12];
    }))()"""
    for width in (360, 1280):
        tab.open(folder / "index.html", width)
        for number, pixels in tab.run(script):
            assert number == 1
            assert pixels >= 10.5


def test_axe_finds_nothing_at_phone_width(folder: Path, tab: Tab) -> None:
    """Prevents links too close to hit and text that is cut off where the layout changes."""
    for file in some_pages(folder):
        tab.open(file, 360)
        assert violations(tab) == [], file.name


def test_pages_print_without_what_paper_cannot_use(folder: Path, tab: Tab) -> None:
    """Prevents blank paper, a report of a hundred pages, and links to sections on paper."""
    for file, least, most in ((folder / "index.html", 8, 30), (folder / "kommuner" / "0751.html", 1, 4)):
        tab.open(file)
        pdf = tab.pdf()
        assert pdf.startswith(b"%PDF")
        sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
        assert least <= sheets <= most, f"{file.name}: {sheets} pages"
        tab.call("Emulation.setEmulatedMedia", media="print")
        assert tab.run("getComputedStyle(document.querySelector('.masthead nav')).display") == "none"
        tab.call("Emulation.setEmulatedMedia", media="screen")
