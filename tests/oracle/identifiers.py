"""CPR, CVR, SE and P-numbers: form, check digits, what a CPR number says, and the pseudonym.

Nothing here knows in which file a number stood.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import date
from functools import cache

CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Cpr:
    """A CPR number that is valid whatever the cut-off."""

    digits: str
    birth: int
    sex: str
    is_constructed: bool
    has_modulus_11: bool
    is_repaired: bool

    @property
    def birth_year(self) -> int:
        """The year, century from the seventh digit."""
        return date.fromordinal(self.birth).year


def _century(year: int, seventh: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def _passes(digits: str, weights: tuple[int, ...]) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 0


@cache
def read_cpr(text: str) -> Cpr | None:
    """A CPR number after repair, None when it is missing or not valid."""
    digits = text.replace("-", "") if re.fullmatch("[0-9]{6}-[0-9]{4}", text) else text
    is_repaired = re.fullmatch("[0-9]{9}", digits) is not None
    if is_repaired:
        digits = "0" + digits
    if not re.fullmatch("[0-9]{10}", digits):
        return None
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    is_constructed = 61 <= day <= 91
    try:
        born = date(_century(year, int(digits[6])) + year, month, day - 60 if is_constructed else day)
    except ValueError:
        return None
    sex = "woman" if int(digits[9]) % 2 == 0 else "man"
    return Cpr(digits, born.toordinal(), sex, is_constructed, _passes(digits, CPR_WEIGHTS), is_repaired)


@cache
def is_cvr(text: str) -> bool:
    """A CVR or SE number: eight digits, the first not 0, modulus 11."""
    return re.fullmatch("[1-9][0-9]{7}", text) is not None and _passes(text, CVR_WEIGHTS)


def is_p_number(text: str) -> bool:
    """A P-number: ten digits."""
    return re.fullmatch("[0-9]{10}", text) is not None


def person_key(key: bytes, digits: str) -> uuid.UUID:
    """The pseudonym: 16 bytes of HMAC-SHA256 as a UUID, no version bits."""
    return uuid.UUID(bytes=hmac.new(key, digits.encode("ascii"), hashlib.sha256).digest()[:16])


SAMPLE_KEY = hashlib.sha256(b"fodfaeste-sample").digest()
