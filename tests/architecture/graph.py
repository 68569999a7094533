"""What depends on what in Dagster's graph, family by family.

Belongs here: families of assets and the arrows between them. Not here: single assets (tests/definitions holds them), drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.architecture.rooms import MARTS

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True)
class Graph:
    """How many assets a family has, which families rest on which, and how many checks there are."""

    assets: Counter[str]
    arrows: frozenset[tuple[str, str]]
    checks: int


def family(key: dg.AssetKey) -> str:
    """`staging`, `intermediate`, `marts`, ...: what the picture has one place for."""
    first, name = key.path
    if first in MARTS or (first == "evaluation" and name.startswith("fct_")):
        return "marts"
    return {"lake/estimates": "estimates", "evaluation/preview_tables": "preview", "evaluation/report": "preview"}.get(
        f"{first}/{name}", first
    )


def read_graph(definitions: dg.Definitions) -> Graph:
    """The graph of these definitions."""
    specs = list(definitions.resolve_all_asset_specs())
    arrows = {(family(dep.asset_key), family(spec.key)) for spec in specs for dep in spec.deps}
    return Graph(
        Counter(family(spec.key) for spec in specs),
        frozenset(arrow for arrow in arrows if arrow[0] != arrow[1]),
        sum(len(list(asset.check_specs)) for asset in _checked(definitions)),
    )


def _checked(definitions: dg.Definitions) -> Iterable[dg.AssetsDefinition | dg.AssetChecksDefinition]:
    import dagster as dg

    parts = [*(definitions.assets or ()), *(definitions.asset_checks or ())]
    return [part for part in parts if isinstance(part, dg.AssetsDefinition | dg.AssetChecksDefinition)]
