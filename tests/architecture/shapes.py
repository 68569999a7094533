"""The shapes of the picture. Belongs here: SVG of a box, an arrow, a number. Not here: where they stand (places.py), what they say."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

RADIUS = 8.0


def box(kind: str, x: float, y: float, width: float, height: float, name: str, says: str = "", count: str = "") -> str:
    """A name over a sentence, the size at the right."""
    top = y + 22
    return (
        _rect(kind, x, y, width, height)
        + f'<text class="name" x="{x + 12}" y="{top}">{escape(name)}</text>'
        + (f'<text class="says" x="{x + 12}" y="{top + 20}">{escape(says)}</text>' if says else "")
        + (f'<text class="count" x="{x + width - 12}" y="{top}">{escape(count)}</text>' if count else "")
    )


def small(kind: str, x: float, y: float, width: float, height: float, name: str, says: str, count: str) -> str:
    """Name, sentence and size on one line."""
    line = y + height / 2 + 5
    return (
        _rect(kind, x, y, width, height)
        + f'<text class="name" x="{x + 12}" y="{line}">{escape(name)}</text>'
        + f'<text class="says" x="{x + 112}" y="{line}">{escape(says)}</text>'
        + f'<text class="count" x="{x + width - 12}" y="{line}">{escape(count)}</text>'
    )


def stacked(kind: str, x: float, y: float, width: float, height: float, name: str, says: str, count: str) -> str:
    """Name, sentence, size, each on a line of its own."""
    lines = (("name", name), ("says", says), ("says", count))
    return _rect(kind, x, y, width, height) + "".join(
        f'<text class="{kind_of}" x="{x + 12}" y="{y + 22 + 20 * place}">{escape(text)}</text>'
        for place, (kind_of, text) in enumerate(lines)
    )


def elbows(points: Sequence[tuple[float, float]]) -> str:
    """A path along points with right angles, its corners rounded."""
    path = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _towards(corner, before), _towards(corner, after)
        path += f"L{_n(enter[0])} {_n(enter[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(leave[0])} {_n(leave[1])}"
    return path + f"L{_n(points[-1][0])} {_n(points[-1][1])}"


def number(x: float, y: float, value: int) -> str:
    """How many modules import."""
    return f'<text class="number" x="{_n(x)}" y="{_n(y)}">{value}</text>'


def head(name: str, colour: str, size: float) -> str:
    """An arrow's head."""
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="{size}" markerHeight="{size}" orient="auto-start-reverse">'
        f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
    )


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="4"/>'


def _towards(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    share = min(RADIUS, length / 2) / length if length else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
