"""No CPR number is in any file that the pipeline writes, but quarantine; nor in anything it says.

Belongs here: looking through everything a build leaves. Not here: how numbers are pseudonymised (tests/unit/ingest).
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import SAMPLE, SAMPLE_KEY, SampleBuild

WITH_NUMBERS = ("personer_*", "dream_*", "forloeb_*", "eindkomst_*")
TEN = re.compile(rb"(?<![0-9])([0-9]{6})-?([0-9]{4})(?![0-9])")


def numbers_in(content: bytes) -> set[bytes]:
    return {b"".join(found) for found in TEN.findall(content)}


@pytest.fixture(scope="module")
def delivered() -> set[bytes]:
    """Every number of a person in the delivered files, with the zero that was lost put back."""
    found: set[bytes] = set()
    for pattern in WITH_NUMBERS:
        for path in SAMPLE.rglob(pattern):
            content = path.read_bytes()
            if path.suffix == ".gz":
                try:
                    content = gzip.decompress(content)
                except (OSError, EOFError):
                    continue
            column = _column(content)
            for line in content.split(b"\n")[1:]:
                fields = line.strip().split(b";")
                if column is not None and column < len(fields):
                    digits = fields[column].strip(b'"').replace(b"-", b"")
                    if digits.isdigit() and len(digits) in (9, 10):
                        found.add(digits.rjust(10, b"0"))
    assert len(found) > 100
    return found


def _column(content: bytes) -> int | None:
    names = content.split(b"\n", 1)[0].strip().removeprefix(b"\xef\xbb\xbf").split(b";")
    return names.index(b"cpr") if b"cpr" in names else None


def contents(warehouse: Path) -> Iterator[tuple[str, bytes]]:
    """What stands in each file: tables as text, everything else as bytes."""
    for path in sorted(warehouse.rglob("*")):
        name = str(path.relative_to(warehouse))
        if not path.is_file() or name.startswith("quarantine/"):
            continue
        if path.suffix == ".parquet":
            yield name, _table(duckdb.connect(), f"read_parquet('{path}')")
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
                for schema, table in tables:
                    yield f"{name} {schema}.{table}", _table(connection, f'"{schema}"."{table}"')
        elif path.suffix == ".db":
            with sqlite3.connect(path) as connection:
                yield name, "\n".join(connection.iterdump()).encode()
        yield name, path.read_bytes()


def _table(connection: duckdb.DuckDBPyConnection, source: str) -> bytes:
    kinds = connection.execute(f"select column_name, column_type from (describe select * from {source})").fetchall()
    words = [
        str(row[0])
        for column, kind in kinds
        if not kind.startswith(("DECIMAL", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "UUID"))
        for row in connection.execute(
            f'select distinct "{column}"::varchar from {source} where "{column}" is not null'
        ).fetchall()
    ]
    return "\n".join(words).encode()


def test_no_number_is_in_lake_warehouse_logs_or_dagster_home(sample_build: SampleBuild, delivered: set[bytes]) -> None:
    """One log line with a number makes a folder of logs personal data."""
    looked_at = 0
    leaks = set()
    for name, content in contents(sample_build.warehouse):
        looked_at += 1
        if numbers_in(content) & delivered:
            leaks.add(name)
    assert leaks == set()
    assert looked_at > 100
    rooms = {name.split("/", 1)[0] for name, _ in contents(sample_build.warehouse)}
    assert {"lake", "build", "published", "dagster", "dbt", "checks"} <= rooms


def test_the_search_would_find_a_number(sample_build: SampleBuild, delivered: set[bytes], tmp_path: Path) -> None:
    """A search that cannot find anything proves nothing."""
    number = min(delivered).decode()
    (tmp_path / "lake").mkdir()
    duckdb.execute(f"copy (select '{number}' as note) to '{tmp_path / 'lake' / 'rows.parquet'}' (format parquet)")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute(
            f"create table t as select 'x {number[:6]}-{number[6:]}' as note, {int(number)}::bigint as n"
        )
    with sqlite3.connect(tmp_path / "runs.db") as home:
        home.execute(f"create table t as select '{number}' as note")
    (tmp_path / "run.log").write_text(f"bad value '{number}'")
    leaks = {name.split(" ")[0] for name, content in contents(tmp_path) if numbers_in(content) & delivered}
    assert leaks == {"lake/rows.parquet", "a.duckdb", "runs.db", "run.log"}


def test_no_number_is_in_what_a_build_says(sample_build: SampleBuild, delivered: set[bytes]) -> None:
    """What is said is pasted into tickets."""
    assert numbers_in(sample_build.said.encode()) & delivered == set()


def test_the_key_is_nowhere(sample_build: SampleBuild) -> None:
    """Who has warehouse and key has the people."""
    key = SAMPLE_KEY.encode()
    assert [name for name, content in contents(sample_build.warehouse) if key in content.lower()] == []
    assert key not in sample_build.said.encode().lower()


def test_quarantine_holds_the_content_and_only_its_owner_reads_it(
    sample_build: SampleBuild, delivered: set[bytes]
) -> None:
    """The supplier needs the rejected line; nobody else does."""
    files = [path for path in (sample_build.warehouse / "quarantine").rglob("*") if path.is_file()]
    assert files and any(numbers_in(path.read_bytes()) & delivered for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((sample_build.warehouse / "quarantine").stat().st_mode) == 0o700
