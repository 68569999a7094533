"""Every example gives the figure that its header states. R runs in tests/other_tools; Stata and SAS are not here, the SQL that they send is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT, SampleBuild
from tests.examples.example import FOLDER, NAMES, TOOLS, file, sql_of, stated

NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def outcome(sample_build: SampleBuild) -> Path:
    return sample_build.warehouse / "outcome.duckdb"


def says(row: tuple[Any, ...], figure: str) -> bool:
    """Whether a row of a result holds every number of a figure, rounded as it is written, or in the words of a text."""
    for number in NUMBER.findall(figure):
        decimals = len(number.partition(".")[2])
        in_cells = any(not isinstance(cell, str) and cell is not None and f"{cell:.{decimals}f}" == number for cell in row)  # fmt: skip
        if not in_cells and not any(isinstance(cell, str) and number in NUMBER.findall(cell) for cell in row):
            return False
    return True


def test_there_are_five_analyses_in_five_tools() -> None:
    """An analysis that is missing in a tool is one that its users write by guessing."""
    assert NAMES == ["effect_gate", "hours_staircase", "kl1_employment", "kl2_hours", "kl3_lasting"]
    assert [path for name in NAMES for tool in TOOLS if not (path := file(name, tool)).is_file()] == []
    others = {path.name for path in FOLDER.iterdir()} - {f"{name}.{tool}" for name in NAMES for tool in TOOLS}
    assert others == {"excel.md", "open_outcome.R"}


@pytest.mark.parametrize("name", NAMES)
def test_all_tools_of_an_example_state_the_same_figure(name: str) -> None:
    """Two figures for one question: whoever compares his with a colleague's trusts neither."""
    assert len({stated(name, tool) for tool in TOOLS}) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tool", ["sql", "do", "sas"])
def test_the_sql_that_a_tool_sends_gives_the_stated_figure(name: str, tool: str, outcome: Path) -> None:
    """A column that was renamed breaks the examples of tools that no test can run."""
    with duckdb.connect(str(outcome), read_only=True) as connection:
        rows = connection.sql(sql_of(name, tool)).fetchall()
    assert rows
    assert any(says(row, stated(name, tool)) for row in rows), rows


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["argument", "variable"])
def test_the_python_example_ends_with_the_stated_figure(name: str, how: str, outcome: Path) -> None:
    """The first thing that an analyst runs must be right, whichever way he names the file."""
    words = [sys.executable, str(file(name, "py")), *([str(outcome)] if how == "argument" else [])]
    environment = os.environ | ({"OUTCOME": str(outcome)} if how == "variable" else {})
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"result: {stated(name, 'py')}"


@pytest.mark.parametrize("name", NAMES)
def test_no_semicolon_stands_inside_stata_s_command(name: str) -> None:
    """After `#delimit ;` Stata ends a command at every semicolon, those in quotes too: a connection string would be cut in two."""
    [command] = re.findall(r"#delimit ;\n(.+?)#delimit cr", file(name, "do").read_text(encoding="utf-8"), re.DOTALL)
    assert command.count(";") == 1 and command.strip().endswith(";")


def test_a_wrong_figure_is_seen() -> None:
    """A comparison that every figure passes proves nothing."""
    row = ("Alle", 42, 4, 0.09524, None)
    assert says(row, "4 of 42, 0.095")
    assert not says(row, "5 of 42, 0.095")
    assert not says(row, "4 of 42, 0.096")
    assert says(("Ikke beregnet", "for få starter: 8, mindst 30"), "for få starter: 8, mindst 30")
    assert not says(("Ikke beregnet", "for få starter: 8, mindst 30"), "for få starter: 3, mindst 30")
