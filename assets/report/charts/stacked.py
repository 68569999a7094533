"""Parts of a whole as one bar a row: how forløb spread over the bands of hours.

Belongs here: shares that add up to one. Not here: counts (bars.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, names_axis, names_width, number_axis, protected, rows_scale
from assets.report.language import Language
from assets.report.svg import Chart
from assets.report.theme import INK, is_dark


def stacked_chart(rows: pd.DataFrame, colours: Mapping[str, str], size: Size, language: Language) -> Chart:
    """Rows: `label` (the bar), `part`, `share`, `is_hidden`; parts in the colours' order. A hidden bar has `[c]` and no parts."""
    labels = list(dict.fromkeys(rows["label"]))
    known = rows.assign(share=rows["share"].astype(float))
    known = known[known["share"].notna()]
    known["end"] = known.groupby("label", sort=False)["share"].cumsum()
    known["start"] = known["end"] - known["share"]
    known["middle"] = (known["end"] + known["start"]) / 2
    known["written"] = [_written(share, language) for share in known["share"]]
    known["letters"] = ["#ffffff" if is_dark(colours[part]) else INK for part in known["part"]]
    told = known[known["share"] >= (0.09 if size.is_narrow else 0.045)]
    hidden = rows[rows["is_hidden"]].drop_duplicates("label")
    step, thickness = (56, 28) if size.is_narrow else (38, 29)
    scale, height = rows_scale(size, labels, step, thickness)
    y = alt.Y("label:N", sort=labels, axis=names_axis(size, labels, thickness), scale=scale)
    x = alt.X("start:Q", axis=number_axis("percent", language), scale=alt.Scale(domain=[0, 1], nice=False))
    legend = alt.Legend(title=None, orient="top", columns=2 if size.is_narrow else 6, symbolType="square", labelLimit=200, columnPadding=12)  # fmt: skip
    colour = alt.Color("part:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=legend)
    bars = (
        alt.Chart(data(known), name="parts")
        .mark_bar(stroke="#ffffff", strokeWidth=1)
        .encode(y=y, x=x, x2="end:Q", color=colour)
    )
    numbers = (
        alt.Chart(data(told), name="numbers")
        .mark_text(fontSize=12)
        .encode(y=y, x=alt.X("middle:Q"), text="written:N", color=alt.Color("letters:N", scale=None))
    )
    layers = [bars, numbers]
    marks = {"parts": len(known), "numbers": len(told)}
    if len(hidden):
        layers.append(protected(hidden).encode(y=y))
        marks["protected"] = len(hidden)
    chart = alt.layer(*layers).properties(width=size.width - names_width(size, labels) - 28, height=height)
    return finished(chart, marks)


def _written(share: float, language: Language) -> str:
    """A whole percentage; what is not quite all is not written as all."""
    return language.pick("over 99 %", "over 99%") if 0.995 <= share < 1 else language.percent(share, 0)
