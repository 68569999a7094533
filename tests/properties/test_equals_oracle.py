"""The warehouse's tables equal the oracle's, on random deliveries with every defect that the contract names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.oracle import compute
from tests.oracle.identifiers import SAMPLE_KEY
from tests.support.build import build
from tests.support.comparison import BY_FILE, differences, from_frames, from_warehouse
from tests.support.dense import KEY, make_country
from tests.support.dense_files import add_duplicates, shuffled, write_country
from tests.support.dense_odd_files import add_odd_files


@pytest.mark.parametrize(("seed", "persons", "as_of"), [(20170101, 1000, None), (8, 300, date(2019, 8, 31))])
def test_a_dense_country_gives_the_oracles_tables(seed: int, persons: int, as_of: date | None, tmp_path: Path) -> None:
    """A rule read otherwise than the contract says it, on edges that collide: a wrong number in a published table."""
    country = make_country(seed, persons, ties=True, defects=0.05, odd=True)
    raw = write_country(tmp_path / "raw", country, seed, messy=True)
    add_odd_files(raw, country)
    found = from_warehouse(build(raw, tmp_path / "warehouse", as_of or country.as_of, KEY))
    expected = from_frames(compute(raw, as_of or country.as_of, KEY))
    assert differences(expected, found) == [], f"seed {seed}, {persons} persons, cut-off {as_of or country.as_of}"


def test_the_synthetic_country_gives_the_oracles_tables(tmp_path: Path) -> None:
    """What the generator writes must mean the same to a build as to who reads the contract; default cut-off, sample key."""
    from raw.synthetic import make

    seed = 5
    make(tmp_path / "raw", 2000, "2018-01", "2020-12", seed=seed, truth=False, municipalities=8)
    found = from_warehouse(build(tmp_path / "raw", tmp_path / "warehouse", None, SAMPLE_KEY))
    expected = from_frames(compute(tmp_path / "raw", None, SAMPLE_KEY))
    assert differences(expected, found) == [], f"seed {seed}"


def test_order_of_rows_splits_and_duplicates_change_nothing(tmp_path: Path) -> None:
    """A number that hangs on the order of rows, on how a month was cut into parts, or on a file sent twice."""
    seed = 42
    plain = make_country(seed, 400, ties=False, defects=0.05)
    expected = from_frames(compute(write_country(tmp_path / "plain", plain, seed, messy=False), plain.as_of, KEY))
    other = shuffled(make_country(seed, 400, ties=False, defects=0.05), seed + 1)
    raw = write_country(tmp_path / "raw", other, seed, messy=False, parts=3)
    duplicates = add_duplicates(raw, seed)
    found = from_warehouse(build(raw, tmp_path / "warehouse", other.as_of, KEY))
    assert differences(expected, found, leave_out=BY_FILE) == [], f"seed {seed}"
    outcomes = {row["file_name"]: row["outcome"] for row in found["quality.fct_deliveries"]}
    assert {outcomes[name] for name in duplicates} - {"after_cut_off"} == {"duplicate"}, f"seed {seed}"
