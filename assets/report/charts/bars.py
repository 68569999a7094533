"""Counts as horizontal bars, one colour or a few side by side.

Belongs here: bars of counts. Not here: shares that add up (stacked.py), estimates with intervals (dots.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, names_axis, names_width, protected, rows_scale
from assets.report.language import Language
from assets.report.svg import Chart
from assets.report.theme import INK


def bar_chart(rows: pd.DataFrame, colours: Mapping[str, str], size: Size, language: Language) -> Chart:
    """Rows in the order shown: `label`, `series`, `value`, `is_hidden`. The number stands at the bar's end; a hidden row has `[c]` and no bar."""
    labels = list(dict.fromkeys(rows["label"]))
    several = rows["series"].nunique() > 1
    known = rows[rows["value"].notna()].assign(
        written=lambda part: [language.number(value) for value in part["value"].astype(float)]
    )
    hidden = rows[rows["is_hidden"]]
    top = float(known["value"].max()) if len(known) else 1.0
    thickness = (36 if several else 20) if size.is_narrow else (32 if several else 21)
    step = (62 if several else 46) if size.is_narrow else (40 if several else 28)
    scale, height = rows_scale(size, labels, step, thickness)
    y = alt.Y("label:N", sort=labels, axis=names_axis(size, labels, thickness), scale=scale)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, max(top, 1) * 1.14]))
    legend = alt.Legend(title=None, orient="top", symbolType="square", labelLimit=320) if several else None
    colour = alt.Color("series:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=legend)
    offset: dict[str, Any] = {"yOffset": alt.YOffset("series:N", sort=list(colours))} if several else {}
    bars = alt.Chart(data(known), name="bars").mark_bar().encode(y=y, x=x, color=colour, **offset)
    numbers = (
        alt.Chart(data(known), name="numbers")
        .mark_text(align="left", dx=5, fontSize=12, color=INK)
        .encode(y=y, x=x, text="written:N", **offset)
    )
    layers = [bars, numbers]
    marks = {"bars": len(known), "numbers": len(known)}
    if len(hidden):
        layers.append(protected(hidden).encode(y=y, **offset))
        marks["protected"] = len(hidden)
    chart = alt.layer(*layers).properties(width=size.width - names_width(size, labels) - 16, height=height)
    return finished(chart, marks)
