"""No name in a picture is cut: not by three dots, not by the picture's edge, as far as the SVG tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

import pandas as pd
import pytest

from assets.report.charts.bars import bar_chart
from assets.report.charts.dots import dot_chart
from assets.report.charts.letters import lines_of, width_of
from assets.report.charts.parts import NARROW, WIDE, Size
from assets.report.charts.stacked import stacked_chart
from assets.report.language import DANISH
from assets.report.svg import Chart, draw
from assets.report.theme import RSV
from tests.report.conftest import Made

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((-?[\d.]+),\s*(-?[\d.]+)\)")
SLACK = 4.0  # pixels that a letter may lean over the edge: the page shows 19 more
LONG = "Start i en registreret virksomhed nu mod ikke nu: virksomhedspraktik og løntilskud under ét"


class Word(NamedTuple):
    """A line of text in a picture and how far it lies outside of it, in pixels."""

    text: str
    outside: float


def words(svg: str) -> Iterator[Word]:
    """Every line of text that is not turned, with its place by the letters' widths."""
    root = ElementTree.fromstring(svg)
    left, _, wide, _ = (float(part) for part in root.attrib["viewBox"].split())

    def walk(node: ElementTree.Element, at: float) -> Iterator[Word]:
        placed = node.get("transform", "")
        found = MOVED.search(placed)
        at += float(found[1]) if found else 0.0
        if node.tag == f"{SVG}text" and "rotate(" not in placed.replace("rotate(0)", ""):
            for line in node.findall(f"{SVG}tspan") or [node]:
                text = line.text or ""
                size = float(node.get("font-size", "11px").removesuffix("px"))
                long = width_of(text, size, node.get("font-weight", "") in ("600", "bold"))
                start = at + float(node.get("x", 0)) - {"middle": long / 2, "end": long}.get(node.get("text-anchor", ""), 0.0)  # fmt: skip
                yield Word(text, max(left - start, start + long - left - wide, 0.0))
        for child in node:
            yield from walk(child, at)

    yield from walk(root, 0.0)


def pictures(made: Made, name: str) -> list[str]:
    """The pictures of a page."""
    return re.findall(r"<svg .*?</svg>", (made[0] / name).read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("name", ["index.html", "en/index.html", "kommuner/0751.html", "en/municipalities/0825.html"])
def test_no_label_of_a_page_is_cut(made: Made, name: str) -> None:
    """Prevents `Mod ikke nu: virksomhedspraktik og løntilsk…`: who reads it does not know what is compared."""
    found = [word for svg in pictures(made, name) for word in words(svg)]
    assert len(found) > 20
    assert [word.text for word in found if "…" in word.text or word.outside > SLACK] == []


def named(kind: str, size: Size) -> Chart:
    """A chart with names of rows that no column holds in one line."""
    rows = pd.DataFrame({"label": [LONG, "b", f"{LONG} igen"], "series": "x", "part": "x", "value": [0.2, 0.3, None], "share": [1.0, 1.0, None], "low": 0.1, "high": 0.4, "is_hidden": [False, False, True], "is_hollow": False})  # fmt: skip
    if kind == "bars":
        return bar_chart(rows, {"x": RSV}, size, DANISH)
    if kind == "dots":
        return dot_chart(rows, {"x": RSV}, size, DANISH, "points")
    return stacked_chart(rows, {"x": RSV}, size, DANISH)


@pytest.mark.parametrize("kind", ["bars", "dots", "stacked"])
def test_a_long_name_stands_in_lines(kind: str) -> None:
    """Prevents a name that is longer than those of today from being cut tomorrow."""
    drawing = draw(kind, named(kind, WIDE), named(kind, NARROW), "t", "d", DANISH)
    for svg in (drawing.wide, drawing.narrow):
        found = list(words(svg))
        assert [word for word in found if "…" in word.text or word.outside > SLACK] == []
        assert LONG in " ".join(word.text for word in found)


def test_lines_are_about_as_long_as_each_other() -> None:
    """Prevents one word alone on a second line."""
    assert lines_of("Mod andre", 13, 230) == ["Mod andre"]
    assert lines_of("Against other: work trial and wage subsidy", 13, 230) == ["Against other: work", "trial and wage subsidy"]  # fmt: skip
