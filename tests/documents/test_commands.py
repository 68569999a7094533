"""Every command in every document runs in a test: as it stands, with the substitutions that commands.yml shows, or whole in a place that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, SampleBuild, fodfaeste
from tests.documents.extract import Command, commands, commands_of, documents, fences
from tests.documents.links import broken
from tests.documents.table import FILE, Row, table

FOUND = commands()
ROWS = table()
SQL = [
    (path.relative_to(ROOT).as_posix(), line, "\n".join(body))
    for path in documents()
    if path.suffix == ".md"
    for line, language, body in fences(path.read_text(encoding="utf-8").splitlines())
    if language == "sql"
]


def test_every_command_of_every_document_is_in_the_table() -> None:
    """A command that nobody tries is wrong sooner or later, and its reader is the first to know."""
    missing = [f"{command.place}: {command.text}" for command in FOUND if command.text not in ROWS]
    assert not missing, f"say in {FILE.name} how these are tried:\n" + "\n".join(missing)


def test_every_row_of_the_table_stands_in_a_document() -> None:
    """A row that no document has tries what nobody reads."""
    texts = {command.text for command in FOUND}
    assert not [command for command in ROWS if command not in texts]


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.way == "elsewhere"], ids=lambda row: row.command)
def test_a_command_that_is_run_whole_elsewhere_is_there(row: Row) -> None:
    """A table that points to a place which no longer runs the command claims a proof that there is not."""
    lines = [line.strip() for line in (ROOT / row.file).read_text(encoding="utf-8").splitlines()]
    assert row.has in lines or any(row.has in line for line in lines), (
        f"{row.command}: {row.file} has no line {row.has!r}"
    )


@pytest.mark.parametrize(("file", "line", "sql"), SQL, ids=[f"{file}:{line}" for file, line, _ in SQL])
def test_sql_in_a_document_runs_on_the_sample(file: str, line: int, sql: str, sample_build: SampleBuild, tmp_path: Path) -> None:  # fmt: skip
    """A query that names a column of yesterday teaches nothing but distrust."""
    script = tmp_path / "query.sql"
    script.write_text(sql, encoding="utf-8")
    done = fodfaeste("query", "--file", script, "--warehouse", sample_build.warehouse)
    assert done.returncode == 0, f"{file}:{line}: {(done.stdout + done.stderr)[-2000:]}"


def test_links_and_pictures_of_the_documents_are_there() -> None:
    """A link to nothing is the first thing a visitor notices."""
    pages = [*(path for path in documents() if path.suffix == ".md"), ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "results.md"]  # fmt: skip
    assert not [wrong for page in pages for wrong in broken(page)]


def test_commands_are_found_where_readers_see_them(tmp_path: Path) -> None:
    """A kind of place that is not looked at hides every command in it."""
    page = ROOT / "docs" / "never-written.md"
    text = "Run `make test`, not `make`.\n\n```sh\n$ fodfaeste doctor   # says\nfodfaeste build \\\n  --dry-run\n```\n\n```sql\nselect 1\n```\n\n```text\nfodfaeste nothing\n```\n\n```\nraw/incoming/\nA=1 .venv/bin/python x.py\n```\n"  # fmt: skip
    try:
        page.write_text(text, encoding="utf-8")
        found = commands_of(page)
    finally:
        page.unlink()
    assert [(command.line, command.text) for command in found] == [
        (1, "make test"), (4, "fodfaeste doctor"), (5, "fodfaeste build --dry-run"), (19, "A=1 .venv/bin/python x.py"),
    ]  # fmt: skip


def test_the_documents_are_many_and_so_are_their_commands() -> None:
    """An extraction that finds nothing lets every other test here pass."""
    assert len(documents()) > 20 and len(FOUND) > 60
    assert {"README.md", "Makefile", "pipelines/cli.py", "fodfaeste trace --help"} <= {
        command.file for command in FOUND
    }
    assert all(re.fullmatch(r"\S.*\S", command.text) for command in FOUND)
    assert isinstance(FOUND[0], Command)
