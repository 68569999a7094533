"""Benefits: `dream_<date>.csv`, one row a person and one column an ISO week, kept as runs of equal codes.

Belongs here: the pass over the file in blocks of whole lines, people, the rules, the counts. Not here: the file's lines
(`benefit_blocks.py`), bytes to codes to runs (`benefit_runs.py`), the lake's tables (`benefit_tables.py`), what a code means (dbt). The file is
never in memory whole, unless quotes stand in it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from assets.ingest import benefit_blocks, benefit_runs, benefit_tables
from assets.ingest.contents import scan
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile
from assets.ingest.people import create_people, people_sql
from assets.ingest.reports import FileReport, delivery_id
from assets.ingest.rules import bits_of, rule_counts
from expectations.code_lists import CodeLists

KIND = "dream"
CODE_LISTS = ("benefit_codes",)
COLUMNS = ("cpr",)  # and the weeks
WEEKS_TOLD = 10  # missing weeks that a message names


@dataclass
class Tally:
    """What a pass has counted so far."""

    lines: int = 0
    right: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    without_modulus: list[int] = field(default_factory=lambda: [0, 0])
    weeks: int = 0
    unknown_codes: Counter[str] = field(default_factory=Counter)


class SeenNumbers:
    """Which CPR numbers have come before: one bit a possible number, 93 MB that the system gives only as far as they are used."""

    def __init__(self) -> None:
        self._bits = np.zeros(62 * 12 * 100 * 10_000 // 8, dtype=np.uint8)

    def add(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Note valid numbers in order and return which of them are the first of their kind."""
        days, months, years = numbers // 10**8, numbers // 10**6 % 100, numbers // 10**4 % 100
        days = np.where(days > 60, days - 30, days) - 1  # 1-31 and 61-91
        places = ((days * 12 + months - 1) * 100 + years) * 10_000 + numbers % 10_000
        is_first = np.zeros(len(places), dtype=bool)
        distinct, firsts = np.unique(places, return_index=True)
        is_new = (self._bits[distinct >> 3] >> (distinct & 7).astype(np.uint8)) & 1 == 0
        is_first[firsts[is_new]] = True
        new = distinct[is_new]
        np.bitwise_or.at(self._bits, new >> 3, np.left_shift(1, new & 7).astype(np.uint8))
        return is_first


def read_partition(
    files: Sequence[LandedFile], out_dir: Path, key: ProjectKey, code_lists: CodeLists
) -> list[FileReport]:
    """Write the tables of `dream` (docs/lake.md) for the files of one date and return a report a file."""
    known: dict[str, FileReport] = {}
    reports = []
    writers = {
        name: pq.ParquetWriter(out_dir / f"{name}.parquet", schema, compression="zstd")
        for name, schema in benefit_tables.TABLES.items()
    }
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        key.prepare(connection)
        for file in files:
            content = scan(file.path)
            if content.sha256 not in known:  # a content stands once in a partition
                report = FileReport(file.name, KIND, content.sha256, refusal=content.refusal)
                _read_file(file, report, content.has_quotes, writers, connection, code_lists)
                known[content.sha256] = report
            reports.append(dataclasses.replace(known[content.sha256], file_name=file.name))
    for writer in writers.values():
        writer.close()
    return reports


def _read_file(
    file: LandedFile,
    report: FileReport,
    has_quotes: bool,
    writers: dict[str, pq.ParquetWriter],
    connection: duckdb.DuckDBPyConnection,
    code_lists: CodeLists,
) -> None:
    """Complete the report of a file that can be read and write its rows unless a file rule refuses it."""
    report.rules = rule_counts(report.refusal, KIND)
    if report.refusal:
        return
    blocks = benefit_blocks.quoted(file.path) if has_quotes else benefit_blocks.plain(file.path)
    header, marks = next(blocks)
    weeks = benefit_runs.weeks_of(header)
    report.extra_columns = [name for place, name in enumerate(header) if name != "cpr" and place not in weeks.columns]
    if "cpr" not in header or not weeks.columns:
        report.refusal = "file.missing_column"
    elif len(set(header)) < len(header):
        report.refusal = "file.duplicate_column"
    elif weeks.missing:
        report.refusal = "dream.missing_week"
        more = f" and {len(weeks.missing) - WEEKS_TOLD} more" if len(weeks.missing) > WEEKS_TOLD else ""
        report.facts["detail"] = f"no column for {', '.join(weeks.missing[:WEEKS_TOLD])}{more}"
    report.rules = rule_counts(report.refusal, KIND)
    if report.refusal:
        lines = sum(len(benefit_runs.split(block, len(header), *marks).has_right_fields) for block, _ in blocks)
        report.rows_delivered = report.rows_rejected = lines
        report.has_data_lines = lines > 0
        return
    report.counters["unknown_extra_columns"] = len(report.extra_columns)
    tally, seen = Tally(), SeenNumbers()
    for data, _ in blocks:
        block = benefit_runs.split(data, len(header), *marks)
        _read_block(block, header.index("cpr"), weeks, report, tally, seen, writers, connection, code_lists)
    _complete(report, weeks, tally)


def _read_block(
    block: benefit_runs.Block,
    cpr_column: int,
    weeks: benefit_runs.Weeks,
    report: FileReport,
    tally: Tally,
    seen: SeenNumbers,
    writers: dict[str, pq.ParquetWriter],
    connection: duckdb.DuckDBPyConnection,
    code_lists: CodeLists,
) -> None:
    right = block.has_right_fields
    lines = np.arange(tally.lines + 1, tally.lines + len(right) + 1, dtype=np.int32)
    people = _people_of(connection, benefit_runs.texts_of(block, cpr_column))
    is_valid = np.asarray(people["person_key"].is_valid())
    is_first = np.zeros(len(is_valid), dtype=bool)
    is_first[is_valid] = seen.add(people["digits"].drop_null().to_numpy())
    bits = bits_of(KIND)
    broken = np.where(is_valid, 0, 1 << bits["dream.cpr_invalid"]) + np.where(
        is_valid & ~is_first, 1 << bits["dream.second_row"], 0
    )
    accepted = broken == 0
    cells, texts = benefit_runs.cells_of(benefit_runs.only(block, accepted), weeks.columns, code_lists.benefit_codes)
    coded, unknown = (cells != benefit_runs.EMPTY).sum(axis=1), (cells < 0).sum(axis=1)
    delivery = delivery_id(report.sha256)

    kept = people.filter(pa.array(accepted))
    benefit_tables.write_rows(writers["rows"], delivery, lines[right][accepted], kept, [coded, unknown])
    benefit_tables.write_runs(writers["runs"], delivery, lines[right][accepted], kept, cells, weeks)
    nothing = people.slice(0, 0)
    wrong = np.full(int((~right).sum()), 1 << bits["dream.unreadable_value"])
    benefit_tables.write_rows(
        writers["rejected"], delivery, lines[~right], nothing, [None, None, wrong, np.zeros(len(wrong), dtype=bool)]
    )
    others = ~accepted
    benefit_tables.write_rows(
        writers["rejected"], delivery, lines[right][others], people.filter(pa.array(others)),
        [None, None, broken[others], np.ones(int(others.sum()), dtype=bool)],
    )  # fmt: skip

    tally.lines += len(right)
    tally.right += int(right.sum())
    tally.rejected += len(wrong) + int(others.sum())
    tally.failed.update({
        "dream.unreadable_value": len(wrong),
        "dream.cpr_invalid": int((~is_valid).sum()),
        "dream.second_row": int((is_valid & ~is_first).sum()),
    })  # fmt: skip
    tally.weeks += int(coded.sum())
    tally.unknown_codes.update(texts)
    real = np.asarray(pc.fill_null(pc.invert(people["is_constructed"]), False))
    fails = np.asarray(pc.fill_null(pc.invert(people["has_modulus_11"]), False))
    tally.without_modulus[0] += int((accepted & real).sum())
    tally.without_modulus[1] += int((accepted & real & fails).sum())
    if real.any() and report.first_real_line is None:
        report.first_real_line = int(lines[right][real][0])
    report.real_numbers += int(real.sum())
    latest = pc.max(people["birth_date"]).as_py()
    report.latest_birth_date = max((day for day in (report.latest_birth_date, latest) if day), default=None)


def _people_of(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> pa.Table:
    """Return, a row a text in order, the six columns (person_key as 16 bytes) and the ten digits as a number; nulls when not valid."""
    delivered = pa.table({"place": np.arange(len(texts)), "cpr": pa.array(texts, pa.string())})
    connection.register("block", delivered)
    create_people(connection, "block", with_digits=True)
    found = connection.execute(f"""
        select people.digits::bigint as digits, {people_sql("people")}
        from block
        left join people on block.cpr = people.cpr_text
        order by block.place
    """).to_arrow_table()
    connection.unregister("block")
    return found


def _complete(report: FileReport, weeks: benefit_runs.Weeks, tally: Tally) -> None:
    report.rows_delivered, report.rows_rejected, report.has_data_lines = tally.lines, tally.rejected, tally.lines > 0
    report.rules |= {
        "dream.unreadable_value": (tally.lines, tally.failed["dream.unreadable_value"]),
        "dream.cpr_invalid": (tally.right, tally.failed["dream.cpr_invalid"]),
        "dream.second_row": (tally.right, tally.failed["dream.second_row"]),
        "dream.cpr_without_modulus_11": (tally.without_modulus[0], tally.without_modulus[1]),
        "dream.unknown_code": (tally.weeks, sum(tally.unknown_codes.values())),
    }
    report.facts |= {
        "first_week": weeks.thursdays[0].isoformat(),
        "last_week": weeks.thursdays[-1].isoformat(),
        "coded_weeks": tally.weeks,
        "unknown_code_weeks": sum(tally.unknown_codes.values()),
        "unknown_codes": dict(sorted(tally.unknown_codes.items())),
    }
