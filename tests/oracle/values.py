"""How the text of one field becomes a value, and how numbers are rounded.

A missing value is None, a value that cannot be read as its type is UNREADABLE. Hours and money are whole numbers of 1/10000,
so that every sum is exact. Which fields a row needs belongs to the row rules.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

UNREADABLE: Any = "<unreadable>"
UNIT = 10_000

ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
DANISH_DATE = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
NUMBER = re.compile(r"(-?)0*([0-9]{1,14})(?:,([0-9]{1,4})0*)?")  # what a DECIMAL(18,4) holds
WHOLE = re.compile(r"-?[0-9]+")


def _ordinal(year: str, month: str, day: str) -> Any:
    try:
        return date(int(year), int(month), int(day)).toordinal()
    except ValueError:
        return UNREADABLE


@lru_cache(maxsize=100_000)
def read_date(text: str) -> Any:
    """`YYYY-MM-DD` as a day."""
    if text == "":
        return None
    match = ISO_DATE.fullmatch(text)
    return _ordinal(*match.groups()) if match else UNREADABLE


@lru_cache(maxsize=100_000)
def read_danish_date(text: str) -> Any:
    """`DD-MM-YYYY` as a day."""
    if text == "":
        return None
    match = DANISH_DATE.fullmatch(text)
    return _ordinal(*reversed(match.groups())) if match else UNREADABLE


def read_timestamp(text: str) -> Any:
    """A timestamp as its own text, which sorts by time."""
    if text == "":
        return None
    match = TIMESTAMP.fullmatch(text)
    return text if match and read_date(match.group(1)) is not UNREADABLE else UNREADABLE


def day_of_timestamp(timestamp: str) -> int:
    """The day on which something was registered or reported."""
    return read_date(timestamp[:10])


def read_number(text: str) -> Any:
    """A number with a decimal comma and at most four decimals that are not zero, in 1/10000."""
    if text == "":
        return None
    match = NUMBER.fullmatch(text)
    if not match:
        return UNREADABLE
    sign, whole, decimals = match.groups()
    value = int(whole) * UNIT + int((decimals or "").ljust(4, "0"))
    return -value if sign else value


def read_whole(text: str) -> Any:
    """A whole number."""
    if text == "":
        return None
    return int(text) if WHOLE.fullmatch(text) else UNREADABLE


def given(value: Any) -> bool:
    """Neither missing nor unreadable."""
    return value is not None and value is not UNREADABLE


def rounded(numerator: int, denominator: int) -> int:
    """A quotient to the nearest whole number, half away from zero; the denominator is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def decimal(value: int | None) -> Decimal | None:
    """1/10000 as a decimal of four places."""
    return None if value is None else Decimal(value).scaleb(-4)
