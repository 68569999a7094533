"""The four numbers of the contract (CPR, CVR, SE, P) and its dates, timestamps and amounts: one rule each, in Python and as SQL.

Belongs here: what a written value must look like and what follows from its digits. Not here: whether a value may be missing or which
rule a bad one breaks (`expectations/`), pseudonyms (`keys.py`). The SQL functions take an expression of type VARCHAR and return an
expression; one that is null gives null (or false for `is_`). Both forms agree: a test runs them over the same values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)

_TEN = re.compile(r"[0-9]{10}")
_WITH_HYPHEN = re.compile(r"[0-9]{6}-[0-9]{4}")
_NINE = re.compile(r"[0-9]{9}")
_CVR = re.compile(r"[1-9][0-9]{7}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
# Four decimals are what the warehouse holds; a fifth that is not zero would have to be rounded, and nothing is guessed.
AMOUNT_PATTERN = r"-?0*[0-9]{1,14}(,[0-9]{1,4}0*)?"
_AMOUNT = re.compile(AMOUNT_PATTERN)
AMOUNT_SCALE = 10_000  # the lake's unit: 1/10000 of a krone or an hour


@dataclass(frozen=True)
class CprNumber:
    """A valid CPR number: what its ten digits say. `digits` never leaves the ingest."""

    digits: str
    birth_date: date
    sex: str
    is_constructed: bool
    has_modulus_11: bool
    is_repaired: bool


def cpr_digits(text: str) -> str | None:
    """Return the ten digits as repaired (hyphen after six removed, nine digits get a leading zero), else None."""
    if _TEN.fullmatch(text):
        return text
    if _WITH_HYPHEN.fullmatch(text):
        return text[:6] + text[7:]
    return f"0{text}" if _NINE.fullmatch(text) else None


def read_cpr(text: str) -> CprNumber | None:
    """Return what a CPR number says, or None when it is not valid (modulus 11 does not decide that)."""
    digits = cpr_digits(text)
    if digits is None:
        return None
    day, month, year, seventh = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6])
    is_constructed = 61 <= day <= 91
    if seventh <= 3:
        century = 1900
    elif seventh in (4, 9):
        century = 2000 if year <= 36 else 1900
    else:
        century = 2000 if year <= 57 else 1800
    try:
        birth_date = date(century + year, month, day - 60 if is_constructed else day)
    except ValueError:
        return None
    return CprNumber(
        digits=digits,
        birth_date=birth_date,
        sex="woman" if int(digits[9]) % 2 == 0 else "man",
        is_constructed=is_constructed,
        has_modulus_11=_weighted(digits, CPR_WEIGHTS) % 11 == 0,
        is_repaired=len(text) == 9,
    )


def is_valid_cvr(text: str) -> bool:
    """Whether a text is a valid CVR or SE number: 8 digits, first not 0, modulus 11."""
    return _CVR.fullmatch(text) is not None and _weighted(text, CVR_WEIGHTS) % 11 == 0


is_valid_se = is_valid_cvr


def is_valid_p_number(text: str) -> bool:
    """Whether a text is a P-number: 10 digits."""
    return _TEN.fullmatch(text) is not None


def read_date(text: str) -> date | None:
    """Return a day written YYYY-MM-DD that exists, else None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_timestamp(text: str) -> bool:
    """Whether a text is a moment written YYYY-MM-DDTHH:MM:SS that exists."""
    return _TIMESTAMP.fullmatch(text) is not None and read_date(text[:10]) is not None


def read_amount(text: str) -> int | None:
    """Return an amount with a decimal comma in 1/10000, exact; None when it is no number (`1e3`, `+5`, `,5`, `1.5`, ` 1`)."""
    if not _AMOUNT.fullmatch(text):
        return None
    whole, _, decimals = text.lstrip("-").partition(",")
    value = int(whole) * AMOUNT_SCALE + int(decimals[:4].ljust(4, "0"))
    return -value if text.startswith("-") else value


def cpr_digits_sql(column: str) -> str:
    """SQL (VARCHAR): the ten digits as repaired, null when the text has another form."""
    return (
        f"case when regexp_full_match({column}, '[0-9]{{10}}') then {column}"
        f" when regexp_full_match({column}, '[0-9]{{6}}-[0-9]{{4}}') then left({column}, 6) || right({column}, 4)"
        f" when regexp_full_match({column}, '[0-9]{{9}}') then '0' || {column} end"
    )


def cpr_is_repaired_sql(column: str) -> str:
    """SQL (BOOLEAN): nine digits were delivered. Of the delivered text, not of the repaired digits."""
    return f"(length({column}) = 9)"


def cpr_birth_date_sql(digits: str) -> str:
    """SQL (DATE): the birth date of ten digits, null when no such day exists: then the number is not valid."""
    seventh, year = f"{digits}[7]", f"{digits}[5:6]"
    century = (
        f"case when {seventh} <= '3' then '19'"
        f" when {seventh} in ('4', '9') then (case when {year} <= '36' then '20' else '19' end)"
        f" else (case when {year} <= '57' then '20' else '18' end) end"
    )
    # Days 61 to 91 only lose six tens; 92 to 99 must not become 32 to 39 and fail by luck: the cast refuses them either way.
    day = f"case when {digits}[1:2] between '61' and '91' then chr(ascii({digits}[1]) - 6) || {digits}[2] else {digits}[1:2] end"
    return f"try_cast(({century}) || {year} || '-' || {digits}[3:4] || '-' || ({day}) as date)"


def cpr_sex_sql(digits: str) -> str:
    """SQL (VARCHAR): `woman` when the last digit is even, else `man`."""
    return f"case when {digits} is null then null when {digits}[10] in ('0', '2', '4', '6', '8') then 'woman' else 'man' end"


def cpr_is_constructed_sql(digits: str) -> str:
    """SQL (BOOLEAN): the day is 61 to 91."""
    return f"({digits}[1:2] between '61' and '91')"


def cpr_has_modulus_11_sql(digits: str) -> str:
    """SQL (BOOLEAN): the weighted sum of the ten digits is a multiple of 11."""
    return f"(({_weighted_sql(digits, CPR_WEIGHTS)}) % 11 = 0)"


def is_valid_cvr_sql(column: str) -> str:
    """SQL (BOOLEAN): a valid CVR or SE number; false for null."""
    # The case keeps the sum from being computed on a text that is not eight digits.
    return (
        f"(case when regexp_full_match({column}, '[1-9][0-9]{{7}}')"
        f" then ({_weighted_sql(column, CVR_WEIGHTS)}) % 11 = 0 else false end)"
    )


is_valid_se_sql = is_valid_cvr_sql


def is_valid_p_number_sql(column: str) -> str:
    """SQL (BOOLEAN): ten digits; false for null."""
    return f"coalesce(regexp_full_match({column}, '[0-9]{{10}}'), false)"


def date_sql(column: str) -> str:
    """SQL (DATE): a day written YYYY-MM-DD that exists, else null."""
    # The engine knows a year 0; the calendar of the contract does not.
    form = f"regexp_full_match({column}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') and {column} >= '0001'"
    return f"(case when {form} then try_cast({column} as date) end)"


def timestamp_sql(column: str) -> str:
    """SQL (TIMESTAMP): a moment written YYYY-MM-DDTHH:MM:SS that exists, else null."""
    form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    return f"(case when regexp_full_match({column}, '{form}') and {column} >= '0001' then try_cast({column} as timestamp) end)"


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _weighted_sql(digits: str, weights: tuple[int, ...]) -> str:
    return " + ".join(f"(ascii({digits}[{place}]) - 48) * {weight}" for place, weight in enumerate(weights, start=1))
