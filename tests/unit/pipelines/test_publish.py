"""Publishing: audited, a new file, a swap, three kept. Belongs here: assets/publishing on small files. Not here: what tables mean."""

import datetime
import os
import stat
from pathlib import Path

import duckdb
import pytest

from assets.publishing.audit import audit
from assets.publishing.publish import publish, read_latest, remove_leftovers

KEY = b"0123456789abcdef"
PERSON, CPR = "core.dim_persons", "0107701234"


def person_key(digits: str) -> str:
    import hashlib
    import hmac
    import uuid

    return str(uuid.UUID(bytes=hmac.digest(KEY, digits.encode(), hashlib.sha256)[:16]))


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    path = tmp_path / "built.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core; create schema staging")
        connection.execute(
            f"create table core.dim_persons as select '{person_key(CPR)}'::uuid as person_key, 'woman' as sex"
        )
        connection.execute("create table core.fct_hours as select 1::decimal(18,4) as ordinary_hours, 'x' as note")
        connection.execute("create table staging.secret as select 1 as one")
    return path


def replace_hours(path: Path, select: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create or replace table core.fct_hours as {select}")


def rules(path: Path, contracts: dict[str, dict[str, str]] | None = None) -> set[str]:
    return {finding.rule for finding in audit(path, contracts or {PERSON: {}}, KEY)}


def test_a_sound_build_has_no_findings(build_file: Path) -> None:
    """An audit that always finds something would stop every build."""
    assert (
        audit(build_file, {PERSON: {"person_key": "uuid"}, "core.fct_hours": {"ordinary_hours": "decimal(18, 4)"}}, KEY)
        == []
    )


def test_a_table_that_is_missing_is_found(build_file: Path) -> None:
    """A warehouse without a table must not take the place of one that has it."""
    assert rules(build_file, {"core.fct_gone": {}}) == {"build.table_missing"}


def test_a_column_of_another_type_is_found(build_file: Path) -> None:
    """A type that changes in silence breaks every reader's script."""
    assert rules(build_file, {"core.fct_hours": {"ordinary_hours": "double", "gone": "integer"}}) == {
        "build.column_type",
        "build.column_missing",
    }


def test_no_contract_at_all_is_found(build_file: Path) -> None:
    """An empty list of contracts would make the audit pass anything."""
    assert {finding.rule for finding in audit(build_file, {}, KEY)} == {"build.no_contracts"}


@pytest.mark.parametrize("text", ["0107701234", "010770-1234", "kontakt 610770 1234 straks"])
def test_a_text_that_looks_like_a_cpr_number_is_found(build_file: Path, text: str) -> None:
    """A number typed into a free field would be published."""
    replace_hours(build_file, f"select '{text}' as note")
    assert rules(build_file) == {"build.looks_like_cpr"}


def test_a_known_persons_number_is_found_among_p_numbers(build_file: Path) -> None:
    """P-numbers have ten digits too: a person's number among them would pass a test of form alone."""
    replace_hours(build_file, f"select '{CPR}' as p_number")
    assert rules(build_file) == {"build.is_cpr"}


def test_a_p_number_that_is_nobodys_cpr_number_is_no_finding(build_file: Path) -> None:
    """Real P-numbers often look like dates: they must not stop a build."""
    replace_hours(build_file, "select '1003388394' as p_number")
    assert rules(build_file) == set()


def test_findings_do_not_show_the_value(build_file: Path) -> None:
    """The message about a leak must not be the leak."""
    replace_hours(build_file, f"select '{CPR}' as note")
    assert all(CPR not in str(finding) for finding in audit(build_file, {PERSON: {}}, KEY))


def test_the_published_file_is_read_only_whole_and_of_the_old_format(build_file: Path, tmp_path: Path) -> None:
    """R and DBeaver read DuckDB 1.2; a log left behind makes a file unopenable."""
    published = publish(build_file, tmp_path, {PERSON: ("One row per person.", {"sex": "woman or man"})})
    assert stat.S_IMODE(published.file.stat().st_mode) == 0o444
    assert not list((tmp_path / "published").glob("*.wal"))
    with duckdb.connect(str(tmp_path / "outcome.duckdb"), read_only=True) as connection:
        schemas = {row[0] for row in connection.execute("select schema_name from duckdb_tables()").fetchall()}
        tags = connection.execute("select tags from duckdb_databases() where not internal").fetchone()
        comments = connection.execute("select comment from duckdb_tables() where table_name = 'dim_persons'").fetchone()
    assert schemas == {"core"}
    assert tags is not None and tags[0]["storage_version"].startswith("v1.2")
    assert comments == ("One row per person.",)


def test_a_reader_keeps_what_it_opened_and_the_next_sees_the_new_file(build_file: Path, tmp_path: Path) -> None:
    """A report that runs over midnight must not see half of two builds."""
    publish(build_file, tmp_path)
    reader = duckdb.connect(str(tmp_path / "outcome.duckdb"), read_only=True)
    replace_hours(build_file, "select 2::decimal(18,4) as ordinary_hours")
    publish(build_file, tmp_path)
    assert reader.execute("select ordinary_hours::integer from core.fct_hours").fetchone() == (1,)
    reader.close()
    with duckdb.connect(str(tmp_path / "outcome.duckdb"), read_only=True) as later:
        assert later.execute("select ordinary_hours::integer from core.fct_hours").fetchone() == (2,)


def test_the_last_three_versions_are_kept_and_leftovers_go(build_file: Path, tmp_path: Path) -> None:
    """A disk that fills up stops every later build."""
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / ".outcome-1.duckdb.part").write_text("half")
    (tmp_path / "published" / ".outcome-1.duckdb.part.wal").write_text("half")
    files = [publish(build_file, tmp_path, now=start + datetime.timedelta(days=day)).file for day in range(5)]
    assert sorted((tmp_path / "published").iterdir()) == sorted(files[-3:])
    assert (tmp_path / "outcome.duckdb").resolve() == files[-1]


def test_words_about_another_file_are_not_believed(build_file: Path, tmp_path: Path) -> None:
    """A run killed between link and words would make the next one say that nothing is new."""
    first = publish(build_file, tmp_path, facts={"fingerprint": "a"})
    words = read_latest(tmp_path)
    assert words is not None and words["fingerprint"] == "a" and words["tables"] == {PERSON: 1, "core.fct_hours": 1}
    (tmp_path / "outcome.duckdb").unlink()
    (tmp_path / "outcome.duckdb").symlink_to("published/other.duckdb")
    first.file.with_name("other.duckdb").write_bytes(b"")
    assert read_latest(tmp_path) is None


def test_leftovers_are_named(tmp_path: Path) -> None:
    """What is removed must be sayable."""
    (tmp_path / f".outcome.duckdb.{os.getpid()}").symlink_to("nowhere")
    assert remove_leftovers(tmp_path) == [f".outcome.duckdb.{os.getpid()}"]


@pytest.fixture
def with_view(build_file: Path) -> Path:
    """The build file with a view as the house writes them: schema and name, no catalogue."""
    with duckdb.connect(str(build_file)) as connection:
        connection.execute("create schema simple")
        connection.execute(
            "create view simple.hours as with own as (select * from core.fct_hours) select own.note as remark from own"
        )
    return build_file


VIEW: dict[str, dict[str, str]] = {PERSON: {}, "simple.hours": {"remark": "varchar"}}


def test_a_view_is_published_as_a_view(with_view: Path, tmp_path: Path) -> None:
    """A copy of every joined table would double the file; a view without its comment explains nothing."""
    assert audit(with_view, VIEW, KEY) == []
    published = publish(with_view, tmp_path, {"simple.hours": ("One row per hour.", {"remark": "What was said."})})
    assert published.views == ("simple.hours",)
    assert "simple.hours" not in published.rows
    words = read_latest(tmp_path)
    assert words is not None and words["views"] == ["simple.hours"]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published.file}' as other (read_only)")
        assert connection.execute("select remark from other.simple.hours").fetchall() == [("x",)]
        assert connection.execute("select comment from duckdb_views() where view_name = 'hours'").fetchall() == [
            ("One row per hour.",)
        ]
        assert connection.execute("select comment from duckdb_columns() where table_name = 'hours'").fetchall() == [
            ("What was said.",)
        ]


@pytest.mark.parametrize("source", ["built.core.fct_hours", "staging.secret"])
def test_a_view_that_would_not_hold_in_the_published_file_is_found(with_view: Path, source: str) -> None:
    """A view upon the build file's own name, or upon a table that is not published, breaks at the first reader."""
    with duckdb.connect(str(with_view)) as connection:
        connection.execute(f"create view simple.lost as select * from {source}")
    assert rules(with_view, VIEW | {"simple.lost": {}}) == {"build.view_reads_unpublished"}


def test_a_view_that_nobody_described_is_found(with_view: Path) -> None:
    """What has no contract has no meaning and no tier."""
    assert rules(with_view, {PERSON: {}}) == {"build.view_without_contract"}
