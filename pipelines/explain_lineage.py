"""Which columns a column is made of, for every model of the project: read out of compiled SQL, remembered under the project's fingerprint.

Belongs here: compiled SQL -> lineage of all models, with or without a build. Not here: following one model's SQL (lineage.py), Dagster's picture of it.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

import click

from pipelines.lake_tables import lake_schema, lake_tables_in, with_lake_tables, without_kind_of_rows
from pipelines.manifest import project_fingerprint
from pipelines.settings import TRANSFORMS, Settings

VERSION: Final = "1"
Column = tuple[str, str]


@dataclass(frozen=True)
class Lineage:
    """`parents`: table -> its columns, in order -> the columns (table, column) that they are made of. A table of the lake is `lake.<kind>`."""

    parents: Mapping[str, Mapping[str, tuple[Column, ...]]]

    def columns(self, table: str) -> list[str]:
        """The columns that a table's SQL gives, in order; none when it cannot be followed."""
        return list(self.parents.get(table, {}))

    def sources(self, column: Column) -> tuple[Column, ...]:
        """What a column is made of directly."""
        table, name = column
        return self.parents.get(table, {}).get(name, ())

    def uses(self, column: Column) -> list[Column]:
        """What is made of a column directly."""
        return self._uses.get(column, [])

    @functools.cached_property
    def _uses(self) -> dict[Column, list[Column]]:
        found: dict[Column, list[Column]] = {}
        for table, columns in self.parents.items():
            for name, sources in columns.items():
                for source in sources:
                    found.setdefault(source, []).append((table, name))
        return found

    def all_sources(self, column: Column) -> list[Column]:
        """Everything behind a column, nearest first."""
        return _closure(column, self.sources)

    def all_uses(self, column: Column) -> list[Column]:
        """Everything made of a column, nearest first."""
        return _closure(column, self.uses)


def lineage_of(settings: Settings, manifest: Mapping[str, Any]) -> Lineage:
    """The lineage of every model: as remembered, else from what a build compiled, else compiled now in a folder that goes again (says so)."""
    memory = settings.dbt_target / f"explain-{project_fingerprint()}.json"
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
        if kept["version"] == VERSION:
            return _lineage(kept["parents"])
    except (OSError, ValueError, KeyError):
        pass
    if is_compiled(settings.dbt_target, manifest):
        parents = trace_models(settings.dbt_target, manifest)
    else:
        click.echo("Reading the models' SQL for the first time since it changed: some seconds …", err=True)
        with tempfile.TemporaryDirectory(prefix="fodfaeste-explain-") as folder:
            elsewhere = replace(settings, warehouse=Path(folder))
            _compile(elsewhere)
            parents = trace_models(elsewhere.dbt_target, manifest)
    _keep(memory, parents)
    return _lineage(parents)


def is_compiled(target: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether a build has compiled every model since its SQL and the macros last changed."""
    macros = max((path.stat().st_mtime for path in (TRANSFORMS / "macros").rglob("*.sql")), default=0.0)
    for node in _models(manifest):
        source, compiled = TRANSFORMS / node["original_file_path"], _compiled(target, node)
        if not compiled.is_file() or not source.is_file():
            return False
        if compiled.stat().st_mtime < max(source.stat().st_mtime, macros):
            return False
    return True


def trace_models(target: Path, manifest: Mapping[str, Any]) -> dict[str, dict[str, list[list[str]]]]:
    """Table -> column -> its source columns, of every model whose SQL can be followed; from dbt's folder of compiled SQL."""
    from pipelines.lineage import trace_all

    nodes = manifest["nodes"]
    models = {node["unique_id"]: node for node in _models(manifest)}
    schema: dict[str, dict[str, str]] = dict(lake_schema())
    for node in nodes.values():
        if node["resource_type"] == "seed":
            schema[_name(node)] = dict.fromkeys(node["config"].get("column_types") or (), "varchar")
    found: dict[str, dict[str, list[list[str]]]] = {}
    graph = {name: [parent for parent in node["depends_on"]["nodes"] if parent in models] for name, node in models.items()}  # fmt: skip
    for name in TopologicalSorter(graph).static_order():
        node = models[name]
        sql = with_lake_tables(_compiled(target, node).read_text(encoding="utf-8"))
        parents = {_name(nodes[one]) for one in node["depends_on"]["nodes"] if one in nodes}
        parents |= lake_tables_in(sql)
        traced = trace_all(sql, {table: schema[table] for table in sorted(parents) if schema.get(table)})
        traced = {column: deps for column, deps in traced.items() if column != "*"}
        schema[_name(node)] = dict.fromkeys(traced or node["columns"], "varchar")
        found[_name(node)] = {
            column: [[without_kind_of_rows(table), source] for table, source in deps] for column, deps in traced.items()
        }
    return found


def _compile(settings: Settings) -> None:
    from pipelines.dbt_runner import run_dbt

    done = run_dbt(settings, ["compile", "--select", "resource_type:model", "--no-introspect"])
    if not done.is_success:
        raise RuntimeError(f"dbt cannot compile transforms/: {'; '.join(done.problems()) or 'no reason given'}")


def _keep(memory: Path, parents: Mapping[str, Any]) -> None:
    """Remembers; where that folder may not be written, it is done anew each time."""
    beside = memory.with_name(f".{memory.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps({"version": VERSION, "parents": parents}), encoding="utf-8")
        os.replace(beside, memory)
    except OSError:
        return
    for older in memory.parent.glob("explain-*.json"):
        if older != memory:
            older.unlink(missing_ok=True)


def _lineage(parents: Mapping[str, Mapping[str, Any]]) -> Lineage:
    return Lineage(
        {
            table: {column: tuple((one, name) for one, name in deps) for column, deps in columns.items()}
            for table, columns in parents.items()
        }
    )


def _models(manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] == "model")


def _name(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['name']}"


def _compiled(target: Path, node: Mapping[str, Any]) -> Path:
    return target / "compiled" / node["package_name"] / node["original_file_path"]


def _closure(first: Column, step: Any) -> list[Column]:
    seen, level, found = {first}, [first], []
    while level:
        following = [one for column in level for one in step(column) if one not in seen]
        level = list(dict.fromkeys(following))
        seen |= set(level)
        found += level
    return found
