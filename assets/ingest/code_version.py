"""Which code a build is made by, as one number that stands beside its inputs.

Belongs here: the hash of what decides about an answer. Not here: the files and the cut-off (pipelines/fingerprint.py).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("pipelines", "assets", "expectations", "transforms", "requirements.lock")
SUFFIXES = (".py", ".sql", ".yml", ".yaml", ".csv", ".lock", ".toml")


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
