"""Numbers of people and enterprises who do not exist: constructed CPR numbers, CVR and SE numbers with their check digit.

The defects that a number may have stand here too; which rows get them belongs to `dense_defects`.
"""

from __future__ import annotations

import random
from datetime import date

CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def cpr(rng: random.Random, born: date, taken: set[str]) -> str:
    """A constructed number (day plus 60) of somebody born on a day, never one twice."""
    seventh = {1800: "5678", 1900: "0123", 2000: "4"}[born.year // 100 * 100]
    if born.year in range(1937, 2000) and rng.random() < 0.3:
        seventh += "49"
    if born.year >= 2000:
        seventh = "49" if born.year <= 2036 else "5678"
    while True:
        digits = (
            f"{born.day + 60:02d}{born.month:02d}{born.year % 100:02d}{rng.choice(seventh)}{rng.randrange(1000):03d}"
        )
        if digits not in taken:
            taken.add(digits)
            return digits


def old_cpr(rng: random.Random, taken: set[str]) -> str:
    """A number that is not constructed, of somebody born 1858 to 1865: no such number was ever issued."""
    while True:
        digits = f"0{rng.randint(1, 9)}0{rng.randint(1, 9)}{rng.randint(58, 65)}{rng.choice('5678')}{rng.randrange(1000):03d}"
        if digits not in taken:
            taken.add(digits)
            return digits


def cvr(rng: random.Random, taken: set[str]) -> str:
    """Eight digits, the first not 0, modulus 11; never one twice."""
    while True:
        first = f"{rng.randrange(1_000_000, 10_000_000)}"
        check = -sum(int(digit) * weight for digit, weight in zip(first, CVR_WEIGHTS, strict=True)) % 11
        if check < 10 and first + str(check) not in taken:
            taken.add(first + str(check))
            return first + str(check)


def p_number(rng: random.Random, taken: set[str]) -> str:
    """Ten digits, never one twice."""
    while True:
        digits = f"1{rng.randrange(10**9):09d}"
        if digits not in taken:
            taken.add(digits)
            return digits


def bad_cvr(rng: random.Random, good: str) -> str:
    """A number that is no CVR number."""
    return rng.choice([good[:-1], good[:-1] + str((int(good[-1]) + 1) % 10), "0" + good[1:], good + "0", "abcdefgh"])


def bad_cpr(rng: random.Random, good: str) -> str:
    """A number that is no CPR number, whatever is repaired."""
    return rng.choice(
        [
            "4" + "5" + good[2:],
            good[:2] + "13" + good[4:],
            good[:8],
            good + "1",
            "",
            "abcdef1234",
            good[:5] + "-" + good[5:],
        ]
    )


def as_delivered(rng: random.Random, digits: str) -> str:
    """A CPR number with a hyphen, without its leading zero, or as it is (constructed numbers begin with 6 to 9)."""
    if digits[0] == "0" and rng.random() < 0.4:
        return digits[1:]
    return digits[:6] + "-" + digits[6:] if rng.random() < 0.05 else digits
