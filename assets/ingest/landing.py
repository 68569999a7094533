"""The landing zone: which files stand in it, what their names say, and the cut-off they suggest.

Belongs here: names. Not here: anything inside a file (`csv_pass.py` and the readers), whether a file counts (`decide.py`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assets.ingest.problems import Problem
from expectations.code_lists import CodeLists

REGISTRY_KINDS = ("cvr_virksomheder", "cvr_produktionsenheder", "se_numre", "personer", "dream")
PLACEMENT_KIND, PAYROLL_KIND = "forloeb", "eindkomst"
KINDS = (*REGISTRY_KINDS, PLACEMENT_KIND, PAYROLL_KIND)
FOLDERS = ("registry", "placement", "payroll")
FOLDER_OF = {**dict.fromkeys(REGISTRY_KINDS, "registry"), PLACEMENT_KIND: "placement", PAYROLL_KIND: "payroll"}

_DAY, _MONTH = r"(?P<period>[0-9]{4}-[0-9]{2}-[0-9]{2})", r"(?P<period>[0-9]{4}-[0-9]{2})"
_NAMES = {
    "registry": (
        re.compile(rf"(?P<kind>cvr_virksomheder|cvr_produktionsenheder)_{_DAY}\.ndjson(\.gz)?"),
        re.compile(rf"(?P<kind>se_numre|personer|dream)_{_DAY}\.csv(\.gz)?"),
    ),
    "placement": (re.compile(rf"(?P<kind>forloeb)_(?P<municipality>[0-9]{{4}})_{_MONTH}\.csv(\.gz)?"),),
    "payroll": (re.compile(rf"(?P<kind>eindkomst)_{_MONTH}(_(?P<part>[0-9]{{3}}))?\.csv(\.gz)?"),),
}


@dataclass(frozen=True)
class LandedFile:
    """A file of the landing zone, by its name. `kind` and `period` are None when the name fits none (unrecognised)."""

    path: Path
    folder: str
    kind: str | None = None
    period: date | None = None  # registry: the date in the name; placement and payroll: the first of the month
    part: int | None = None
    municipality: str | None = None

    @property
    def name(self) -> str:
        """The name without folder: how the contract's tables know a file."""
        return self.path.name

    @property
    def is_recognised(self) -> bool:
        """Whether the name fits a kind."""
        return self.kind is not None

    @property
    def last_day(self) -> date:
        """The date of a registry file, the last day of a month's file: what is compared with the cut-off by default."""
        assert self.period is not None
        return self.period if self.folder == "registry" else last_day_of_month(self.period)

    @property
    def partition(self) -> str:
        """The name of the lake's folder below the kind: a date or a month."""
        assert self.period is not None
        return self.period.isoformat() if self.folder == "registry" else f"{self.period:%Y-%m}"

    def is_inside(self, as_of: date) -> bool:
        """Whether its date (registry) or month (placement, payroll) is not later than the cut-off's."""
        return self.period is not None and self.period <= as_of


@dataclass(frozen=True)
class Landing:
    """Every file of a landing zone in order of folder and name, and the cut-off. Problems are collected, not raised."""

    raw: Path
    as_of: date | None
    files: tuple[LandedFile, ...]
    problems: tuple[Problem, ...] = field(default=())

    def of_kind(self, kind: str) -> list[LandedFile]:
        """Return the files of a kind in order of their names."""
        return [file for file in self.files if file.kind == kind]

    def inside(self, kind: str) -> list[LandedFile]:
        """Return the files of a kind that are not later than the cut-off, in order of their names."""
        return [file for file in self.of_kind(kind) if self.as_of is not None and file.is_inside(self.as_of)]

    @property
    def unrecognised(self) -> list[LandedFile]:
        """The files whose name fits no kind."""
        return [file for file in self.files if not file.is_recognised]


def scan(raw: Path, as_of: date | None = None, code_lists: CodeLists | None = None) -> Landing:
    """Return what stands in a landing zone. Reads names only.

    Without `as_of` the cut-off is the latest among the dates of the registry files and the last days of the months of the placement
    and payroll files with a recognised name, whatever becomes of them; None when there is none.
    """
    municipalities = (code_lists or CodeLists()).municipalities
    if not raw.is_dir():
        what = "is not a folder" if raw.exists() else "is not there"
        return Landing(raw, as_of, (), (_problem(f"the landing zone {raw} {what}"),))
    files, problems = [], []
    for folder in FOLDERS:
        for path in _files_of(raw / folder):
            files.append(classify(path, folder, municipalities))
    if not any(file.is_recognised for file in files):
        problems.append(_problem(f"the landing zone {raw} holds no file with a name of the contract"))
    for path in _nested(raw):
        message = (
            f"the folder {path.relative_to(raw)} is passed over: files count only directly in {', '.join(FOLDERS)}"
        )
        problems.append(
            Problem(None, None, "landing_zone", message, "move its files up one folder if they shall count")
        )
    cut_off = as_of or max((file.last_day for file in files if file.is_recognised), default=None)
    return Landing(raw, cut_off, tuple(files), tuple(problems))


def classify(path: Path, folder: str, municipalities: frozenset[str]) -> LandedFile:
    """Return what a file's name says; one that fits no kind of its folder has no kind."""
    for form in _NAMES.get(folder, ()):
        match = form.fullmatch(path.name)
        if match is None:
            continue
        parts = match.groupdict()
        period = _period(parts["period"])
        municipality = parts.get("municipality")
        part = int(parts["part"]) if parts.get("part") else None
        if period is None or part == 0 or (municipality is not None and municipality not in municipalities):
            break
        return LandedFile(path, folder, parts["kind"], period, part, municipality)
    return LandedFile(path, folder)


def folder_of_name(name: str) -> str | None:
    """Return the folder in which a file of this name would stand, None when the name fits no kind (numbers not looked up)."""
    return next((folder for folder, forms in _NAMES.items() if any(form.fullmatch(name) for form in forms)), None)


def last_day_of_month(month: date) -> date:
    """Return the last day of a month given by any of its days."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _period(text: str) -> date | None:
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return None


def _files_of(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        # By code point: "the later file name" must not depend on a machine's language.
        yield from sorted(
            (path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")),
            key=lambda path: path.name,
        )


def _nested(raw: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        if (raw / folder).is_dir():
            yield from sorted(
                path for path in (raw / folder).iterdir() if path.is_dir() and not path.name.startswith(".")
            )


def _problem(message: str) -> Problem:
    remedy = f"put the extracts into {', '.join(f'{folder}/' for folder in FOLDERS)} below it, under the names of the delivery contract"
    return Problem(file=None, line=None, rule="landing_zone", message=message, remedy=remedy)
