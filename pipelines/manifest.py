"""dbt's manifest, parsed when the project has changed and else taken as it is, so that definitions load without data.

Belongs here: finding and reading the manifest. Not here: what its nodes become (translator.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from pipelines.settings import TRANSFORMS, Settings

_PASSED_OVER = {"target", "logs", "dbt_packages", "__pycache__"}
_SUFFIXES = (".sql", ".yml", ".yaml", ".csv", ".md", ".py")
CATALOGUE = TRANSFORMS.parent / "expectations" / "catalogue.csv"


def project_fingerprint(folder: Path = TRANSFORMS) -> str:
    """A hash over every file of the dbt project."""
    digest = hashlib.sha256()
    for path in [*sorted(folder.rglob("*")), CATALOGUE]:
        if path.suffix in _SUFFIXES and path.is_file() and not _PASSED_OVER & set(path.parts):
            digest.update(f"{path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def load_manifest(settings: Settings) -> dict[str, Any]:
    """The manifest of the project as it stands now.

    Raises:
        RuntimeError: when dbt cannot parse the project; says what dbt says.
    """
    kept = settings.dbt_target / f"manifest-{project_fingerprint()}.json"
    if not kept.exists():
        from pipelines.dbt_runner import run_dbt

        outcome = run_dbt(settings, ["parse"])
        if not outcome.is_success:
            raise RuntimeError(f"dbt cannot parse transforms/: {outcome.error or 'no reason given'}")
        _keep(settings, kept)
    return json.loads(kept.read_text(encoding="utf-8"))


def _keep(settings: Settings, kept: Path) -> None:
    """Keeps the manifest that dbt has just written under the project's fingerprint; older ones go."""
    beside = kept.with_name(f".{kept.name}.{os.getpid()}")
    beside.write_bytes((settings.dbt_target / "manifest.json").read_bytes())
    os.replace(beside, kept)
    for older in settings.dbt_target.glob("manifest-*.json"):
        if older != kept:
            older.unlink(missing_ok=True)


def contracts(manifest: dict[str, Any]) -> dict[str, dict[str, str]]:
    """For each mart (`schema.table`) its columns and their types."""
    return {
        f"{node['schema']}.{node['name']}": {
            name: column.get("data_type") or "" for name, column in node["columns"].items()
        }
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }


def comments(manifest: dict[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """For each mart its description and those of its columns, Danish label last."""
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["fqn"][1] == "marts":
            found[f"{node['schema']}.{node['name']}"] = (
                _with_label(node["description"], _meta(node)),
                {name: _with_label(column["description"], _meta(column)) for name, column in node["columns"].items()},
            )
    return found


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return (node.get("config") or {}).get("meta") or node.get("meta") or {}


def _with_label(description: str, meta: dict[str, Any]) -> str:
    label = meta.get("label_da")
    return f"{description.strip()} ({label})" if label and description else description.strip() or (label or "")
