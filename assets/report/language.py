"""How the pages write numbers, dates and lists, in Danish and in English.

Belongs here: formats that know no table. Not here: labels of codes (labels.py), sentences about findings (findings/).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

SUPPRESSED_MARK: Final = "[c]"
UNKNOWN_MARK: Final = "–"
OK: Final = "ok"
MINUS: Final = "−"
SPACE: Final = "\u00a0"
MONTHS: Final = {
    "da": [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


@dataclass(frozen=True)
class Language:
    """Danish (`da`) or English (`en`): every page is written once in each by the same functions."""

    code: str

    @property
    def is_danish(self) -> bool:
        """Whether this is Danish."""
        return self.code == "da"

    @property
    def locale(self) -> Literal["da-DK", "en-GB"]:
        """The charts' number format, by d3's name."""
        return "da-DK" if self.is_danish else "en-GB"

    def pick(self, danish: str, english: str) -> str:
        """The one of two texts that is in this language."""
        return danish if self.is_danish else english

    def number(self, value: float, decimals: int = 0) -> str:
        """1.234,5 in Danish, 1,234.5 in English; a real minus sign, and never a minus before zero."""
        text = f"{abs(value):,.{decimals}f}"
        if self.is_danish:
            text = text.translate(str.maketrans(",.", ".,"))
        is_negative = value < 0 and any(digit in "123456789" for digit in text)
        return f"{MINUS}{text}" if is_negative else text

    def percent(self, share: float, decimals: int = 1) -> str:
        """12,3 % of a share between 0 and 1 (12.3% in English)."""
        return f"{self.number(100 * share, decimals)}{SPACE + '%' if self.is_danish else '%'}"

    def points(self, difference: float, decimals: int = 1) -> str:
        """A difference between two shares, signed: +1,2 procentpoint."""
        return f"{self.signed(100 * difference, decimals)}{SPACE}{self.pick('procentpoint', 'percentage points')}"

    def signed(self, value: float, decimals: int = 1) -> str:
        """A number with its sign; zero has none."""
        text = self.number(value, decimals)
        return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text

    def kroner(self, amount: float) -> str:
        """Whole hundreds of kroner: an estimate is not known to the krone."""
        rounded = round(amount, -2)
        return f"{self.number(rounded)}{SPACE}kr." if self.is_danish else f"DKK{SPACE}{self.number(rounded)}"

    def interval(self, low: float | None, high: float | None, write: Callable[[float], str]) -> str:
        """`11,6 til 14,9 %`: the unit once, when both limits have the same; says so when a limit is missing."""
        if not is_known(low) or not is_known(high):
            return self.pick("intet interval", "no interval")
        assert low is not None and high is not None
        first, last = write(low), write(high)
        for unit in (
            f"{SPACE}%",
            "%",
            f"{SPACE}procentpoint",
            f"{SPACE}percentage points",
            f"{SPACE}timer",
            f"{SPACE}hours",
            f"{SPACE}kr.",
        ):
            if first.endswith(unit) and last.endswith(unit):
                first = first.removesuffix(unit)
                break
        return f"{first}{SPACE}{self.pick('til', 'to')}{SPACE}{last}"

    def shown(self, value: Any, status: str, write: Callable[[float], str] | None = None) -> str:
        """A cell of a table: the number, `[c]` where it is protected, a dash where it is not observed. A null is never a zero."""
        if is_known(value):
            return (write or self.number)(float(value))
        return UNKNOWN_MARK if status == OK else SUPPRESSED_MARK

    def month(self, day: datetime.date) -> str:
        """`marts 2022`."""
        return f"{MONTHS[self.code][day.month - 1]} {day.year}"

    def day(self, day: datetime.date) -> str:
        """`30. juni 2022`."""
        return f"{day.day}{'.' if self.is_danish else ''} {self.month(day)}"

    def listing(self, words: Sequence[str]) -> str:
        """`a, b og c`."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.pick('og', 'and')} {words[-1]}"


DANISH: Final = Language("da")
ENGLISH: Final = Language("en")


def is_known(value: Any) -> bool:
    """Whether there is a finite number."""
    try:
        return value is not None and math.isfinite(float(value))
    except (TypeError, ValueError):
        return False
