"""Which files count: duplicates, the registry snapshot that wins, refusals, complete months; the rows of the files used.

What a file is called belongs to `landing`, what a row must be to the readers of the kinds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .code_lists import CodeLists
from .cvr_documents import Enterprise, Unit, read_enterprises, read_units
from .enterprises import judge_flags
from .landing import REGISTRY_KINDS, Delivery, is_inside, open_file, unpack
from .payroll_rows import Line, data_lines, judge_trailer, read_lines
from .placement_rows import Context, Version, judge_changed_cpr, judge_date_forms, read_versions
from .records import Table, judge_header, read_table
from .registry_rows import CprReader, Dream, Person, judge_weeks, read_dream, read_personer, read_se_numre


class BuildStops(Exception):
    """The rules of level `stop` that are broken, named."""

    def __init__(self, rules: list[str]) -> None:
        super().__init__("the build stops: " + ", ".join(rules))
        self.rules = rules


@dataclass
class Landed:
    """What the files that count say."""

    deliveries: list[Delivery]
    cprs: CprReader
    tables: dict[str, Table] = field(default_factory=dict)  # file name: records, of CSV files with a good header
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    accepted_documents: list[Enterprise] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    se_numbers: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    population: dict[str, Person] = field(default_factory=dict)
    dream: Dream = field(default_factory=Dream)
    versions: list[Version] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def used(self, kind: str) -> list[Delivery]:
        """The files of a kind that count, in order of name."""
        return [file for file in self.deliveries if file.kind == kind and file.outcome == "used"]


def _records(file: Delivery, table: Table) -> int:
    return len(data_lines(table)) if file.kind == "eindkomst" else len(table.records)


def judge_file(file: Delivery, landed: Landed) -> bool:
    """Opens a file and holds it to the file rules of its kind, in their order; True when it is accepted."""
    if not open_file(file):
        return False
    if file.name.removesuffix(".gz").endswith(".ndjson"):
        return True
    table = read_table(file.text)
    landed.tables[file.name] = table
    file.rows_delivered = _records(file, table)
    if not judge_header(file, table):
        return False
    further = {"forloeb": judge_date_forms, "eindkomst": judge_trailer, "dream": judge_weeks}.get(file.kind)
    return further is None or further(file, table)


def choose_registry(landed: Landed, as_of: int) -> None:
    """The newest accepted snapshot of each kind counts: by date, then by file name."""
    for kind in REGISTRY_KINDS:
        inside = [file for file in landed.deliveries if file.kind == kind and is_inside(file, as_of)]
        chosen = None
        for file in sorted(inside, key=lambda file: (file.day, file.name), reverse=True):
            if chosen is not None:
                unpack(file)
                file.outcome = "superseded"
            elif judge_file(file, landed):
                chosen = file
                file.outcome = "used"


def choose_logs(landed: Landed, as_of: int) -> None:
    """Placement and payroll: every file counts, but the same content under a second name."""
    seen: set[tuple[str, str, str | None]] = set()
    for file in landed.deliveries:
        if file.kind not in ("forloeb", "eindkomst") or not is_inside(file, as_of):
            continue
        accepted = judge_file(file, landed)
        identity = (file.kind, file.sha256, file.municipality)
        if file.rows_delivered:  # of a file that cannot be read nobody knows that it has data lines
            if identity in seen:
                file.outcome, file.refused_by = "duplicate", None
                continue
            seen.add(identity)
        if accepted:
            file.outcome = "used"


def is_complete(files: list[Delivery], as_of: int) -> bool:
    """A payroll month: one unnumbered file, or parts from 001 without a gap, all accepted, the month over."""
    own = [file for file in files if file.outcome != "duplicate"]
    if any(file.outcome != "used" for file in own) or not own or own[0].end > as_of:
        return False
    contents: dict[int | None, set[str]] = defaultdict(set)
    for file in own:
        contents[file.part].add(file.sha256)
    if any(len(content) > 1 for content in contents.values()):
        return False
    return set(contents) == {None} or (None not in contents and sorted(contents) == list(range(1, len(contents) + 1)))


def payroll_span(landed: Landed, as_of: int) -> tuple[int, int | None]:
    """The first month delivered, and the last through which payroll is complete."""
    months: dict[int, list[Delivery]] = defaultdict(list)
    for file in landed.deliveries:
        if file.kind == "eindkomst" and is_inside(file, as_of):
            months[file.month].append(file)
    first = month = min(months)
    while is_complete(months.get(month, []), as_of):
        month += 1
    return first, month - 1 if month > first else None


def mark_after_cut_off(landed: Landed, as_of: int) -> None:
    """Files that come later, and files of no kind, are listed with their SHA-256 and nothing more."""
    for file in landed.deliveries:
        if file.kind is None or not is_inside(file, as_of):
            unpack(file)
            file.outcome = "after_cut_off" if file.kind else "unrecognised"


def read_registry(landed: Landed, lists: CodeLists, counters: Counter[str]) -> None:
    """The rows of the registry snapshots that count."""
    for file in landed.used("cvr_virksomheder"):
        landed.enterprises, landed.accepted_documents = read_enterprises(file, file.text)
        judge_flags(file, landed.accepted_documents)
    for file in landed.used("cvr_produktionsenheder"):
        landed.units = read_units(file, file.text)
    for file in landed.used("se_numre"):
        landed.se_numbers = read_se_numre(file, landed.tables[file.name])
    for file in landed.used("personer"):
        landed.population, repaired = read_personer(file, landed.tables[file.name], landed.cprs)
        counters["cpr_leading_zero"] += repaired
    for file in landed.used("dream"):
        landed.dream, repaired = read_dream(file, landed.tables[file.name], landed.cprs, lists)
        counters["cpr_leading_zero"] += repaired


def read_logs(landed: Landed, lists: CodeLists, counters: Counter[str]) -> None:
    """The rows of the placement and payroll files that count, in order of file name and line."""
    context = Context(landed.cprs, landed.population, lists)
    for file in landed.used("forloeb"):
        file.rows_accepted = 0
        landed.versions += read_versions(file, landed.tables[file.name], context)
    judge_changed_cpr(landed.versions)
    for file in landed.used("eindkomst"):
        table = landed.tables.pop(file.name)
        landed.lines += read_lines(file, table, landed.cprs, landed.population, lists, counters)
