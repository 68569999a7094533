"""A payroll file as a whole: its lines without the trailer, the trailer's promises, and the counts of its report.

Belongs here: the rules that refuse a file (`payroll.trailer_*`, `payroll.line_numbers`) and sums over its lines. Not here: what a line says or
breaks (`payroll_rows.py`), how files become partitions (`payroll.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.ingest import csv_pass, numbers
from assets.ingest.landing import LandedFile
from assets.ingest.payroll_rows import COLUMNS, KIND
from assets.ingest.reports import FileReport
from assets.ingest.rules import bits_of, rule_counts
from expectations.predicates import payroll as predicates

TRAILER = "9999999"
_CLASSES = {
    predicates.EVERY_ROW: "has_right_fields",
    predicates.REPORTS: "is_report",
    predicates.REVERSALS: "is_reversal",
}
_EPOCH = date(1970, 1, 1)


@dataclass
class PayrollFile:
    """One file on its way: first its lines are read (`lines`), then counted chunk by chunk (`count`), at last judged (`finish`)."""

    file: LandedFile
    report: FileReport
    content: csv_pass.Content | None
    header: csv_pass.Header
    trailer: dict[str, str] | None = None
    first_wrong_line: int | None = None
    rows: int = 0
    sums: dict[str, int] = field(default_factory=lambda: {"felt_0013": 0, "felt_0200": 0})
    rejected: int = 0
    looked_at: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, file: LandedFile) -> PayrollFile:
        """Read a file's bytes and header; `report.refusal` is set when one of them refuses it."""
        content = csv_pass.read_content(file.path)
        report = FileReport(file.name, KIND, content.sha256, refusal=content.refusal)
        opened = cls(file, report, content, csv_pass.Header((), 0))
        if report.refusal is None:
            opened.header = csv_pass.header_of(content.data)
            report.extra_columns = opened.header.extra(COLUMNS)
            report.refusal = csv_pass.header_refusal(opened.header, COLUMNS)
            if report.refusal:
                opened._count_of_refused(content)
        if report.refusal:
            report.rules = rule_counts(report.refusal, KIND)
            opened.content = None
        return opened

    def lines(self) -> Iterator[pa.RecordBatch]:
        """Yield the data lines as text; the trailer, if the last record is one, is kept apart. The bytes are let go at the end."""
        if self.content is None:
            return
        held: pa.RecordBatch | None = None
        for batch in csv_pass.batches(self.content, self.header, COLUMNS):
            if held is not None:
                yield self._numbered(held)
            held = batch
        if held is not None:
            held = self._without_trailer(held)
            if held.num_rows:
                yield self._numbered(held)
        self.content = None

    def count(self, judged: dict[str, np.ndarray]) -> None:
        """Add a chunk's rows of this file to the sums and counts of its report."""
        broken = judged["broken_rules"]
        report = self.report
        self.rows += len(broken)
        self.sums["felt_0013"] += _exact_sum(judged["a_income_amount"])
        self.sums["felt_0200"] += _exact_sum(judged["hours"])
        is_right, is_accepted = judged["has_right_fields"], broken == 0
        self.rejected += int(np.count_nonzero(~is_accepted))
        classes = {name: judged[flag] & is_right for name, flag in _CLASSES.items()}
        class_sizes = {name: int(np.count_nonzero(rows)) for name, rows in classes.items()}
        for rule, (rows, _) in predicates.PREDICATES.items():
            self._add(rule, class_sizes[rows], 0)
        self._add(predicates.UNREADABLE, len(broken), 0)
        if not is_accepted.all():
            broken_ones = broken[~is_accepted]
            for rule, bit in bits_of(KIND).items():
                self._add(rule, 0, int(np.count_nonzero(broken_ones & (1 << bit))))
        accepted_reports = is_accepted & judged["is_report"]
        for place, (rule, (rows, _)) in enumerate(predicates.SOFT.items()):
            seen = accepted_reports if rows == predicates.REPORTS else accepted_reports & ~judged["is_constructed"]
            failed = np.count_nonzero(seen & ((judged["soft_failed"] & (1 << place)) > 0))
            self._add(rule, int(np.count_nonzero(seen)), int(failed))
        repaired = int(np.count_nonzero(is_accepted & judged["is_repaired"]))
        report.counters["cpr_leading_zero"] = report.counters.get("cpr_leading_zero", 0) + repaired
        self._note_numbers(judged, is_right)

    def finish(self) -> FileReport:
        """Ask the rules of the whole file, in the catalogue's order, and return the finished report."""
        report = self.report
        if report.refusal is None:
            report.rows_delivered, report.has_data_lines = self.rows, self.rows > 0
            report.refusal = self._refusal()
            report.rules = rule_counts(report.refusal, KIND)
            if report.refusal:
                report.rows_rejected = self.rows
                report.counters = {}
            else:
                report.rows_rejected = self.rejected
                report.counters["unknown_extra_columns"] = len(report.extra_columns)
                report.rules |= {rule: (self.looked_at[rule], self.failed[rule]) for rule in self.looked_at}
        return report

    def _refusal(self) -> str | None:
        trailer = self.trailer
        if trailer is None:
            return "payroll.trailer_missing"
        count = trailer["indberetning_id"]
        if not (count.isascii() and count.isdigit() and int(count) == self.rows):
            self.report.facts["detail"] = f"the file has {self.rows} data lines, its trailer says another number"
            return "payroll.trailer_count"
        for column, rule in (("felt_0013", "payroll.trailer_sum_0013"), ("felt_0200", "payroll.trailer_sum_0200")):
            promised = numbers.read_amount(trailer[column])
            if promised is None or _cents(promised) != _cents(self.sums[column]):
                # The sums themselves may be one person's pay: they are not told.
                self.report.facts["detail"] = f"the trailer's {column} is not the sum over the data lines"
                return rule
        if self.first_wrong_line is not None:
            self.report.facts["detail"] = f"linje is not 1 to n in order, first in line {self.first_wrong_line}"
            return "payroll.line_numbers"
        return None

    def _count_of_refused(self, content: csv_pass.Content) -> None:
        """Count the rows of a file whose header refuses it; the trailer is no row, and real CPR numbers are seen here too."""
        columns = [name for name in ("linje", "cpr") if self.header.names.count(name) == 1]
        table = csv_pass.read_table(content, self.header, columns) if columns else None
        rows = table.num_rows if table is not None else csv_pass.count_records(content.data, self.header.offset)
        if table is not None and rows and "linje" in columns and table["linje"][rows - 1].as_py() == TRAILER:
            rows -= 1
        self.report.rows_delivered = self.report.rows_rejected = rows
        self.report.has_data_lines = rows > 0
        if table is not None and "cpr" in columns:
            rights = table["has_right_fields"].to_pylist()
            for line, (text, is_right) in enumerate(zip(table["cpr"].to_pylist()[:rows], rights, strict=False), 1):
                cpr = numbers.read_cpr(text) if is_right else None
                if cpr is not None and not cpr.is_constructed:
                    self.report.real_numbers += 1
                    self.report.first_real_line = self.report.first_real_line or line

    def _without_trailer(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        place = int(np.argmax(np.asarray(batch["line_number"])))
        if batch["linje"][place].as_py() != TRAILER:
            return batch
        self.trailer = {column: batch[column][place].as_py() for column in COLUMNS}
        if place == batch.num_rows - 1:
            return batch.slice(0, place)
        return batch.filter(pc.not_equal(batch["line_number"], batch["line_number"][place]))

    def _numbered(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if self.first_wrong_line is None and not _is_line_number(batch["linje"], batch["line_number"]):
            pairs = zip(batch["linje"].to_pylist(), batch["line_number"].to_pylist(), strict=True)
            self.first_wrong_line = min(line for text, line in pairs if not _is_written(text, line))
        return batch

    def _add(self, rule: str, looked_at: int, failed: int) -> None:
        self.looked_at[rule] = self.looked_at.get(rule, 0) + looked_at
        self.failed[rule] = self.failed.get(rule, 0) + failed

    def _note_numbers(self, judged: dict[str, Any], is_right: np.ndarray) -> None:
        """Note real numbers and the latest birth date: of every row that can be read, rejected ones too."""
        report = self.report
        is_real = judged["is_cpr_valid"] & ~judged["is_constructed"] & is_right
        count = int(np.count_nonzero(is_real))
        if count:
            line = int(judged["line_number"][is_real].min())
            report.real_numbers += count
            report.first_real_line = line if report.first_real_line is None else min(report.first_real_line, line)
        if judged["is_cpr_valid"].any():
            latest = _EPOCH + timedelta(days=int(judged["birth_day"][judged["is_cpr_valid"]].max()))
            report.latest_birth_date = max(report.latest_birth_date or latest, latest)


def _is_line_number(written: pa.Array, line_number: pa.Array) -> bool:
    """Whether every `linje` is the number of its record, written in digits."""
    try:
        is_equal = pc.all(pc.equal(written.cast(pa.int32()), line_number)).as_py() is not False
    except pa.ArrowInvalid:
        return False
    return is_equal and pc.all(pc.utf8_is_decimal(written)).as_py() is not False  # Arrow takes 0x1 for a number


def _is_written(text: str, line: int) -> bool:
    return text.isascii() and text.isdigit() and int(text) == line


def _exact_sum(values: np.ndarray) -> int:
    """Return the sum of 64-bit numbers without overflow."""
    return (int((values >> 20).sum()) << 20) + int((values & ((1 << 20) - 1)).sum())


def _cents(value: int) -> int:
    """Return 1/10000 as 1/100, half away from zero."""
    return (abs(value) + 50) // 100 * (1 if value >= 0 else -1)
