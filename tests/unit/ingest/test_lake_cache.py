"""What the lake keeps: nothing read twice, nothing old taken for new, every row accounted for."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from assets.ingest.build_inputs import account, inputs_folder
from assets.ingest.keys import ProjectKey
from assets.ingest.lake import Lake
from tests.unit.ingest.decided import outcomes, taken
from tests.unit.ingest.payroll_lines import line, payroll_text
from tests.unit.ingest.tiny_landing import (
    AS_OF,
    payroll_of,
    put,
    tiny_landing,
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tiny_landing(tmp_path / "raw")


def test_a_second_ingest_reads_nothing_and_decides_the_same(tmp_path: Path, raw: Path) -> None:
    """The lake is a cache: it saves time and never changes the answer."""
    first = taken(tmp_path)
    again = taken(tmp_path)
    assert {kind: report.made for kind, report in again.kinds.items()} == {kind: [] for kind in again.kinds}
    assert outcomes(again.decision) == outcomes(first.decision)
    shutil.rmtree(tmp_path / "warehouse" / "lake")
    assert outcomes(taken(tmp_path).decision) == outcomes(first.decision)


def test_only_the_months_that_changed_are_read(tmp_path: Path, raw: Path) -> None:
    """Adding a month to 96 must cost a month."""
    taken(tmp_path)
    put(raw, "payroll/eindkomst_2019-06.csv", payroll_of("2019-06", 7))
    (raw / "payroll/eindkomst_2019-12.csv").unlink()
    report = taken(tmp_path)
    assert report.kinds["eindkomst"].made == ["2019-06"]
    assert report.kinds["eindkomst"].removed == ["2019-12"]
    assert report.kinds["forloeb"].made == []
    told = {problem.file: problem.message for problem in report.decision.warnings if problem.file}
    assert "replaced" in told["eindkomst_2019-06.csv"]
    assert "taken away" in told["eindkomst_2019-12.csv"]


def test_a_file_changed_within_its_size_and_its_time_is_seen(tmp_path: Path, raw: Path) -> None:
    """A hash remembered by time alone would go on using what is no longer there."""
    taken(tmp_path)
    path = raw / "payroll/eindkomst_2019-06.csv"
    before = path.stat()
    path.write_text(path.read_text().replace("1680,00", "1680,01"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert taken(tmp_path).kinds["eindkomst"].made == ["2019-06"]


@pytest.mark.parametrize("harm", ["no report", "half a report", "other key"])
def test_a_partition_that_is_not_whole_is_made_anew(tmp_path: Path, raw: Path, harm: str) -> None:
    """A build killed in the middle must leave nothing that the next one trusts."""
    taken(tmp_path)
    lake = Lake(tmp_path / "warehouse")
    report = lake.partition("eindkomst", "2019-06") / "report.json"
    if harm == "no report":
        report.unlink()
    elif harm == "half a report":
        report.write_text(report.read_text()[:100])
    else:
        report.write_text(report.read_text().replace('"cache_key": "', '"cache_key": "0'))
    assert taken(tmp_path).kinds["eindkomst"].made == ["2019-06"]


def test_another_key_is_another_lake(tmp_path: Path, raw: Path) -> None:
    """Pseudonyms of two keys side by side would make two people of each."""
    taken(tmp_path)
    other = taken(tmp_path, key=ProjectKey(bytes(range(1, 33))))
    assert all(report.cached == [] for report in other.kinds.values())


def test_every_row_of_a_used_file_is_accepted_or_rejected_and_the_lake_holds_them_all(
    tmp_path: Path, raw: Path
) -> None:
    """A row that is neither is lost without a word."""
    put(raw, "payroll/eindkomst_2019-06.csv", payroll_text(line(), line(cpr=""), line(post_nr="2")))
    report = taken(tmp_path)
    found = account(report.decision, tmp_path / "warehouse")
    assert (found.delivered, found.accepted + found.rejected, found.rejected, found.wrong) == (21, 21, 1, ())
    partition = Lake(tmp_path / "warehouse").partition("eindkomst", "2019-06")
    table = parquet.read_table(partition / "rows.parquet")
    parquet.write_table(table.slice(0, 1), partition / "rows.parquet")
    assert account(report.decision, tmp_path / "warehouse").wrong == ("eindkomst_2019-06.csv",)


def test_the_inputs_of_a_build_hold_every_file(tmp_path: Path, raw: Path) -> None:
    """dbt sees a delivery only through these tables."""
    put(raw, "payroll/notes.txt", "x")
    put(raw, "payroll/eindkomst_2019-08.csv", "")
    put(raw, "payroll/eindkomst_2020-01.csv", payroll_of("2020-01"))
    taken(tmp_path)
    folder = inputs_folder(tmp_path / "warehouse")
    rows = {row["file_name"]: row for row in parquet.read_table(folder / "deliveries.parquet").to_pylist()}
    assert len(rows) == 20
    assert (rows["notes.txt"]["outcome"], rows["notes.txt"]["kind"]) == ("unrecognised", None)
    assert (rows["eindkomst_2019-08.csv"]["refusal_reason"], rows["eindkomst_2019-08.csv"]["rows_delivered"]) == (
        "file.missing_column",
        0,
    )
    assert (rows["eindkomst_2020-01.csv"]["outcome"], rows["eindkomst_2020-01.csv"]["rows_delivered"]) == (
        "after_cut_off",
        None,
    )
    assert [rows[f"eindkomst_2019-{month:02d}.csv"]["file_rank"] for month in (1, 2, 12)] == [1, 2, 12]
    counted = {row["file_name"] for row in parquet.read_table(folder / "rule_counts.parquet").to_pylist()}
    assert counted == {name for name, row in rows.items() if row["outcome"] in ("used", "refused")}
    (build,) = parquet.read_table(folder / "build.parquet").to_pylist()
    assert (build["as_of"], build["payroll_through"], build["is_sample_key"]) == (AS_OF, date(2019, 7, 1), False)
