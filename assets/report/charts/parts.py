"""What the kinds of charts share: sizes, axes in the page's language, the layer of protected values.

Belongs here: parts used by more than one kind of chart. Not here: a whole chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.svg import Chart
from assets.report.theme import INK, MUTED

IS_VALIDATED = False  # against Vega-Lite's schema: half of the whole time, so a test does it, not every release


@dataclass(frozen=True)
class Size:
    """Width in pixels of a whole picture; `is_narrow` puts names above their row and panels below each other."""

    width: int
    is_narrow: bool


WIDE: Final = Size(720, False)
NARROW: Final = Size(312, True)


def data(rows: pd.DataFrame | Sequence[Mapping[str, Any]]) -> alt.Data:
    """Rows as inline values, null where there is no number."""
    frame = pd.DataFrame(rows)
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return alt.Data(values=records)


def number_axis(unit: str, language: Language, title: str | None = None, **more: Any) -> alt.Axis:
    """An axis of `number`, `percent` (of shares) or `points` (signed percentage points), as the language writes them."""
    sign = " %" if language.is_danish else "%"
    expression = {
        "number": "format(datum.value, ',')",
        "percent": f"format(100 * datum.value, ',.0f') + '{sign}'",
        "points": "replace(format(100 * datum.value, '+,.0f'), '+0', '0')",
    }[unit]
    return alt.Axis(labelExpr=expression, title=title, tickCount=5, **more)


def names_axis(size: Size, thickness: float = 0.0) -> alt.Axis:
    """Names of rows: left of them on a wide page; on a phone above them, clear of a bar of `thickness` pixels."""
    if not size.is_narrow:
        return alt.Axis(title=None, labelColor=INK, labelLimit=260, labelFontSize=13)
    return alt.Axis(
        title=None, labelColor=INK, labelLimit=330, labelFontSize=13, labelAlign="left", labelBaseline="bottom",
        labelPadding=0, labelOffset=-thickness / 2 - (3 if thickness else 9), zindex=1,
    )  # fmt: skip


def names_width(size: Size, labels: Sequence[str]) -> int:
    """Pixels that the names of rows take beside them. A letter of 13 pixels is 6.8 wide on average."""
    return 0 if size.is_narrow else int(min(260.0, 6.8 * max((len(label) for label in labels), default=0))) + 12


def rows_scale(size: Size, labels: Sequence[str], step: int, thickness: int) -> tuple[alt.Scale, int]:
    """Scale of rows and the height of all: bars of `thickness` with room for a name above each on a phone, close together on a wide page."""
    padding = 1 - thickness / step
    scale = alt.Scale(domain=list(labels), paddingInner=padding, paddingOuter=padding if size.is_narrow else padding / 2)  # fmt: skip
    return scale, step * len(labels) + (int(step * padding) if size.is_narrow else 0)


def years_axis(size: Size) -> alt.Axis:
    """Years below a chart, in two digits on a phone."""
    expression: dict[str, Any] = {"labelExpr": "'’' + slice(datum.label, 2)"} if size.is_narrow else {}
    return alt.Axis(title=None, labelAngle=0, **expression)


def protected(rows: pd.DataFrame, name: str = "protected") -> alt.Chart:
    """`[c]` at the start of the rows that have no number because they are protected; no mark stands for their value."""
    return (
        alt.Chart(data(rows), name=name)
        .mark_text(align="left", dx=6, color=MUTED, fontSize=13)
        .encode(y=alt.Y("label:N"), x=alt.value(0), text=alt.value(SUPPRESSED_MARK))
    )


def finished(chart: Any, marks: Mapping[str, int]) -> Chart:  # fmt: skip
    """The specification of an Altair chart with the marks it must have."""
    return Chart(chart.to_dict(validate=IS_VALIDATED), marks)
