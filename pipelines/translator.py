"""How dbt's nodes look in Dagster: keys, groups, Danish first sentences, owners, kinds.

Belongs here: the translation of a manifest. Not here: running dbt, SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from pipelines.danish import GROUP_OF_SCHEMA, sentence

OWNERS = ["team:fodfaeste"]
ESTIMATES = ["lake", "estimates"]


def is_of_effect(node: Mapping[str, Any]) -> bool:
    """Whether a node of dbt waits for the estimates (the second step of dbt)."""
    return "effect" in (node.get("tags") or ())


class Translator(DagsterDbtTranslator):
    """dbt's sources of the lake are one asset a kind; everything else keeps dbt's schema and name."""

    def __init__(self) -> None:
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
        """One Danish sentence, then dbt's description."""
        path = "/".join(self.get_asset_key(dbt_resource_props).path)
        meta = (dbt_resource_props.get("config") or {}).get("meta") or dbt_resource_props.get("meta") or {}
        english = (dbt_resource_props.get("description") or "").strip()
        danish = sentence(path, meta.get("label_da"))
        return f"{danish}\n\n{english}" if english else danish

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
