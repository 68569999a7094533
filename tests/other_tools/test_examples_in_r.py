"""The analyst's examples in R, on the built sample: through R's duckdb where it is installed, else through DuckDB's own shell."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.conftest import ROOT, SampleBuild
from tests.examples.example import NAMES, file, stated


@pytest.mark.parametrize("name", NAMES)
def test_the_r_example_ends_with_the_stated_figure(name: str, sample_build: SampleBuild) -> None:
    """An example that nobody ran in its language fails at the first analyst who does."""
    outcome = sample_build.warehouse / "outcome.duckdb"
    environment = os.environ | {"LC_ALL": "C.UTF-8", "OUTCOME": str(outcome)}
    done = subprocess.run(
        ["Rscript", str(file(name, "R"))], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"result: {stated(name, 'R')}"


def test_a_query_that_fails_stops_the_script(sample_build: SampleBuild) -> None:
    """A script that goes on without its table prints a figure of something else."""
    code = 'source("warehouse/examples/open_outcome.R"); query("select * from simple.no_such_view"); cat("went on")'
    environment = os.environ | {"OUTCOME": str(sample_build.warehouse / "outcome.duckdb")}
    done = subprocess.run(["Rscript", "-e", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode != 0
    assert "went on" not in done.stdout
