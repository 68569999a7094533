"""What a release says of itself: manifest.json and SHA256SUMS.

Belongs here: deliveries, parameters, versions, rows and hashes. Not here: how files are made.
The manifest is the same for the same inputs but for `made_at`: it holds the hashes of Parquet and CSV alone. Other formats carry a time of their own; SHA256SUMS has every file.
It is given away with the public tier, so no figure in it may say what that tier hides.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from transforms.disclosure.protect import Protection

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
FIXED: Final = (".parquet", ".csv")
CHUNK: Final = 1 << 20
# Shares are in whole percent: with the published counts an exact one would give the sum of the suppressed ones, an equation that the audit does not know.
DIGITS_OF_SHARES: Final = 2
# A percent of the people in at least so many cells that hold somebody is five or more of them; of fewer no share is told.
FEWEST_CELLS: Final = 500
# By source, not by file: one file is a municipality's month, a count below the limits.
SOURCES: Final = """
    select
        kind,
        count(*) as files,
        count(*) filter (where outcome = 'used') as files_used,
        coalesce(sum(rows_delivered), 0)::bigint as rows_delivered,
        coalesce(sum(rows_accepted) filter (where outcome = 'used'), 0)::bigint as rows_used,
        coalesce(sum(rows_rejected) filter (where outcome = 'used'), 0)::bigint as rows_rejected,
        coalesce(sum(rows_delivered) filter (where outcome <> 'used'), 0)::bigint as rows_of_files_not_used
    from quality.fct_deliveries
    group by kind
    order by kind
"""


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def facts(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    *,
    is_preview: bool,
    rows: Mapping[str, int],
    protections: Mapping[str, Protection],
    unfilled: Sequence[str],
) -> dict[str, Any]:
    """What stands in manifest.json but for the hashes of files. `rows`: by table of either tier; `protections`: by system; `unfilled`: keys of about.yml that wait for the owner."""
    [build] = _records(connection, "select * from quality.fct_builds")
    protocol = [
        row["protocol_hash"]
        for row in _records(connection, "select distinct protocol_hash from effect.fct_effect_estimates order by all")
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
        "deliveries": _records(
            connection, "select kind, sha256, outcome from quality.fct_deliveries order by kind, sha256, outcome"
        ),
        "sources": _records(connection, SOURCES),
        "rows": dict(rows),
        "information_loss": {system: coarse(protection.information_loss) for system, protection in protections.items()},
        "protection": {system: _audit(protection) for system, protection in protections.items()},
        "unfilled": list(unfilled),
    }


def coarse(loss: Mapping[str, Any]) -> dict[str, Any]:
    """What disclosure control cost, as it may be told: shares in whole percent, that of the counts only over many cells."""
    found = {key: round(value, DIGITS_OF_SHARES) if isinstance(value, float) else value for key, value in loss.items()}
    return found if found["cells"] >= FEWEST_CELLS else found | {"share_of_counts_kept": None}


def _audit(protection: Protection) -> dict[str, Any]:
    """The attacker's verdict over one system, and how the search of each block ended (`time`: another machine may choose otherwise)."""
    ended = protection.blocks["ended_by"].value_counts()
    return {
        "counts_audited": len(protection.audit),
        "all_safe": bool(protection.audit["is_safe"].all()),
        "blocks": len(protection.blocks),
        "ended_by": {str(how): int(count) for how, count in sorted(ended.items(), key=lambda pair: str(pair[0]))},
    }


def files(folder: Path) -> Sequence[Path]:
    """Every file of a release but the two that speak of the others, in order."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in (MANIFEST, SUMS)]


def hashes(folder: Path) -> dict[str, str]:
    """Every file of a release, relative to its folder -> SHA-256."""
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files(folder)}


def fixed(found: Mapping[str, str]) -> dict[str, str]:
    """Of these hashes those of files that are the same bytes for the same inputs."""
    return {name: digest for name, digest in found.items() if name.endswith(FIXED)}


def write_sums(folder: Path, found: Mapping[str, str]) -> Path:
    """SHA256SUMS, as `sha256sum -c` reads it: `found`, and the manifest as it stands."""
    path = folder / SUMS
    lines = {**found, MANIFEST: sha256(folder / MANIFEST)}
    path.write_text("".join(f"{digest}  {name}\n" for name, digest in lines.items()), encoding="utf-8", newline="\n")
    return path


def _records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]
