"""What a release says of itself: manifest.json and SHA256SUMS.

Belongs here: deliveries, parameters, versions, rows and hashes. Not here: how files are made.
The manifest is the same for the same inputs but for `made_at`: it holds the hashes of Parquet and CSV alone. Other formats carry a time of their own; SHA256SUMS has every file.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
FIXED: Final = (".parquet", ".csv")
CHUNK: Final = 1 << 20


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def manifest(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    *,
    is_preview: bool,
    rows: Mapping[str, int],
    loss: Mapping[str, Any],
) -> dict[str, Any]:
    """What stands in manifest.json. `rows`: by table of either tier; `loss`: what disclosure control cost, by system."""
    build = _one(connection, "select * from quality.fct_builds")
    deliveries = connection.execute(
        "select kind, sha256, outcome from quality.fct_deliveries order by kind, sha256, outcome"
    ).fetchall()
    protocol = [
        row[0]
        for row in connection.execute(
            "select distinct protocol_hash from effect.fct_effect_estimates order by all"
        ).fetchall()
    ]
    return {
        "name": name,
        "is_preview": is_preview,
        "is_synthetic": bool(build["is_sample_key"]),
        "made_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "as_of": _day(build["as_of"]),
        "observed_from": _day(build["observed_from"]),
        "observed_through": _day(build["observed_through"]),
        "placement_first_month": _day(build["placement_first_month"]),
        "register_day": _day(build["register_day"]),
        "code_version": build["code_version"],
        "parameters": json.loads(build["parameters"]),
        "protocol_hash": protocol[0] if len(protocol) == 1 else protocol,
        "deliveries": [dict(zip(("kind", "sha256", "outcome"), row, strict=True)) for row in deliveries],
        "rows": dict(rows),
        "information_loss": dict(loss),
        "files": {str(path.relative_to(folder)): sha256(path) for path in files(folder) if path.suffix in FIXED},
    }


def files(folder: Path) -> Sequence[Path]:
    """Every file of a release but the two that speak of the others, in order."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in (MANIFEST, SUMS)]


def write_sums(folder: Path) -> Path:
    """SHA256SUMS, as `sha256sum -c` reads it, of every file, the manifest too."""
    path = folder / SUMS
    lines = [
        f"{sha256(file)}  {file.relative_to(folder)}\n"
        for file in [*files(folder), folder / MANIFEST]
        if file.is_file()
    ]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return dict(zip(names, cursor.fetchone() or (), strict=True))


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]
