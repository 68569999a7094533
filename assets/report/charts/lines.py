"""Lines over years, each with its name at the end.

Belongs here: series over years. Not here: curves with bands (curves.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, number_axis, years_axis
from assets.report.language import Language
from assets.report.svg import Chart

GAP: Final = 0.085  # of the axis: the least distance between two names


def line_chart(
    rows: pd.DataFrame, colours: Mapping[str, str], size: Size, language: Language, unit: str = "number"
) -> Chart:
    """Rows: `x` (text), `y` (null where not observed), `series`. A null breaks the line and has no point."""
    known = rows[rows["y"].notna()]
    top = float(known["y"].max()) if len(known) else 1.0
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    x = alt.X("x:O", axis=years_axis(size), sort=list(dict.fromkeys(rows["x"])))
    y = alt.Y("y:Q", axis=number_axis(unit, language), scale=alt.Scale(domain=[0, top * 1.08]))
    colour = alt.Color("series:N", scale=scale, legend=None)
    lines = alt.Chart(data(rows), name="lines").mark_line().encode(x=x, y=y, color=colour)
    points = (
        alt.Chart(data(known), name="points").mark_point(filled=True, size=36, opacity=1).encode(x=x, y=y, color=colour)
    )
    ends = ends_of(known, top)
    names = (
        alt.Chart(data(ends), name="names")
        .mark_text(align="left", dx=9, fontSize=12, fontWeight=600, lineBreak="|", lineHeight=14)
        .encode(x=x, y=alt.Y("at:Q"), text="name:N", color=colour)
    )
    chart = alt.layer(lines, points, names).properties(
        width=size.width - (96 if size.is_narrow else 170), height=240 if size.is_narrow else 280
    )
    return finished(chart, {"points": len(known), "names": len(ends)})


def ends_of(known: pd.DataFrame, top: float) -> pd.DataFrame:
    """The last point of every series and where its name stands: pushed up so that no two names overlap."""
    if known.empty:
        return known.assign(at=0.0, name="")
    last = known.groupby("series", sort=False).tail(1).sort_values("y")
    heights: list[float] = []
    for height in last["y"].astype(float):
        heights.append(max(height, heights[-1] + GAP * top) if heights else height)
    return last.assign(at=heights, name=last["series"])
