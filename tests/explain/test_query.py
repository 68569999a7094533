"""`fodfaeste query` asks the published file and can change nothing, in it or elsewhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from pipelines.query_output import excel_value
from pipelines.query_shell import CODEBOOK, history_file
from tests.conftest import ROOT, SampleBuild, command, environment
from tests.explain.terminal import terminal

FILE = "outcome-1.duckdb"


@pytest.fixture(scope="module")
def warehouse(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's published file, but writable: what must keep it is the command, not the file's mode."""
    folder = tmp_path_factory.mktemp("query")
    (folder / "published").mkdir()
    shutil.copy((sample_build.warehouse / "outcome.duckdb").resolve(), folder / "published" / FILE)
    (folder / "published" / FILE).chmod(0o644)
    (folder / "outcome.duckdb").symlink_to(Path("published") / FILE)
    shutil.copy(sample_build.warehouse / "LATEST.json", folder)
    return folder


@pytest.fixture(autouse=True)
def unchanged(warehouse: Path) -> Iterator[None]:
    """Whatever a test does, not one byte of the published file changes."""
    before = sha256(warehouse / "published" / FILE)
    yield
    assert sha256(warehouse / "published" / FILE) == before


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def query(
    warehouse: Path, *words: str | Path, stdin: str = "", folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """`fodfaeste query` with these words; without a terminal and without a key."""
    return subprocess.run(
        command("query", "--warehouse", warehouse, *words),
        cwd=folder, env=environment(None) | {"PYTHONPATH": str(ROOT)}, input=stdin, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_query_is_run_and_printed_as_a_table_csv_or_json(warehouse: Path) -> None:
    """Whoever pipes the answer on needs all rows in a form that programs read; null is empty there, never the word."""
    shown = query(warehouse, "select 42 as answer")
    assert shown.returncode == 0 and "42" in shown.stdout and "\x1b" not in shown.stdout and not shown.stderr
    csv = query(warehouse, "select i, null as nothing, 'å;b' as text from range(50) as t(i)", "--csv")
    assert csv.stdout.splitlines()[:2] == ["i,nothing,text", '0,,"å;b"'] and len(csv.stdout.splitlines()) == 51
    rows = json.loads(query(warehouse, "select 1 as one, null as nothing", "--json").stdout)
    assert rows == [{"one": 1, "nothing": None}]


def test_the_codebook_is_at_hand(warehouse: Path) -> None:
    """An analyst who has to leave the shell to learn what a column is guesses instead."""
    [row] = json.loads(query(warehouse, "from explain('core.fct_person_months.ordinary_hours')", "--json").stdout)
    assert row["unit"] == "hours a month" and row["label_da"] == "Ordinære timer"
    columns = json.loads(query(warehouse, "from explain('fct_person_months')", "--json").stdout)
    assert len(columns) > 10 and columns[0]["column"] == "person_key"
    found = query(warehouse, "from codebook('ORDINÆRE timer')", "--csv").stdout
    assert "core.fct_person_months,ordinary_hours" in found
    listed = {row["table"]: row for row in json.loads(query(warehouse, "from tables()", "--json").stdout)}
    assert listed["core.dim_municipalities"]["rows"] == 98 and len(listed) > 35


def test_sql_may_come_from_a_file_or_from_standard_input(warehouse: Path) -> None:
    """The examples are files: nobody should have to paste them."""
    for file in sorted((ROOT / "warehouse" / "examples").glob("*.sql")):
        from_file = query(warehouse, "--file", file)
        assert from_file.returncode == 0 and from_file.stdout, from_file.stderr
    piped = query(warehouse, stdin="select 1 as a;\nselect 2 as b;\n")
    assert piped.returncode == 0 and "a" in piped.stdout and "2" in piped.stdout


def test_an_error_of_sql_is_duckdbs_own_and_ends_with_exit_code_1(warehouse: Path, tmp_path: Path) -> None:
    """A script that goes on after a failed query works with yesterday's file."""
    for words in (["selec 1"], ["select * from core.fct_person_month"]):
        wrong = query(warehouse, *words)
        assert wrong.returncode == 1 and "Error" in wrong.stderr and "Traceback" not in wrong.stderr
    wrong = query(warehouse, "select * from nothing_of_the_kind", "--output", tmp_path / "rows.csv")
    assert wrong.returncode == 1 and "nothing_of_the_kind" in wrong.stderr and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "statement",
    [
        "insert into quality.fct_builds select * from quality.fct_builds",
        "create table core.mine as select 1",
        "create table mine as select 1",
        "drop table core.fct_person_months",
        "update core.dim_months set year = 0",
        "delete from core.dim_months",
        "attach '{file}' as again (read_write)",
        "attach '{link}' as again (read_write)",
        "attach '{link}' as again; insert into again.quality.fct_builds select * from again.quality.fct_builds",
        "attach '{folder}/other.duckdb' as other",
        "copy (select 1) to '{file}' (format csv)",
        "copy (select 1) to '{folder}/mine.csv'",
        "select * from read_text('{folder}/LATEST.json')",
        "set enable_external_access = true",
        "install excel",
        "load excel",
    ],
)
def test_nothing_can_be_written_or_loaded(warehouse: Path, statement: str, tmp_path: Path) -> None:
    """A published file is never changed: what somebody cites must be what is there."""
    text = statement.format(file=warehouse / "published" / FILE, link=warehouse / "outcome.duckdb", folder=warehouse)
    before = sorted(warehouse.rglob("*"))
    assert query(warehouse, text).returncode == 1, statement
    assert query(warehouse, f"{text}; select 1", "--output", tmp_path / "rows.csv").returncode == 1, statement
    assert sorted(warehouse.rglob("*")) == before and not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [".open {file}", ".output {folder}/mine.txt", ".once {folder}/mine.txt", ".shell touch {folder}/mine.txt", ".log {folder}/mine.txt", ".save {folder}/mine.db"])  # fmt: skip
def test_the_shells_own_commands_open_and_write_nothing_else(warehouse: Path, words: str) -> None:
    """`.open` opens the same file again, for writing: -readonly alone does not hold."""
    text = words.format(file=warehouse / "published" / FILE, folder=warehouse)
    query(warehouse, stdin=f"{text}\ncreate table core.mine as select 1;\n")
    assert sorted(path.name for path in warehouse.iterdir()) == ["LATEST.json", "outcome.duckdb", "published"]
    assert [path.name for path in (warehouse / "published").iterdir()] == [FILE]


def test_what_a_session_makes_for_itself_it_may(warehouse: Path) -> None:
    """Temporary tables are how longer analyses are written."""
    done = query(warehouse, "create temp table mine as from range(3); select count(*) as rows from mine", "--csv")
    assert done.stdout.split() == ["rows", "3"], done.stderr


def test_rows_are_written_as_csv_parquet_and_excel(warehouse: Path, tmp_path: Path) -> None:
    """The next tool wants a file; Excel's holds dates as dates, codes with their zeros, and no formula out of the data."""
    sql = "select '0101' as code, date '2020-01-31' as day, 1.50::decimal(9,2) as amount, '=1+1' as text, uuid() as key, null as nothing from range(3)"
    for ending in ("csv", "parquet", "xlsx"):
        done = query(warehouse, f"{sql}; -- and nothing more", "--output", f"rows.{ending}", folder=tmp_path)
        assert done.returncode == 0 and "3 rows written" in done.stderr, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "rows.parquet", "rows.xlsx"]
    assert duckdb.sql(f"select code, amount from '{tmp_path}/rows.parquet' limit 1").fetchall()[0][0] == "0101"
    assert (
        (tmp_path / "rows.csv")
        .read_text(encoding="utf-8")
        .startswith("code,day,amount,text,key,nothing\n0101,2020-01-31,1.50,=1+1,")
    )
    sheet = load_workbook(tmp_path / "rows.xlsx")["data"]
    header, first = list(sheet.iter_rows(max_row=2))
    assert [cell.value for cell in header] == ["code", "day", "amount", "text", "key", "nothing"]
    assert first[0].value == "0101" and first[1].is_date and first[2].value == 1.5
    assert first[3].data_type == "s" and first[3].value == "=1+1"


def test_excel_holds_as_text_what_it_would_change() -> None:
    """Excel rounds whole numbers beyond 15 digits and knows no day before March 1900."""
    assert excel_value(10**15) == "1000000000000000" and excel_value(True) is True
    assert excel_value(duckdb.sql("select date '1858-01-01'").fetchall()[0][0]) == "1858-01-01"
    assert excel_value(float("nan")) == "nan" and excel_value([1, 2]) == "[1, 2]"


def test_an_output_that_cannot_be_is_refused_with_its_remedy(warehouse: Path, tmp_path: Path) -> None:
    """Half a file, or one in the warehouse that the next build clears, is a loss that shows late."""
    for name, said in (("rows.txt", "must end in"), ("none/rows.csv", "Make it first"), (warehouse / "r.csv", "lies in the warehouse")):  # fmt: skip
        refused = query(warehouse, "select 1", "--output", name, folder=tmp_path)
        assert refused.returncode == 1 and said in refused.stderr
    refused = query(warehouse, "create temp table mine as select 1", "--output", tmp_path / "rows.csv")
    assert refused.returncode == 1 and "end with a select" in refused.stderr
    assert not list(tmp_path.iterdir())


def test_without_a_published_file_it_says_how_to_get_one(tmp_path: Path) -> None:
    """The first thing an analyst meets must not be a traceback."""
    refused = query(tmp_path, "select 1")
    assert refused.returncode == 1 and "nothing is published yet" in refused.stderr and "make run" in refused.stderr
    refused = query(tmp_path, "select 1", "--release", "2026-1")
    assert refused.returncode == 1 and "fodfaeste release 2026-1" in refused.stderr


def test_the_public_tables_of_a_release_are_asked_by_their_names(warehouse: Path, tmp_path: Path) -> None:
    """Who may see the release alone needs no warehouse."""
    folder = tmp_path / "evaluation" / "2026-1" / "public"
    folder.mkdir(parents=True)
    duckdb.sql("select 2020 as year, 458 as rsv_registered").write_parquet(str(folder / "register.parquet"))
    done = query(tmp_path, "--release", "2026-1", "select rsv_registered from register", "--csv")
    assert done.stdout.split() == ["rsv_registered", "458"], done.stderr


def test_the_shell_greets_with_build_cut_off_window_and_warning_and_remembers_queries_apart(
    warehouse: Path, tmp_path: Path
) -> None:
    """Nobody should have to guess which data they look at; queries name keys and belong in no shared file."""
    own = environment(None) | {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "dumb"}
    with terminal(command("query", "--warehouse", warehouse), own) as screen:
        screen.wait_for(b"]11;?")  # DuckDB asks for the terminal's colours and waits five seconds for an answer
        screen.type(b"\x1b]11;rgb:0000/0000/0000\x07\x1b[?1;2c")
        screen.wait_for(b" D ")
        screen.type(b"select 6 * 7 as answer;\r")
        screen.wait_for(b"42")
        screen.type(b".quit\r")
    assert screen.exit_code == 0
    text = screen.said.decode()
    for part in ("read-only", "Cut-off 2021-12-31", "Observed months 2018-08 to 2021-09", "Synthetic data", "pseudonymised, not anonymous", "from explain(", "42"):  # fmt: skip
        assert part in text, text
    kept = tmp_path / "state" / "fodfaeste" / "query_history"
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700
    assert "answer" in kept.read_text() and not (tmp_path / ".duckdb_history").exists()


def test_queries_are_not_remembered_where_no_file_of_ones_own_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shared home must not become the place where everybody's queries stand."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert history_file() is None


def test_the_three_tables_of_the_codebook_are_what_the_greeting_offers() -> None:
    """A greeting that names what is not there is the first error of every session."""
    assert [f"macro {name}(" in CODEBOOK for name in ("tables", "explain", "codebook")] == [True] * 3
