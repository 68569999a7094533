"""`fodfaeste doctor`: what is wrong with an environment or a landing zone, and what to do.

Belongs here: looking. Not here: mending, reading rows.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from pathlib import Path

from assets.ingest.keys import FILE_VARIABLE, read_key
from assets.ingest.landing import KINDS, scan
from assets.ingest.problems import BuildStopped, Problem
from assets.publishing.publish import read_latest
from pipelines.freshness import look
from pipelines.lock import BuildRunningError, one_build
from pipelines.settings import ROOT, Settings

SMALLEST_DISK = 2_000_000_000
PINNED = ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pandas")


def examine(settings: Settings) -> list[Problem]:
    """Every trouble that can be seen without building; empty when all is well."""
    return [
        *_environment(),
        *_key(settings),
        *_folders(settings),
        *_landing(settings),
        *_overdue(settings),
        *_warehouse(settings),
    ]


def _problem(rule: str, message: str, remedy: str, file: str | None = None) -> Problem:
    return Problem(file, None, rule, message, remedy)


def _environment() -> list[Problem]:
    found = []
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        version = ".".join(map(str, sys.version_info[:2]))
        found.append(
            _problem(
                "python", f"Python {version} is not supported", "install Python 3.11, 3.12 or 3.13, then: make run"
            )
        )
    locked = _locked()
    for name in PINNED:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found.append(
                _problem("packages", f"{name} is not installed", "make the environment again: rm -r .venv; make run")
            )
            continue
        if locked.get(name, version) != version:
            message = f"{name} is {version}, the lock file says {locked[name]}"
            found.append(_problem("packages", message, "make the environment again: rm -r .venv; make run"))
    return found


def _locked() -> dict[str, str]:
    try:
        lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = [line.split(" ", 1)[0].split("==") for line in lines if "==" in line and not line.startswith((" ", "#"))]
    return {name: version.rstrip(";\\ ") for name, version in pairs}


def _key(settings: Settings) -> list[Problem]:
    try:
        key = read_key()
    except BuildStopped as stopped:
        return stopped.problems
    found = []
    if key.is_sample_key:
        found.append(
            _problem(
                "project_key",
                "the project key is the sample's, which is public",
                "set a key of your own before real extracts are built",
            )
        )
    file = os.environ.get(FILE_VARIABLE)
    if file and Path(file).stat().st_mode & 0o077:
        found.append(_problem("project_key", "the key's file can be read by others", f"chmod 600 {file}"))
    built = _key_of_build(settings)
    if built not in (None, key.fingerprint):
        message = f"the project key is another than that of the build before (fingerprint {key.fingerprint}, then {built}): no pseudonym would match"
        found.append(_problem("project_key", message, "set the key of that build, or build into another warehouse"))
    return found


def _key_of_build(settings: Settings) -> str | None:
    """The fingerprint of the key of the last build; it gives nothing of the key away."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        rows = parquet.read_table(settings.inputs / "build.parquet", columns=["key_fingerprint"]).to_pylist()
    except (OSError, pa.ArrowException, KeyError):
        return None
    return str(rows[0]["key_fingerprint"]) if rows else None


def _folders(settings: Settings) -> list[Problem]:
    found = []
    place = settings.warehouse
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        found.append(
            _problem(
                "warehouse", f"{place} cannot be written", "give another folder with --warehouse, or rights to this one"
            )
        )
    free = shutil.disk_usage(place).free
    if free < SMALLEST_DISK:
        message = f"{free / 1e9:.1f} GB are free where the warehouse lies"
        found.append(
            _problem("warehouse", message, "make room: a build needs about three times the size of the extracts")
        )
    return found


def _landing(settings: Settings) -> list[Problem]:
    landing = scan(settings.raw, settings.as_of)
    found = list(landing.problems)
    for file in landing.unrecognised:
        message, remedy = (
            "the name fits no kind of the contract: the file counts as nothing",
            "rename it, or take it away",
        )
        found.append(_problem("unrecognised", message, remedy, file.name))
    for file in landing.files:
        if not os.access(file.path, os.R_OK):
            found.append(
                _problem(
                    "file.unreadable", "the file cannot be read", f"give rights to it: chmod u+r {file.path}", file.name
                )
            )
        elif file.path.stat().st_size == 0:
            found.append(_problem("file.missing_column", "the file is empty", "send the file again", file.name))
    if any(file.is_recognised for file in landing.files):
        for kind in KINDS:
            if not landing.inside(kind):
                message = f"no file of the kind {kind} up to the cut-off {landing.as_of}"
                found.append(_problem("build.kind_missing", message, "deliver one, or give a later --as-of"))
    return found


def _overdue(settings: Settings) -> list[Problem]:
    """What should have come by now (freshness.py); a kind without any file is told as missing, not as late."""
    there = {file.kind for file in scan(settings.raw, settings.as_of).files}
    return [problem for found in look(settings) if found.kind in there for problem in found.problems()]


def _warehouse(settings: Settings) -> list[Problem]:
    found: list[Problem] = []
    if not settings.warehouse.exists():
        return found
    try:
        with one_build(settings.warehouse):
            pass
    except BuildRunningError as problem:
        found.append(_problem("warehouse", str(problem), "wait for it"))
    except OSError as problem:
        found.append(
            _problem(
                "warehouse", f"the lock cannot be taken: {problem.strerror}", "give rights to the warehouse folder"
            )
        )
    if settings.published.is_symlink() and read_latest(settings.warehouse) is None:
        message = "outcome.duckdb and LATEST.json do not speak of the same file"
        found.append(_problem("warehouse", message, "build again: fodfaeste build"))
    return found
