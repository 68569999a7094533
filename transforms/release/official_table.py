"""An official export as a header and rows of cells: CSV with ;, or JSON as the interface's version 2 or 3 gives it.

Belongs here: bytes -> header and cells, each with its line. Not here: what a column or a value means (official_file.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file: where, by which rule, what to do. `line`: of a CSV file its line, of JSON the row's number; None: the whole file."""

    file: str
    line: int | None
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return one line: where, what, which rule, what to do."""
        place = f"{self.file}{f' line {self.line}' if self.line is not None else ''}"
        return f"{place}: {self.message} [official.{self.rule}] Remedy: {self.remedy}"


class OfficialError(ValueError):
    """A file that cannot be compared. Carries every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Cells:
    """A header and its rows, each with its line. `table`: the official table's name where the file gives it. `is_json`: numbers come as numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    table: str = ""
    is_json: bool = False


def read_cells(name: str, content: bytes) -> Cells:
    """The cells of a file; a BOM may come first.

    Raises:
        OfficialError: not UTF-8, empty, no JSON of a known shape, no header, rows of another length.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OfficialError(
            [Fault(name, None, "encoding", "the file is not UTF-8", "export it again as UTF-8 (CSV UTF-8 in Excel)")]
        ) from None
    if not text.strip():
        raise OfficialError([Fault(name, None, "empty", "the file is empty", "export it again")])
    return _json(name, text) if text.lstrip()[0] in "[{" else _csv(name, text)


def _csv(name: str, text: str) -> Cells:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    rows: list[tuple[int, tuple[str, ...]]] = []
    header: tuple[str, ...] = ()
    faults = []
    for cells in lines:
        row = tuple(cell.strip() for cell in cells)
        if not any(row):
            continue
        if not header:
            header = row
            if len(header) < 3:
                remedy = "export it as CSV with semicolons (;) and decimal comma"
                raise OfficialError(
                    [
                        Fault(
                            name,
                            lines.line_num,
                            "delimiter",
                            "the header has fewer than three columns divided by ;",
                            remedy,
                        )
                    ]
                )
        elif len(row) != len(header):
            faults.append(
                Fault(
                    name,
                    lines.line_num,
                    "fields",
                    f"{len(row)} fields, the header has {len(header)}",
                    "export it again, whole",
                )
            )
        else:
            rows.append((lines.line_num, row))
    if faults:
        raise OfficialError(faults)
    return Cells(header, tuple(rows))


def _json(name: str, text: str) -> Cells:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as problem:
        raise OfficialError(
            [Fault(name, problem.lineno, "json", "no JSON from here on", "fetch it again, whole")]
        ) from None
    part = document[0] if isinstance(document, list) and len(document) == 1 else document
    table = ""
    if isinstance(part, dict):
        table = str(part.get("TableID") or part.get("table_id") or "").upper()
    header, rows = _shape(document, part)
    if not header:
        remedy = "fetch it as api.jobindsats.dk gives it: /v2/data/<table>/json or /v3/data/<table>?format=json"
        raise OfficialError([Fault(name, None, "json", "JSON of an unknown shape", remedy)])
    faults = [
        Fault(name, number, "fields", f"{len(row)} values, the header has {len(header)}", "fetch it again, whole")
        for number, row in enumerate(rows, 1)
        if len(row) != len(header)
    ]
    if faults:
        raise OfficialError(faults)
    return Cells(header, tuple((number, tuple(row)) for number, row in enumerate(rows, 1)), table, is_json=True)


def _shape(document: Any, part: Any) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Version 2: [{Variables: [{Label}], Data: [[...]]}]. Version 3: {columns, rows}. Or a list of records, bare or under data."""
    if isinstance(part, dict) and isinstance(part.get("Variables"), list) and isinstance(part.get("Data"), list):
        labels = [
            str(one.get("Label") or one.get("Name") or "") if isinstance(one, dict) else str(one)
            for one in part["Variables"]
        ]
        return tuple(labels), [row if isinstance(row, list) else [] for row in part["Data"]]
    if isinstance(part, dict) and isinstance(part.get("columns"), list) and isinstance(part.get("rows"), list):
        labels = [
            str(one.get("label") or one.get("name") or "") if isinstance(one, dict) else str(one)
            for one in part["columns"]
        ]
        return tuple(labels), [row if isinstance(row, list) else [] for row in part["rows"]]
    records = document
    if isinstance(part, dict):
        records = next(
            (part[key] for key in ("data", "result", "results") if isinstance(part.get(key), list)), document
        )
    if isinstance(records, list) and records and all(isinstance(record, dict) for record in records):
        header = tuple(dict.fromkeys(str(key) for record in records for key in record))
        return header, [[record.get(key) for key in header] for record in records]
    return (), []
