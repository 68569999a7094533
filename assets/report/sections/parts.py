"""What the sections share: a figure from a chart in both sizes, a table from rows.

Belongs here: putting together. Not here: any one section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from assets.report.charts.parts import NARROW, WIDE, Size
from assets.report.language import Language
from assets.report.model import Figure, Table
from assets.report.status import status_of
from assets.report.svg import Chart, draw


def figure(
    name: str,
    title: str,
    finding: str,
    table: Table,
    sources: Sequence[str],
    chart: Callable[[Size], Chart] | None,
    language: Language,
    note: str = "",
    points: Sequence[str] = (),
) -> Figure:
    """A figure with its picture in both sizes; the finding and its points are the text for who cannot see it. Without a chart there is the table alone."""
    drawing = (
        None if chart is None else draw(name, chart(WIDE), chart(NARROW), title, " ".join((finding, *points)), language)
    )
    return Figure(name, title, finding, table, tuple(sources), drawing, note, tuple(points))


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], words: Iterable[int] = ()) -> Table:
    """A table of text."""
    return Table(caption, tuple(columns), tuple(tuple(row) for row in rows), frozenset(words))


def cells(frame: pd.DataFrame, measures: Sequence[str], language: Language) -> list[list[str]]:
    """The measures of each row as text, `[c]` where the row is protected."""
    return [
        [language.shown(row[measure], status_of(row, measure)) for measure in measures] for _, row in frame.iterrows()
    ]


def share_and_interval(row: pd.Series, language: Language) -> list[str]:
    """Share and its interval as text."""
    if pd.isna(row["share"]):
        mark = language.shown(None, status_of(row, "share"))
        return [mark, mark]
    return [language.percent(row["share"]), language.interval(row["ci_lower"], row["ci_upper"], language.percent)]
