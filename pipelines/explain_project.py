"""The project as names: which models, code lists, inputs, delivered kinds and public tables there are, and what hangs on what.

Belongs here: dbt's manifest and the design of the public tables -> things by name, neighbours, tests. Not here: what is said of them.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.explain_lineage import Lineage, lineage_of
from pipelines.explain_parts import UnknownName
from pipelines.settings import Settings
from transforms.codebook import rows as codebook_rows
from transforms.release.design import Design, PublicTable, read_design
from transforms.release.variables import Variables, read_variables

KINDS: Final = ("cvr_virksomheder", "cvr_produktionsenheder", "se_numre", "personer", "dream", "forloeb", "eindkomst")
NEAREST: Final = 5
# Estimates leave dbt and come back: what the estimators read (assets/release/trace_rule.py).
ESTIMATES: Final = "estimates"


@dataclass(frozen=True)
class Found:
    """What a name means: a node of dbt, a public table or a kind of files, and the column of it that is asked for. `also`: what else has the name."""

    node: Mapping[str, Any] | None = None
    public: PublicTable | None = None
    kind: str = ""
    column: str = ""
    also: tuple[str, ...] = ()


class Project:
    """Everything that can be explained. `lineage` is read when first asked for."""

    def __init__(self, manifest: Mapping[str, Any], settings: Settings) -> None:
        self.manifest, self.settings = manifest, settings
        kinds = ("model", "seed")
        self.nodes = {one["unique_id"]: one for one in manifest["nodes"].values() if one["resource_type"] in kinds}
        self.nodes |= manifest["sources"]
        self.by_name = {full_name(node): node for node in self.nodes.values()}
        self.design: Design = read_design()
        self.variables: Variables = read_variables()
        self.public = {table.name: table for table in self.design.tables}

    @functools.cached_property
    def lineage(self) -> Lineage:
        """Columns out of columns."""
        return lineage_of(self.settings, self.manifest)

    @functools.cached_property
    def codebook(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """(`schema.table`, column) -> its row of the codebook."""
        rows = codebook_rows(self.manifest)
        return {(f"{row['schema_name']}.{row['table_name']}", row["column_name"]): row for row in rows}

    def is_mart(self, node: Mapping[str, Any]) -> bool:
        """Whether it is a published table."""
        return node["resource_type"] == "model" and node["fqn"][1] == "marts"

    def parents(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """What a node reads directly; estimates read the cohorts."""
        from assets.release.trace_rule import READ_BY_ESTIMATORS

        if node["resource_type"] == "source" and node["source_name"] == ESTIMATES:
            return [one for one in self.nodes.values() if one["name"] in READ_BY_ESTIMATORS]
        return [self.nodes[one] for one in self.manifest["parent_map"].get(node["unique_id"], ()) if one in self.nodes]

    def children(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """What reads a node directly; the estimates read the cohorts."""
        from assets.release.trace_rule import READ_BY_ESTIMATORS

        found = [self.nodes[one] for one in self.manifest["child_map"].get(node["unique_id"], ()) if one in self.nodes]
        if node["name"] in READ_BY_ESTIMATORS:
            found += [one for one in self.manifest["sources"].values() if one["source_name"] == ESTIMATES]
        return found

    def behind(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Everything upstream, nearest first."""
        return _closure(node, self.parents)

    def ahead(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Everything downstream, nearest first."""
        return _closure(node, self.children)

    def tests(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """dbt's data tests of a node, in order."""
        return self._tests.get(node["unique_id"], [])

    @functools.cached_property
    def _tests(self) -> dict[str, list[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        tests = [one for one in self.manifest["nodes"].values() if one["resource_type"] == "test"]
        for one in sorted(tests, key=lambda one: (one["column_name"] or "", one["name"])):
            found.setdefault(one.get("attached_node"), []).append(one)
        return found

    def unit_tests(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """dbt's unit tests of a node, in order."""
        tests = [one for one in self.manifest["unit_tests"].values() if one["model"] == node["name"]]
        return sorted(tests, key=lambda one: str(one["name"]))

    def columns(self, node: Mapping[str, Any]) -> list[str]:
        """The columns of a node: described, of a code list, or out of its SQL."""
        if self.is_mart(node):
            return list(node["columns"])
        if node["resource_type"] == "seed":
            return list(node["config"].get("column_types") or node["columns"])
        if node["resource_type"] == "model":
            return self.lineage.columns(full_name(node)) or list(node["columns"])
        return list(node["columns"])

    def find(self, name: str) -> Found:
        """What `name` means: `table`, `schema.table`, either with `.column`; a slash is as good as a point.

        Raises:
            UnknownName: nothing has this name.
        """
        asked = name.strip().strip('"').replace("/", ".").removesuffix(".csv")
        whole = self._table(asked)
        if whole:
            return whole
        table, _, column = asked.rpartition(".")
        found = self._table(table.removesuffix(".csv")) if table else None
        if found is None:
            raise UnknownName(name, self._nearest(asked))
        names = self.columns_of(found)
        if column not in names:
            near = difflib.get_close_matches(column, names, NEAREST, 0.5)
            others = [f"{one}.{column}" for one in found.also if column in self.columns_of(self.find(one))]
            raise UnknownName(name, [*others, *(f"{table}.{one}" for one in near or names[:NEAREST])])
        return Found(found.node, found.public, found.kind, column, tuple(f"{one}.{column}" for one in found.also))

    def columns_of(self, found: Found) -> list[str]:
        """The columns of whatever was found."""
        from pipelines.explain_delivered import names_of_fields

        if found.node is not None:
            return self.columns(found.node)
        if found.public is not None:
            return [*found.public.dimensions, *found.public.measures, *self.design.statuses(found.public)]
        return names_of_fields(found.kind)

    def _table(self, name: str) -> Found | None:
        if name in self.by_name:
            return Found(node=self.by_name[name])
        bare = name.removeprefix("lake.").removeprefix("public.")
        if bare in KINDS:
            return Found(kind=bare)
        # A model goes before an input of the same name, and what is published before a step.
        same = [node for full, node in self.by_name.items() if full.rpartition(".")[2] == name]
        if same:
            first = min(same, key=lambda node: (not self.is_mart(node), node["resource_type"] == "source"))
            others = [full_name(node) for node in same if node is not first]
            return Found(node=first, also=(*others, *([f"public.{name}"] if name in self.public else [])))
        return Found(public=self.public[bare]) if bare in self.public else None

    def _nearest(self, asked: str) -> list[str]:
        tables = [*self.by_name, *self.public, *KINDS]
        columns: dict[str, str] = {}
        for (table, column), _ in self.codebook.items():
            columns.setdefault(column, f"{table}.{column}")
        if asked in columns:
            return [f"{table}.{column}" for table, column in self.codebook if column == asked][:NEAREST]
        bare = {name.rpartition(".")[2]: name for name in reversed(tables)}
        near = difflib.get_close_matches(asked, [*tables, *bare, *columns], NEAREST * 2, 0.5)
        # A column of a table that is misspelt: its table is what is missing.
        near += difflib.get_close_matches(asked.rpartition(".")[0], [*tables, *bare], NEAREST, 0.5)
        return list(dict.fromkeys(bare.get(one) or columns.get(one) or one for one in near))[:NEAREST]


def full_name(node: Mapping[str, Any]) -> str:
    """`schema.table`; of an input `source.table`."""
    schema = node["source_name"] if node["resource_type"] == "source" else node["schema"]
    return f"{schema}.{node['name']}"


def meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is written beside a node or a column beyond its description."""
    return (node.get("config") or {}).get("meta") or node.get("meta") or {}


def file_of(node: Mapping[str, Any]) -> str:
    """Where it stands in the repository."""
    return f"transforms/{node['original_file_path']}"


def kind_of(node: Mapping[str, Any]) -> str:
    """The kind of delivered files behind an input of the lake; empty for others."""
    if node["resource_type"] != "source":
        return ""
    kind = str(node.get("identifier") or "").split("/")[0]
    return kind if kind in KINDS else ""


def _closure(first: Mapping[str, Any], step: Any) -> list[Mapping[str, Any]]:
    seen, level, found = {first["unique_id"]}, [first], []
    while level:
        following: dict[str, Mapping[str, Any]] = {}
        for node in level:
            following |= {one["unique_id"]: one for one in step(node) if one["unique_id"] not in seen}
        level = list(following.values())
        seen |= set(following)
        found += level
    return found


def names(nodes: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Their full names, each once."""
    return tuple(dict.fromkeys(full_name(node) for node in nodes))
