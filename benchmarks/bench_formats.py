"""Time and memory of a release's files: a table of person months written in each format and read back.

    python benchmarks/bench_formats.py [--rows 1000000] [--no-record]

Each format in a process of its own, beside one that only makes the table; Stata, SPSS and SAS in both languages. Appends to benchmarks/results.md.
Belongs here: the table and the clock. Not here: what a format does (`assets/formats`).
"""

from __future__ import annotations

import argparse
import datetime
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))
from assets.formats import archive
from assets.formats.archive_index import Creator, Information
from assets.formats.dataset import Dataset, Variable
from assets.formats.writer import write_all
from benchmarks.measure import Cost, run
from benchmarks.record import add_no_record, record

NOTHING, ARCHIVE = "nothing", "archive"
FORMATS = ("parquet", "csv", "csv_excel", "stata", "spss", "sas", ARCHIVE)
MONTHS = 96
DAY = datetime.date(2015, 1, 1)


def person_months(rows: int) -> tuple[pa.Table, Dataset]:
    """Twenty columns of all kinds: two keys, codes with and without leading zeros, counts, flags, hours, weights; a tenth of them null."""
    random = np.random.default_rng(1)
    persons = rows // MONTHS + 1
    months = pa.array([datetime.date(2015 + number // 12, 1 + number % 12, 1) for number in range(MONTHS)])
    instruments = {f"instrument_{number}": (f"Indsats {number}", f"Instrument {number}") for number in range(8)}
    municipalities = {f"0{100 + number}": (f"Kommune {number}", f"Municipality {number}") for number in range(98)}
    keys = [f"{number:032x}" for number in range(persons)]
    columns: list[tuple[Variable, pa.Array]] = [
        (
            Variable("person", "text", "Person", "Person", is_key=True),
            pa.array(keys).take(pa.array(np.repeat(np.arange(persons), MONTHS)[:rows])),
        ),
        (
            Variable("month", "month", "Måned", "Month", is_key=True),
            months.take(pa.array(np.tile(np.arange(MONTHS), persons)[:rows])),
        ),
        (
            Variable("instrument", "text", "Indsats", "Instrument", values=instruments),
            pa.array(list(instruments)).take(pa.array(random.integers(0, 8, rows), mask=random.random(rows) < 0.5)),
        ),
        (
            Variable("municipality_code", "text", "Kommune", "Municipality", values=municipalities),
            pa.array(list(municipalities)).take(pa.array(random.integers(0, 98, rows))),
        ),
    ]
    for number in range(5):
        columns.append(
            (
                Variable(f"weeks_{number}", "integer", f"Uger {number}", f"Weeks {number}"),
                pa.array(random.integers(0, 5, rows)),
            )
        )
        flags = pa.array(random.random(rows) < 0.3, mask=random.random(rows) < 0.1)
        columns.append((Variable(f"is_{number}", "boolean", f"Er {number}", f"Is {number}"), flags))
    for number in range(4):
        hours = pa.array(random.integers(0, 20_000, rows) / 100, mask=random.random(rows) < 0.1)
        columns.append((Variable(f"hours_{number}", "decimal", f"Timer {number}", f"Hours {number}"), hours))
    for number in range(2):
        columns.append(
            (
                Variable(f"weight_{number}", "double", f"Vægt {number}", f"Weight {number}"),
                pa.array(random.random(rows)),
            )
        )
    dataset = Dataset(
        "person_months",
        "Personmåneder",
        "Person months",
        "Én række pr. person og måned.",
        "One row per person and month.",
        tuple(variable for variable, _ in columns),
    )
    return pa.Table.from_arrays(
        [values for _, values in columns], names=[variable.name for variable, _ in columns]
    ), dataset


def write(form: str, rows: int, folder: Path) -> None:
    """One format, in this process."""
    table, dataset = person_months(rows)
    if form == ARCHIVE:
        information = Information(99_999, "Prøve", "Prøve", "Prøve", DAY, DAY, (Creator("Prøve", DAY, DAY),))
        archive.write([archive.ArchiveTable(dataset, table)], information, folder)
    elif form != NOTHING:
        write_all(table, dataset, folder, [form])


def main() -> None:
    """Runs each format in a process of its own and keeps the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    add_no_record(parser)
    given = parser.parse_args()
    if given.only:
        write(given.only, given.rows, given.folder)
        return
    costs: dict[str, tuple[Cost, float]] = {}
    for form in (NOTHING, *FORMATS):
        with tempfile.TemporaryDirectory() as name:
            command = [sys.executable, __file__, "--only", form, "--rows", str(given.rows), "--folder", name]
            cost = run(command, Path(name) / "log.txt")
            size = sum(path.stat().st_size for path in Path(name).rglob("*") if path.is_file())
            costs[form] = (cost, size / 1e6)
    base = costs.pop(NOTHING)[0]
    lines = [
        f"## {datetime.date.today()} · `python benchmarks/bench_formats.py --rows {given.rows}`",
        "",
        f"{platform.machine()}, Python {platform.python_version()}, machine shared. {given.rows:,} person months of 20 columns, written and read back; Stata, SPSS and SAS in two languages.",
        f"Without what making the table takes ({base.cpu:.1f} s processor); peak with it ({base.peak_gb:.2f} GB).",
        "",
        "| format | wall s | processor s | peak GB | MB |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {form} | {cost.wall - base.wall:.1f} | {cost.cpu - base.cpu:.1f} | {cost.peak_gb:.2f} | {size:.0f} |"
        for form, (cost, size) in costs.items()
    ]
    record("\n".join(lines), is_kept=not given.no_record)


if __name__ == "__main__":
    main()
