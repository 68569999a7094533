"""The lake: a cache by content. Where a partition stands, when it is stale, how it comes into being and goes.

Belongs here: folders, cache keys, the memory of files' hashes. Not here: what stands in a partition's tables (the readers, `docs/lake.md`)
or which files are read (`run.py`). The lake may be deleted at any time and never changes an answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from assets.ingest.contents import sha256_of
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.reports import FileReport, PartitionReport
from expectations.code_lists import CodeLists

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "expectations" / "catalogue.csv"
REPORT = "report.json"
# Below the lake but beside the kinds, so that a pattern such as `lake/eindkomst/*/rows.parquet` never meets a half-made partition.
WORKSHOP = ".workshop"
HASHES = "hashes.json"
SETTLED_NS = 2_000_000_000  # a file changed less than two seconds ago may change again within its timestamp's grain: hash it anew


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Return a SHA-256 over the source of the ingest, the predicates and the engine's version: another program, another lake."""
    digest = hashlib.sha256(version("duckdb").encode())  # its hash of a line's content is its own
    sources = [*Path(__file__).parent.glob("*.py"), *(ROOT / "expectations" / "predicates").glob("*.py")]
    for source in sorted(sources):
        digest.update(source.name.encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def fingerprint(kind: str, key: ProjectKey, code_lists: CodeLists, lists: Iterable[str]) -> str:
    """Return what the partitions of a kind depend on besides their files."""
    parts = [
        kind,
        reader_version(),
        hashlib.sha256(CATALOGUE.read_bytes()).hexdigest(),
        code_lists.fingerprint(lists),
        key.fingerprint,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def cache_key(kind_fingerprint: str, deliveries: Iterable[tuple[str, str]]) -> str:
    """Return a partition's cache key from its deliveries (name, SHA-256 of the content)."""
    text = "\n".join([kind_fingerprint, *(f"{name}\0{sha256}" for name, sha256 in sorted(deliveries))])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Lake:
    """The lake of a warehouse folder."""

    warehouse: Path

    @property
    def folder(self) -> Path:
        """`warehouse/lake`."""
        return self.warehouse / "lake"

    def partition(self, kind: str, period: str) -> Path:
        """The folder of a partition, there or not."""
        return self.folder / kind / period

    def report(self, kind: str, period: str) -> PartitionReport | None:
        """Return what a partition says about itself; None when it is not there or not whole."""
        try:
            text = (self.partition(kind, period) / REPORT).read_text(encoding="utf-8")
            return PartitionReport.from_text(text)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def periods(self, kind: str) -> list[str]:
        """Return the names of the partitions of a kind that are there."""
        folder = self.folder / kind
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def write(self, kind: str, period: str, key: str, make: Callable[[Path], Sequence[FileReport]]) -> PartitionReport:
        """Make a partition beside and rename it into place; the old one stands until then. `make` writes the tables into a folder."""
        beside = self.workplace(kind, period)
        try:
            reports = list(make(beside))
            return self.finish(beside, PartitionReport(kind, period, key, reports))
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def workplace(self, kind: str, period: str) -> Path:
        """Return an empty folder in which a partition may be made; `finish` puts it into place."""
        beside = self.folder / WORKSHOP / f"{kind}-{period}-{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        return beside

    def finish(self, beside: Path, report: PartitionReport) -> PartitionReport:
        """Write the report and rename the folder into place; the report comes last, so a partition without one is not whole."""
        (beside / REPORT).write_text(report.to_text(), encoding="utf-8")
        self._remove(report.kind, report.period)
        target = self.partition(report.kind, report.period)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.rename(target)
        return report

    def keep_only(self, kind: str, periods: Iterable[str]) -> list[str]:
        """Remove every partition of a kind but those named; returns what was removed."""
        kept = set(periods)
        removed = [period for period in self.periods(kind) if period not in kept]
        for period in removed:
            self._remove(kind, period)
        return removed

    def tidy(self) -> None:
        """Remove what a killed build left in the workshop. Only one build at a time may run."""
        shutil.rmtree(self.folder / WORKSHOP, ignore_errors=True)

    def _remove(self, kind: str, period: str) -> None:
        target = self.partition(kind, period)
        if not os.path.lexists(target):
            return
        # Out of sight by one rename first: a partition is never seen half deleted.
        grave = self.folder / WORKSHOP / f"removed-{kind}-{period}-{os.getpid()}-{time.monotonic_ns()}"
        grave.parent.mkdir(parents=True, exist_ok=True)
        target.rename(grave)
        if grave.is_dir():
            shutil.rmtree(grave, ignore_errors=True)
        else:
            grave.unlink()


@dataclass
class Hashes:
    """The SHA-256 of files' contents, remembered by size, times and inode: a build with nothing new reads no file."""

    path: Path
    known: dict[str, list[object]] = field(default_factory=dict)
    used: dict[str, list[object]] = field(default_factory=dict)

    @classmethod
    def open(cls, lake: Lake) -> Hashes:
        """Return what is remembered; nothing when the memory is not there or not whole."""
        path = lake.folder / HASHES
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            is_whole = isinstance(known, dict) and all(
                isinstance(entry, list) and len(entry) == 6 for entry in known.values()
            )
        except (OSError, ValueError):
            known, is_whole = {}, False
        return cls(path, known if is_whole else {})

    def sha256(self, file: LandedFile) -> str:
        """Return the SHA-256 of a file's decompressed bytes (as delivered when it cannot be unpacked)."""
        name = str(file.path.absolute())
        status = file.path.stat()
        signature: list[object] = [
            status.st_dev,
            status.st_ino,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
        ]
        entry = self.known.get(name)
        if entry is not None and entry[:5] == signature:
            self.used[name] = entry
            return str(entry[5])
        now = time.time_ns()
        sha256 = sha256_of(file.path)
        if now - max(status.st_mtime_ns, status.st_ctime_ns) > SETTLED_NS:
            self.used[name] = [*signature, sha256]
        return sha256

    def save(self) -> None:
        """Remember what is known, atomically; a file that is gone is forgotten."""
        entries = {name: entry for name, entry in {**self.known, **self.used}.items() if os.path.exists(name)}
        if entries == self.known:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        beside.write_text(json.dumps(entries), encoding="utf-8")
        beside.replace(self.path)
        self.known = entries
