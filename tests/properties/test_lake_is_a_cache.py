"""A build is a function of files, cut-off and parameters: what an earlier build left behind changes nothing."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.oracle import compute
from tests.support.build import build, build_in, copy_of_the_house
from tests.support.comparison import differences, from_frames, from_warehouse, table_hashes
from tests.support.dense import KEY, make_country
from tests.support.dense_files import PERSONER, Country, table, write, write_country

SEED = 77


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[Country, Path, Path, dict[str, str]]:
    """A dense country, its landing zone, a warehouse built once, and the hashes of that build's tables."""
    folder = tmp_path_factory.mktemp("country")
    made = make_country(SEED, 250, ties=True)
    raw = write_country(folder / "raw", made, SEED, messy=True)
    published = build(raw, folder / "warehouse", made.as_of, KEY)
    return made, raw, folder / "warehouse", table_hashes(published)


def _changed(hashes: dict[str, str], others: dict[str, str]) -> list[str]:
    return sorted(name for name in hashes.keys() | others.keys() if hashes.get(name) != others.get(name))


def test_a_rebuild_at_the_same_cut_off_gives_equal_table_hashes(
    country: tuple[Country, Path, Path, dict[str, str]], tmp_path: Path
) -> None:
    """A last digit that moves between two builds of the same files: threads, order of rows, or a clock in a table."""
    made, raw, warehouse, hashes = country
    warm = shutil.copytree(warehouse, tmp_path / "warm", symlinks=True)
    assert _changed(hashes, table_hashes(build(raw, warm, made.as_of, KEY))) == [], f"seed {SEED}"


def _new_snapshot(made: Country, raw: Path) -> date:
    """A newer `personer` without every eighth person and with other residences; gives a later cut-off that counts it."""
    gone = set(list(made.people.born)[::8])
    rows = [
        row | {"kommunekode": "0773" if number % 5 == 0 else row["kommunekode"]}
        for number, row in enumerate(made.people.rows)
        if row["cpr"].replace("-", "").zfill(10) not in gone
    ]
    day = made.as_of + timedelta(days=2)
    write(raw / "registry" / f"personer_{day}.csv", table(PERSONER, rows))
    return day + timedelta(days=3)


def test_a_new_snapshot_of_people_and_another_cut_off_over_a_warm_lake_equal_a_cold_build(
    country: tuple[Country, Path, Path, dict[str, str]], tmp_path: Path
) -> None:
    """A rule decided against an older snapshot or cut-off and kept in the lake: people who are gone, births to come."""
    made, raw, warehouse, _ = country
    raw = shutil.copytree(raw, tmp_path / "raw")
    as_of = _new_snapshot(made, raw)
    warm = shutil.copytree(warehouse, tmp_path / "warm", symlinks=True)
    over_warm = build(raw, warm, as_of, KEY)
    over_cold = build(raw, tmp_path / "cold", as_of, KEY)
    assert _changed(table_hashes(over_cold), table_hashes(over_warm)) == [], f"seed {SEED}"
    assert differences(from_frames(compute(raw, as_of, KEY)), from_warehouse(over_warm)) == [], f"seed {SEED}"
    earlier = date(2019, 12, 3)
    assert differences(from_frames(compute(raw, earlier, KEY)), from_warehouse(build(raw, warm, earlier, KEY))) == [], (
        f"seed {SEED}"
    )


def test_a_longer_code_list_over_a_warm_lake_equals_the_oracle_with_that_list(
    country: tuple[Country, Path, Path, dict[str, str]], tmp_path: Path
) -> None:
    """A code that a user added to the list stays unknown, because the lake was made with the old one."""
    made, raw, warehouse, _ = country
    house = copy_of_the_house(tmp_path / "house")
    seeds = house / "transforms" / "seeds"
    unknown = {code for row in made.people.weeks for name, code in row.items() if name != "cpr"} & {"119"}
    assert unknown, f"seed {SEED}: no week carries the code that is added"
    with (seeds / "benefit_codes.csv").open(encoding="utf-8", newline="") as file:
        columns = csv.DictReader(file, delimiter=";").fieldnames
    added = {
        "code_from": "119",
        "code_to": "119",
        "benefit_group": "unemployment_insurance",
        "benefit_group_da": "Dagpenge",
        "is_benefit": "true",
        "is_target": "true",
        "is_censoring": "false",
        "priority": "42",
        "certainty": "a test's",
        "is_activity_ready": "false",
    }
    with (seeds / "benefit_codes.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, delimiter=";", lineterminator="\n").writerow(added)
    warm = shutil.copytree(warehouse, tmp_path / "warm", symlinks=True)
    found = from_warehouse(build_in(house, raw, warm, made.as_of, KEY))
    assert differences(from_frames(compute(raw, made.as_of, KEY, seeds=seeds)), found) == [], f"seed {SEED}"
