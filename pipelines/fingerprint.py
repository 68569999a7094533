"""What a build's answer depends on, as one number: files, cut-off, code, parameters, key.

Belongs here: finding out in seconds, without a framework, that nothing is new. Not here: reading what stands in the files.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from assets.ingest.code_version import SUFFIXES, code_fingerprint
from pipelines.settings import ROOT, Settings

if TYPE_CHECKING:
    from assets.ingest.lake import Hashes
    from assets.ingest.landing import Landing

FOLDERS = ("registry", "placement", "payroll")


def landing_files(raw: Path) -> list[Path]:
    """The files of the three folders, names with a leading point passed over, in order."""
    found: list[Path] = []
    for folder in FOLDERS:
        place = raw / folder
        if place.is_dir():
            found += sorted(path for path in place.iterdir() if path.is_file() and not path.name.startswith("."))
    return found


def fingerprint(settings: Settings, landing: Landing, hashes: Hashes, code: str) -> str:
    """One hex number; equal numbers mean equal answers. `hashes` reads only files that it does not remember.

    Raises:
        BuildStopped: when there is no key.
    """
    from assets.ingest.keys import read_key

    parts = {
        "files": {f"{file.folder}/{file.name}": hashes.sha256(file) for file in landing.files},
        "as_of": str(landing.as_of),
        "strict": settings.strict,
        "code": code,
        "key": read_key().fingerprint,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def fingerprint_now(settings: Settings) -> str:
    """The fingerprint of the landing zone and the code as they are this moment."""
    from assets.ingest.lake import Hashes, Lake
    from assets.ingest.landing import scan

    hashes = Hashes.open(Lake(settings.warehouse))
    found = fingerprint(settings, scan(settings.raw, settings.as_of), hashes, code_fingerprint())
    hashes.save()
    return found


def ingest_version(root: Path = ROOT) -> str:
    """A short hash of what decides about a row: the readers, the rules, the code lists."""
    digest = hashlib.sha256()
    for folder in ("assets/ingest", "expectations/predicates", "transforms/seeds"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(path.read_bytes())
    for name in ("catalogue.csv", "code_lists.py"):
        digest.update((root / "expectations" / name).read_bytes())
    return digest.hexdigest()[:12]
