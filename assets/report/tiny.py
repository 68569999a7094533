"""Small pictures for a municipality's page, written as SVG by hand: a hundred pages of them take a second.

Belongs here: bars by year and a locator. Not here: charts of the whole country (charts/), numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final, NamedTuple

from assets.report.charts.tiles import COLUMNS, ROWS, tiles
from assets.report.language import SUPPRESSED_MARK, UNKNOWN_MARK, Language, is_known
from assets.report.theme import ACCENT, INK, MUTED, OTHER, RSV, RULE

WIDTH: Final = 340
TOP: Final = 26
PLOT: Final = 118


class Column(NamedTuple):
    """A column: its name below, its value (None: none), whether that is protected, and the group's value beside it."""

    label: str
    value: float | None
    is_protected: bool
    beside: float | None


def _svg(name: str, width: int, height: int, title: str, text: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" style="max-width:{width}px" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(text)}</desc>{body}</svg>'
    )


def columns(
    name: str, rows: Sequence[Column], title: str, text: str, language: Language, write: Callable[[float], str] | None = None
) -> str:  # fmt: skip
    """A column for each row with a number, and a line where the group is; `[c]` where it is protected and a dash where there is none, without a column."""
    known = [number for row in rows for number in (row.value, row.beside) if number is not None and is_known(number)]
    top = max(known or [0.0]) or 1.0
    step = WIDTH / max(1, len(rows))
    bottom = TOP + PLOT
    parts = [f'<line x1="0" x2="{WIDTH}" y1="{bottom + 0.5}" y2="{bottom + 0.5}" stroke="{RULE}"/>']
    for index, row in enumerate(rows):
        middle = step * (index + 0.5)
        wide = min(34.0, step * 0.66)
        parts.append(_text(middle, bottom + 18, row.label, MUTED))
        group = None if row.beside is None else bottom - PLOT * row.beside / top
        if row.value is None or not is_known(row.value):
            parts.append(_text(middle, bottom - 6, SUPPRESSED_MARK if row.is_protected else UNKNOWN_MARK, MUTED))
        else:
            height = PLOT * float(row.value) / top
            parts.append(
                f'<rect class="m" x="{middle - wide / 2:.1f}" y="{bottom - height:.1f}" width="{wide:.1f}" height="{height:.1f}" fill="{RSV}"/>'
            )
            at = (
                bottom - height
                if group is None or abs(group - bottom + height + 10) > 8
                else min(group, bottom - height)
            )
            parts.append(_text(middle, at - 6, (write or language.number)(row.value), INK))
        if group is not None:
            parts.append(
                f'<line class="g" x1="{middle - wide / 2 - 3:.1f}" x2="{middle + wide / 2 + 3:.1f}" y1="{group:.1f}" y2="{group:.1f}" stroke="{ACCENT}" stroke-width="2.5"/>'
            )
    return _svg(name, WIDTH, bottom + 26, title, text, "".join(parts))


def intervals(name: str, rows: Sequence[tuple[str, float | None, float | None, float | None, bool]], title: str, text: str, language: Language) -> str:  # fmt: skip
    """Shares with their intervals, one row each: own municipality first, in colour; the others to compare with. Rows: label, share, low, high, is protected."""
    tops = [number for _, share, _, high, _ in rows for number in (share, high) if number is not None and is_known(number)]  # fmt: skip
    top = max(tops or [0.0]) * 1.05 or 1.0
    parts = []
    for index, (label, share, low, high, is_protected) in enumerate(rows):
        y = 18 + 46 * index
        colour = RSV if index == 0 else OTHER
        parts.append(f'<text x="0" y="{y}" font-size="13" fill="{INK}">{escape(label)}</text>')
        parts.append(f'<line x1="0" x2="{WIDTH - 50}" y1="{y + 15}" y2="{y + 15}" stroke="{RULE}"/>')
        if share is None or not is_known(share):
            mark = SUPPRESSED_MARK if is_protected else UNKNOWN_MARK
            parts.append(f'<text x="4" y="{y + 19}" font-size="12" fill="{MUTED}">{mark}</text>')
            continue
        scale = (WIDTH - 50) / top
        if low is not None and high is not None and is_known(low) and is_known(high):
            parts.append(f'<line class="i" x1="{low * scale:.1f}" x2="{high * scale:.1f}" y1="{y + 15}" y2="{y + 15}" stroke="{colour}" stroke-width="2.5"/>')  # fmt: skip
        parts.append(f'<circle class="m" cx="{max(5.0, share * scale):.1f}" cy="{y + 15}" r="5" fill="{colour}"/>')
        parts.append(f'<text x="{WIDTH}" y="{y + 19}" font-size="13" font-weight="600" text-anchor="end" fill="{INK}">{language.percent(share)}</text>')  # fmt: skip
    return _svg(name, WIDTH, 46 * len(rows), title, text, "".join(parts))


def locator(name: str, code: str, group: Sequence[str], title: str, text: str) -> str:
    """The 98 tiles with one municipality marked and its group tinted."""
    size = 10
    parts = []
    for tile in tiles():
        fill = RSV if tile.code == code else "#b5d3d3" if tile.code in group else "#e4e8ea"
        parts.append(f'<rect class="m" x="{tile.column * size}" y="{tile.row * size}" width="9" height="9" rx="1" fill="{fill}"/>')  # fmt: skip
    return _svg(name, COLUMNS * size, ROWS * size, title, text, "".join(parts))


def _text(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="middle" fill="{colour}">{escape(text)}</text>'
