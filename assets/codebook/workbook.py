"""The codebook as a workbook: a sheet of tables, one of variables, one of value sets, one about the release.

Belongs here: tables of entries -> sheets, and sheets read back as rows. Not here: what an entry says under a heading (page.py, entries.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from assets.codebook.entries import HEADINGS, Release, Table
from assets.codebook.page import facts, said
from transforms.release.about import About, Text

Rows = list[tuple[str, ...]]
SHOWN = tuple((key, heading) for key, heading in HEADINGS if key not in ("name", "values"))


def sheets(tables: Sequence[Table], about: About, release: Release) -> dict[str, Rows]:
    """Sheet -> rows, the first one the headings; every cell text."""
    return {
        "Tabeller": _tables(tables),
        "Variable": _variables(tables),
        "Værdisæt": _values(tables),
        "Om": [
            ("Hvad", "Dansk", "English"),
            *((heading.da, text.da, text.en) for heading, text in facts(about, release)),
        ],
    }


def _tables(tables: Sequence[Table]) -> Rows:
    head = ("Tabel", "Beskrivende navn", "Descriptive name", "Beskrivelse", "Description", "Variable", "Adgangsniveau")
    return [
        head,
        *(
            (
                table.name,
                table.label.da,
                table.label.en,
                table.description.da,
                table.description.en,
                str(len(table.entries)),
                table.tier,
            )
            for table in tables
        ),
    ]


def _variables(tables: Sequence[Table]) -> Rows:
    twins = [name for _, heading in SHOWN for name in (heading.da, heading.en)]
    head = ("Tabel", "Navn", *twins, "Værdisæt", "Type", "Enhed", "Nøgle", "Adgangsniveau")
    rows: Rows = [head]
    for table in tables:
        for entry in table.entries:
            texts = [text for key, _ in SHOWN for text in _both(said(entry, key))]
            values = f"{len(entry.values)} koder" if entry.values else ""
            words = "; ".join(part for part in (values, entry.value_text) if part)
            rows.append(
                (
                    table.name,
                    entry.name,
                    *texts,
                    words,
                    entry.kind,
                    entry.unit,
                    "ja" if entry.is_key else "",
                    entry.tier,
                )
            )
    return rows


def _values(tables: Sequence[Table]) -> Rows:
    return [
        ("Tabel", "Navn", "Kode", "Betegnelse", "Label"),
        *(
            (table.name, entry.name, code, label.da, label.en)
            for table in tables
            for entry in table.entries
            for code, label in entry.values.items()
        ),
    ]


def _both(text: Text) -> tuple[str, str]:
    return text.da, text.en


def write_workbook(path: Path, tables: Sequence[Table], about: About, release: Release) -> None:
    """Writes the workbook. Equal in content on a second run; the archive carries times of its own."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = f"Kodebog: {about.title.da}, {release.name}"
    book.properties.creator = about.publisher or "Fodfæste"
    made = datetime.datetime.combine(release.as_of or datetime.date(2000, 1, 1), datetime.time())
    book.properties.created = book.properties.modified = made
    for name, rows in sheets(tables, about, release).items():
        _fill(book.create_sheet(name), rows)
    book.save(path)


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            assert isinstance(cell, Cell)
            # As text whatever it begins with: a description that starts with = is no formula, a code with leading zeros no number.
            cell.value = text
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column, heading in enumerate(rows[0], 1):
        longest = max(len(row[column - 1]) for row in rows)
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = min(60, max(len(heading), longest) + 2)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def read_workbook(path: Path) -> dict[str, Rows]:
    """Sheet -> rows of text, as `sheets` gives them; an empty cell is ''."""
    book = load_workbook(path, read_only=True)
    try:
        return {sheet.title: [_row(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    finally:
        book.close()


def _row(values: Iterable[object]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
