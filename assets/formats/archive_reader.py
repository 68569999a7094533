"""A submission package as the archives would look at it: what is wrong with it, and its tables.

Belongs here: reading and checking a package, whoever wrote it. Not here: writing. Messages name file, variable and row, never a value of a row.
Checked: folders and files, both indices, every description, and every field of every table against its type and its code list.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from assets.formats import archive_index, archive_values
from assets.formats.archive_rules import CODE, DOCUMENT, DOCUMENT_ENDINGS, PACKAGE, TABLE, VALUES, name_problem
from assets.formats.archive_text import ArchiveTextError, Column, TableText, parse
from assets.formats.dataset import Dataset
from assets.formats.readback import ReadBack

BLOCK_BYTES = 16 << 20
FOLDERS = ("ContextDocumentation", "Data", "Indices")
INDICES = ("archiveIndex.xml", "contextDocumentationIndex.xml")


def check(package: Path) -> list[str]:
    """Everything that is wrong with a package, one line each; empty when nothing is."""
    problems = (
        [] if PACKAGE.fullmatch(package.name) else [f"{package.name}: a package is called FD. and five digits or more"]
    )
    problems += _only(package, FOLDERS)
    if problems:
        return problems
    problems += [*_document_problems(package), *_index_problems(package)]
    tables: dict[str, TableText] = {}
    for folder in _numbered(package / "Data", "table", TABLE, problems):
        try:
            tables[folder.name] = _text(folder)
        except (ArchiveTextError, UnicodeDecodeError, FileNotFoundError) as error:
            problems.append(
                f"{folder.name}.txt: {error if isinstance(error, ArchiveTextError) else 'not there, or not UTF-8'}"
            )
            continue
        problems += [
            f"{folder.name}: {problem}"
            for problem in (
                *_text_problems(tables[folder.name]),
                *_only(folder, (f"{folder.name}.csv", f"{folder.name}.txt")),
            )
        ]
        if not problems:
            problems += [f"{folder.name}.csv: {problem}" for problem in _value_problems(folder, tables[folder.name])]
    return problems + list(_reference_problems(tables))


def read_table(folder: Path, dataset: Dataset) -> ReadBack:
    """A table of a package as the dataset that it was written from: rows, descriptions, code lists."""
    text = _text(folder)
    by_name = {archive_values.name(variable): variable for variable in dataset.variables}
    batches = (
        pa.table(
            {
                by_name[name].name: archive_values.from_text(batch.column(name), by_name[name])
                for name in batch.column_names
            }
        )
        for batch in _batches(folder, text)
    )
    descriptions = {by_name[column.name].name: column.description for column in text.columns if column.name in by_name}
    codes = {by_name[column.name].name: dict(column.codes) for column in text.columns if column.name in by_name}
    return ReadBack(batches, descriptions, codes)


def _text(folder: Path) -> TableText:
    return parse((folder / f"{folder.name}.txt").read_bytes().decode("utf-8"))


def _batches(folder: Path, text: TableText) -> Iterator[pa.Table]:
    names = [column.name for column in text.columns]
    with pv.open_csv(
        folder / f"{folder.name}.csv",
        read_options=pv.ReadOptions(block_size=BLOCK_BYTES),
        parse_options=pv.ParseOptions(delimiter=";"),
        convert_options=pv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    ) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _only(folder: Path, expected: tuple[str, ...]) -> list[str]:
    found = {path.name for path in folder.iterdir()}
    missing = [f"{folder.name}: {name} is not there" for name in expected if name not in found]
    return missing + [f"{folder.name}: {name} does not belong there" for name in sorted(found - set(expected))]


def _numbered(folder: Path, prefix: str, pattern: object, problems: list[str]) -> list[Path]:
    """The folders `prefix`1, `prefix`2, ... without a gap, as far as they are there."""
    found = {path.name for path in folder.iterdir()}
    expected = [f"{prefix}{number}" for number in range(1, len(found) + 1)]
    if not found or found != set(expected):
        problems.append(f"{folder.name}: holds {prefix}1, {prefix}2 and so on without a gap, and nothing else")
    return [folder / name for name in expected if name in found]


def _document_problems(package: Path) -> Iterator[str]:
    folder = package / "ContextDocumentation"
    problems = _only(folder, ("docCollection1",))
    yield from problems
    if problems:
        return
    numbered: list[str] = []
    for document in _numbered(folder / "docCollection1", "", DOCUMENT, numbered):
        pages = sorted(document.iterdir(), key=lambda path: path.name)
        endings = {page.suffix for page in pages}
        if (
            len(endings) != 1
            or not endings <= set(DOCUMENT_ENDINGS)
            or {page.stem for page in pages} != {str(n) for n in range(1, len(pages) + 1)}
        ):
            yield f"document {document.name}: its pages are 1, 2 and so on, of one kind of {', '.join(DOCUMENT_ENDINGS)}"
    yield from numbered


def _index_problems(package: Path) -> Iterator[str]:
    problems = _only(package / "Indices", INDICES)
    yield from problems
    if problems:
        return
    for name in INDICES:
        try:
            found = archive_index.read_index(package / "Indices" / name)
        except (ElementTree.ParseError, ValueError) as error:
            yield f"{name}: {error}"
            continue
        if name == INDICES[1]:
            folders = {path.name for path in (package / "ContextDocumentation").glob("docCollection1/*")}
            if sorted(found.get("documentID", [])) != sorted(folders):
                yield f"{name}: the documents are not the folders of docCollection1"
        elif found.get("archiveInformationPackageID", [""])[0].rpartition(".")[2] != package.name.removeprefix("FD."):
            yield f"{name}: archiveInformationPackageID is not of this package"
        else:
            due = (
                "systemName",
                "systemPurpose",
                "systemContent",
                "creatorName",
                "archivePeriodStart",
                "archivePeriodEnd",
            )
            yield from (f"{name}: {element} is empty" for element in due if not all(found.get(element, [""])))


def _text_problems(text: TableText) -> Iterator[str]:
    names = [column.name for column in text.columns]
    for name in (text.name, *names):
        problem = name_problem(name)
        if problem:
            yield f"{name}: {problem}"
    if len(names) < 2:
        yield "a table has two variables or more"
    yield from (f"{name}: two variables of this name" for name in sorted(set(names)) if names.count(name) > 1)
    yield from (f"{key}: a key that is no variable" for key in text.keys if key not in names)
    for column in text.columns:
        if column.kind not in VALUES:
            yield f"{column.name}: type {column.kind} is none of {', '.join(VALUES)}"
        if not column.description.strip():
            yield f"{column.name}: no description"
        for what, texts in (
            ("code", [code for code, _ in column.codes]),
            ("label", [label for _, label in column.codes]),
        ):
            yield from (
                f"{column.name}: {what} '{text}' stands twice in its code list"
                for text in sorted(set(texts))
                if texts.count(text) > 1
            )
        yield from (
            f"{column.name}: '{code}' is no code of a code list" for code, _ in column.codes if not CODE.fullmatch(code)
        )
        yield from (f"{column.name}: code '{code}' has no label" for code, label in column.codes if not label.strip())


def _value_problems(folder: Path, text: TableText) -> Iterator[str]:
    header = (folder / f"{folder.name}.csv").open(encoding="utf-8", newline="").readline().rstrip("\r\n").split(";")
    if header != [column.name for column in text.columns]:
        yield "its header is not the variables of the description, in their order"
        return
    wrong: dict[str, int] = {}
    outside: dict[str, int] = {}
    try:
        for batch in _batches(folder, text):
            for column in text.columns:
                wrong[column.name] = wrong.get(column.name, 0) + _not_matching(batch.column(column.name), column)
                outside[column.name] = outside.get(column.name, 0) + _not_listed(batch.column(column.name), column)
    except pa.ArrowInvalid:
        yield "a row with more or fewer fields than the header, or not UTF-8"
    yield from (f"{name}: {rows} values not of its type" for name, rows in wrong.items() if rows)
    yield from (f"{name}: {rows} values outside its code list" for name, rows in outside.items() if rows)


def _not_matching(values: pa.ChunkedArray, column: Column) -> int:
    matches = (
        pc.match_substring_regex(values, VALUES[column.kind])
        if column.kind != "string"
        else pc.less_equal(pc.utf8_length(values), 32_767)
    )
    return pc.sum(pc.invert(matches)).as_py() or 0


def _not_listed(values: pa.ChunkedArray, column: Column) -> int:
    if not column.codes:
        return 0
    listed = pc.is_in(values, value_set=pa.array([code for code, _ in column.codes], pa.string()))
    return pc.sum(pc.and_(pc.is_valid(values), pc.invert(listed))).as_py() or 0


def _reference_problems(tables: dict[str, TableText]) -> Iterator[str]:
    by_name = {text.name: {column.name for column in text.columns} for text in tables.values()}
    for folder, text in tables.items():
        for reference in text.references:
            if reference.variable not in by_name[text.name] or reference.other_variable not in by_name.get(
                reference.other_table, set()
            ):
                yield f"{folder}: REFERENCE to {reference.other_table}.{reference.other_variable}: no such variable"
