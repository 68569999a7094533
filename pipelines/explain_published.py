"""What the published file adds to an explanation: build, cut-off, observed months, rows.

Belongs here: reading LATEST.json and the published file. Not here: the explanation itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.explain_parts import Published
from pipelines.settings import Settings


def latest(settings: Settings) -> dict[str, Any] | None:
    """LATEST.json of a warehouse with a published file; None without."""
    try:
        return dict(json.loads(settings.latest.read_text(encoding="utf-8"))) if settings.published.exists() else None
    except (OSError, ValueError):
        return None


def published(settings: Settings, table: str) -> Published | None:
    """What is published, with the rows of `schema.table` (a view has no number in LATEST.json: None); None when nothing is."""
    about = latest(settings)
    if about is None:
        return None
    rows = about.get("tables", {}).get(table)
    return Published(
        str(about.get("build", "")),
        str(about.get("as_of", "")),
        str(about.get("observed_from") or "")[:7],
        str(about.get("observed_through") or "")[:7],
        rows if isinstance(rows, int) else None,
        bool(about.get("is_sample_key")),
    )


def resolved(settings: Settings) -> Path | None:
    """The published file itself, not the link to it: a swap while it is open does not matter; None without."""
    return settings.published.resolve() if settings.published.exists() else None
