"""What the kinds of charts share: sizes, axes in the page's language, the layer of protected values.

Belongs here: parts used by more than one kind of chart. Not here: a whole chart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from assets.report.charts.letters import LINE, lines_of, width_of
from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.svg import Chart
from assets.report.theme import INK, MUTED

NAME: Final = 13  # pixels of a name
WIDEST_NAME: Final = 230  # pixels of its column on a wide page
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


def names_axis(size: Size, labels: Sequence[str], thickness: float = 0.0) -> alt.Axis:
    """Names of rows, never cut: left of them on a wide page; on a phone above them, clear of a bar of `thickness` pixels. One too wide for its column stands in lines."""
    broken = {label: lines for label in labels if len(lines := _lines(size, label)) > 1}
    look_up = f"({json.dumps(broken, ensure_ascii=False)})[datum.value] || datum.label"
    at = -thickness / 2 - (3 if thickness else 9) if size.is_narrow else 0.0
    raised = []
    for number in sorted({len(lines) for lines in broken.values()}):
        names = json.dumps([label for label, lines in broken.items() if len(lines) == number], ensure_ascii=False)
        up = (number - 1) * LINE / (1 if size.is_narrow else 2)
        raised.append({"test": f"indexof({names}, datum.value) >= 0", "value": at - up})
    offset = {"condition": raised, "value": at} if raised else at
    more: dict[str, Any] = {"labelExpr": look_up, "labelLineHeight": LINE} if broken else {}
    if size.is_narrow:
        more |= {"labelAlign": "left", "labelBaseline": "bottom", "labelPadding": 0, "zindex": 1}
    return alt.Axis(title=None, labelColor=INK, labelLimit=0, labelFontSize=NAME, labelOffset=offset, **more)


def _lines(size: Size, label: str) -> list[str]:
    return lines_of(label, NAME, size.width - 6 if size.is_narrow else WIDEST_NAME)


def names_width(size: Size, labels: Sequence[str]) -> int:
    """Pixels that the names of rows take beside them."""
    if size.is_narrow:
        return 12
    return int(max((width_of(line, NAME) for label in labels for line in _lines(size, label)), default=0)) + 12


def rows_scale(size: Size, labels: Sequence[str], step: int, thickness: int) -> tuple[alt.Scale, int]:
    """Scale of rows and the height of all: bars of `thickness` with room for a name above each on a phone, close together on a wide page, further apart where a name stands in lines."""
    most = max((len(_lines(size, label)) for label in labels), default=1)
    if most > 1:
        step = step + (most - 1) * LINE if size.is_narrow else max(step, most * LINE + 8)
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
