"""Effects by month from the start: the estimate, its interval month by month, and the band that holds the whole curve.

Belongs here: event studies, in panels. Not here: single estimates (dots.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, number_axis
from assets.report.language import Language
from assets.report.svg import Chart
from assets.report.theme import INK, MUTED, RSV

COLUMNS = ["event_month", "estimate", "low", "high", "band_low", "band_high"]


def curve_chart(panels: Sequence[tuple[str, pd.DataFrame]], size: Size, language: Language, unit: str, title: str) -> Chart:  # fmt: skip
    """Each panel: its title and rows of COLUMNS; all on one scale, two beside each other on a wide page. Months without an estimate have no mark."""
    rows = pd.concat([frame[COLUMNS].assign(panel=name) for name, frame in panels])
    rows = rows[rows["estimate"].notna()]
    ranged = int((rows["low"].notna() & rows["high"].notna()).sum())
    limits = rows[["band_low", "band_high", "low", "high", "estimate"]].astype(float)
    domain = [min(0.0, float(limits.min().min())), max(0.0, float(limits.max().max()))]
    first = int(rows["event_month"].min())
    across = 1 if size.is_narrow or len(panels) == 1 else 2
    x = alt.X(
        "event_month:Q",
        axis=alt.Axis(title=title, values=[m for m in (-12, -6, 0, 6, 12, 18, 24) if m >= first], grid=False, format="d"),
        scale=alt.Scale(domain=[first, 24], nice=False, padding=6),
    )  # fmt: skip
    y = alt.Y("estimate:Q", axis=number_axis(unit, language, grid=True), scale=alt.Scale(domain=domain, nice=True))
    base = alt.Chart()
    band = base.mark_area(color=RSV, opacity=0.13).encode(x=x, y=alt.Y("band_low:Q"), y2="band_high:Q")
    zero = base.mark_rule(color=INK, strokeWidth=1).encode(y=alt.datum(0))
    start = base.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=alt.datum(0))
    interval = base.mark_rule(color=RSV, opacity=0.55, strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, color=RSV, size=26, opacity=1).encode(x=x, y=y)
    layers = {"bands": band, "zero": zero, "start": start, "intervals": interval, "points": points}
    if first >= 0:
        del layers["start"]
    names = [name for name, _ in panels]
    chart = (
        alt.layer(*(layer.properties(name=name) for name, layer in layers.items()), data=data(rows))
        .properties(width=int((size.width - 24) / across) - 46, height=190)
        .facet(
            facet=alt.Facet("panel:N", sort=names, header=alt.Header(title=None, labelLimit=size.width // across)),
            columns=across,
            spacing=26,
        )
    )
    return finished(chart, {"bands": len(panels), "intervals": ranged, "points": len(rows)})
