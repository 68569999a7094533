"""A release of the sample for tests of trace: real counts, some of them hidden, without the search of disclosure control.

Belongs here: making it. Not here: disclosure control (transforms/disclosure): what is hidden here is what holds a small count, and nothing is protected by it.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click.testing
import numpy as np
import pandas as pd
import pytest

from assets.ingest.contents import open_content
from assets.ingest.keys import read_key
from assets.ingest.raw_records import fetch
from assets.publishing.audit import connect
from assets.release.manifest import facts, sha256
from assets.release.public_rows import read_rows
from assets.release.restricted_rows import read_table, release_key
from pipelines.trace import OF_ONE_PERSON, command
from tests.conftest import SAMPLE_KEY, SampleBuild
from transforms.disclosure.limits import load_limits
from transforms.release.design import Design, PublicSystem, read_design
from transforms.release.labels import code_labels
from transforms.release.national import rounded
from transforms.release.public import arranged, table_of

NAME = "2026-1"
KEY = {"OUTCOME_PSEUDONYM_KEY": SAMPLE_KEY}
PROJECT_KEY = read_key(KEY).value
SMALL = 5
RESTRICTED = ("--tier", "restricted")
EVERY = "100000"  # lines
PARTS_OF_WAREHOUSE = ("build", "lake", "outcome.duckdb")


@dataclass(frozen=True)
class Traced:
    """A warehouse with the sample's build and a release of it."""

    warehouse: Path
    raw: Path

    def trace(self, *words: str, key: str = SAMPLE_KEY) -> click.testing.Result:
        """`fodfaeste trace NAME ...`, in this process."""
        words = (NAME, *words, "--warehouse", str(self.warehouse))
        return click.testing.CliRunner().invoke(command, words, env={"OUTCOME_PSEUDONYM_KEY": key})

    def found(self, *words: str) -> dict[str, Any]:
        """The same as JSON; it must succeed."""
        done = self.trace(*words, "--json")
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    def table(self, name: str) -> pd.DataFrame:
        """A table of either tier."""
        tier = "restricted" if name in OF_ONE_PERSON else "public"
        return pd.read_parquet(self.warehouse / "evaluation" / NAME / tier / f"{name}.parquet")


_MADE: dict[SampleBuild, Traced] = {}


def once(build: SampleBuild, factory: pytest.TempPathFactory) -> Traced:
    """The release, made for the first module that asks."""
    if build not in _MADE:
        _MADE[build] = make(build, factory.mktemp("traced") / "warehouse")
    return _MADE[build]


def make(build: SampleBuild, warehouse: Path) -> Traced:
    """A release in a warehouse of links to the sample's build."""
    warehouse.mkdir(parents=True)
    for part in PARTS_OF_WAREHOUSE:
        (warehouse / part).symlink_to((build.warehouse / part).resolve())
    _slim_dbt(build.warehouse / "dbt", warehouse / "dbt")
    folder, design = warehouse / "evaluation" / NAME, read_design()
    public = folder / "public"
    public.mkdir(parents=True)
    with connect(build.warehouse / "build" / "outcome.duckdb") as connection:
        for name, frame in tables(connection, design).items():
            frame.to_parquet(public / f"{name}.parquet", index=False)
        for name, value in (("labels", code_labels()), ("limits", dataclasses.asdict(load_limits()))):
            (public / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
        (folder / "restricted").mkdir()
        for name in OF_ONE_PERSON:
            rows = read_table(connection, name, release_key(PROJECT_KEY, NAME))
            rows.to_parquet(folder / "restricted" / f"{name}.parquet", index=False)
        said = facts(connection, NAME, is_preview=False, rows={}, protections={}, unfilled=[])
        said["files"] = {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*.parquet")}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    return Traced(warehouse, build.raw)


def _slim_dbt(there: Path, here: Path) -> None:
    """dbt's folder with a manifest of models and seeds alone: its tests are most of what a trace would parse each time."""
    here.mkdir()
    (here / "compiled").symlink_to((there / "compiled").resolve())
    manifest = json.loads((there / "manifest.json").read_text(encoding="utf-8"))
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    slim = {"nodes": nodes, "sources": manifest["sources"], "parent_map": manifest["parent_map"]}
    (here / "manifest.json").write_text(json.dumps(slim), encoding="utf-8")


def tables(connection: Any, design: Design) -> dict[str, pd.DataFrame]:
    """The public tables, hidden where a row holds a small count."""
    rows = read_rows(connection, design)
    national = {
        "register": _hidden(rows.register, ["citizens_unpaid", "citizens_supported", "ordinary_share"]),
        "supply_by_municipality": _hidden(
            rows.supply.merge(_persons(connection), on=["year", "municipality_code"]), ["target_persons"]
        ),
        "supply_inequality": rows.inequality.assign(status="ok"),
        "effect_estimates": _hidden(rows.estimates, ["treated", "estimate", "low", "high", "mean_treated"]),
        "effect_curves": _hidden(rows.curves.assign(gate=None), ["treated", "estimate"]),
    }
    for name, column in (
        ("effect_estimates", "treated"),
        ("effect_estimates", "comparators"),
        ("effect_curves", "treated"),
    ):
        national[name][column] = rounded(national[name][column], SMALL)
    systems = {name: _of_system(rows.systems[name], system) for name, system in design.systems.items()}
    return {
        table.name: arranged(design, table, national[table.name])
        if table.system is None
        else table_of(design, table, systems[table.system])
        for table in design.tables
    }


def _persons(connection: Any) -> pd.DataFrame:
    query = (
        "select year, municipality_code, persons_in_placement, persons_in_rsv from scope.fct_municipal_supply_yearly"
    )
    return connection.execute(query).df()


def _hidden(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    found = rows.copy()
    small = found[columns[0]].between(1, SMALL - 1).fillna(False).astype(bool)
    for column in columns:
        found[column] = found[column].astype("Float64").mask(small)
    return found.assign(status=np.where(small, "suppressed_primary", "ok"))


def _of_system(rows: pd.DataFrame, system: PublicSystem) -> pd.DataFrame:
    found = rows.copy()
    for name, (whole, part) in system.complements.items():
        found[name] = found[whole] - found[part]
    for status, counts in system.parts.items():
        small = found[list(counts)].apply(lambda values: values.between(1, SMALL - 1)).any(axis=1)
        found[status] = np.where(small, "suppressed_primary", "ok")
    for status, counts in system.parts.items():
        for count in counts:
            found[count] = found[count].astype("Int64").mask(found[status] != "ok")
    for measure, statuses in system.derived.items():
        found[measure] = found[measure].where((found[list(statuses)] == "ok").all(axis=1))
    return found


def words_of(traced: Traced, table: str, place: int) -> list[str]:
    """The row of a restricted table at a place, by its keys."""
    row = traced.table(table).iloc[place]
    return [f"spell_key={row['spell_key']}"] if table == "spells" else [f"person_key={row['person_key']}", f"month={row['month']:%Y-%m}"]  # fmt: skip


def lines_of(traced: Traced, kind: str, *words: str) -> list[dict[str, str]]:
    """The delivered records that a trace names, read from the files."""
    found = traced.found(*words, *RESTRICTED, "--lines", EVERY)
    records = []
    for file in next(one for one in found["behind"]["lines"] if one["kind"] == kind)["shown"]:
        path = traced.raw / file["folder"] / file["name"]
        texts = fetch(path, file["lines"], is_csv=True)
        assert len(texts) == len(file["lines"])
        with open_content(path) as content:
            header = content.readline().decode("utf-8-sig").strip().split(";")
        records += [dict(zip(header, next(csv.reader([text], delimiter=";")), strict=True)) for text in texts.values()]
    return records
