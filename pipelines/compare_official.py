"""`fodfaeste compare-official FILE`: an export of Jobindsats beside the published warehouse, cell by cell.

Belongs here: opening the two, options, printing, the file of all cells. Not here: reading an export, the comparison (transforms/release/official*.py).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import duckdb

    from transforms.release.official import Agreement, Cell, Ours
    from transforms.release.official_file import OfficialFile

SHOWN_FAULTS = 4  # in a check, whose text shows whole below 1,000 characters
INCOMING = "official"  # the folder of the landing zone in which a file may stand
WIDTHS = (10, 22, 44, 58, 12, 12, 12)
HEADINGS = ("period", "area", "groups", "measure", "theirs", "ours", "difference")
COLUMNS = ("line", "period", "area", "groups", "measure", "theirs", "ours", "difference", "differs", "grade", "note")


@dataclass(frozen=True)
class Comparison:
    """A file, its cells beside ours, the verdict."""

    file: OfficialFile
    cells: list[Cell]
    agreement: Agreement


def compare_official(file: Path, warehouse: Path) -> Comparison:
    """Compares a file with a published warehouse.

    Args:
        file: an export of OTIJ01 or Y14D03, CSV or JSON.
        warehouse: the published file (`outcome.duckdb`), or the folder that holds it.

    Raises:
        OfficialError: every fault of the file.
        FileNotFoundError: no file, or no published warehouse.
    """
    from assets.publishing.audit import connect
    from transforms.release.official import agreement, compare
    from transforms.release.official_areas import read_areas
    from transforms.release.official_file import read_official
    from transforms.release.official_map import read_map

    known = read_map()
    read = read_official(file.name, file.read_bytes(), known, read_areas(known.councils))
    published = warehouse / "outcome.duckdb" if warehouse.is_dir() else warehouse
    if not published.is_file():
        raise FileNotFoundError(f"{published}: no published warehouse. Build first: fodfaeste build")
    with connect(published.resolve()) as connection:
        cells = compare(read, _ours(connection, read.table.name), known)
    return Comparison(read, cells, agreement(cells))


def _ours(connection: duckdb.DuckDBPyConnection, table: str) -> Ours:
    from transforms.release import official_hours, official_outcomes

    if table == "OTIJ01":
        monthly = connection.execute(official_hours.MONTHLY).fetchall()
        return official_hours.BenefitHours(monthly, connection.execute(official_hours.YEARLY).fetchall())
    span = connection.execute(official_outcomes.SPAN).fetchone()
    assert span is not None
    ended = connection.execute(official_outcomes.ENDED).fetchall()
    return official_outcomes.AfterPlacements(ended, official_outcomes.Span(*span))


def supplied(raw: Path) -> list[Path]:
    """The files of official figures in a landing zone (`official/`), in order of name."""
    return sorted(path for path in (raw / INCOMING).glob("*") if path.suffix.lower() in (".csv", ".json"))


@dataclass(frozen=True)
class Verdict:
    """What a check of warning severity says of a supplied file: `sentence` and `markdown` in Danish, safe where everybody looks."""

    file: str
    passes: bool
    sentence: str
    markdown: str


def verdicts(raw: Path, warehouse: Path) -> list[Verdict]:
    """One verdict for each supplied file; empty when there is none. A file that cannot be read does not pass, with its first faults."""
    return [_verdict(path, warehouse) for path in supplied(raw)]


def _verdict(path: Path, warehouse: Path) -> Verdict:
    from transforms.release.official_table import OfficialError

    try:
        comparison = compare_official(path, warehouse)
    except OfficialError as error:
        told = [f"- {fault}" for fault in error.faults[:SHOWN_FAULTS]]
        sentence = f"Filen kan ikke sammenlignes: {len(error.faults)} fejl."
        return Verdict(path.name, False, sentence, "\n".join(told))
    verdict = comparison.agreement
    sentence = (
        f"{comparison.file.table.name}: {verdict.differing} af {verdict.compared} celler afviger mere end tolerancen."
    )
    return Verdict(path.name, verdict.passes, sentence, verdict.markdown)


def lines(cells: Iterable[Cell], shows_small: bool = False) -> Iterable[str]:
    """The cells as text; a figure of ours that rests on fewer than five is [c] unless asked for, since a screen gets copied."""
    from transforms.release.official import danish

    yield _line(HEADINGS)
    for cell in cells:
        figures = [danish(value) for value in (cell.theirs, cell.ours, cell.difference)]
        if cell.is_small and not shows_small:
            figures[1:] = ["[c]" if figure != "–" else figure for figure in figures[1:]]
        yield _line((cell.period, cell.area, cell.groups, cell.measure, *figures)) + (" *" if cell.differs else "")


def _line(texts: Sequence[str]) -> str:
    left = [_fit(text, width) for text, width in zip(texts[:4], WIDTHS[:4], strict=True)]
    right = [text.rjust(width) for text, width in zip(texts[4:], WIDTHS[4:], strict=True)]
    return " ".join([*left, *right]).rstrip()


def _fit(text: str, width: int) -> str:
    return (text if len(text) <= width else f"{text[: width - 1]}…").ljust(width)


def notes(comparison: Comparison) -> Iterable[str]:
    """What each column has beside it, and why not more; unknown columns too."""
    words = {"same": "same definition", "near": "nearly the same", "none": "no counterpart"}
    for measure in (*comparison.file.table.measures, *comparison.file.table.sums):
        yield f"  {measure.name}: {words[measure.grade]}. {measure.why}"
    for column in comparison.file.unknown:
        yield f"  {column}: no counterpart. A column that we do not know."
    for column in comparison.file.strange:
        yield f"  {column}: no counterpart. A group that we do not have: only its total is compared."
    missing = [cell for cell in comparison.cells if cell.ours is None and cell.grade == "none"]
    for why in dict.fromkeys(cell.why for cell in missing):
        if why not in {measure.why for measure in (*comparison.file.table.measures, *comparison.file.table.sums)}:
            yield f"  {sum(cell.why == why for cell in missing)} cells without a figure of ours: {why}."


def write_cells(path: Path, cells: Iterable[Cell]) -> None:
    """Every cell, the small ones too, as CSV for Excel: BOM, ;, decimal comma. For the one who holds the warehouse."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        for cell in cells:
            figures = [
                "" if value is None else f"{value:.6g}".replace(".", ",")
                for value in (cell.theirs, cell.ours, cell.difference)
            ]
            differs = str(cell.differs).lower() if cell.difference is not None else ""
            writer.writerow(
                [cell.line, cell.period, cell.area, cell.groups, cell.measure, *figures, differs, cell.grade, cell.why]
            )


@click.command(
    "compare-official",
    epilog="\b\nExamples:\n  fodfaeste compare-official otij01.csv\n  fodfaeste compare-official y14d03.json --differing --out cells.csv",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where the published warehouse is. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
@click.option("--differing", is_flag=True, help="Show only the cells that differ more than their tolerance.")
@click.option(
    "--small",
    is_flag=True,
    help="Show figures of ours that rest on fewer than five, too: for the holder of the warehouse.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write every cell as CSV too, small counts included.")
def command(file: Path, warehouse: Path | None, differing: bool, small: bool, out: Path | None) -> None:
    """Hold the official figures of OTIJ01 or Y14D03 (Jobindsats: CSV, or the interface's JSON) against ours.

    Exit code 0: compared, whatever differs. 1: the file cannot be compared, or nothing is published.
    """
    from pipelines.settings import SettingsError, read_settings
    from transforms.release.official_table import OfficialError

    try:
        comparison = compare_official(file, read_settings(None, warehouse).warehouse)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None
    except OfficialError as error:
        click.secho(f"{len(error.faults)} faults; nothing is compared:", fg="red", err=True)
        for fault in error.faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(1)
    except OSError as problem:
        click.secho(
            str(problem) if not problem.filename else f"{problem.filename}: {problem.strerror}", fg="red", err=True
        )
        sys.exit(1)
    for line in lines((cell for cell in comparison.cells if cell.differs or not differing), small):
        click.echo(line)
    if out is not None:
        write_cells(out, comparison.cells)
    verdict = comparison.agreement
    click.echo(
        f"\n{comparison.file.table.name} ({comparison.file.table.title}): {verdict.rows} rows, {verdict.compared} cells compared, {verdict.differing} differ more than "
        f"their tolerance (*), {verdict.kept_back} kept back by them, {verdict.without_ours} without a figure of ours."
    )
    for note in notes(comparison):
        click.echo(note)
