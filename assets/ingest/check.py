"""What a supplier may know before sending: the rules that a file alone decides, asked of files wherever they lie.

Belongs here: reading files without a key and without a lake, and saying what is wrong by file, line, rule and remedy. Not here: rules that need
other files or the cut-off, for a supplier has neither. A throw-away key is drawn for each run; what the readers write goes to a
temporary folder that is gone afterwards. Never a value of a row.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as parquet

from assets.ingest import csv_pass
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile, classify, folder_of_name
from assets.ingest.problems import Problem
from assets.ingest.reports import FileReport
from assets.ingest.rules import bits_of
from assets.ingest.run import reader_of
from expectations import catalogue
from expectations.code_lists import CodeLists

FIRST_LINES = 5
NAMES = (
    "cvr_virksomheder_YYYY-MM-DD.ndjson, cvr_produktionsenheder_YYYY-MM-DD.ndjson, se_numre_YYYY-MM-DD.csv, personer_YYYY-MM-DD.csv, "
    "dream_YYYY-MM-DD.csv, forloeb_KKKK_YYYY-MM.csv or eindkomst_YYYY-MM[_NNN].csv, each perhaps with .gz"
)


@dataclass
class FileCheck:
    """What is known of one file. `report` is None when its name fits no kind or it is not there."""

    path: Path
    kind: str | None = None
    report: FileReport | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether the file would be used and no row of it be rejected."""
        return self.report is not None and not self.report.refusal and not self.report.rows_rejected


def check_files(paths: Iterable[Path], code_lists: CodeLists | None = None) -> list[FileCheck]:
    """Return a check for each file, in the order given."""
    lists = code_lists or CodeLists()
    key = ProjectKey(secrets.token_bytes(32))
    return [_check(Path(path), key, lists) for path in paths]


def _check(path: Path, key: ProjectKey, code_lists: CodeLists) -> FileCheck:
    check = FileCheck(path)
    if not path.is_file():
        message = "the file is not there" if not path.exists() else "this is not a file"
        check.problems.append(Problem(path.name, None, "unrecognised", message, "give the path of a file"))
        return check
    file = classify(path, folder_of_name(path.name) or "", code_lists.municipalities)
    if file.kind is None:
        message = "the name fits no kind of the contract: the file would count as nothing"
        check.problems.append(Problem(path.name, None, "unrecognised", message, f"name it {NAMES}"))
        return check
    check.kind = file.kind
    with tempfile.TemporaryDirectory(prefix="fodfaeste-check-") as folder:
        (check.report,) = reader_of(file.kind).read_partition([file], Path(folder), key, code_lists)
        lines = {} if check.report.refusal else _rejected_lines(Path(folder) / "rejected.parquet", file.kind)
    check.problems += _problems(file, check.report, lines)
    return check


def _rejected_lines(path: Path, kind: str) -> dict[str, list[int]]:
    """Return rule -> the first lines that break it."""
    table = parquet.read_table(path, columns=["line_number", "broken_rules"]).sort_by("line_number")
    pairs = list(zip(table["line_number"].to_pylist(), table["broken_rules"].to_pylist(), strict=True))
    return {
        rule: [line for line, mask in pairs if mask >> bit & 1][:FIRST_LINES] for rule, bit in bits_of(kind).items()
    }


def _problems(file: LandedFile, report: FileReport, lines: dict[str, list[int]]) -> list[Problem]:
    found = []
    assert file.kind is not None
    for rule in catalogue.rules_of(file.kind):
        looked_at, failed = report.rules.get(rule.rule, (0, 0))
        if rule.rule == report.refusal:
            message = f"the whole file would be refused: {_why_refused(file, report) or rule.predicate}"
            found.append(Problem(file.name, None, rule.rule, message, rule.remedy))
        elif failed:
            share = f"{failed} of {looked_at}"
            first = lines.get(rule.rule, [])
            where = f", first in line {', '.join(map(str, first))}" if len(first) > 1 else ""
            verdict = "rejected" if rule.level == "hard" else "kept and counted"
            message = f"{share} {verdict}: {rule.predicate}{where}"
            found.append(Problem(file.name, first[0] if first else None, rule.rule, message, rule.remedy))
    for name in report.extra_columns if not report.refusal else ():
        message = f"the column {_shown(name)} is outside the contract: allowed, not read, counted"
        found.append(Problem(file.name, None, "unknown_extra_columns", message, "leave it out when it can be"))
    return found


def _why_refused(file: LandedFile, report: FileReport) -> str | None:
    """Return what the header or the trailer shows; names of columns and counts of lines, no values."""
    if report.refusal in ("file.missing_column", "file.duplicate_column") and report.kind:
        header = csv_pass.header_of(csv_pass.read_content(file.path, allows_windows_1252=True).data)
        if not header.names:
            return "the file is empty"
        if report.refusal == "file.duplicate_column":
            return f"named twice: {', '.join(_shown(name) for name in header.repeated())}"
        missing = header.missing(getattr(reader_of(report.kind), "COLUMNS", ()))
        return f"missing: {', '.join(missing)}" if missing else None
    detail = report.facts.get("detail")
    return str(detail) if detail else None


def _shown(name: str) -> str:
    """Return a column's name, unless a line of data stands where the header should: then digits are hidden."""
    return (
        "".join("#" if letter.isdigit() else letter for letter in name)[:40]
        if sum(map(str.isdigit, name)) > 6
        else name[:40]
    )
