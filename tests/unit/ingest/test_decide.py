"""What every file becomes at the cut-off, which months are complete, when a build stops, and what the lake keeps."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from assets.ingest import keys
from assets.ingest.build_inputs import account, inputs_folder
from assets.ingest.decide import Decision
from assets.ingest.keys import SAMPLE_KEY, ProjectKey, read_key
from assets.ingest.lake import Lake
from assets.ingest.months import add_months, complete_through, whole_months
from assets.ingest.problems import BuildStopped
from assets.ingest.run import IngestReport, ingest
from tests.unit.ingest.landed import KEY, WOMAN
from tests.unit.ingest.payroll_lines import line, payroll_text
from tests.unit.ingest.tiny_landing import (
    AS_OF,
    dream_text,
    payroll_of,
    persons_text,
    placement_text,
    put,
    tiny_landing,
)


def taken(tmp_path: Path, as_of: date = AS_OF, key: ProjectKey = KEY) -> IngestReport:
    return ingest(tmp_path / "raw", tmp_path / "warehouse", as_of, key=key)


def outcomes(decision: Decision, kind: str = "") -> dict[str, str]:
    return {d.file.name: d.outcome for d in decision.deliveries if not kind or d.file.kind == kind}


def stopped_by(tmp_path: Path, as_of: date = AS_OF, key: ProjectKey = KEY) -> list[str]:
    with pytest.raises(BuildStopped) as stopped:
        taken(tmp_path, as_of, key)
    assert all(problem.remedy for problem in stopped.value.problems)
    return [problem.rule for problem in stopped.value.problems]


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


Spoil = Callable[[Path], object]


def _replace(raw: Path, *names: str) -> None:
    (raw / "payroll/eindkomst_2019-06.csv").unlink()
    for number, name in enumerate(names, start=1):
        put(raw, f"payroll/eindkomst_2019-06{name}", payroll_of("2019-06", number))


INCOMPLETE: dict[str, Spoil] = {
    "no file": lambda raw: _replace(raw),
    "part 001 missing": lambda raw: _replace(raw, "_002.csv"),
    "part 002 missing": lambda raw: _replace(raw, "_001.csv", "_003.csv"),
    "numbered and unnumbered": lambda raw: _replace(raw, ".csv", "_001.csv"),
    "one number twice": lambda raw: _replace(raw, "_001.csv", "_001.csv.gz"),
    "unnumbered twice": lambda raw: _replace(raw, ".csv", ".csv.gz"),
    "a part refused": lambda raw: (_replace(raw, "_001.csv"), put(raw, "payroll/eindkomst_2019-06_002.csv", "")),
    "a copy of another month alone": lambda raw: shutil.copy(
        raw / "payroll/eindkomst_2019-05.csv", raw / "payroll/eindkomst_2019-06.csv"
    ),
    "a copy fills the gap": lambda raw: (
        _replace(raw, "_001.csv", "_003.csv"),
        shutil.copy(raw / "payroll/eindkomst_2019-06_001.csv", raw / "payroll/eindkomst_2019-06_002.csv"),
    ),
}
COMPLETE: dict[str, Spoil] = {
    "three parts": lambda raw: _replace(raw, "_001.csv", "_002.csv.gz", "_003.csv"),
    "the next number a copy": lambda raw: (
        _replace(raw, "_001.csv"),
        shutil.copy(raw / "payroll/eindkomst_2019-06_001.csv", raw / "payroll/eindkomst_2019-06_002.csv"),
    ),
    "csv and csv.gz of one content": lambda raw: put(
        raw, "payroll/eindkomst_2019-06.csv.gz", (raw / "payroll/eindkomst_2019-06.csv").read_text()
    ),
    "trailer alone": lambda raw: put(raw, "payroll/eindkomst_2019-06.csv", payroll_text()),
}


@pytest.mark.parametrize("case", INCOMPLETE)
def test_a_month_is_incomplete_when(tmp_path: Path, raw: Path, case: str) -> None:
    """Months after it would be observed with people's pay missing. All its files count all the same."""
    INCOMPLETE[case](raw)
    decision = taken(tmp_path).decision
    assert list(decision.incomplete_months) == [date(2019, 6, 1)]
    assert decision.payroll_through == date(2019, 5, 1)
    assert decision.observed_through == date(2019, 3, 1)
    assert any("2019-06" in problem.message for problem in decision.warnings if problem.rule == "payroll_month")
    assert not any(d.outcome == "superseded" for d in decision.deliveries)


@pytest.mark.parametrize("case", COMPLETE)
def test_a_month_is_complete_when(tmp_path: Path, raw: Path, case: str) -> None:
    """Months that are whole must be observed."""
    COMPLETE[case](raw)
    assert taken(tmp_path).decision.payroll_through == date(2019, 12, 1)


def test_the_cut_offs_own_month_is_complete_only_on_its_last_day(tmp_path: Path, raw: Path) -> None:
    """What is reported later in the month is still to come."""
    assert taken(tmp_path, date(2019, 12, 30)).decision.payroll_through == date(2019, 11, 1)


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


def test_a_missing_key_is_told_with_what_to_set() -> None:
    """A build must not make up a key: its pseudonyms would fit nothing."""
    with pytest.raises(BuildStopped) as stopped:
        read_key({})
    (problem,) = stopped.value.problems
    assert "OUTCOME_PSEUDONYM_KEY" in problem.remedy


@pytest.mark.parametrize("value", ["abc", "zz" * 32, "00" * 15])
def test_a_key_that_is_none_is_refused_without_being_repeated(value: str) -> None:
    """A key in an error message is a key in a log."""
    with pytest.raises(BuildStopped) as stopped:
        read_key({keys.KEY_VARIABLE: value})
    assert value not in str(stopped.value)


def test_the_key_may_stand_in_a_file(tmp_path: Path) -> None:
    """An environment is seen by more people than a file."""
    path = tmp_path / "key"
    path.write_text("00" * 32 + "\n")
    assert read_key({keys.FILE_VARIABLE: str(path)}).value == bytes(32)
    with pytest.raises(BuildStopped):
        read_key({keys.FILE_VARIABLE: str(path), keys.KEY_VARIABLE: "11" * 32})
    with pytest.raises(BuildStopped):
        read_key({keys.FILE_VARIABLE: str(tmp_path / "none")})


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


def test_months_and_weeks_are_counted_by_the_calendar() -> None:
    """A week belongs to the month of its Thursday; a month counts when all of its weeks are there."""
    assert add_months(date(2019, 11, 1), 3) == date(2020, 2, 1)
    assert add_months(date(2019, 1, 1), -1) == date(2018, 12, 1)
    assert complete_through(date(2019, 1, 1), {date(2019, 1, 1), date(2019, 3, 1)}) == date(2019, 1, 1)
    assert complete_through(date(2019, 1, 1), {date(2019, 3, 1)}) is None
    first_of_january, second_of_january = date(2019, 1, 3), date(2019, 1, 10)
    last_of_january = date(2019, 1, 31)
    assert whole_months(first_of_january, last_of_january) == (date(2019, 1, 1), date(2019, 1, 1))
    assert whole_months(second_of_january, last_of_january) == (date(2019, 2, 1), date(2019, 1, 1))
    assert whole_months(first_of_january, date(2019, 1, 24)) == (date(2019, 1, 1), date(2018, 12, 1))
