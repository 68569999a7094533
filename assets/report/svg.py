"""From a chart's specification to a picture that stands in a page: drawn offline, its marks counted, with a text for who cannot see it.

Belongs here: drawing, counting, naming. Not here: what a chart shows (charts/), colours (theme.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from xml.etree import ElementTree

import vl_convert

from assets.report.language import Language
from assets.report.theme import CONFIG

NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
SUFFIX: Final = re.compile(r"_\d+$")  # Altair adds the view's index to a layer's name in a picture of several
ROLE: Final = re.compile(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"')
TAG: Final = re.compile(r"<[^>]+>")
NUMBER: Final = re.compile(r"(\d+\.\d{2})\d+")


class ChartError(Exception):
    """A chart that would show something else than its data, by name."""


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification, and how many marks each of its named layers must have when all of the data is drawn."""

    spec: Mapping[str, Any]
    marks: Mapping[str, int]


@dataclass(frozen=True)
class Drawing:
    """One picture for a wide page and for paper, one for a phone; `marks` of one of them, by layer."""

    wide: str
    narrow: str
    marks: Mapping[str, int]


def draw(name: str, wide: Chart, narrow: Chart, title: str, text: str, language: Language) -> Drawing:
    """Both pictures as inline SVG. `text` is what a screen reader says. Raises ChartError when a mark is missing or there is one too many."""
    return Drawing(
        _picture(f"{name}-w", wide, title, text, language),
        _picture(f"{name}-n", narrow, title, text, language),
        dict(wide.marks),
    )


def count_marks(svg: str) -> dict[str, int]:
    """Drawn marks by layer: a line or an area counts once, a mark without an extent not at all."""
    found: dict[str, int] = {}
    for group in ElementTree.fromstring(svg).iter(f"{NAMESPACE}g"):
        names = group.get("class", "").split()
        if "role-mark" not in names:
            continue
        layer = SUFFIX.sub("", names[-1].removesuffix("_marks"))
        drawn = [child for child in group if child.get("d") or child.text or child.tag == f"{NAMESPACE}line"]
        found[layer] = found.get(layer, 0) + len(drawn)
    return found


def _picture(name: str, chart: Chart, title: str, text: str, language: Language) -> str:
    svg = vl_convert.vegalite_to_svg({**chart.spec, "config": CONFIG}, format_locale=language.locale)
    found = count_marks(svg)
    wrong = {
        layer: (found.get(layer, 0), marks) for layer, marks in chart.marks.items() if found.get(layer, 0) != marks
    }
    if wrong:
        raise ChartError(f"{name}: marks drawn and marks in the data differ: {wrong}; drawn were {found}")
    return accessible(svg, name, title, text)


def accessible(svg: str, name: str, title: str, text: str) -> str:
    """The same picture as an image with a title and a description, ids of its own, and no more decimals than a screen has."""
    svg = svg[svg.index("<svg") :]
    head, body = svg[: svg.index(">")], svg[svg.index(">") + 1 :]
    box = re.search(r'viewBox="([^"]+)"', head)
    width = re.search(r'\swidth="([\d.]+)"', head)
    assert box and width
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", body)
    body = ROLE.sub("", body)  # the picture is one image: its groups have no roles of their own
    body = TAG.sub(lambda tag: NUMBER.sub(r"\1", tag[0]), body)  # of tags alone: in a text 1.000 is a thousand
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}" style="max-width:{float(width[1]):.0f}px" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(text)}</desc>{body}'
    )
