"""Effects by month from the start: the estimate, its interval month by month, and the band that holds the whole curve.

Belongs here: event studies, in panels. Not here: single estimates (dots.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from assets.report.charts.parts import Size, data, finished, number_axis
from assets.report.language import Language
from assets.report.svg import Chart
from assets.report.theme import INK, MUTED, RSV

STEP: Final = 6  # months between two figures of the axis
COLUMNS: Final = ["event_month", "estimate", "low", "high", "band_low", "band_high"]


def ticks(first: int, last: int) -> list[int]:
    """Months that the axis names: half-years, whole years of more than three years."""
    step = STEP if last - first <= 6 * STEP else 2 * STEP
    return list(range(-(-first // step) * step, last + 1, step))


def curve_chart(
    panels: Sequence[tuple[str, pd.DataFrame]],
    size: Size,
    language: Language,
    unit: str,
    title: str,
    months: tuple[int, int] | None = None,
) -> Chart:
    """Each panel: its title and rows of COLUMNS; all on one scale, two beside each other on a wide page. Months without an estimate have no mark.

    `months`: the first and the last of the axis, of curves with some months alone: each has its band for itself, for nothing is known between two. Else the band is one area, and the axis ends at month 24.
    """
    rows = pd.concat([frame[COLUMNS].assign(panel=name) for name, frame in panels])
    rows = rows[rows["estimate"].notna()]
    ranged = int((rows["low"].notna() & rows["high"].notna()).sum())
    limits = rows[["band_low", "band_high", "low", "high", "estimate"]].astype(float)
    domain = [min(0.0, float(limits.min().min())), max(0.0, float(limits.max().max()))]
    first, last = months or (int(rows["event_month"].min()), 24)
    across = 1 if size.is_narrow or len(panels) == 1 else 2
    x = alt.X(
        "event_month:Q",
        axis=alt.Axis(title=title, values=ticks(first, last), grid=False, format="d"),
        scale=alt.Scale(domain=[first, last], nice=False, padding=6),
    )  # fmt: skip
    y = alt.Y("estimate:Q", axis=number_axis(unit, language, grid=True), scale=alt.Scale(domain=domain, nice=True))
    base = alt.Chart()
    look: dict[str, Any] = {"color": RSV, "opacity": 0.13}
    band = base.mark_area(**look) if months is None else base.mark_rule(**look, strokeWidth=10)
    band = band.encode(x=x, y=alt.Y("band_low:Q"), y2="band_high:Q")
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
    banded = int((rows["band_low"].notna() & rows["band_high"].notna()).sum())
    return finished(
        chart, {"bands": len(panels) if months is None else banded, "intervals": ranged, "points": len(rows)}
    )
