"""Columns of text read at once: amounts and timestamps that differ on every line.

Belongs here: the plain forms of `numbers.py`, for millions of values. Whatever is not written plainly is asked of `numbers.py` value by value, so
that it alone says what a number is; a test holds both to the same answers. Not here: columns with few distinct values (a dictionary does).
0.3 microseconds a value with regular expressions and casts in SQL became 0.1.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.ingest import numbers

_MOST_DIGITS = 14  # whole digits that an amount may have
_POWERS = 10 ** np.arange(4, -1, -1, dtype=np.int64)  # by the number of decimals written
_TIMESTAMP_LENGTH = 19
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_SEPARATORS = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":"}
_DAYS_OF_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.uint8)


def amounts(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return (values in 1/10000, whether each is a number); an empty text is none."""
    lengths = np.asarray(pc.binary_length(texts))
    is_given = lengths > 0
    values, is_number = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=bool)
    if not is_given.any():
        return values, is_number
    if not is_given.all():
        places = np.flatnonzero(is_given)
        values[places], is_number[places] = amounts(texts.take(_int64(places)))
        return values, is_number
    comma = np.asarray(pc.find_substring(texts, ","))
    is_negative = np.asarray(pc.starts_with(texts, "-"))
    has_comma = comma >= 0
    bare = pc.replace_substring(texts, ",", "", max_replacements=1)
    if is_negative.any():
        bare = pc.replace_substring(bare, "-", "", max_replacements=1)
    decimals = np.where(has_comma, lengths - comma - 1, 0)
    digits = np.asarray(pc.binary_length(bare))
    is_plain = np.asarray(pc.and_(pc.utf8_is_decimal(bare), pc.string_is_ascii(bare)))
    is_plain = is_plain & (digits == lengths - has_comma - is_negative)  # a sign that stood elsewhere is none
    is_plain &= (digits - decimals >= 1) & (digits - decimals <= _MOST_DIGITS)
    is_plain &= (decimals <= 4) & (~has_comma | (decimals >= 1))
    if is_plain.all():
        values, is_number = np.asarray(bare.cast(pa.int64())).copy(), is_plain
    else:
        places = np.flatnonzero(is_plain)
        values[places], is_number[places] = np.asarray(bare.take(_int64(places)).cast(pa.int64())), True
    values *= _POWERS[np.where(is_plain, decimals, 0)]
    values[is_negative] *= -1
    for place in np.flatnonzero(~is_plain):
        value = numbers.read_amount(texts[int(place)].as_py())
        values[place], is_number[place] = value or 0, value is not None
    return values, is_number


def timestamps(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return (microseconds since 1970, whether each is a moment written YYYY-MM-DDTHH:MM:SS that exists)."""
    is_long = np.asarray(pc.binary_length(texts)) == _TIMESTAMP_LENGTH
    moments = np.zeros(len(texts), dtype=np.int64)
    if not is_long.any():
        return moments, is_long
    if not is_long.all():
        places = np.flatnonzero(is_long)
        is_moment = np.zeros(len(texts), dtype=bool)
        moments[places], is_moment[places] = timestamps(texts.take(_int64(places)))
        return moments, is_moment
    _, _, data = texts.buffers()
    first = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset]
    letters = np.frombuffer(data, dtype=np.uint8)[first : first + _TIMESTAMP_LENGTH * len(texts)]
    columns = np.ascontiguousarray(letters.reshape(-1, _TIMESTAMP_LENGTH).T)
    is_right = np.ones(len(texts), dtype=bool)
    for place, separator in _SEPARATORS.items():
        is_right &= columns[place] == ord(separator)
    for place in _DIGITS:
        columns[place] -= ord("0")  # what stands before "0" wraps round to a large number
        is_right &= columns[place] <= 9

    def two(place: int) -> np.ndarray:
        return columns[place] * np.uint8(10) + columns[place + 1]

    year = two(0).astype(np.int64) * 100 + two(2)
    month, day, hour, minute, second = two(5), two(8), two(11), two(14), two(17)
    is_right &= (year >= 1) & (month >= 1) & (month <= 12) & (hour <= 23) & (minute <= 59) & (second <= 59)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS_OF_MONTH[np.minimum(month, 12)] + (is_leap & (month == 2))
    is_right &= (day >= 1) & (day <= last)
    months = np.where(is_right, (year - 1970) * 12 + month - 1, 0)
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day - 1
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return np.where(is_right, seconds * 1_000_000, 0), is_right


def are_ten_digits(texts: pa.Array) -> np.ndarray:
    """Return whether each text is ten digits: a P-number."""
    is_decimal = np.asarray(pc.and_(pc.utf8_is_decimal(texts), pc.string_is_ascii(texts)))
    return is_decimal & (np.asarray(pc.binary_length(texts)) == 10)


def nullable(values: np.ndarray, is_there: np.ndarray, kind: pa.DataType) -> pa.Array:
    """Return values as an Arrow array of a type of their width, null where they are not there; nothing is copied."""
    validity = None if is_there.all() else pa.py_buffer(np.packbits(is_there, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def _int64(values: np.ndarray) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values.astype(np.int64))])
