"""Which files of a landing zone are read, from names and contents alone: once each content, and the newest snapshot first.

Belongs here: the identity of a delivery and the order in which files are tried. Not here: reading them (`run.py`), what becomes of each
(`decide.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.ingest.lake import Hashes
from assets.ingest.landing import REGISTRY_KINDS, LandedFile, Landing


def identity(file: LandedFile, hashes: Hashes) -> tuple[str, str | None]:
    """Return what tells deliveries of a kind apart: the content, for placement together with the municipality in the name."""
    return hashes.sha256(file), file.municipality


def first_of_content(files: Sequence[LandedFile], hashes: Hashes) -> dict[str, LandedFile]:
    """Return for each file (by name) the first in order of names that has the same content: itself, unless it may be a duplicate."""
    first: dict[tuple[str, str | None], LandedFile] = {}
    return {file.name: first.setdefault(identity(file, hashes), file) for file in files}


def monthly_partitions(landing: Landing, kind: str, hashes: Hashes) -> dict[str, list[LandedFile]]:
    """Return month -> the files of it that are read (placement, payroll), months in order; a copy of an earlier name is not read again.

    A copy without data lines is no duplicate and counts; it needs no reading either, for its report is that of the first name.
    """
    files = landing.inside(kind)
    partitions: dict[str, list[LandedFile]] = {}
    for name, first in first_of_content(files, hashes).items():
        if first.name == name:
            partitions.setdefault(first.partition, []).append(first)
    return dict(sorted(partitions.items()))


def snapshots(landing: Landing, kind: str) -> list[list[LandedFile]]:
    """Return the files of a registry kind by date, newest first; those of one date in order of names, of which the last is tried first."""
    assert kind in REGISTRY_KINDS
    dates: dict[str, list[LandedFile]] = {}
    for file in landing.inside(kind):
        dates.setdefault(file.partition, []).append(file)
    return [dates[date] for date in sorted(dates, reverse=True)]


def attempts(files: Sequence[LandedFile]) -> list[list[LandedFile]]:
    """Return what is read of one date, one after the other while all of it is refused: the last name, then the last two, and so on.

    They share a partition, for a partition is a date: it holds the last attempt.
    """
    return [list(files[-count:]) for count in range(1, len(files) + 1)]
