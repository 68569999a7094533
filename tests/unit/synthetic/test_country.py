"""The delivery as a whole: the same every time, whole, and refused where it cannot be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from raw.synthetic import make
from raw.synthetic.parameters import load

from .conftest import SMALL, Made


def _hashes(*folders: Path) -> dict[str, str]:
    return {
        f"{folder.name}/{path.relative_to(folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_arguments_give_the_same_bytes(small: Made, tmp_path: Path) -> None:
    """A sample, benchmark or test that changes by itself; gz with a time in it is one way."""
    make(tmp_path / "raw", **SMALL)
    assert _hashes(tmp_path / "raw", tmp_path / "truth") == _hashes(small.raw, small.truth)


def test_another_seed_gives_another_country(small: Made, tmp_path: Path) -> None:
    """A seed that is not used."""
    make(tmp_path / "raw", **{**SMALL, "seed": 4, "persons": 100}, truth=False)
    name = "placement/forloeb_0101_2019-01.csv"
    assert (tmp_path / "raw" / name).read_bytes() != (small.raw / name).read_bytes()


def test_the_truth_lies_beside_the_delivery_and_never_inside(small: Made, tmp_path: Path) -> None:
    """An evaluation that reads the answer with the data."""
    assert {path.name for path in small.raw.iterdir()} == {"registry", "placement", "payroll"}
    assert (small.truth / "potential_outcomes.parquet").exists()
    with pytest.raises(ValueError, match="may not lie inside"):
        make(tmp_path / "raw", 10, "2018-01", "2018-02", truth_dir=tmp_path / "raw" / "truth")


def test_the_truth_names_nobody(small: Made) -> None:
    """A CPR number in a file that is not a delivery."""
    for path in small.truth.glob("*.parquet"):
        assert "cpr" not in pq.read_schema(path).names
    keys = pq.read_table(small.truth / "persons.parquet")["person_key"].to_pylist()
    assert len(set(keys)) == SMALL["persons"]
    assert all(len(key) == 36 for key in keys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"persons": 0}, "persons"),
        ({"last_month": "2017-12"}, "lies before"),
        ({"first_month": "1999-01"}, "months lie from"),
        ({"defects": "some"}, "default"),
        ({"defects": {"no_such_rate": 1.0}}, "no_such_rate"),
    ],
)
def test_arguments_that_cannot_be_are_refused_by_name(arguments: dict, message: str, tmp_path: Path) -> None:
    """A country that is silently not the one that was asked for."""
    chosen = {"persons": 10, "first_month": "2018-01", "last_month": "2018-02", **arguments}
    with pytest.raises(ValueError, match=message):
        make(tmp_path / "raw", truth=False, **chosen)


def test_every_rate_and_number_of_truth_toml_is_used() -> None:
    """A number that somebody changes, and nothing changes."""
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (Path(__file__).parents[3] / "raw" / "synthetic").glob("*.py")
    )
    by_value = {"find", "find_month", "start_work", "start_course", "after_loss", "where", "months", "hire"}
    prefixed = {
        "work_dagpenge",
        "work_others",
        "course_dagpenge",
        "course_others",
        "rsv_work",
        "rsv_course",
        "start_work",
        "start_course",
    }
    given = load().given
    for section in (
        "population",
        "work",
        "placement",
        "selection",
        "effect",
        "enterprises",
        "payroll",
        "placement_log",
        "defects",
    ):
        for name in given[section]:
            assert f'"{name}"' in sources or name in by_value | prefixed, f"{section}.{name}"
