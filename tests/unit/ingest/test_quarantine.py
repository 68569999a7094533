"""Quarantine: every rejected row with its content, readable by its owner alone; and what a supplier and a dry run are told."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import duckdb
import pytest

from assets.ingest.check import check_files
from assets.ingest.dry_run import dry_run
from assets.ingest.problems import BuildStopped
from assets.ingest.quarantine import Quarantined, write_quarantine
from assets.ingest.raw_records import fetch
from assets.ingest.run import ingest
from tests.unit.ingest.landed import KEY, WOMAN
from tests.unit.ingest.payroll_lines import line, payroll_text
from tests.unit.ingest.tiny_landing import AS_OF, payroll_of, placement_text, put, tiny_landing

JUNE = "eindkomst_2019-06.csv"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tiny_landing(tmp_path / "raw")
    put(
        folder,
        f"payroll/{JUNE}",
        payroll_text(line(), line(cpr="", se_nr=""), line(post_nr="3"), line(felt_0013="abc")),
    )
    put(folder, "payroll/eindkomst_2019-07.csv", "")
    return folder


def taken(tmp_path: Path) -> Path:
    ingest(tmp_path / "raw", tmp_path / "warehouse", AS_OF, key=KEY)
    return tmp_path / "warehouse"


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def build_file(folder: Path, *rows: tuple[str, str, int, str, bool]) -> Path:
    """A build file with the table in which dbt says what it rejects."""
    path = folder / "build.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_rejected_rows"
            "(kind varchar, file_name varchar, line_number integer, rule varchar, is_rejected_by_file boolean)"
        )
        for row in rows:
            connection.execute("insert into intermediate.int_rejected_rows values (?, ?, ?, ?, ?)", list(row))
    return path


def test_a_rejected_row_is_there_with_file_line_rules_and_content(tmp_path: Path, raw: Path) -> None:
    """Without the row as delivered a supplier cannot find it."""
    warehouse = taken(tmp_path)
    assert write_quarantine(raw, warehouse) == Quarantined(rows=2, files=1)
    delivered = (raw / "payroll" / JUNE).read_text().splitlines()
    assert records(warehouse / "quarantine/eindkomst/2019-06.csv") == [
        {"file": JUNE, "line": "2", "rule": "payroll.cpr_invalid,payroll.se_invalid", "content": delivered[2]},
        {"file": JUNE, "line": "4", "rule": "payroll.amount_no_number", "content": delivered[4]},
    ]


def test_a_refused_file_is_named_with_its_reason(tmp_path: Path, raw: Path) -> None:
    """All its rows are rejected: the file itself holds them."""
    warehouse = taken(tmp_path)
    write_quarantine(raw, warehouse)
    assert records(warehouse / "quarantine/eindkomst/2019-07.csv") == [
        {"file": "eindkomst_2019-07.csv", "line": "", "rule": "file.missing_column", "content": ""}
    ]


def test_rows_that_only_a_build_rejects_are_there_too(tmp_path: Path, raw: Path) -> None:
    """A person not in the register is decided in the build: the row must not be lost between the two."""
    warehouse = taken(tmp_path)
    build = build_file(
        tmp_path,
        ("forloeb", "forloeb_0101_2019-03.csv", 1, "placement.cpr_not_in_personer", False),
        ("eindkomst", JUNE, 4, "payroll.cpr_invalid", True),
    )
    assert write_quarantine(raw, warehouse, build).rows == 3
    (placement,) = records(warehouse / "quarantine/forloeb/2019-03.csv")
    assert (placement["rule"], placement["line"]) == ("placement.cpr_not_in_personer", "1")
    assert placement["content"] == (raw / "placement/forloeb_0101_2019-03.csv").read_text().splitlines()[1]
    both = records(warehouse / "quarantine/eindkomst/2019-06.csv")[1]
    assert both["rule"] == "payroll.cpr_invalid,payroll.amount_no_number"


def test_only_the_owner_may_read_it(tmp_path: Path, raw: Path) -> None:
    """It is the only place of the pipeline with personal numbers."""
    warehouse = taken(tmp_path)
    write_quarantine(raw, warehouse)
    write_quarantine(raw, warehouse)
    folder = warehouse / "quarantine"
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_was_corrected_is_no_longer_there(tmp_path: Path, raw: Path) -> None:
    """Personal numbers are kept no longer than they are needed."""
    warehouse = taken(tmp_path)
    write_quarantine(raw, warehouse)
    for month in ("06", "07"):
        put(raw, f"payroll/eindkomst_2019-{month}.csv", payroll_of(f"2019-{month}"))
    taken(tmp_path)
    assert write_quarantine(raw, warehouse) == Quarantined(rows=0, files=0)
    assert list((warehouse / "quarantine").iterdir()) == []


def test_a_row_that_is_gone_stops_and_leaves_the_old_quarantine(tmp_path: Path, raw: Path) -> None:
    """A file changed during a build must not empty the quarantine in silence, nor put another row into it."""
    warehouse = taken(tmp_path)
    write_quarantine(raw, warehouse)
    (raw / "payroll" / JUNE).write_text("short\n")
    with pytest.raises(BuildStopped) as stopped:
        write_quarantine(raw, warehouse)
    assert [(problem.file, problem.line) for problem in stopped.value.problems] == [(JUNE, 2), (JUNE, 4)]
    assert len(records(warehouse / "quarantine/eindkomst/2019-06.csv")) == 2
    assert not list(warehouse.glob(".quarantine*"))


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz"])
@pytest.mark.parametrize(
    ("text", "is_csv", "expected"),
    [
        ("\ufeffa;b\n1;2\n\n3;4\r\n5;6", True, {1: "1;2", 3: "5;6"}),
        ('a;b\n1;"x\ny"\n3;4\n5;6\n', True, {1: '1;"x\ny"', 3: "5;6"}),
        ('{"a": 1}\n\n{"b": "\\n"}\r\n{"c": 3}', False, {1: '{"a": 1}', 3: '{"c": 3}'}),
    ],
)
def test_a_record_is_found_again_by_its_number(
    tmp_path: Path, name: str, text: str, is_csv: bool, expected: dict[int, str]
) -> None:
    """One off, and quarantine shows another person's row."""
    assert fetch(put(tmp_path, name, text), {1, 3, 99}, is_csv) == expected


def test_a_supplier_is_told_file_line_rule_and_remedy_and_no_value(tmp_path: Path, raw: Path) -> None:
    """Errors found before sending cost a minute, afterwards a month."""
    other = put(
        tmp_path, f"sent/{JUNE}", payroll_text(line(), line(cpr=f"{WOMAN}9"), line(felt_9="x"), line(felt_0200="500"))
    )
    (check,) = check_files([other])
    assert not check.is_good
    assert check.report is not None and (check.report.rows_delivered, check.report.rows_rejected) == (4, 1)
    assert [(problem.rule, problem.line) for problem in check.problems] == [
        ("payroll.cpr_invalid", 2),
        ("payroll.hours_over_400", None),
    ]
    assert all(problem.remedy and problem.file == JUNE for problem in check.problems)
    assert WOMAN not in "".join(map(str, check.problems))
    assert sorted(path.name for path in other.parent.iterdir()) == [JUNE]


@pytest.mark.parametrize(
    ("name", "content", "rule", "words"),
    [
        ("eindkomst_2019_06.csv", "", "unrecognised", "eindkomst_YYYY-MM"),
        ("forloeb_0208_2019-06.csv", "", "unrecognised", "forloeb_KKKK_YYYY-MM"),
        ("eindkomst_2019-06.csv", "", "file.missing_column", "the file is empty"),
        ("eindkomst_2019-06.csv", "linje;cpr\n", "file.missing_column", "indberetning_id"),
        ("eindkomst_2019-06.csv.gz", b"no gz", "file.unreadable", "unpacked"),
        ("eindkomst_2019-06.csv", payroll_text(line(), has_trailer=False), "payroll.trailer_missing", "9999999"),
        ("eindkomst_2019-06.csv", payroll_text(line(linje="2")), "payroll.line_numbers", "line 1"),
        ("forloeb_0101_2019-06.csv", placement_text("A").replace("2019-05-31", "31-05-2019"), "placement.mixed_date_forms", "DD-MM-YYYY"),
    ],
)  # fmt: skip
def test_a_file_that_would_be_refused_is_told_why(
    tmp_path: Path, name: str, content: str | bytes, rule: str, words: str
) -> None:
    """'Refused' alone helps nobody."""
    (check,) = check_files([put(tmp_path, f"sent/{name}", content)])
    (problem,) = check.problems
    assert (check.is_good, problem.rule) == (False, rule)
    assert words in str(problem)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A typing error must not look like a good file."""
    checks = check_files([tmp_path / "none.csv", tmp_path])
    assert [check.is_good for check in checks] == [False, False]
    assert [problem.message for check in checks for problem in check.problems] == [
        "the file is not there",
        "this is not a file",
    ]


def test_every_kind_can_be_checked(raw: Path) -> None:
    """A supplier of one kind must not be left out."""
    good = [check for check in check_files(sorted(raw.rglob("*.*"))) if check.is_good]
    assert {check.kind for check in good} == {
        "cvr_virksomheder", "cvr_produktionsenheder", "se_numre", "personer", "dream", "forloeb", "eindkomst"
    }  # fmt: skip


def test_a_dry_run_says_what_a_build_would_find_and_writes_nothing(tmp_path: Path, raw: Path) -> None:
    """Who looks before building must not have built."""
    first = dry_run(raw, tmp_path / "warehouse", AS_OF, key=KEY)
    assert len(first.new_files) == 18
    assert not (tmp_path / "warehouse").exists()
    warehouse = taken(tmp_path)
    before = sorted((path, path.stat().st_mtime_ns) for path in warehouse.rglob("*"))
    same = dry_run(raw, warehouse, AS_OF, key=KEY)
    assert (same.is_nothing_new, same.made, same.first_month_that_moves) == (True, {}, None)
    put(raw, "payroll/eindkomst_2019-07.csv", payroll_text(line(periode_fra="2019-02-03")))
    put(raw, f"payroll/{JUNE}", "")
    (raw / "payroll/eindkomst_2019-09.csv").unlink()
    then = dry_run(raw, warehouse, AS_OF, key=KEY)
    assert then.replaced_files == [JUNE, "eindkomst_2019-07.csv"]
    assert then.gone_files == ["eindkomst_2019-09.csv"]
    assert then.made == {"eindkomst": ["2019-06", "2019-07"]}
    assert [f"{month:%Y-%m}" for month in then.missing_payroll_months] == ["2019-09"]
    assert [delivery.file.name for delivery in then.decision.with_outcome("refused")] == [JUNE]
    assert f"{then.first_month_that_moves:%Y-%m}" == "2019-02"
    assert len(then.missing_placement[AS_OF.replace(day=1)]) == 98
    assert sorted((path, path.stat().st_mtime_ns) for path in warehouse.rglob("*")) == before
