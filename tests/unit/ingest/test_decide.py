"""What every file becomes at the cut-off, and when a build stops."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from assets.ingest.build_inputs import inputs_folder
from assets.ingest.keys import SAMPLE_KEY, ProjectKey
from assets.ingest.lake import Lake
from assets.ingest.problems import BuildStopped
from tests.unit.ingest.decided import outcomes, stopped_by, taken
from tests.unit.ingest.landed import KEY, WOMAN
from tests.unit.ingest.payroll_lines import line, payroll_text
from tests.unit.ingest.tiny_landing import (
    dream_text,
    payroll_of,
    persons_text,
    placement_text,
    put,
    tiny_landing,
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tiny_landing(tmp_path / "raw")


def test_a_good_landing_zone_is_used_whole(tmp_path: Path, raw: Path) -> None:
    """The time rules on the plainest case: R is the last month, two months less is observed."""
    decision = taken(tmp_path).decision
    assert set(outcomes(decision).values()) == {"used"}
    assert (decision.payroll_first_month, decision.payroll_through) == (date(2019, 1, 1), date(2019, 12, 1))
    assert (decision.observed_from, decision.observed_through) == (date(2019, 2, 1), date(2019, 10, 1))
    assert (decision.placement_first_month, decision.register_day) == (date(2019, 3, 1), date(2019, 12, 1))
    assert decision.warnings == []


def test_the_newest_snapshot_inside_the_cut_off_wins(tmp_path: Path, raw: Path) -> None:
    """An older snapshot used by mistake is an answer of another day."""
    put(raw, "registry/personer_2019-11-01.csv", persons_text())
    put(raw, "registry/personer_2020-01-01.csv", persons_text())
    assert outcomes(taken(tmp_path).decision, "personer") == {
        "personer_2019-11-01.csv": "superseded",
        "personer_2019-12-01.csv": "used",
        "personer_2020-01-01.csv": "after_cut_off",
    }


def test_a_refused_newest_snapshot_gives_way_to_the_next_older_and_the_build_says_so(tmp_path: Path, raw: Path) -> None:
    """A broken transfer must not stop the month, nor pass unseen."""
    put(raw, "registry/personer_2019-12-20.csv", "cpr;kommunekode\n")
    put(raw, "registry/personer_2019-12-10.csv.gz", b"no gz")
    put(raw, "registry/personer_2019-11-01.csv", persons_text())
    decision = taken(tmp_path).decision
    assert outcomes(decision, "personer") == {
        "personer_2019-11-01.csv": "superseded",
        "personer_2019-12-01.csv": "used",
        "personer_2019-12-10.csv.gz": "refused",
        "personer_2019-12-20.csv": "refused",
    }
    told = {problem.file: problem.rule for problem in decision.warnings}
    assert told == {"personer_2019-12-10.csv.gz": "file.unreadable", "personer_2019-12-20.csv": "file.missing_column"}


def test_of_two_snapshots_of_one_date_the_later_name_wins_unless_it_is_refused(tmp_path: Path, raw: Path) -> None:
    """csv and csv.gz of one day: two answers that would take turns."""
    put(raw, "registry/personer_2019-12-01.csv.gz", persons_text(WOMAN))
    assert outcomes(taken(tmp_path).decision, "personer") == {
        "personer_2019-12-01.csv": "superseded",
        "personer_2019-12-01.csv.gz": "used",
    }
    put(raw, "registry/personer_2019-12-01.csv.gz", b"no gz")
    assert outcomes(taken(tmp_path).decision, "personer") == {
        "personer_2019-12-01.csv": "used",
        "personer_2019-12-01.csv.gz": "refused",
    }
    assert taken(tmp_path).kinds["personer"].made == []


def test_the_same_snapshot_under_two_dates_is_no_duplicate_and_stands_once_in_the_lake(
    tmp_path: Path, raw: Path
) -> None:
    """Registry snapshots are told apart by their date; a join by content must not find two."""
    for path in (raw / "registry").glob("*_2019-12-01.*"):
        shutil.copy(path, path.with_name(path.name.replace("2019-12-01", "2019-11-01")))
    taken(tmp_path, date(2019, 11, 30))
    assert outcomes(taken(tmp_path).decision, "personer") == {
        "personer_2019-11-01.csv": "superseded",
        "personer_2019-12-01.csv": "used",
    }
    assert Lake(tmp_path / "warehouse").periods("personer") == ["2019-12-01"]


def test_a_copy_under_another_name_is_a_duplicate_and_stands_once_in_the_lake(tmp_path: Path, raw: Path) -> None:
    """Pay delivered twice under two names would be counted twice."""
    text = (raw / "payroll/eindkomst_2019-03.csv").read_text()
    put(raw, "payroll/eindkomst_2019-03.csv.gz", text)
    put(raw, "payroll/eindkomst_2019-07_002.csv", text)
    decision = taken(tmp_path).decision
    found = outcomes(decision, "eindkomst")
    assert found["eindkomst_2019-03.csv"] == "used"
    assert found["eindkomst_2019-03.csv.gz"] == found["eindkomst_2019-07_002.csv"] == "duplicate"
    assert decision.payroll_through == date(2019, 12, 1)
    lake = Lake(tmp_path / "warehouse")
    rows = sum(
        parquet.read_metadata(lake.partition("eindkomst", month) / "rows.parquet").num_rows
        for month in lake.periods("eindkomst")
    )
    assert rows == 12


def test_a_placement_file_of_another_municipality_is_no_duplicate(tmp_path: Path, raw: Path) -> None:
    """The municipality in the name belongs to the identity: two files that hold a header alone, or the same rows, are two deliveries."""
    text = (raw / "placement/forloeb_0101_2019-03.csv").read_text()
    put(raw, "placement/forloeb_0147_2019-03.csv", text)
    put(raw, "placement/forloeb_0101_2019-04.csv", text)
    assert outcomes(taken(tmp_path).decision, "forloeb") == {
        "forloeb_0101_2019-03.csv": "used",
        "forloeb_0101_2019-04.csv": "duplicate",
        "forloeb_0147_2019-03.csv": "used",
    }


def test_files_without_data_lines_are_never_duplicates(tmp_path: Path, raw: Path) -> None:
    """A month with nothing to register is delivered all the same."""
    for month in ("04", "05"):
        put(raw, f"placement/forloeb_0101_2019-{month}.csv", placement_text())
        put(raw, f"payroll/eindkomst_2019-{month}.csv", payroll_text())
    put(raw, "payroll/eindkomst_2019-06.csv", "")
    put(raw, "payroll/eindkomst_2019-07.csv", "")
    decision = taken(tmp_path).decision
    found = outcomes(decision)
    assert found["forloeb_0101_2019-04.csv"] == found["forloeb_0101_2019-05.csv"] == "used"
    assert found["eindkomst_2019-04.csv"] == found["eindkomst_2019-05.csv"] == "used"
    assert found["eindkomst_2019-06.csv"] == found["eindkomst_2019-07.csv"] == "refused"
    assert decision.payroll_through == date(2019, 5, 1)


def test_duplicates_are_told_only_inside_the_cut_off(tmp_path: Path, raw: Path) -> None:
    """A file of a later month says nothing about this one."""
    shutil.copy(raw / "payroll/eindkomst_2019-03.csv", raw / "payroll/eindkomst_2020-01.csv")
    assert outcomes(taken(tmp_path).decision)["eindkomst_2020-01.csv"] == "after_cut_off"


@pytest.mark.parametrize(
    "name", ["cvr_virksomheder_2019-12-01.ndjson", "dream_2019-12-01.csv", "se_numre_2019-12-01.csv"]
)
def test_a_kind_without_a_used_file_stops_the_build(tmp_path: Path, raw: Path, name: str) -> None:
    """Every measure needs all seven kinds."""
    (raw / "registry" / name).unlink()
    assert stopped_by(tmp_path) == ["build.kind_missing"]
    put(raw, f"registry/{name}.gz", b"no gz")
    assert stopped_by(tmp_path) == ["build.kind_missing"]
    assert not inputs_folder(tmp_path / "warehouse").exists()


def test_an_incomplete_first_payroll_month_stops_the_build(tmp_path: Path, raw: Path) -> None:
    """Without a first month nothing is observed; a refused file is delivered too."""
    put(raw, "payroll/eindkomst_2018-12.csv", "")
    assert stopped_by(tmp_path) == ["build.first_payroll_month_incomplete"]


def test_every_reason_to_stop_is_told_at_once(tmp_path: Path, raw: Path) -> None:
    """One reason a build is a week of builds."""
    (raw / "registry/se_numre_2019-12-01.csv").unlink()
    put(raw, "payroll/eindkomst_2018-12_002.csv", payroll_of("2018-12"))
    put(raw, "registry/dream_2019-12-01.csv", dream_text("001"))
    put(raw, "registry/personer_2019-12-01.csv", persons_text("0101800117"))
    assert set(stopped_by(tmp_path, key=ProjectKey(SAMPLE_KEY))) == {
        "build.kind_missing",
        "build.first_payroll_month_incomplete",
        "build.real_number_with_sample_key",
        "dream.unknown_code_share",
    }


@pytest.mark.parametrize("kind", ["personer", "payroll", "rejected payroll", "refused payroll", "placement"])
def test_a_number_that_could_be_a_persons_is_refused_with_the_sample_key(tmp_path: Path, raw: Path, kind: str) -> None:
    """The sample's key is public: its pseudonyms of real numbers could be turned back by trying them all."""
    real = "0101800117"
    texts = {
        "personer": ("registry/personer_2019-12-01.csv", persons_text(WOMAN, real)),
        "payroll": ("payroll/eindkomst_2019-06.csv", payroll_text(line(), line(cpr=real[1:]))),
        "rejected payroll": ("payroll/eindkomst_2019-06.csv", payroll_text(line(), line(cpr=real, se_nr=""))),
        "refused payroll": (
            "payroll/eindkomst_2019-06.csv",
            payroll_text(line(), line(cpr=real), trailer={"indberetning_id": "3"}),
        ),
        "placement": (
            "placement/forloeb_0101_2019-03.csv",
            placement_text("A1", "A2").replace(WOMAN, real, 2).replace(real, WOMAN, 1),
        ),
    }
    put(raw, *texts[kind])
    with pytest.raises(BuildStopped) as stopped:
        taken(tmp_path, key=ProjectKey(SAMPLE_KEY))
    (problem,) = stopped.value.problems
    assert (problem.rule, problem.line) == ("build.real_number_with_sample_key", 2)
    assert problem.file == Path(texts[kind][0]).name
    assert real not in str(stopped.value) and real[1:] not in str(stopped.value)
    assert taken(tmp_path, key=KEY).decision.stops == []


def test_too_many_unknown_codes_stop_the_build_and_are_listed_with_their_counts(tmp_path: Path, raw: Path) -> None:
    """A new code of the authority would pass as unknown weeks for months."""
    put(raw, "registry/dream_2019-12-01.csv", dream_text("001"))
    with pytest.raises(BuildStopped) as stopped:
        taken(tmp_path)
    (problem,) = stopped.value.problems
    assert (problem.rule, problem.file) == ("dream.unknown_code_share", "dream_2019-12-01.csv")
    assert "'001' 60" in problem.message


def test_a_text_that_is_no_short_code_is_not_repeated_in_a_message(tmp_path: Path, raw: Path) -> None:
    """A number that slipped into a week's column must not come out in a log."""
    put(raw, "registry/dream_2019-12-01.csv", dream_text(WOMAN))
    with pytest.raises(BuildStopped) as stopped:
        taken(tmp_path)
    assert WOMAN not in str(stopped.value)
    assert "'?' 60" in str(stopped.value)
