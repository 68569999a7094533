"""The National Archives' submission package for statistical files: `FD.<number>/` with tables, their descriptions, indices and documents.

Belongs here: writing the package. Not here: its grammar (`archive_text`), its rules (`archive_rules`), checking it (`archive_reader`).
Source: bekendtgørelse nr. 128 af 12. februar 2020, bilag 9. Labels are Danish. The codebook of all tables is drawn as a document of the package, so
that it has the one that it must have; the archives' own documents (their decision on the submission) are added by `documents`.
What the archives' Windows program says of a package is not verified here: `archive_reader` checks what we know of its rules.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats import archive_index, archive_page, archive_reader, archive_rules, archive_values, readback
from assets.formats.archive_index import Document, Information
from assets.formats.archive_text import Reference, TableText, render
from assets.formats.archive_values import ArchiveError
from assets.formats.dataset import Dataset
from assets.formats.table import conform

SYSTEM = "Fodfæste"
ROWS_A_BATCH = 250_000
DOCUMENTS = "docCollection1"


@dataclass(frozen=True)
class Link:
    """`variable` of a table holds `other_variable` of the dataset `other`."""

    variable: str
    other: str
    other_variable: str


@dataclass(frozen=True)
class ArchiveTable:
    """A table of the package."""

    dataset: Dataset
    frame: pd.DataFrame | pa.Table
    links: tuple[Link, ...] = ()


def write(
    tables: Sequence[ArchiveTable], information: Information, folder: Path, documents: Sequence[Document] = ()
) -> Path:
    """Writes `folder`/FD.<number> and gives it, after every table was read back and the package checked.

    Refused with `ArchiveError` before anything is written: a number of fewer than five digits, a dataset's name that is reserved or stands twice, one
    variable alone, two variables of the same name in the package, value labels that are the same, a link to nothing, a document without pages. An
    existing package of the number is replaced. Until it holds what was written the package stands under another name.
    """
    if not archive_rules.PACKAGE.fullmatch(f"FD.{information.number}"):
        raise ArchiveError("the number of a package has five digits or more")
    problems = list(_problems(tables, documents))
    if problems:
        raise ArchiveError("\n".join(problems))
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"FD.{information.number}"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".being-written-") as name:
        package = Path(name) / final.name
        for number, table in enumerate(tables, 1):
            _write_table(table, tables, package / "Data" / f"table{number}")
        _write_documents([_codebook(tables, Path(name)), *documents], package)
        archive_index.write_archive_index(information, package / "Indices" / "archiveIndex.xml")
        found = archive_reader.check(package)
        if found:
            raise ArchiveError("\n".join(found))
        if final.exists():
            os.replace(final, Path(name) / "before")
        os.replace(package, final)
    return final


def _problems(tables: Sequence[ArchiveTable], documents: Sequence[Document]) -> Iterator[str]:
    names = [table.dataset.name for table in tables]
    if not tables:
        yield "no tables"
    for table in tables:
        dataset = table.dataset
        name_problem = archive_rules.name_problem(dataset.name)
        if name_problem:
            yield f"{dataset.name}: {name_problem}"
        if names.count(dataset.name) > 1:
            yield f"{dataset.name}: two tables of this name"
        if len(dataset.variables) < 2:
            yield f"{dataset.name}: a table has two variables or more"
        columns = [archive_values.column(variable) for variable in dataset.variables]
        in_package = [column.name.lower() for column in columns]
        for column in columns:
            if in_package.count(column.name.lower()) > 1:
                yield f"{dataset.name}: {column.name}: two variables have this name in the package"
            labels = [label for _, label in column.codes]
            yield from (
                f"{dataset.name}: {column.name}: label '{label}' stands for two codes"
                for label in sorted(set(labels))
                if labels.count(label) > 1
            )
        for link in table.links:
            other = next((other.dataset for other in tables if other.dataset.name == link.other), None)
            if link.variable not in _names(dataset) or other is None or link.other_variable not in _names(other):
                yield f"{dataset.name}: {link.variable}: {link.other}.{link.other_variable} is not in the package"
    for document in documents:
        endings = {page.suffix for page in document.pages}
        if len(endings) != 1 or not endings <= set(archive_rules.DOCUMENT_ENDINGS):
            yield f"{document.title}: the pages of a document are files of one kind, of {', '.join(archive_rules.DOCUMENT_ENDINGS)}"


def _names(dataset: Dataset) -> set[str]:
    return {variable.name for variable in dataset.variables}


def _write_table(table: ArchiveTable, tables: Sequence[ArchiveTable], folder: Path) -> None:
    rows = conform(table.frame, table.dataset)
    folder.mkdir(parents=True)
    path = folder / f"{folder.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(archive_values.name(variable) for variable in table.dataset.variables) + "\r\n")
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        for batch in rows.to_batches(ROWS_A_BATCH):
            fields = [
                archive_values.as_text(column, variable)
                for column, variable in zip(batch.columns, table.dataset.variables, strict=True)
            ]
            for field, variable in zip(fields, table.dataset.variables, strict=True):
                if (pc.max(pc.utf8_length(field)).as_py() or 0) > archive_rules.MAX_TEXT:
                    raise ArchiveError(
                        f"{table.dataset.name}: {variable.name}: text of more than {archive_rules.MAX_TEXT} characters"
                    )
            writer.writerows(zip(*(field.to_pylist() for field in fields), strict=True))
    text = _text(table, tables)
    (folder / f"{folder.name}.txt").write_bytes(render(text).encode())
    labels = {variable.name: archive_values.column(variable).description for variable in table.dataset.variables}
    values = {variable.name: dict(archive_values.column(variable).codes) for variable in table.dataset.variables}
    readback.verify(path, rows, lambda: archive_reader.read_table(folder, table.dataset), labels, values)


def _text(table: ArchiveTable, tables: Sequence[ArchiveTable]) -> TableText:
    by_name = {
        other.dataset.name: {variable.name: archive_values.name(variable) for variable in other.dataset.variables}
        for other in tables
    }
    own = by_name[table.dataset.name]
    return TableText(
        system=SYSTEM,
        name=table.dataset.name,
        description=archive_values.plain(table.dataset.description_da),
        keys=tuple(own[variable.name] for variable in table.dataset.keys),
        references=tuple(
            Reference(link.other, by_name[link.other][link.other_variable], own[link.variable]) for link in table.links
        ),
        columns=tuple(archive_values.column(variable) for variable in table.dataset.variables),
    )


def _codebook(tables: Sequence[ArchiveTable], folder: Path) -> Document:
    lines: list[str] = []
    for number, table in enumerate(tables, 1):
        lines += [
            f"table{number}: {table.dataset.name}: {table.dataset.label_da}",
            f"  {table.dataset.description_da}",
            "",
        ]
        for variable in table.dataset.variables:
            column = archive_values.column(variable)
            unit = f" Enhed: {variable.unit}." if variable.unit else ""
            lines.append(f"  {column.name} ({column.kind}): {column.description}.{unit}".replace("..", "."))
            lines += [f"      {code}: {label}" for code, label in column.codes]
        lines.append("")
    drawn = folder / "codebook"
    drawn.mkdir()
    return Document("Kodebog", "Tabeller, variable og koder", pages=archive_page.write_pages(lines, drawn))


def _write_documents(documents: Sequence[Document], package: Path) -> None:
    for number, document in enumerate(documents, 1):
        folder = package / "ContextDocumentation" / DOCUMENTS / str(number)
        folder.mkdir(parents=True)
        for page, source in enumerate(document.pages, 1):
            shutil.copyfile(source, folder / f"{page}{source.suffix}")
    (package / "Indices").mkdir()
    archive_index.write_document_index(documents, package / "Indices" / "contextDocumentationIndex.xml")
