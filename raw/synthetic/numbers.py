"""Numbers of people and enterprises, made so that none can be a real one.

Belongs here: forms and check digits of CPR, CVR, SE and P-numbers. Not here: who gets which.
CPR numbers are constructed (day plus 60). CVR and SE numbers lie from 60 million up, P-numbers from 19 hundred million: the registers have given out neither.
"""

from __future__ import annotations

import numpy as np

from raw.synthetic.draws import Draws, Ints

_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def constructed_cpr(draws: Draws, birth_day: Ints, is_woman: Ints) -> Ints:
    """Unique constructed CPR numbers (as integers of ten digits) for birth dates (days since 1970) and sex.

    A person's number depends on those before, never on those after, so that a larger country begins with the smaller one.
    """
    if not len(birth_day):
        return np.zeros(0, dtype=np.int64)
    dates = birth_day.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    if years.min() < 1900 or years.max() > 2036:
        raise ValueError("constructed_cpr: birth years from 1900 to 2036 only")
    group = birth_day * 2 + is_woman
    order = np.argsort(group, kind="stable")
    sorted_group = group[order]
    first = np.concatenate([[True], sorted_group[1:] != sorted_group[:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - start
    # 1900s: seventh digit 0-3, 4000 serials of which half are of each sex; 2000s: seventh digit 4, 1000 serials.
    room = np.where(years < 2000, 2000, 500)
    if np.any(rank >= room):
        raise ValueError("constructed_cpr: more people of one birth date and sex than there are numbers")
    offset = draws.integer("cpr-offset", 0, 1999, group)
    serial = (rank * 1237 + offset) % room
    digits = serial * 2 + np.where(is_woman == 1, 0, 1)
    tail = np.where(years < 2000, digits, 4000 + digits)
    return (((days + 60) * 100 + months) * 100 + years % 100) * 10000 + tail


def cvr_numbers(draws: Draws, stream: str, low: int, high: int, count: int) -> Ints:
    """`count` different valid numbers of eight digits (modulus 11) from `low` to `high`."""
    # A full-period walk through the seven-digit stems: every stem once, in an order that looks random.
    first, last = low // 10, high // 10
    size = last - first + 1
    step = 1 + 2 * int(draws.integer(stream, 10_000, size // 2 - 1, 0)[0])
    while np.gcd(step, size) != 1:
        step += 2
    stems = (
        first
        + (np.arange(int(count * 1.25) + 50, dtype=np.int64) * step + int(draws.integer(stream, 0, size - 1, 1)[0]))
        % size
    )
    total = np.zeros(len(stems), dtype=np.int64)
    for position, weight in enumerate(_CVR_WEIGHTS):
        total += stems // 10 ** (6 - position) % 10 * weight
    check = (-total) % 11
    return (stems * 10 + check)[check < 10][:count]


def is_cvr(number: int) -> bool:
    """Eight digits, first not 0, modulus 11."""
    digits = [int(digit) for digit in str(number)]
    return len(digits) == 8 and sum(d * w for d, w in zip(digits, (*_CVR_WEIGHTS, 1), strict=True)) % 11 == 0
