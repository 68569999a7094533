"""Tiny landing zones for the readers' tests: write files, read the partition, look at the lake's tables.

Belongs here: what the tests of enterprises, units, SE numbers, persons, benefits and placements share. Not here: assertions.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from assets.ingest.keys import ProjectKey
from assets.ingest.landing import classify
from assets.ingest.reports import FileReport
from expectations.code_lists import CodeLists

KEY = ProjectKey(bytes(range(32)))
CVR, OTHER_CVR, THIRD_CVR = "25052943", "11617034", "21265837"  # valid by modulus 11
WOMAN, MAN = "6101801234", "6202901235"  # constructed: born 1 January 1980, 2 February 1990


@dataclass
class Read:
    """What reading a partition gave: a report a file, and the folder with its tables."""

    reports: list[FileReport]
    folder: Path

    @property
    def report(self) -> FileReport:
        """The report of the only file."""
        (report,) = self.reports
        return report

    def table(self, name: str = "rows", order: str = "all") -> list[dict[str, Any]]:
        """Return a table's rows as dictionaries, in order of all columns or as asked."""
        relation = duckdb.sql(f"select * from read_parquet('{self.folder / f'{name}.parquet'}') order by {order}")
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def column(self, column: str, name: str = "rows") -> list[Any]:
        """Return one column of a table in order of the lines."""
        return [row[column] for row in self.table(name, "line_number")]

    def failed(self) -> dict[str, int]:
        """Return the rules that a row or the file broke, with their counts."""
        return {rule: failed for rule, (_, failed) in self.report.rules.items() if failed}

    def looked_at(self, rule: str) -> int:
        """Return how many rows a rule looked at."""
        return self.report.rules[rule][0]


def read(
    module: ModuleType, tmp_path: Path, folder: str, files: dict[str, str | bytes], code_lists: CodeLists | None = None
) -> Read:
    """Write files (a text as UTF-8, packed when the name ends with .gz) and read them as one partition."""
    lists = code_lists or CodeLists()
    raw, out = tmp_path / folder, tmp_path / "partition"
    raw.mkdir(exist_ok=True)
    out.mkdir(exist_ok=True)
    landed = []
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (raw / name).write_bytes(gzip.compress(data) if name.endswith(".gz") and isinstance(content, str) else data)
        landed.append(classify(raw / name, folder, lists.municipalities))
    return Read(module.read_partition(landed, out, KEY, lists), out)


def csv_text(header: str, *rows: str, line_end: str = "\n") -> str:
    """Return a CSV text of a header and rows as they stand."""
    return "".join(f"{line}{line_end}" for line in (header, *rows))


def rule_bits(kind_rules: list[str], mask: int) -> list[str]:
    """Return the rules of a bitmask, given a kind's hard rules in the catalogue's order."""
    return [rule for place, rule in enumerate(kind_rules) if mask >> place & 1]
