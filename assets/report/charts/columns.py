"""Counts over years as columns, the number on each.

Belongs here: one series of counts over years. Not here: several series (lines.py), counts by group (bars.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, years_axis
from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.svg import Chart
from assets.report.theme import INK, MUTED, RSV


def column_chart(rows: pd.DataFrame, size: Size, language: Language) -> Chart:
    """Rows in the order shown: `x` (text), `value`, `is_hidden`. A hidden year has `[c]` and no column."""
    known = rows[rows["value"].notna()]
    known = known.assign(written=[language.number(value) for value in known["value"].astype(float)])
    hidden = rows[rows["is_hidden"]]
    top = float(known["value"].max()) if len(known) else 1.0
    x = alt.X("x:O", axis=years_axis(size), sort=list(rows["x"]), scale=alt.Scale(domain=list(rows["x"]), padding=0.3))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[0, max(top, 1) * 1.1]))
    text: Mapping[str, Any] = {"fontSize": 12, "dy": -8}
    layers = [
        alt.Chart(data(known), name="columns").mark_bar(color=RSV).encode(x=x, y=y),
        alt.Chart(data(known), name="numbers").mark_text(color=INK, **text).encode(x=x, y=y, text="written:N"),
    ]
    marks = {"columns": len(known), "numbers": len(known)}
    if len(hidden):
        zero = hidden.assign(zero=0)
        layers.append(
            alt.Chart(data(zero), name="protected")
            .mark_text(color=MUTED, **text)
            .encode(x=x, y=alt.Y("zero:Q"), text=alt.value(SUPPRESSED_MARK))
        )
        marks["protected"] = len(hidden)
    chart = alt.layer(*layers).properties(
        width=size.width - (16 if size.is_narrow else 60), height=190 if size.is_narrow else 230
    )
    return finished(chart, marks)
