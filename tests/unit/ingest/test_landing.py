"""Names: which file is what, which cut-off they suggest, and what is said of an empty landing zone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.ingest.landing import scan
from assets.ingest.problems import BuildStopped
from assets.ingest.run import ingest
from tests.unit.ingest.landed import KEY
from tests.unit.ingest.tiny_landing import put

RECOGNISED = [
    ("registry/cvr_virksomheder_2022-06-01.ndjson", "cvr_virksomheder", date(2022, 6, 1), None, None),
    ("registry/cvr_virksomheder_2022-06-01.ndjson.gz", "cvr_virksomheder", date(2022, 6, 1), None, None),
    ("registry/cvr_produktionsenheder_2020-02-29.ndjson", "cvr_produktionsenheder", date(2020, 2, 29), None, None),
    ("registry/se_numre_2022-06-01.csv.gz", "se_numre", date(2022, 6, 1), None, None),
    ("registry/personer_2022-06-01.csv", "personer", date(2022, 6, 1), None, None),
    ("registry/dream_2022-06-01.csv", "dream", date(2022, 6, 1), None, None),
    ("placement/forloeb_0101_2019-05.csv", "forloeb", date(2019, 5, 1), None, "0101"),
    ("payroll/eindkomst_2019-05.csv", "eindkomst", date(2019, 5, 1), None, None),
    ("payroll/eindkomst_2019-05_001.csv", "eindkomst", date(2019, 5, 1), 1, None),
    ("payroll/eindkomst_2019-05_123.csv.gz", "eindkomst", date(2019, 5, 1), 123, None),
]
UNRECOGNISED = [
    "registry/personer_20220601.csv",
    "registry/personer_2022-02-30.csv",
    "registry/personer_2022-06-01.ndjson",
    "registry/cvr_virksomheder_2022-06-01.csv",
    "registry/Personer_2022-06-01.csv",
    "registry/eindkomst_2019-05.csv",
    "registry/personer_2022-06-01.csv.zip",
    "placement/forloeb_101_2019-05.csv",
    "placement/forloeb_0208_2019-05.csv",  # none of the 98
    "placement/forloeb_0101_2019-13.csv",
    "placement/forloeb_0101_2019-05.csv.bak",
    "payroll/eindkomst_2019_05.csv",
    "payroll/eindkomst_2019-05_000.csv",
    "payroll/eindkomst_2019-05_1.csv",
    "payroll/eindkomst_2019-00.csv",
    "payroll/eindkomst_٢٠١٩-05.csv",
    "payroll/notes.txt",
]


@pytest.mark.parametrize(("name", "kind", "period", "part", "municipality"), RECOGNISED)
def test_a_name_of_the_contract_says_kind_period_part_and_municipality(
    tmp_path: Path, name: str, kind: str, period: date, part: int | None, municipality: str | None
) -> None:
    """A name read otherwise puts a file into another month, or leaves it out."""
    put(tmp_path, name, "")
    (file,) = scan(tmp_path).files
    assert (file.kind, file.period, file.part, file.municipality) == (kind, period, part, municipality)


@pytest.mark.parametrize("name", UNRECOGNISED)
def test_any_other_name_is_unrecognised(tmp_path: Path, name: str) -> None:
    """A file that nearly fits must be told, not guessed at."""
    put(tmp_path, name, "")
    (file,) = scan(tmp_path).files
    assert not file.is_recognised


def test_hidden_names_and_other_folders_are_passed_over(tmp_path: Path) -> None:
    """What a file server leaves behind is no delivery."""
    for name in ("payroll/.eindkomst_2019-05.csv", "other/eindkomst_2019-05.csv", "eindkomst_2019-05.csv"):
        put(tmp_path, name, "")
    assert scan(tmp_path).files == ()


def test_files_come_in_order_of_their_names(tmp_path: Path) -> None:
    """The later file name wins: order by code point, whatever the machine's language."""
    names = [
        "eindkomst_2019-05_002.csv",
        "eindkomst_2019-05.csv.gz",
        "eindkomst_2019-05.csv",
        "eindkomst_2019-05_001.csv",
    ]
    for name in names:
        put(tmp_path, f"payroll/{name}", b"")
    assert [file.name for file in scan(tmp_path).of_kind("eindkomst")] == sorted(names)


@pytest.mark.parametrize(
    ("names", "as_of"),
    [
        (["registry/personer_2022-06-01.csv", "payroll/eindkomst_2022-05.csv"], date(2022, 6, 1)),
        (["registry/personer_2022-05-30.csv", "payroll/eindkomst_2022-05.csv"], date(2022, 5, 31)),
        (["placement/forloeb_0101_2020-02.csv"], date(2020, 2, 29)),
        (["registry/personer_2022-06-01.csv", "placement/forloeb_0208_2030-02.csv"], date(2022, 6, 1)),
    ],
)
def test_the_default_cut_off_is_the_latest_day_that_a_recognised_name_gives(
    tmp_path: Path, names: list[str], as_of: date
) -> None:
    """Another cut-off is another answer. An unrecognised name says nothing about time."""
    for name in names:
        put(tmp_path, name, "")
    assert scan(tmp_path).as_of == as_of


def test_a_month_is_inside_when_it_is_not_later_than_the_cut_offs_month(tmp_path: Path) -> None:
    """A payroll file of the cut-off's own month counts; a snapshot of the day after does not."""
    for name in ("payroll/eindkomst_2022-06.csv", "payroll/eindkomst_2022-07.csv", "registry/dream_2022-06-11.csv"):
        put(tmp_path, name, "")
    landing = scan(tmp_path, date(2022, 6, 10))
    assert [file.name for file in landing.inside("eindkomst")] == ["eindkomst_2022-06.csv"]
    assert landing.inside("dream") == []


def test_an_absent_landing_zone_is_told_with_what_to_do(tmp_path: Path) -> None:
    """An error that says only 'no files' leaves a supplier alone."""
    with pytest.raises(BuildStopped) as stopped:
        ingest(tmp_path / "nowhere", tmp_path / "warehouse", key=KEY)
    (problem,) = stopped.value.problems
    assert "nowhere" in problem.message
    assert "registry/, placement/, payroll/" in problem.remedy
    assert not (tmp_path / "warehouse").exists()


def test_an_empty_landing_zone_names_what_it_holds_instead(tmp_path: Path) -> None:
    """A typing error in every name must not look like an empty folder."""
    put(tmp_path, "payroll/eindkomst_2019_05.csv", "")
    (tmp_path / "payroll" / "old").mkdir()
    with pytest.raises(BuildStopped) as stopped:
        ingest(tmp_path, tmp_path / "warehouse", key=KEY)
    assert [problem.file for problem in stopped.value.problems if problem.file] == ["eindkomst_2019_05.csv"]
    assert any("payroll/old" in problem.message for problem in stopped.value.problems)
