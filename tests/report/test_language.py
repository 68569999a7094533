"""Numbers, dates and lists as a Danish reader and as an English reader writes them."""

from __future__ import annotations

import datetime
import math

import pytest

from assets.report.language import DANISH, ENGLISH


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [(1234.5, 1, "1.234,5", "1,234.5"), (-1234, 0, "−1.234", "−1,234"), (-0.04, 1, "0,0", "0.0"), (0, 0, "0", "0")],
)
def test_numbers_have_the_languages_marks(value: float, decimals: int, danish: str, english: str) -> None:
    """Prevents 1,234.5 on a Danish page, where it reads as one and a quarter, and a minus before a zero."""
    assert (DANISH.number(value, decimals), ENGLISH.number(value, decimals)) == (danish, english)


def test_a_percentage_keeps_its_sign_on_the_line() -> None:
    """Prevents a line that begins with a percent sign."""
    assert DANISH.percent(0.1234) == "12,3\u00a0%"
    assert ENGLISH.percent(0.1234) == "12.3%"


def test_an_interval_names_its_unit_once_and_says_when_it_is_not_there() -> None:
    """Prevents `11,6 % til 14,9 %` in every line, and an empty interval that looks like zero."""
    assert DANISH.interval(0.116, 0.149, DANISH.percent) == "11,6\u00a0til\u00a014,9\u00a0%"
    assert DANISH.interval(None, 0.149, DANISH.percent) == "intet interval"
    assert ENGLISH.interval(0.1, math.nan, ENGLISH.percent) == "no interval"


def test_a_protected_cell_a_missing_one_and_a_zero_are_written_differently() -> None:
    """Prevents a null that is read as zero."""
    assert DANISH.shown(None, "suppressed_primary") == "[c]"
    assert DANISH.shown(math.nan, "suppressed_secondary") == "[c]"
    assert DANISH.shown(None, "ok") == "–"
    assert DANISH.shown(0, "ok") == "0"


def test_signs_and_kroner() -> None:
    """Prevents +0,0, a hyphen for a minus, and kroner to the krone for an estimate."""
    assert DANISH.signed(0.04) == "0,0"
    assert DANISH.points(-0.0104) == "−1,0\u00a0procentpoint"
    assert DANISH.kroner(7596.99) == "7.600\u00a0kr."
    assert ENGLISH.kroner(-7596.99) == "DKK\u00a0−7,600"


def test_dates_and_lists() -> None:
    """Prevents American dates and a comma before `og`."""
    assert DANISH.day(datetime.date(2022, 6, 30)) == "30. juni 2022"
    assert ENGLISH.month(datetime.date(2022, 3, 1)) == "March 2022"
    assert DANISH.listing(["a", "b", "c"]) == "a, b og c"
    assert (DANISH.listing([]), DANISH.listing(["a"])) == ("", "a")
