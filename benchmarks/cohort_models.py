"""The product's own models as SQL to run on any tables: compiled once by dbt, executed in a database in memory.

Belongs here: compiling, the order of models, running them. Not here: the tables that they rest on (effect_panels.py), a rule of a cohort (transforms/models).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipelines.dbt_runner import run_dbt
from pipelines.settings import Settings
from transforms.evaluation.protocol import PROTOCOL_FILE

WANTED = ("int_effect_trials", "int_effect_outcomes")
# Read once and in part (a few months, a few of 33 columns): as a table it took a quarter of the time.
READ_IN_PART = "int_effect_outcomes"
SEEDS = Path(__file__).parents[1] / "transforms" / "seeds"
DATABASE = "outcome"


@dataclass(frozen=True)
class Seed:
    """A code list: its relation, file and types by column."""

    relation: str
    file: str
    types: dict[str, str]


@dataclass(frozen=True)
class Model:
    """A model: its relation, compiled SQL and whether it is a view."""

    relation: str
    sql: str
    is_view: bool


@dataclass(frozen=True)
class Models:
    """What stands between the given tables and the cohorts: code lists, and models in the order in which they can run."""

    seeds: tuple[Seed, ...]
    models: tuple[Model, ...]


def compile_models(given: Mapping[str, str], protocol: Path = PROTOCOL_FILE) -> Models:
    """Compiles the models as a build does (about ten seconds), with the values of the protocol.

    `given`: tables that are made otherwise, by name; nothing behind them is compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        settings = Settings(raw=place / "raw", warehouse=place / "warehouse", threads=1, protocol=protocol)
        outcome = run_dbt(settings, ["compile", "--select", *(f"+{name}" for name in WANTED)])
        if not outcome.is_success:
            raise RuntimeError("; ".join(outcome.problems()))
        return models_of(settings.dbt_target, given)


def models_of(target: Path, given: Mapping[str, str]) -> Models:
    """The models up to the given tables, of the folder that `dbt compile` or `dbt build` wrote (its manifest and compiled SQL)."""
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    found: dict[str, Any] = {}

    def add(key: str) -> None:
        node = nodes[key]
        if key in found or node["name"] in given:
            return
        for before in node["depends_on"].get("nodes", ()):
            add(before)
        found[key] = node

    for name in WANTED:
        add(f"model.fodfaeste.{name}")
    seeds = [
        Seed(_relation(node), Path(node["original_file_path"]).name, dict(node["config"]["column_types"]))
        for node in found.values()
        if node["resource_type"] == "seed"
    ]
    models = [
        Model(
            _relation(node),
            node["compiled_code"],
            node["config"]["materialized"] == "view" or node["name"] == READ_IN_PART,
        )
        for node in found.values()
        if node["resource_type"] == "model"
    ]
    return Models(tuple(seeds), tuple(models))


def _relation(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['name']}"


def run_models(
    models: Models, given: Mapping[str, str], frames: Mapping[str, pd.DataFrame], threads: int = 1
) -> duckdb.DuckDBPyConnection:
    """A database in memory with the given tables (columns and types by relation, rows by relation) and every model made of them."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(f"attach ':memory:' as {DATABASE}")
    connection.execute(f"use {DATABASE}")
    schemas = {relation.split(".")[0] for relation in given} | {model.relation.split(".")[0] for model in models.models}
    for schema in sorted(schemas | {seed.relation.split(".")[0] for seed in models.seeds}):
        connection.execute(f"create schema if not exists {schema}")
    for relation, columns in given.items():
        connection.execute(f"create table {relation} ({columns})")
        connection.register("given_rows", frames[relation])
        connection.execute(f"insert into {relation} by name select * from given_rows")
        connection.unregister("given_rows")
    for seed in models.seeds:
        connection.execute(
            f"create table {seed.relation} as select * from read_csv($file, delim = ';', header = true, types = {seed.types})",
            {"file": str(SEEDS / seed.file)},
        )
    for model in models.models:
        connection.execute(f"create {'view' if model.is_view else 'table'} {model.relation} as {model.sql}")
    return connection
