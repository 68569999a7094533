"""The look of the charts: few colours, quiet axes, and the words' own typeface.

Belongs here: colours (each at least 3:1 against the page where it carries meaning) and the charts' configuration. Not here: data, page layout (templates/style.css).
"""

from __future__ import annotations

from typing import Any, Final

INK: Final = "#1c2830"
MUTED: Final = "#55616a"
RULE: Final = "#dfe3e5"
RSV: Final = "#0f5b66"
OTHER: Final = "#8a8171"
ACCENT: Final = "#a8521c"
HIDDEN: Final = "#ecebe6"
BANDS: Final = ("#e4e8ea", "#b5d3d3", "#79b0b3", "#2f7a83", "#0d4f59")
EXITED: Final = "#c9bfae"
SEQUENCE: Final = ("#e3efee", "#b9d7d7", "#82b6b9", "#2f7a83", "#135560", "#082f38")
FONT: Final = (
    "Arial, 'Liberation Sans', Helvetica, sans-serif"  # of one width: what is measured here is what a reader sees
)


def is_dark(colour: str) -> bool:
    """Whether white letters are easier to read on a colour (#rrggbb) than dark ones: by relative luminance, as WCAG computes it."""
    return luminance(colour) < 0.21


def luminance(colour: str) -> float:
    """Relative luminance of a colour (#rrggbb), 0 to 1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


CONFIG: Final[dict[str, Any]] = {
    "background": None,
    "aria": False,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "labelPadding": 6, "titlePadding": 10,
    },
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False},
    "header": {"labelColor": INK, "labelFontSize": 13, "labelFontWeight": 600, "labelAnchor": "start", "title": None, "labelPadding": 8},
    "legend": {"labelColor": INK, "labelFontSize": 12, "titleColor": MUTED, "titleFontSize": 12, "titleFontWeight": "normal", "orient": "top", "symbolStrokeWidth": 0},
    "text": {"fontSize": 12, "color": INK},
    "line": {"strokeWidth": 2.5, "strokeCap": "round"},
}  # fmt: skip
