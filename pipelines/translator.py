"""How dbt's nodes look in Dagster: keys, groups, Danish first sentences, owners, kinds.

Belongs here: the translation of a manifest. Not here: running dbt, SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from pipelines.danish import GROUP_OF_SCHEMA
from pipelines.story import told

OWNERS = ["team:fodfaeste"]
ESTIMATES = ["lake", "estimates"]
SIMPLE = "simple"


def is_of_effect(node: Mapping[str, Any]) -> bool:
    """Whether a node of dbt waits for the estimates (the second step of dbt)."""
    return "effect" in (node.get("tags") or ())


class Translator(DagsterDbtTranslator):
    """dbt's sources of the lake are one asset a kind; everything else keeps dbt's schema and name."""

    def __init__(self, manifest: Mapping[str, Any] | None = None) -> None:
        # Dagster makes translators of its own where the manifest is not at hand; those describe nothing.
        self._serves = finished_behind(manifest) if manifest else {}
        self._reads = self._read_by(manifest) if manifest else {}
        super().__init__(
            # One check a table sums the data tests up: an event each would be hundreds.
            DagsterDbtTranslatorSettings(enable_asset_checks=False, enable_duplicate_source_asset_keys=True)
        )

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`schema/table`; a source of the lake is the kind of its files."""
        if dbt_resource_props["resource_type"] == "source" and dbt_resource_props["source_name"] == "lake":
            return dg.AssetKey(["lake", dbt_resource_props["identifier"].split("/")[0]])
        if dbt_resource_props["resource_type"] == "source" and dbt_resource_props["source_name"] == "estimates":
            return dg.AssetKey(ESTIMATES)
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What it answers, its figure, dbt's description, its place in the story (story.py)."""
        path = "/".join(self.get_asset_key(dbt_resource_props).path)
        meta = (dbt_resource_props.get("config") or {}).get("meta") or dbt_resource_props.get("meta") or {}
        english = (dbt_resource_props.get("description") or "").strip()
        group = self.get_group_name(dbt_resource_props) or "kvalitet"
        serves = self._serves.get(dbt_resource_props["unique_id"], ())
        reads = self._reads.get(dbt_resource_props["unique_id"], ())
        return told(path, group, english, meta.get("label_da"), serves, reads)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """By schema; a step in between belongs to what it is made for (its folder)."""
        if is_of_effect(dbt_resource_props):
            return "effekt"
        if dbt_resource_props["resource_type"] == "source":
            return "kilder"
        schema = dbt_resource_props["schema"]
        if schema == "intermediate":
            folder = (dbt_resource_props.get("fqn") or ["", "", "core"])[2]
            return GROUP_OF_SCHEMA.get(folder, "kerne")
        if schema == SIMPLE:
            # A view belongs to its topic, which stands beside it.
            return str(dbt_resource_props["config"]["meta"]["group"])
        return GROUP_OF_SCHEMA.get(schema, "kvalitet")

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """The team."""
        return OWNERS

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """dbt's own, and where the definition stands."""
        return {
            **super().get_metadata(dbt_resource_props),
            "definition": f"transforms/{dbt_resource_props.get('original_file_path', '')}",
        }

    def _read_by(self, manifest: Mapping[str, Any]) -> dict[str, list[str]]:
        """For each model that may be a view the assets that it rests on (`schema/table`), the nearest first."""
        known = {**manifest["nodes"], **manifest["sources"]}
        return {
            key: [
                "/".join(self.get_asset_key(known[other]).path)
                for other in around(key, manifest["parent_map"])
                if other in known
            ]
            for key, node in manifest["nodes"].items()
            if node["resource_type"] == "model"
        }


def finished_behind(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """For each step in between (`unique_id`) the finished tables (`schema/table`) that rest on it, the nearest first."""
    nodes = manifest["nodes"]
    return {
        key: [
            f"{nodes[other]['schema']}/{nodes[other]['name']}"
            for other in around(key, manifest["child_map"])
            if _is_finished(nodes.get(other))
        ]
        for key in steps_between(manifest)
    }


def steps_between(manifest: Mapping[str, Any]) -> list[str]:
    """The models that are no finished table."""
    return [
        key for key, node in manifest["nodes"].items() if node["resource_type"] == "model" and not _is_finished(node)
    ]


def _is_finished(node: Mapping[str, Any] | None) -> bool:
    return node is not None and node["resource_type"] == "model" and node["fqn"][1] == "marts"


def around(start: str, neighbours: Mapping[str, Sequence[str]]) -> list[str]:
    """Everything that can be reached from `start`, ring by ring."""
    met: list[str] = []
    seen, ring = {start}, [start]
    while ring:
        ring = sorted({other for one in ring for other in neighbours.get(one, ())} - seen)
        seen |= set(ring)
        met += ring
    return met
