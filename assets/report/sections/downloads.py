"""The public tables, the files that are there of each, and the codebook.

Belongs here: what can be downloaded. Not here: what it says.
"""

from __future__ import annotations

import os
from pathlib import Path

from assets.report.language import Language
from assets.report.model import Download
from assets.report.status import protections
from assets.report.tier import TABLES, Tier

FORMATS = (("CSV", ".csv"), ("Excel-CSV", "_excel.csv"), ("PX", ".px"), ("JSON-stat", ".json"), ("Parquet", ".parquet"))


def downloads(tier: Tier, language: Language, out: Path) -> list[Download]:
    """Every public table with links relative to `out`; formats that are not there are left out."""
    base = _relative(tier.public, out)
    found = []
    for name in TABLES:
        frame = tier.tables[name]
        files = {
            label: f"{base}/{name}{ending}" for label, ending in FORMATS if (tier.public / f"{name}{ending}").exists()
        }
        hidden = sum(protections(frame))
        found.append(Download(name, tier.labels.of("table", name, language), len(frame), hidden, files))
    return found


def codebook(tier: Tier, out: Path) -> str:
    """Link to the public tier's codebook relative to `out`; empty where there is none."""
    file = tier.public / "codebook.html"
    return _relative(file, out) if file.exists() else ""


def _relative(file: Path, out: Path) -> str:
    return os.path.relpath(file, out).replace(os.sep, "/")
