"""Numbers of people and enterprises."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import numpy as np

from raw.synthetic.calendar import day_number
from raw.synthetic.draws import Draws
from raw.synthetic.numbers import constructed_cpr, cvr_numbers
from tests.oracle.identifiers import is_cvr, read_cpr

from .conftest import Made


def test_cpr_numbers_are_constructed_valid_unique_and_tell_birth_and_sex() -> None:
    """A synthetic number that a living person could have, or that a reader takes for someone else."""
    rng = np.random.default_rng(1)
    births = rng.integers(day_number("1925-01-01"), day_number("2008-12-31"), 30_000)
    women = rng.integers(0, 2, 30_000)
    numbers = constructed_cpr(Draws(1), births, women)
    assert len(np.unique(numbers)) == len(numbers)
    for number, birth, woman in zip(numbers[:4_000].tolist(), births.tolist(), women.tolist(), strict=False):
        read = read_cpr(f"{number:010d}")
        assert read is not None
        assert 61 <= int(f"{number:010d}"[:2]) <= 91
        assert (number % 2 == 0) == bool(woman)
        assert f"{number:010d}"[2:6] == str(np.datetime64(birth, "D"))[5:7] + str(np.datetime64(birth, "D"))[2:4]


def test_a_larger_country_begins_with_the_smaller_ones_people() -> None:
    """A test person who becomes another when a country grows."""
    births = np.random.default_rng(2).integers(day_number("1990-01-01"), day_number("1990-01-05"), 2_000)
    women = births % 2
    assert (
        constructed_cpr(Draws(1), births, women)[:500] == constructed_cpr(Draws(1), births[:500], women[:500])
    ).all()


def test_enterprise_numbers_pass_modulus_11_and_differ() -> None:
    """An enterprise that its own register rejects."""
    numbers = cvr_numbers(Draws(1), "cvr", 70_000_000, 99_999_999, 20_000)
    assert len(np.unique(numbers)) == 20_000
    assert all(is_cvr(str(number)) for number in numbers[:2_000].tolist())


def _cpr_columns(path: Path) -> list[str]:
    plain = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # Digits are the same in every encoding, and no byte is undefined in this one.
    rows = list(csv.reader(io.StringIO(plain.decode("latin-1"), newline=""), delimiter=";"))
    if not rows or "cpr" not in rows[0]:
        return []
    place = rows[0].index("cpr")
    return [row[place] for row in rows[1:] if len(row) > place]


def test_no_number_of_the_country_is_valid_and_not_constructed(small: Made) -> None:
    """A number that could be a real person's, in a public repository."""
    seen = 0
    for path in sorted(small.raw.glob("*/*.csv*")):
        try:
            numbers = _cpr_columns(path)
        except (EOFError, OSError):
            continue
        for text in numbers:
            read = read_cpr(text)
            seen += read is not None
            assert read is None or 61 <= int(text[:2]) <= 91, path.name
    assert seen > 5_000
