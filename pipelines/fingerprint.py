"""What a build's answer depends on, as one number: files, cut-off, code, parameters, key.

Belongs here: finding out in seconds, without a framework, that nothing is new. Not here: reading what stands in the files.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.settings import ROOT, Settings

FOLDERS = ("registry", "placement", "payroll")
CODE = ("pipelines", "assets", "expectations", "transforms", "requirements.lock")
SUFFIXES = (".py", ".sql", ".yml", ".yaml", ".csv", ".lock", ".toml")
_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """SHA-256 of the bytes as they lie on the disk, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def landing_files(raw: Path) -> list[Path]:
    """The files of the three folders, names with a leading point passed over, in order."""
    found: list[Path] = []
    for folder in FOLDERS:
        place = raw / folder
        if place.is_dir():
            found += sorted(path for path in place.iterdir() if path.is_file() and not path.name.startswith("."))
    return found


def hash_landing(raw: Path, memory: Path) -> dict[str, str]:
    """SHA-256 of each file by `folder/name`, remembered in `memory` as long as size, times and inode stay the same."""
    try:
        remembered = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remembered = {}
    files = landing_files(raw)
    stamps = {}
    for path in files:
        state = path.stat()
        stamps[path] = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_dev]

    def known(path: Path) -> str | None:
        entry = remembered.get(str(path))
        return entry[1] if entry and entry[0] == stamps[path] else None

    new = [path for path in files if known(path) is None]
    with ThreadPoolExecutor(max_workers=2) as pool:
        fresh = dict(zip(new, pool.map(sha256_of, new), strict=True))
    hashes = {path: fresh.get(path) or known(path) or "" for path in files}
    if new or len(remembered) != len(files):
        memory.parent.mkdir(parents=True, exist_ok=True)
        beside = memory.with_name(f".{memory.name}.{os.getpid()}")
        beside.write_text(json.dumps({str(path): [stamps[path], hashes[path]] for path in files}), encoding="utf-8")
        os.replace(beside, memory)
    return {f"{path.parent.name}/{path.name}": hashes[path] for path in files}


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


def key_text() -> str:
    """What the environment gives as project key, for the fingerprint alone (ingest reads and checks it)."""
    if key := os.environ.get("OUTCOME_PSEUDONYM_KEY"):
        return key.strip().lower()
    if file := os.environ.get("OUTCOME_PSEUDONYM_KEY_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip().lower()
        except (OSError, UnicodeDecodeError):
            return ""
    return ""


def fingerprint(settings: Settings) -> str:
    """One hex number; equal numbers mean equal answers. The key goes in hashed twice, so that nothing of it can be read back."""
    digest = hashlib.sha256()
    hashes = hash_landing(settings.raw, settings.warehouse / "seen.json")
    key = hashlib.sha256(b"fodfaeste fingerprint " + hashlib.sha256(key_text().encode()).digest()).hexdigest()
    parts = {
        "files": hashes,
        "as_of": str(settings.as_of or ""),
        "strict": settings.strict,
        "code": code_fingerprint(),
        "key": key,
        "raw": str(settings.raw) if not hashes else "",
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
