"""Charts: every value is a mark, none is made up, protected ones are a layer of their own."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from altair.utils.schemapi import debug_mode

from assets.report import theme
from assets.report.charts import parts
from assets.report.charts.bars import bar_chart
from assets.report.charts.columns import column_chart
from assets.report.charts.curves import curve_chart
from assets.report.charts.dots import dot_chart
from assets.report.charts.lines import line_chart
from assets.report.charts.months import month_chart
from assets.report.charts.parts import NARROW, WIDE
from assets.report.charts.stacked import stacked_chart
from assets.report.charts.tiles import tile_chart, tiles
from assets.report.language import DANISH
from assets.report.svg import Chart, ChartError, accessible, count_marks, draw
from assets.report.theme import RSV
from assets.report.tiny import Column, columns, intervals, locator
from tests.report.public_tier import municipalities

DOTS = pd.DataFrame(
    [
        {"label": "a", "series": "x", "value": 0.2, "low": 0.1, "high": 0.3, "is_hidden": False, "is_hollow": False},
        {"label": "b", "series": "x", "value": 0.1, "low": None, "high": None, "is_hidden": False, "is_hollow": True},
        {"label": "c", "series": "x", "value": None, "low": None, "high": None, "is_hidden": True, "is_hollow": False},
        {"label": "d", "series": "x", "value": None, "low": None, "high": None, "is_hidden": False, "is_hollow": False},
    ]
)


@functools.cache
def charts() -> dict[str, tuple[Chart, dict[str, int]]]:
    """One chart of each kind with a null in it, and the marks it must have."""
    bars = pd.DataFrame({"label": ["a", "b", "c"], "series": "x", "value": [5, None, 0], "is_hidden": [False, True, False]})  # fmt: skip
    years = pd.DataFrame({"x": ["2020", "2021", "2022"], "y": [1.0, None, 1000.0], "series": "x"})
    stack = pd.DataFrame({"label": ["a", "a", "b", "b"], "part": ["p", "q"] * 2, "share": [0.4, 0.6, None, None], "is_hidden": [False, False, True, True]})  # fmt: skip
    places = pd.DataFrame({"code": [tile.code for tile in tiles()], "level": 1.0, "written": "7", "is_hidden": False})
    places.loc[:9, "is_hidden"] = True
    places.loc[10:12, "level"] = np.nan
    curve = pd.DataFrame({"event_month": range(-12, 25), "estimate": 0.01, "low": -0.1, "high": 0.1, "band_low": -0.2, "band_high": 0.2})  # fmt: skip
    curve.loc[5, "estimate"] = np.nan
    half_years = curve.loc[[0, 5, 6, 12]].assign(event_month=[-12, -6, 0, 6])
    half_years.loc[6, ["low", "high", "band_low", "band_high"]] = np.nan
    months = pd.DataFrame(
        {
            "month": [-1, 0, 1, 2] * 2,
            "y": [3.0, None, None, 1.0, 2.0, 2.0, None, None],
            "series": ["x"] * 4 + ["y"] * 4,
            "is_hidden": [False, True, True, False, False, False, False, True],
        }
    )
    columns_of = bars.rename(columns={"label": "x"})
    return {
        "bars": (bar_chart(bars, {"x": RSV}, WIDE, DANISH), {"bars": 2, "numbers": 2, "protected": 1}),
        "columns": (column_chart(columns_of, NARROW, DANISH), {"columns": 2, "numbers": 2, "protected": 1}),
        "lines": (line_chart(years, {"x": RSV}, WIDE, DANISH), {"points": 2, "names": 1}),
        "stacked": (stacked_chart(stack, {"p": "#b5d3d3", "q": RSV}, NARROW, DANISH), {"parts": 2, "numbers": 2, "protected": 1}),
        "tiles": (tile_chart(places, ["0", "1–2"], WIDE, DANISH), {"tiles": 85, "protected": 10, "unknown": 3, "names": 98, "numbers": 98}),
        "dots": (dot_chart(DOTS, {"x": RSV}, WIDE, DANISH, "points", None, "ikke beregnet"), {"intervals": 1, "points": 1, "rings": 1, "protected": 1, "missing": 1}),
        "curves": (curve_chart([("p", curve), ("q", curve)], WIDE, DANISH, "points", "m"), {"bands": 2, "intervals": 72, "points": 72}),
        "half_years": (curve_chart([("p", half_years)], WIDE, DANISH, "points", "m", (-12, 6)), {"bands": 2, "intervals": 2, "points": 3}),
        "months": (month_chart(months, {"x": RSV, "y": "#8a8171"}, NARROW, DANISH, "m", "start"), {"lines": 2, "points": 4, "names": 2, "protected": 2}),
    }  # fmt: skip


def test_every_value_is_one_mark_and_a_null_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a null drawn as zero, a protected tile that disappears, and an empty chart without an error; and a specification that Vega-Lite's schema refuses."""
    monkeypatch.setattr(parts, "IS_VALIDATED", True)
    with debug_mode(True):
        made = charts()
    for name, (chart, marks) in made.items():
        assert dict(chart.marks) == marks, name
        drawing = draw(name, chart, chart, "title", "text", DANISH)
        found = count_marks(drawing.wide)
        assert {layer: found.get(layer) for layer in marks} == marks, name


def test_a_chart_with_a_mark_too_few_is_refused() -> None:
    """Prevents a picture that shows less than its table."""
    chart, marks = charts()["bars"]
    with pytest.raises(ChartError, match="bars-w: marks drawn and marks in the data differ"):
        draw("bars", Chart(chart.spec, {**marks, "bars": 3}), chart, "title", "text", DANISH)


def test_what_is_hidden_whole_has_no_axis_and_says_whose_it_is() -> None:
    """Prevents an axis that measures nothing, and a `[c]` that could be anybody's."""
    hidden = DOTS.assign(value=None, low=None, high=None, is_hidden=True)
    chart = dot_chart(hidden, {"x": RSV}, WIDE, DANISH, "points", "procentpoint")
    svg = draw("dots", chart, chart, "title", "text", DANISH).wide
    assert svg.count(">[c]<") == 4 and ">zero<" not in svg and ">0<" not in svg
    months = pd.DataFrame({"month": [0, 1] * 2, "y": [1.0, 2.0, None, None], "series": ["RSV"] * 2 + ["Andre"] * 2, "is_hidden": [False, False, True, True]})  # fmt: skip
    chart = month_chart(months, {"RSV": RSV, "Andre": "#8a8171"}, WIDE, DANISH, "m", "start")
    assert ">Andre [c]<" in draw("months", chart, chart, "title", "text", DANISH).wide


def test_a_thousand_on_an_axis_stays_a_thousand() -> None:
    """Prevents 1.00 for 1.000: decimals are shortened in coordinates alone."""
    chart, _ = charts()["lines"]
    svg = draw("lines", chart, chart, "title", "text", DANISH).wide
    assert ">1.000<" in svg
    assert accessible('<svg width="10" viewBox="0 0 1 1"><g x="1.23456">1.000</g></svg>', "n", "t", "d").endswith('<g x="1.23">1.000</g></svg>')  # fmt: skip


def test_a_picture_has_a_title_a_text_and_ids_of_its_own() -> None:
    """Prevents a picture that a screen reader passes over, and two pictures that share a clipping path."""
    chart, _ = charts()["tiles"]
    drawing = draw("map", chart, chart, "Kort & kommuner", "Flest i København", DANISH)
    assert 'role="img" aria-labelledby="map-w-t map-w-d"' in drawing.wide
    assert "<title" in drawing.narrow and "Kort &amp; kommuner</title>" in drawing.narrow
    assert 'id="clip' not in drawing.wide + drawing.narrow


def test_the_tile_map_has_every_municipality_once() -> None:
    """Prevents a municipality without a tile, or two on one."""
    assert [tile.code for tile in tiles()] == sorted(row["kommune_kode"] for row in municipalities())
    assert len({(tile.column, tile.row) for tile in tiles()}) == len({tile.short for tile in tiles()}) == 98


def test_small_pictures_draw_no_column_for_what_is_protected_or_missing() -> None:
    """Prevents a municipality's protected year from looking like a year with nobody."""
    rows = [Column("a", 3, False, 2.0), Column("b", None, True, None), Column("c", None, False, None), Column("d", 0, False, 1.0)]  # fmt: skip
    svg = columns("n", rows, "t", "d", DANISH)
    assert (svg.count('class="m"'), svg.count('class="g"'), svg.count(">[c]<"), svg.count(">–<")) == (2, 2, 1, 1)
    svg = intervals("n", [("a", 0.2, 0.1, 0.3, False), ("b", None, None, None, True)], "t", "d", DANISH)
    assert (svg.count('class="m"'), svg.count('class="i"'), svg.count(">[c]<")) == (1, 1, 1)
    assert locator("n", "0751", ["0461"], "t", "d").count('class="m"') == 98


def test_letters_on_colours_and_words_on_paper_can_be_read() -> None:
    """Prevents white letters on a pale tile: axe does not look into pictures (WCAG 1.4.3: 4.5 to 1; 1.4.11: 3 to 1 for lines and points)."""

    def contrast(one: str, other: str) -> float:
        low, high = sorted((theme.luminance(one), theme.luminance(other)))
        return (high + 0.05) / (low + 0.05)

    for colour in (*theme.BANDS, *theme.SEQUENCE, theme.EXITED, theme.ACCENT):
        assert contrast(colour, "#ffffff" if theme.is_dark(colour) else theme.INK) >= 4.5, colour
    assert min(contrast(colour, "#ffffff") for colour in (theme.INK, theme.MUTED)) >= 4.5
    assert contrast(theme.MUTED, theme.HIDDEN) >= 4.5
    assert min(contrast(colour, "#ffffff") for colour in (theme.RSV, theme.OTHER, theme.ACCENT)) >= 3
