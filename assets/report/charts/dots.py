"""Estimates with their intervals, one row each: shares by target group, lasting attachment, forest plots.

Belongs here: points with intervals. Not here: bars of counts (bars.py), curves over months (curves.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, names_axis, names_width, number_axis, protected, rows_scale
from assets.report.language import Language
from assets.report.svg import Chart
from assets.report.theme import MUTED


def dot_chart(
    rows: pd.DataFrame,
    colours: Mapping[str, str],
    size: Size,
    language: Language,
    unit: str = "percent",
    title: str | None = None,
    missing: str | None = None,
) -> Chart:
    """Rows in the order shown: `label`, `series`, `value`, `low`, `high`, `is_hidden`, `is_hollow`. A row may have more than one series.

    Hidden rows have `[c]` and no mark. Rows without a number that are not hidden say `missing` in words, and have no mark either.
    """
    labels = list(dict.fromkeys(rows["label"]))
    several = rows["series"].nunique() > 1
    rows = rows.astype({"value": float, "low": float, "high": float})
    known = rows[rows["value"].notna()]
    ranged = known[known["low"].notna() & known["high"].notna()]
    step, thickness = (58, 26) if several else (42, 0)
    if size.is_narrow:
        scale, height = rows_scale(size, labels, step, thickness or 1)
    else:
        scale, height = rows_scale(size, labels, 38 if several else 30, 24 if several else 15)
    y = alt.Y("label:N", sort=labels, axis=names_axis(size, labels, thickness), scale=scale)
    x = alt.X("value:Q", axis=number_axis(unit, language, title, grid=True), scale=alt.Scale(domain=_domain(known, unit), nice=True, padding=7))  # fmt: skip
    colour = alt.Color("series:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=_legend(several, size))  # fmt: skip
    offset: dict[str, Any] = {"yOffset": alt.YOffset("series:N", sort=list(colours))} if several else {}
    intervals = (
        alt.Chart(data(ranged), name="intervals")
        .mark_rule(strokeWidth=2)
        .encode(y=y, x=alt.X("low:Q"), x2="high:Q", color=colour, **offset)
    )
    filled, hollow = known[~known["is_hollow"]], known[known["is_hollow"]]
    points = (
        alt.Chart(data(filled), name="points")
        .mark_point(filled=True, size=90, opacity=1)
        .encode(y=y, x=x, color=colour, **offset)
    )
    rings = (
        alt.Chart(data(hollow), name="rings")
        .mark_point(filled=False, size=80, strokeWidth=2, fill="#ffffff", opacity=1)
        .encode(y=y, x=x, color=colour, **offset)
    )
    hidden = rows[rows["is_hidden"]].drop_duplicates("label")
    without = rows[rows["value"].isna() & ~rows["is_hidden"]].drop_duplicates("label")
    layers: list[alt.Chart] = [_zero()] if unit == "points" and len(known) else []
    layers += [chart for chart, part in ((intervals, ranged), (points, filled), (rings, hollow)) if len(part)]
    marks = {"intervals": len(ranged), "points": len(filled), "rings": len(hollow)}
    if len(hidden):
        layers.append(protected(hidden).encode(y=y))
        marks["protected"] = len(hidden)
    if len(without) and missing:
        layers.append(_words(without, missing, y))
        marks["missing"] = len(without)
    chart = alt.layer(*layers).properties(width=size.width - names_width(size, labels) - 24, height=height)
    return finished(chart, {name: number for name, number in marks.items() if number})


def _legend(several: bool, size: Size) -> alt.Legend | None:
    return (
        alt.Legend(
            title=None,
            orient="top",
            symbolType="circle",
            symbolSize=80,
            labelLimit=320,
            columns=1 if size.is_narrow else 4,
        )
        if several
        else None
    )


def _domain(known: pd.DataFrame, unit: str) -> list[float]:
    if not len(known):
        return [0.0, 1.0]
    low, high = float(known[["low", "value"]].min().min()), float(known[["high", "value"]].max().max())
    return [min(low, 0.0), max(high, 0.0)] if unit == "points" else [0.0, high]


def _zero() -> alt.Chart:
    return (
        alt.Chart(data([{"zero": 0}]), name="zero").mark_rule(color="#9aa4ab", strokeWidth=1).encode(x=alt.X("zero:Q"))
    )


def _words(rows: pd.DataFrame, missing: str, y: alt.Y) -> alt.Chart:
    return (
        alt.Chart(data(rows), name="missing")
        .mark_text(align="left", dx=6, color=MUTED, fontSize=12, fontStyle="italic")
        .encode(y=y, x=alt.value(0), text=alt.value(missing))
    )
