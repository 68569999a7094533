"""What is published is described: in the models, in the codebook, in the comments."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from transforms import codebook

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "transforms"


def dbt(folder: Path, *arguments: str) -> None:
    """Runs dbt on the project, with everything it writes in a folder."""
    environment = os.environ | {
        "FODFAESTE_WAREHOUSE": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "--log-path", str(folder), *arguments]
    outcome = subprocess.run(
        [*command, "--profiles-dir", "."], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout[-2000:] + outcome.stderr[-2000:]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which dbt has built the codebook alone: it rests on no other table."""
    folder = tmp_path_factory.mktemp("codebook")
    (folder / "build").mkdir()
    dbt(folder, "run", "--select", "codebook")
    return folder


@pytest.fixture(scope="module")
def manifest(build: Path) -> dict[str, Any]:
    """Dbt's manifest of the project as it stands."""
    return json.loads((build / "target" / "manifest.json").read_text(encoding="utf-8"))


def test_every_published_table_and_column_is_described_and_has_a_danish_label(manifest: dict[str, Any]) -> None:
    """A column without a meaning is read as whatever its name suggests."""
    assert codebook.published_models(manifest)
    assert codebook.faults(manifest) == []


def test_what_a_description_lacks_is_named(manifest: dict[str, Any]) -> None:
    """A check that finds nothing in whatever it is shown would protect nobody."""
    model = json.loads(json.dumps(codebook.published_models(manifest)[0]))
    name = next(iter(model["columns"]))
    model["description"] = "Some rows."
    model["config"]["meta"] = {}
    model["config"]["contract"] = {"enforced": False}
    model["columns"][name] |= {"description": "", "data_type": None, "meta": {}, "config": {"meta": {}}}
    found = codebook.faults({"nodes": {"model": model}})
    table = f"{model['schema']}.{model['name']}"
    assert [fault.split(":")[0] for fault in found] == [table] * 4 + [f"{table}.{name}"] * 4


def test_the_codebook_of_the_warehouse_says_what_stands_beside_the_models(
    build: Path, manifest: dict[str, Any]
) -> None:
    """Two ways from the descriptions, one by dbt and one by Python: a difference would be a description that gets lost."""
    with duckdb.connect(str(build / "build" / "outcome.duckdb"), read_only=True) as connection:
        found = connection.execute(
            f"select {', '.join(codebook.COLUMNS)} from quality.codebook order by schema_name, table_name, column_position"
        ).fetchall()
        comments = connection.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'codebook' and schema_name = 'quality'"
        ).fetchall()
    expected = [tuple(row[column] for column in codebook.COLUMNS) for row in codebook.rows(manifest)]
    assert found == expected
    descriptions = {
        row["column_name"]: row["description"] for row in codebook.rows(manifest) if row["table_name"] == "codebook"
    }
    assert dict(comments) == descriptions


def test_the_page_of_the_codebook_is_not_stale(manifest: dict[str, Any]) -> None:
    """A data dictionary that nobody made anew describes an older warehouse."""
    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert page == codebook.markdown(codebook.rows(manifest)), (
        "run: cd transforms && dbt parse && cd .. && python -m transforms.codebook transforms/target/manifest.json docs/codebook.md"
    )


def test_a_stale_page_is_told_and_left_alone(build: Path, tmp_path: Path) -> None:
    """A check that passes a stale page, or mends it in passing, hides what was forgotten."""
    page = tmp_path / "codebook.md"
    page.write_text("# Kodebog\n", encoding="utf-8")
    arguments = [str(build / "target" / "manifest.json"), str(page)]
    assert codebook.main([*arguments, "--check"]) == 1
    assert page.read_text(encoding="utf-8") == "# Kodebog\n"
    assert codebook.main(arguments) == 0
    assert codebook.main([*arguments, "--check"]) == 0


def test_there_is_a_column_for_every_instrument(manifest: dict[str, Any]) -> None:
    """An instrument added to the list would be started by nobody in the table of enterprises."""
    with (PROJECT / "seeds" / "instruments.csv").open(encoding="utf-8", newline="") as file:
        instruments = {row["instrument"] for row in csv.DictReader(file, delimiter=";")}
    columns = {
        row["column_name"].removeprefix("spells_started_")
        for row in codebook.rows(manifest)
        if row["table_name"] == "fct_rsv_enterprises_yearly" and row["column_name"].startswith("spells_started_")
    }
    assert columns == instruments
