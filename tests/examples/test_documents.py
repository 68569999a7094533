"""What warehouse/README.md and excel.md tell an analyst to type runs. R runs in tests/other_tools."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.conftest import ROOT, SAMPLE_KEY, SampleBuild, environment
from tests.examples.example import FOLDER

README = ROOT / "warehouse" / "README.md"
BLOCK = re.compile(r"^```(sh|sql)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> list[str]:
    """The blocks of a document in a language, in order."""
    return [text for found, text in BLOCK.findall(path.read_text(encoding="utf-8")) if found == language]


def test_the_sql_of_the_readme_gives_rows(sample_build: SampleBuild) -> None:
    """The first query that somebody tries decides whether he tries a second."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        statements = [one.strip() for text in blocks(README, "sql") for one in text.split(";") if one.strip()]
        assert len(statements) == 3
        assert [one for one in statements if not connection.execute(one).fetchall()] == []


def test_the_commands_run(sample_build: SampleBuild, tmp_path: Path) -> None:
    """A command that is only written, not run, is wrong after the next change. The build itself is the one of these tests, under the folder's name."""
    (tmp_path / "warehouse").symlink_to(sample_build.warehouse)
    text = "\n".join([*blocks(README, "sh"), *blocks(FOLDER / "excel.md", "sh")])
    lines = [line for line in text.splitlines() if line and "Rscript" not in line and "fodfaeste build" not in line]
    assert len(lines) == 6
    script = "\n".join(["set -eu", *lines]).replace("=warehouse/", f"={tmp_path}/warehouse/").replace("/tmp/sample", str(tmp_path / "warehouse"))  # fmt: skip
    script = script.replace(".venv/bin/python", sys.executable).replace(".venv/bin/duckdb", str(Path(sys.executable).with_name("duckdb")))  # fmt: skip
    script = script.replace(".venv/bin/fodfaeste", f"{sys.executable} -m pipelines.cli").replace("employment.xlsx", str(tmp_path / "employment.xlsx"))  # fmt: skip
    script += '\ntest "$OUTCOME_PSEUDONYM_KEY" = ' + SAMPLE_KEY
    settings = environment(None) | {"FODFAESTE_WAREHOUSE": str(sample_build.warehouse)}
    done = subprocess.run(["sh", "-c", script], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, script + done.stderr
    assert done.stdout.count("result: 4 of 42, 0.095") == 2
    assert "Flere timer" in done.stdout
    assert (tmp_path / "employment.xlsx").stat().st_size > 1_000


def test_the_readme_names_every_view_and_every_example(sample_build: SampleBuild) -> None:
    """A view that is not in the list is one that nobody opens."""
    text = README.read_text(encoding="utf-8")
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        views = connection.execute(
            "select view_name from duckdb_views() where schema_name = 'simple' order by all"
        ).fetchall()
        of_persons = connection.execute(
            "select distinct table_name from quality.codebook where schema_name = 'simple' and column_name in ('person_key', 'spell_id') order by all"
        ).fetchall()
    assert set(re.findall(r"`simple\.(\w+)`", text)) == {view for (view,) in views}
    marked = {name for line in text.splitlines() if line.endswith("| **persons** |") for name in re.findall(r"`simple\.(\w+)`", line)}  # fmt: skip
    assert marked == {name for (name,) in of_persons}
    linked = set(re.findall(r"\]\((examples/[\w.]+)\)", text))
    assert linked == {f"examples/{path.name}" for path in FOLDER.iterdir() if path.name != "open_outcome.R"}
