"""The rule behind a figure: its model, what is said of it, the models upstream, the kinds of delivery that they read.

Belongs here: dbt's manifest -> words and chain. Not here: the figure (trace_figure.py), rows of anybody.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import yaml

from assets.release.trace_figure import Release, refuse
from transforms.codebook import rows as codebook_rows
from transforms.release.design import PublicTable
from transforms.release.variables import FILE as VARIABLES
from transforms.release.variables import Variables, read_variables

MODELS: Final = "transforms/models"
LIMITS: Final = Path(__file__).resolve().parents[2] / "transforms" / "disclosure" / "limits.yml"
# What a reader is told; the others steer the search.
TOLD_LIMITS: Final = ("persons", "enterprises", "dominance_1", "dominance_2", "uniform_groups", "small_count")
KINDS: Final = ("cvr_produktionsenheder/", "cvr_virksomheder/", "dream/", "eindkomst/", "forloeb/", "personer/", "se_numre/")  # fmt: skip
# Tables that are about no person.
UNPROTECTED: Final = ("supply_inequality",)
# Persons in placement are taken from the cells of scope, so that one number never has two protections.
ALSO: Final = {"supply_by_municipality": ("evaluation.fct_scope_cells",)}
# Estimates leave dbt and come back: what the estimators read.
ESTIMATORS: Final = "transforms/evaluation, transforms/estimators"
READ_BY_ESTIMATORS: Final = ("int_effect_trials", "int_effect_outcomes", "int_enterprise_rsv_periods")


@dataclass(frozen=True)
class Model:
    """A model: `name` with its schema, `file` in the repository, what it holds."""

    name: str
    file: str
    description: str


@dataclass(frozen=True)
class Meaning:
    """What a number is: `danish` and `english`, how it is derived, from which fields of the deliveries or which model."""

    measure: str
    danish: str
    english: str
    rule: str
    source_fields: str


@dataclass(frozen=True)
class Delivered:
    """The files of a kind that the release was made from, by outcome, and the hashes of all."""

    kind: str
    outcomes: Mapping[str, int]
    hashes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """What a figure rests on, from its models back to the files that were delivered."""

    models: tuple[Model, ...]
    meanings: tuple[Meaning, ...]
    upstream: tuple[Model, ...]
    sources: tuple[str, ...]
    limits: Mapping[str, str]
    deliveries: tuple[Delivered, ...]


def rule_of(release: Release, table: PublicTable, measures: tuple[str, ...], manifest: Mapping[str, Any]) -> Rule:
    """The rule behind measures of a public table. `manifest`: dbt's.

    Raises:
        TraceError: a table without a model, as this code has it.
    """
    variables = _variables()
    named = next((found for pattern, found in variables.described_by.items() if fnmatchcase(table.name, pattern)), ())
    tables = [*named, *ALSO.get(table.name, ())]
    columns = described(manifest)
    meanings = []
    for name in measures:
        row = next((columns[one, name] for one in tables if (one, name) in columns), {})
        text = variables.texts.get(name)
        english = row.get("description") or (text.en if text else "")
        meanings.append(Meaning(name, text.da if text else "", english, row.get("rule") or "", row.get("source_fields") or ""))  # fmt: skip
    return rule_of_models(release, tables, meanings, manifest, is_protected=table.name not in UNPROTECTED)


def described(manifest: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """(`schema.table`, column) -> the row of `quality.codebook`."""
    return {(f"{row['schema_name']}.{row['table_name']}", row["column_name"]): row for row in codebook_rows(manifest)}


def rule_of_models(
    release: Release,
    tables: Sequence[str],
    meanings: Sequence[Meaning],
    manifest: Mapping[str, Any],
    *,
    is_protected: bool,
) -> Rule:
    """The rule of tables of the warehouse (`schema.table`), with what is said of their numbers.

    Raises:
        TraceError: a table that this code has not got.
    """
    nodes = {
        f"{node['schema']}.{node['name']}": node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    unknown = [one for one in tables if one not in nodes]
    if unknown or not tables:
        refuse(VARIABLES.name, "model_unknown", f"no model of this code makes {', '.join(unknown) or 'the table'}", "trace a release with the code that made it")  # fmt: skip
    upstream, sources = _upstream(manifest, [nodes[one]["unique_id"] for one in tables])
    kinds = sorted({source.split("/")[0] for source in sources if source.startswith(KINDS)})
    return Rule(
        tuple(_model(nodes[one]) for one in tables),
        tuple(meanings),
        tuple(upstream),
        tuple(sources),
        _limits(release) if is_protected else {},
        tuple(_delivered(release, kind) for kind in kinds),
    )


@functools.cache
def _variables() -> Variables:
    return read_variables()


def _upstream(manifest: Mapping[str, Any], first: list[str]) -> tuple[list[Model], list[str]]:
    """Every model behind `first`, nearest first, and the tables of the lake, the build's inputs and the code lists at the far end."""
    nodes, sources, parents = manifest["nodes"], manifest["sources"], manifest["parent_map"]
    by_name = {node["name"]: name for name, node in nodes.items() if node["resource_type"] == "model"}
    seen, models, ends, level = set(first), [], [], list(first)
    while level:
        following = []
        for name in (parent for child in level for parent in parents.get(child, ())):
            if name in seen:
                continue
            seen.add(name)
            if name in sources and sources[name]["source_name"] == "estimates":
                models += [Model("estimators", ESTIMATORS, "Estimates what the protocol asks, from the cohorts.")] if "estimators" not in seen else []  # fmt: skip
                seen.add("estimators")
                new = [by_name[one] for one in READ_BY_ESTIMATORS if by_name[one] not in seen]
                models += [_model(nodes[one]) for one in new]
                seen |= set(new)
                following += new
            elif name in sources:
                ends.append(sources[name]["identifier"])
            elif nodes[name]["resource_type"] == "seed":
                ends.append(f"transforms/{nodes[name]['original_file_path']}")
            else:
                models.append(_model(nodes[name]))
                following.append(name)
        level = following
    return models, sorted(ends)


def _model(node: Mapping[str, Any]) -> Model:
    return Model(f"{node['schema']}.{node['name']}", f"transforms/{node['original_file_path']}", node["description"].strip())  # fmt: skip


@functools.cache
def _words_of_limits() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(LIMITS.read_text(encoding="utf-8")))


def _limits(release: Release) -> dict[str, str]:
    """The limits that the release was protected by, in words where they are those of this code."""
    words = _words_of_limits()
    return {
        name: f"{value}" + (f". {words[name]['meaning']}" if words.get(name, {}).get("value") == value else "")
        for name, value in release.limits.items()
        if name in TOLD_LIMITS
    }


def _delivered(release: Release, kind: str) -> Delivered:
    files = [one for one in release.manifest["deliveries"] if one["kind"] == kind]
    outcomes: dict[str, int] = {}
    for one in files:
        outcomes[one["outcome"]] = outcomes.get(one["outcome"], 0) + 1
    return Delivered(kind, outcomes, tuple((one["sha256"], one["outcome"]) for one in files))
