"""Which columns a column is made of, read out of the SQL that dbt ran; remembered as long as that SQL stays the same.

Belongs here: column lineage between tables of the build file, down to the lake. Not here: which delivered field a column of the lake was (docs/lake.md).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.built import BuiltTable
from pipelines.lake_tables import lake_schema, lake_tables_in, with_lake_tables, without_kind_of_rows
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

Deps = dict[str, list[list[str]]]
VERSION = "4"


def column_lineage(
    settings: Settings, manifest: Mapping[str, Any], tables: Mapping[str, BuiltTable]
) -> dict[str, dg.TableColumnLineage]:
    """The lineage of every model whose SQL can be read, by `schema.table`."""
    import dagster as dg

    memory = settings.dbt_target / "lineage.json"
    remembered = _read(memory)
    found: dict[str, dict[str, Any]] = {}
    for node in manifest["nodes"].values():
        name = f"{node['schema']}.{node['name']}"
        if node["resource_type"] != "model" or name not in tables:
            continue
        sql = _compiled(settings, node)
        if sql is None:
            continue
        sql = with_lake_tables(sql)
        parents = {table: tables[table].columns for table in _parents(node, manifest) if table in tables}
        parents |= {table: lake_schema()[table] for table in lake_tables_in(sql)}
        key = hashlib.sha256(
            repr(
                (VERSION, sql.replace(str(settings.warehouse), ""), sorted(parents.items()), tables[name].columns)
            ).encode()
        ).hexdigest()
        entry = remembered.get(name)
        found[name] = (
            entry
            if entry and entry["key"] == key
            else {"key": key, "columns": trace(sql, tables[name].columns, parents)}
        )
    if found != remembered:
        beside = memory.with_name(f".{memory.name}.{os.getpid()}")
        beside.write_text(json.dumps(found), encoding="utf-8")
        os.replace(beside, memory)
    return {
        name: dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(dg.AssetKey(table.split(".")), source)
                    for table, source in dict.fromkeys((without_kind_of_rows(table), source) for table, source in deps)
                ]
                for column, deps in entry["columns"].items()
            }
        )
        for name, entry in found.items()
        if entry["columns"]
    }


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _compiled(settings: Settings, node: Mapping[str, Any]) -> str | None:
    path = settings.dbt_target / "compiled" / node["package_name"] / node["original_file_path"]
    return path.read_text(encoding="utf-8") if path.exists() else None


def _parents(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[str]:
    nodes = manifest["nodes"]
    return sorted(
        f"{nodes[parent]['schema']}.{nodes[parent]['name']}"
        for parent in node["depends_on"]["nodes"]
        if parent in nodes and nodes[parent]["resource_type"] in ("model", "seed")
    )


def trace(sql: str, columns: Iterable[str], parents: Mapping[str, Mapping[str, str]]) -> Deps:
    """The source columns of each column that has any; empty when the SQL cannot be followed (a picture, never a reason to stop a build)."""
    deps = trace_all(sql, parents)
    return {column: deps[column] for column in columns if deps.get(column)}


def trace_all(sql: str, parents: Mapping[str, Mapping[str, str]]) -> Deps:
    """Every column that the SQL gives, in its order, with its source columns; empty when it cannot be followed.

    Args:
        parents: table (`schema.table`) -> its columns and their types.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope
    from sqlglot.schema import MappingSchema

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    schema: dict[str, Any] = {}
    for table, kinds in parents.items():
        place, name = table.split(".", 1)
        schema.setdefault(place, {})[name] = dict(kinds)
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        for relation in tree.find_all(exp.Table):
            relation.set("catalog", None)
        mapping = MappingSchema(schema, dialect="duckdb")
        tree = qualify(tree, schema=mapping, dialect="duckdb", validate_qualify_columns=False, identify=False)
        scope = build_scope(tree)
    except Exception:
        return {}
    try:
        # All columns at once and untrimmed: what they share is followed once, and nothing is copied (0.5 s instead of 8 for all models).
        traced = lineage(None, tree, schema=mapping, dialect="duckdb", scope=scope, copy=False, trim_selects=False)
    except Exception:
        return {}
    found: Deps = {}
    for column, first in traced.items():
        deps = set()
        for step in first.walk():
            if isinstance(step.expression, exp.Table) and not step.downstream:
                table = f"{step.expression.db}.{step.expression.name}"
                if table in parents:
                    deps.add((table, step.name.split(".")[-1].strip('"')))
        found[column] = [list(dep) for dep in sorted(deps)]
    return found
