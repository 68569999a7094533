"""What a build's answer depends on, as one number: files, cut-off, code, parameters, key.

Belongs here: finding out in seconds, without a framework, that nothing is new. Not here: reading what stands in the files.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipelines.settings import ROOT, Settings

FOLDERS = ("registry", "placement", "payroll")
CODE = ("pipelines", "assets", "expectations", "transforms", "requirements.lock")
SUFFIXES = (".py", ".sql", ".yml", ".yaml", ".csv", ".lock", ".toml")


def landing_files(raw: Path) -> list[Path]:
    """The files of the three folders, names with a leading point passed over, in order."""
    found: list[Path] = []
    for folder in FOLDERS:
        place = raw / folder
        if place.is_dir():
            found += sorted(path for path in place.iterdir() if path.is_file() and not path.name.startswith("."))
    return found


def hash_landing(settings: Settings) -> dict[str, str]:
    """SHA-256 of each file's content by `folder/name`, as the lake remembers it; only files that changed are read."""
    from assets.ingest.lake import Hashes, Lake
    from assets.ingest.landing import scan

    hashes = Hashes.open(Lake(settings.warehouse))
    found = {f"{file.folder}/{file.name}": hashes.sha256(file) for file in scan(settings.raw, settings.as_of).files}
    if found:
        hashes.save()
    return found


def code_fingerprint(root: Path = ROOT) -> str:
    """SHA-256 over the code, the models, the catalogue, the code lists and the lock file."""
    digest = hashlib.sha256()
    for name in CODE:
        place = root / name
        paths = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in paths:
            inside = path.relative_to(root)
            if path.suffix not in SUFFIXES or {"target", "logs", "dbt_packages", "__pycache__"} & set(inside.parts):
                continue
            digest.update(f"{inside}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def fingerprint(settings: Settings) -> str:
    """One hex number; equal numbers mean equal answers.

    Raises:
        BuildStopped: when there is no key.
    """
    digest = hashlib.sha256()
    from assets.ingest.keys import read_key

    hashes = hash_landing(settings)
    parts = {
        "files": hashes,
        "as_of": str(settings.as_of or ""),
        "strict": settings.strict,
        "code": code_fingerprint(),
        "key": read_key().fingerprint,
    }
    digest.update(json.dumps(parts, sort_keys=True).encode())
    return digest.hexdigest()


def ingest_version(root: Path = ROOT) -> str:
    """A short hash of what decides about a row: the readers, the rules, the code lists."""
    digest = hashlib.sha256()
    for folder in ("assets/ingest", "expectations/predicates", "transforms/seeds"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(path.read_bytes())
    digest.update((root / "expectations" / "catalogue.csv").read_bytes())
    return digest.hexdigest()[:12]
