"""A measure by month from the start, one line a kind of enterprise, each with its name at the end.

Belongs here: lines over months before and after an event. Not here: lines over years (lines.py), effects with bands (curves.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from assets.report.charts.curves import ticks
from assets.report.charts.lines import GAP, ends_of
from assets.report.charts.parts import Size, data, finished, number_axis
from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.svg import Chart
from assets.report.theme import MUTED


def month_chart(rows: pd.DataFrame, colours: Mapping[str, str], size: Size, language: Language, title: str, start: str) -> Chart:  # fmt: skip
    """Rows: `month`, `y` (null where hidden or not observed), `series`, `is_hidden`; month 0 is marked with `start`. A null breaks the line; each run of hidden months has `[c]` in its gap."""
    rows = rows.assign(y=rows["y"].astype(float)).sort_values(["series", "month"])
    known = rows[rows["y"].notna()]
    top = float(known["y"].max()) if len(known) else 1.0
    first, last = int(rows["month"].min()), int(rows["month"].max())
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    x = alt.X(
        "month:Q",
        axis=alt.Axis(title=title, values=ticks(first, last), grid=False, format="d"),
        scale=alt.Scale(domain=[first, last], nice=False, padding=4),
    )  # fmt: skip
    y = alt.Y("y:Q", axis=number_axis("number", language, grid=True), scale=alt.Scale(domain=[0, top * 1.08]))
    colour = alt.Color("series:N", scale=scale, legend=None)
    zero = alt.Chart(data([{"month": 0, "name": start}]))
    layers: list[alt.Chart] = [
        zero.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x).properties(name="start"),
        zero.mark_text(align="left", baseline="top", dx=5, fontSize=12, color=MUTED).encode(x=x, y=alt.value(0), text="name:N").properties(name="start-name"),
        alt.Chart(data(rows), name="lines").mark_line().encode(x=x, y=y, color=colour),
        alt.Chart(data(known), name="points").mark_point(filled=True, size=18, opacity=1).encode(x=x, y=y, color=colour),
    ]  # fmt: skip
    marks = {"lines": rows.loc[rows["y"].notna(), "series"].nunique(), "points": len(known)}
    ends = ends_of(known.rename(columns={"month": "x"}), top).rename(columns={"x": "month"})
    if len(ends):
        names = alt.Chart(data(ends), name="names").mark_text(align="left", dx=9, fontSize=12, fontWeight=600)
        layers.append(names.encode(x=x, y=alt.Y("at:Q"), text="name:N", color=colour))
        marks["names"] = len(ends)
    hidden = gaps_of(rows, top)
    if len(hidden):
        gaps = alt.Chart(data(hidden), name="protected").mark_text(fontSize=13, fontWeight=600)
        layers.append(gaps.encode(x=x, y=y, text="text:N", color=colour))
        marks["protected"] = len(hidden)
    chart = alt.layer(*layers).properties(
        width=size.width - (70 if size.is_narrow else 100), height=230 if size.is_narrow else 280
    )
    return finished(chart, marks)


def gaps_of(rows: pd.DataFrame, top: float) -> pd.DataFrame:
    """One row a run of hidden months of a series: its middle, and a height between what is shown on both sides. A series that is hidden whole stands at the foot with its name. `rows`: in order of series and month."""
    found = []
    for number, (series, part) in enumerate(rows.groupby("series", sort=False)):
        run = (part["is_hidden"] != part["is_hidden"].shift()).cumsum()
        before, after = part["y"].ffill(), part["y"].bfill()
        beside = (before.fillna(after) + after.fillna(before)) / 2
        for _, hidden in part[part["is_hidden"]].groupby(run):
            height, is_whole = float(beside[hidden.index].mean()), bool(part["y"].isna().all())
            found.append(
                {
                    "month": float(hidden["month"].mean()),
                    "series": series,
                    "y": (number + 0.5) * GAP * top if is_whole else height,
                    "text": f"{series} {SUPPRESSED_MARK}" if is_whole else SUPPRESSED_MARK,
                }
            )
    return pd.DataFrame(found, columns=["month", "series", "y", "text"])
