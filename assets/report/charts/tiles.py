"""The 98 municipalities as tiles of one size: small municipalities are seen, and none is larger than its people.

Belongs here: the tile map, and where each tile lies (tiles.csv). Not here: the municipality pages' links (templates).
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import Final, NamedTuple

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished
from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.svg import Chart
from assets.report.theme import HIDDEN, INK, MUTED, SEQUENCE, is_dark

GRID: Final = Path(__file__).parents[1] / "tiles.csv"
COLUMNS, ROWS = 18, 11


class Tile(NamedTuple):
    """Where a municipality lies in the grid, from the upper left, and its name in three letters."""

    code: str
    column: int
    row: int
    short: str


@functools.cache
def tiles() -> tuple[Tile, ...]:
    """All 98, in order of code."""
    with GRID.open(encoding="utf-8") as file:
        rows = [
            Tile(row["code"], int(row["column"]), int(row["row"]), row["short"])
            for row in csv.DictReader(file, delimiter=";")
        ]
    return tuple(sorted(rows))


def tile_chart(rows: pd.DataFrame, classes: list[str], size: Size, language: Language) -> Chart:
    """Rows: `code`, `level` (index into `classes`; null: no number), `written`, `is_hidden`. Hidden tiles are a layer of their own, with `[c]`; tiles without a number another."""
    grid = pd.DataFrame(tiles(), columns=list(Tile._fields))
    placed = grid.merge(rows, on="code", how="left")
    placed["is_hidden"] = placed["is_hidden"].eq(True)
    known = placed[placed["level"].notna() & ~placed["is_hidden"]].copy()
    known["class"] = [classes[int(level)] for level in known["level"]]
    known["letters"] = ["#ffffff" if is_dark(SEQUENCE[int(level)]) else INK for level in known["level"]]
    hidden = placed[placed["is_hidden"]]
    empty = placed[placed["level"].isna() & ~placed["is_hidden"]]
    x = alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(COLUMNS)), padding=0.06))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(ROWS)), padding=0.06))
    legend = alt.Legend(title=None, orient="top", direction="horizontal", columns=3 if size.is_narrow else 6, symbolType="square", symbolSize=170, labelLimit=180)  # fmt: skip
    colours = alt.Scale(domain=classes, range=list(SEQUENCE[: len(classes)]))
    layers: list[alt.Chart] = [
        alt.Chart(data(known), name="tiles")
        .mark_rect(cornerRadius=2)
        .encode(x=x, y=y, color=alt.Color("class:N", scale=colours, legend=legend))
    ]
    marks = {"tiles": len(known)}
    for name, part, fill, dash in (("protected", hidden, HIDDEN, [1, 0]), ("unknown", empty, "#ffffff", [3, 2])):
        if len(part):
            layers.append(
                alt.Chart(data(part), name=name)
                .mark_rect(fill=fill, stroke="#b9b5aa", strokeDash=dash, cornerRadius=2)
                .encode(x=x, y=y)
            )
            marks[name] = len(part)
    step = size.width / COLUMNS
    if not size.is_narrow:
        layers += _letters(known, hidden, empty, x, y)
        marks |= {"names": len(placed), "numbers": len(placed)}
    chart = alt.layer(*layers).properties(width=int(size.width - 4), height=int(step * ROWS))
    return finished(chart, marks)


def _letters(
    known: pd.DataFrame, hidden: pd.DataFrame, empty: pd.DataFrame, x: alt.X, y: alt.Y
) -> tuple[alt.Chart, alt.Chart]:
    """Three letters and the number in every tile."""
    told = pd.concat(
        [
            known,
            hidden.assign(letters=MUTED, written=SUPPRESSED_MARK),
            empty.assign(letters=MUTED, written="–"),
        ]
    )
    colour = alt.Color("letters:N", scale=None)
    names = (
        alt.Chart(data(told), name="names").mark_text(fontSize=10, dy=-6).encode(x=x, y=y, text="short:N", color=colour)
    )
    numbers = (
        alt.Chart(data(told), name="numbers")
        .mark_text(fontSize=11, dy=7, fontWeight=600)
        .encode(x=x, y=y, text="written:N", color=colour)
    )
    return names, numbers
