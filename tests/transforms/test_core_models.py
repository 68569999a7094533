"""The house's habits that hold for every dbt model, and dbt's own unit and data tests.

Belongs here: what can be said of the project as a whole, run on one small country. Not here: the numbers of a measure (tests/properties, tests/golden, tests/contract).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipelines.dbt_runner import DbtRun, run_dbt
from pipelines.settings import Settings, read_settings
from tests.oracle.identifiers import SAMPLE_KEY
from tests.support.build import build

MODELS = Path(__file__).resolve().parents[2] / "transforms" / "models"
READS_BEHIND = re.compile(r"ref\(\s*'stg_|source\(")
# What only DuckDB writes this way; a macro may, a model may not. `extract`, `cast`, `lag`, `count(*) over` and the like are everyone's.
ONLY_DUCKDB = re.compile(
    r"//|::|\bqualify\b|\bunnest\(|\bgenerate_series\(|\bexclude\s*\(|\bdate_trunc\(|\bhash\(|\bto_months\(|\binterval\b|\bread_parquet\(|\bisodow\(|\bhugeint\b"
    r"|\bis not distinct from\b",
    re.IGNORECASE,
)


def described(folder: Path) -> Iterator[tuple[Path, dict]]:
    """Every model that a YAML file under a folder describes."""
    for path in sorted(folder.rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models") or []:
            yield path, model


def test_marts_never_read_staging_or_sources() -> None:
    """A mart beside the intermediate models' rules would count rows that those leave out."""
    wrong = [path.name for path in (MODELS / "marts").rglob("*.sql") if READS_BEHIND.search(path.read_text("utf-8"))]
    assert wrong == []


def test_every_model_says_what_one_row_is() -> None:
    """A table whose grain nobody wrote down is joined wrongly by the next reader."""
    grains = {model["name"]: model.get("description", "") for _, model in described(MODELS)}
    models = {path.stem for path in MODELS.rglob("*.sql")}
    assert sorted(models - set(grains)) == []
    assert sorted(set(grains) - models) == []
    wrong = [name for name, text in grains.items() if not text.startswith(("One row", "The one row"))]
    assert wrong == []


def test_every_column_of_a_mart_has_type_description_label_and_tier() -> None:
    """The codebook and the comments on the tables are made of these."""
    missing = [
        f"{model['name']}.{column['name']}: {what}"
        for _, model in described(MODELS / "marts")
        for column in model["columns"]
        for what, value in (
            ("data_type", column.get("data_type")),
            ("description", column.get("description")),
            ("label_da", column.get("config", {}).get("meta", {}).get("label_da")),
            ("tier", column.get("config", {}).get("meta", {}).get("tier")),
        )
        if not value
    ]
    assert missing == []


def test_models_of_core_write_sql_that_another_engine_could_run() -> None:
    """What only one engine knows stands in a macro, where a second engine can be given its own."""
    folders = (MODELS / "staging", MODELS / "intermediate" / "core", MODELS / "marts" / "core")
    wrong = [
        f"{path.name}:{number}: {line.strip()}"
        for folder in folders
        for path in sorted(folder.rglob("*.sql"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if ONLY_DUCKDB.search(re.sub(r"\{\{.*?\}\}|\{#.*?#\}|'[^']*'", "", line))
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small country, built."""
    from raw.synthetic import make

    folder = tmp_path_factory.mktemp("core")
    make(folder / "raw", 400, "2019-01", "2020-12", seed=3, truth=False, municipalities=5)
    build(folder / "raw", folder / "warehouse", None, SAMPLE_KEY)
    return read_settings(folder / "raw", folder / "warehouse")


def failed(outcome: DbtRun) -> list[str]:
    """What went wrong; an empty run is wrong too."""
    return outcome.problems() if not outcome.is_success else [] if outcome.results else ["nothing ran"]


def test_every_unit_test_of_the_models_passes(built: Settings) -> None:
    """Each states a rule with an edge; they do not run in a build, so they run here."""
    assert failed(run_dbt(built, ["test", "--select", "test_type:unit"])) == []


def test_every_data_test_of_the_models_passes_on_a_small_country(built: Settings) -> None:
    """A table that breaks its own promise would stop every build."""
    assert failed(run_dbt(built, ["test", "--select", "test_type:data"])) == []
