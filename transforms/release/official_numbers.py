"""Numbers as official files write them: decimal comma, points between thousands, or none at all.

Belongs here: a written number -> a number, a gap, or what is wrong with it. Not here: columns, files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

GAPS = frozenset(("", "-", "–", "*", ".", "..", "...", "null", "none", "nan", "n/a", "[c]"))
PLAIN = re.compile(r"-?\d+")
COMMA = re.compile(r"-?\d+,\d+")
POINT = re.compile(r"-?\d+\.\d+")
THOUSANDS = re.compile(r"-?\d{1,3}(?:[. \u00a0]\d{3})+(?:,\d+)?")
Decimals = Literal["none", "comma", "point"]


@dataclass(frozen=True)
class Number:
    """A number read. `value`: None for a gap (kept back or not there). `decimals`: how they were written."""

    value: float | None
    decimals: Decimals = "none"


def read_number(written: object, is_count: bool) -> Number | None:
    """The number of a cell; None when it is none.

    Args:
        written: text, or what JSON gave.
        is_count: whole numbers may have points between thousands; elsewhere such a point would be a decimal one.
    """
    if written is None:
        return Number(None)
    if isinstance(written, bool):
        return None
    if isinstance(written, int | float):
        return Number(float(written)) if written == written else Number(None)
    text = str(written).strip().removesuffix("%").strip()
    if text.casefold() in GAPS:
        return Number(None)
    if PLAIN.fullmatch(text):
        return Number(float(text))
    if COMMA.fullmatch(text):
        return Number(float(text.replace(",", ".")), "comma")
    if THOUSANDS.fullmatch(text) and (is_count or "," in text):
        return Number(float(re.sub(r"[. \u00a0]", "", text).replace(",", ".")), "comma" if "," in text else "none")
    if POINT.fullmatch(text):
        return Number(float(text), "point")
    return None
