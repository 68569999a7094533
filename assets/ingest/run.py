"""The ingest of a landing zone into the lake, kind by kind: only what is new is read.

Belongs here: which reader reads which kind, what of the lake still holds, in which order files are tried. Not here: reading (the readers), what
counts at the cut-off (`decide.py`). Nothing here knows Dagster.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from assets.ingest.keys import ProjectKey, read_key
from assets.ingest.lake import Hashes, Lake, cache_key, fingerprint
from assets.ingest.landing import KINDS, REGISTRY_KINDS, LandedFile, Landing, scan
from assets.ingest.problems import BuildStopped, Problem
from assets.ingest.reports import FileReport, PartitionReport
from assets.ingest.selection import attempts, monthly_partitions, snapshots
from expectations.code_lists import CodeLists

if TYPE_CHECKING:
    from assets.ingest.decide import Decision

READERS = {
    "cvr_virksomheder": "enterprises",
    "cvr_produktionsenheder": "units",
    "se_numre": "se_numbers",
    "personer": "persons",
    "dream": "benefits",
    "forloeb": "placement",
    "eindkomst": "payroll",
}
Progress = Callable[[str], None]


@dataclass
class KindReport:
    """What taking in one kind did: periods read anew, taken from the cache, removed, and what the partitions say."""

    kind: str
    made: list[str] = field(default_factory=list)
    cached: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    partitions: dict[str, PartitionReport] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def refused(self) -> list[FileReport]:
        """The reports of the files that were refused."""
        return [report for partition in self.partitions.values() for report in partition.files if report.refusal]


@dataclass
class IngestReport:
    """A whole ingest: each kind, what was decided at the cut-off, seconds a step."""

    landing: Landing
    kinds: dict[str, KindReport]
    decision: Decision
    seconds: dict[str, float]


@dataclass(frozen=True)
class Context:
    """What reading a kind needs besides the landing zone."""

    lake: Lake
    hashes: Hashes
    key: ProjectKey
    code_lists: CodeLists
    _fingerprints: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, warehouse: Path, key: ProjectKey | None = None, code_lists: CodeLists | None = None) -> Context:
        """Return the context of a warehouse folder; the key is the environment's unless given."""
        lake = Lake(warehouse)
        return cls(lake, Hashes.open(lake), key or read_key(), code_lists or CodeLists())

    def cache_key(self, kind: str, files: Sequence[LandedFile]) -> str:
        """Return the cache key of a partition of these files."""
        if kind not in self._fingerprints:
            self._fingerprints[kind] = fingerprint(kind, self.key, self.code_lists, reader_of(kind).CODE_LISTS)
        return cache_key(self._fingerprints[kind], [(file.name, self.hashes.sha256(file)) for file in files])

    def month(self, kind: str, files: Sequence[LandedFile]) -> PartitionReport | None:
        """Return the partition of a month's files when it holds just them, else None."""
        found = self.lake.report(kind, files[0].partition)
        return found if found is not None and found.cache_key == self.cache_key(kind, files) else None

    def snapshot(self, kind: str, files: Sequence[LandedFile]) -> PartitionReport | None:
        """Return the partition of one date of a registry kind when it holds the files of one of its attempts, else None."""
        found = self.lake.report(kind, files[0].partition)
        keys = {self.cache_key(kind, attempt) for attempt in attempts(files)}
        return found if found is not None and found.cache_key in keys else None


def reader_of(kind: str) -> ModuleType:
    """Return the module that reads a kind: `read_partition`, perhaps `read_partitions`, and `CODE_LISTS`, the lists it is held against."""
    return importlib.import_module(f"assets.ingest.{READERS[kind]}")


def require_files(landing: Landing) -> date:
    """Return the cut-off of a landing zone that holds something.

    Raises:
        BuildStopped: when it holds no file with a name of the contract; says what was found instead.
    """
    if not any(file.is_recognised for file in landing.files) or landing.as_of is None:
        names = [
            Problem(file.name, None, "unrecognised", "the name fits no kind of the contract", "rename it, or leave it")
            for file in landing.unrecognised
        ]
        raise BuildStopped([*landing.problems, *names])
    return landing.as_of


def ingest(
    raw: Path,
    warehouse: Path,
    as_of: date | None = None,
    progress: Progress | None = None,
    key: ProjectKey | None = None,
    code_lists: CodeLists | None = None,
) -> IngestReport:
    """Take in every kind and write the inputs of a build.

    Raises:
        BuildStopped: with every reason why the build may not go on.
    """
    from assets.ingest.decide import decide

    say = progress or (lambda line: None)
    context = Context.open(warehouse, key, code_lists)
    landing = scan(raw, as_of, context.code_lists)
    require_files(landing)
    context.lake.tidy()
    kinds, seconds = {}, {}
    for kind in KINDS:
        kinds[kind] = read_kind(raw, warehouse, landing, kind, say, context=context)
        seconds[kind] = kinds[kind].seconds
    started = time.monotonic()
    decision = decide(landing, warehouse, context=context)
    seconds["decide"] = time.monotonic() - started
    return IngestReport(landing, kinds, decision, seconds)


def read_kind(
    raw: Path,
    warehouse: Path,
    landing: Landing,
    kind: str,
    progress: Progress | None = None,
    anew: Collection[str] = (),
    context: Context | None = None,
) -> KindReport:
    """Bring the lake's partitions of one kind up to date; `anew` names periods to read whatever the cache says."""
    started = time.monotonic()
    say = progress or (lambda line: None)
    context = context or Context.open(warehouse)
    require_files(landing)
    report = KindReport(kind)
    if kind in REGISTRY_KINDS:
        _read_snapshots(landing, context, report, set(anew))
    else:
        _read_months(landing, context, report, set(anew), say)
    context.hashes.save()
    report.seconds = time.monotonic() - started
    say(_told(report))
    return report


def _read_months(landing: Landing, context: Context, report: KindReport, anew: set[str], say: Progress) -> None:
    kind, lake = report.kind, context.lake
    partitions = monthly_partitions(landing, kind, context.hashes)
    new = {}
    for month, files in partitions.items():
        found = context.month(kind, files)
        if found is not None and month not in anew:
            report.partitions[month] = found
            report.cached.append(month)
        else:
            new[month] = files
    report.removed = lake.keep_only(kind, [*report.cached, *new])
    if new:
        say(f"{kind}: {sum(map(len, new.values()))} files of {len(new)} months are read")
    for month, reports, folder in _read(kind, new, context):
        _require_same_content(new[month], reports, context)
        key = context.cache_key(kind, new[month])
        report.partitions[month] = lake.finish(folder, PartitionReport(kind, month, key, reports))
        report.made.append(month)
        if len(report.made) % 24 == 0:
            say(f"{kind}: {len(report.made)} of {len(new)} months")
    report.partitions = dict(sorted(report.partitions.items()))


def _read(
    kind: str, partitions: Mapping[str, Sequence[LandedFile]], context: Context
) -> Iterator[tuple[str, list[FileReport], Path]]:
    if not partitions:
        return
    reader, lake = reader_of(kind), context.lake
    folders = {period: lake.workplace(kind, period) for period in partitions}
    if hasattr(reader, "read_partitions"):
        for period, reports in reader.read_partitions(partitions, folders, context.key, context.code_lists):
            yield period, reports, folders[period]
    else:
        for period, files in partitions.items():
            yield (
                period,
                reader.read_partition(files, folders[period], context.key, context.code_lists),
                folders[period],
            )


def _read_snapshots(landing: Landing, context: Context, report: KindReport, anew: set[str]) -> None:
    """Read the newest snapshot; while it is refused, the next older one."""
    kind, lake = report.kind, context.lake
    for files in snapshots(landing, kind):
        period = files[0].partition
        found = context.snapshot(kind, files)
        if found is not None and period not in anew and (found.has_accepted or len(found.files) == len(files)):
            report.cached.append(period)
        else:
            report.made.append(period)
            for attempt in attempts(files):
                ((_, reports, folder),) = _read(kind, {period: attempt}, context)
                _require_same_content(attempt, reports, context)
                key = context.cache_key(kind, attempt)
                found = lake.finish(folder, PartitionReport(kind, period, key, reports))
                if found.has_accepted:
                    break
        assert found is not None
        report.partitions[period] = found
        if found.has_accepted:
            break
    # A snapshot of another date is kept out of the lake: the same content under two dates would count twice in a join by content.
    report.removed = lake.keep_only(kind, report.partitions)


def _require_same_content(files: Sequence[LandedFile], reports: Sequence[FileReport], context: Context) -> None:
    """Stop when a file was changed between its hash and its reading: the cache key would promise what the partition does not hold."""
    changed = [
        Problem(
            file.name,
            None,
            "landing_zone",
            "the file was changed while it was read",
            "build again when it stands still",
        )
        for file, report in zip(files, reports, strict=True)
        if report.sha256 != context.hashes.sha256(file)
    ]
    if changed:
        raise BuildStopped(changed)


def _told(report: KindReport) -> str:
    rows = sum(file.rows_delivered or 0 for partition in report.partitions.values() for file in partition.files)
    removed = f", {len(report.removed)} removed" if report.removed else ""
    return (
        f"{report.kind}: {len(report.made)} new, {len(report.cached)} from the lake{removed}; "
        f"{rows} rows in {report.seconds:.1f} s"
    )
