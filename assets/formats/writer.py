"""A frame and its description -> its files, none of which counts before it has been read back.

Belongs here: the list of formats, the one way in. Not here: a format's own rules.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from assets.formats import csv_files, cube, jsonstat, parquet, px, px_reader, readback, sas, spss, stata, xlsx
from assets.formats.coding import BOOLEAN_LABELS
from assets.formats.dataset import LANGUAGES, Dataset, Language
from assets.formats.readback import ReadBack
from assets.formats.table import conform

Labels = Mapping[str, Mapping[str, str]]
Run = Callable[..., Iterable[Any]]


def _never(table: pa.Table, dataset: Dataset) -> str | None:
    return None


def _all(table: pa.Table, dataset: Dataset) -> pa.Table:
    return table


def _value_sets(table: pa.Table, dataset: Dataset, language: Language) -> Labels:
    return {variable.name: variable.value_labels(language) for variable in dataset.variables if variable.values}


def _coded(table: pa.Table, dataset: Dataset, language: Language) -> Labels:
    booleans = {
        v.name: {str(value): label for value, label in BOOLEAN_LABELS[language].items()}
        for v in dataset.variables
        if v.kind == "boolean"
    }
    return {**_value_sets(table, dataset, language), **booleans}


def _in_stata(table: pa.Table, dataset: Dataset, language: Language) -> Labels:
    unlabelled = stata.unlabelled(dataset)
    return {name: labels for name, labels in _coded(table, dataset, language).items() if name not in unlabelled}


def _in_cube(table: pa.Table, dataset: Dataset, language: Language) -> Labels:
    return {
        d.variable.name: dict(zip(d.codes, d.labels(language), strict=True)) for d in cube.of(table, dataset).dimensions
    }


@dataclass(frozen=True)
class Format:
    """How a format is written and read.

    `ending`: after the dataset's name, `{language}` in it where there is a file a language. `held`: what of a table the format holds.
    `value_labels`: which labels of values it holds. `refusal`: why it cannot hold a table.
    """

    ending: str
    write: Callable[[pa.Table, Dataset, Path, Language], list[Path]]
    read: Callable[[Path, Dataset, Language], ReadBack]
    held: Callable[[pa.Table, Dataset], pa.Table] = _all
    value_labels: Callable[[pa.Table, Dataset, Language], Labels] = _value_sets

    has_labels: bool = True
    refusal: Callable[[pa.Table, Dataset], str | None] = _never

    @property
    def files(self) -> tuple[tuple[Language, tuple[Language, ...]], ...]:
        """The language of every file, and the languages of the labels in it."""
        if "{" in self.ending:
            return tuple((language, (language,)) for language in LANGUAGES)
        return ((LANGUAGES[0], LANGUAGES if self.has_labels else LANGUAGES[:1]),)

    def path(self, folder: Path, dataset: Dataset, language: Language) -> Path:
        """Where the file of a dataset stands."""
        return (
            folder
            / f"{dataset.name}{self.ending.format(language='' if language == 'da' else '_' + language, suffix='_' + language)}"
        )


FORMATS: dict[str, Format] = {
    "parquet": Format(".parquet", parquet.write, parquet.read),
    "csv": Format(".csv", csv_files.write, csv_files.read, has_labels=False),
    "csv_excel": Format("_excel.csv", csv_files.write_excel, csv_files.read_excel, has_labels=False),
    "stata": Format("{suffix}.dta", stata.write, stata.read, value_labels=_in_stata),
    "spss": Format("{suffix}.sav", spss.write, spss.read, value_labels=_coded),
    "sas": Format("{suffix}.xpt", sas.write, sas.read, value_labels=_coded),
    "xlsx": Format(".xlsx", xlsx.write, xlsx.read, xlsx.held, refusal=xlsx.refusal),
    "px": Format(".px", px.write, px_reader.read, px_reader.held, _in_cube, refusal=px.refusal),
    "jsonstat": Format("{language}.json", jsonstat.write, jsonstat.read, cube.held, _in_cube, refusal=cube.refusal),
}


def write_all(
    frame: pd.DataFrame | pa.Table, dataset: Dataset, folder: Path, formats: Iterable[str], run: Run = map
) -> list[Path]:
    """Writes `frame` in every one of `formats` (keys of `FORMATS`) and reads every file back: rows, order, labels.

    Returns the files. They come to `folder` only when all have been read back and hold what was written; when one does not, or a format cannot hold
    the table, the folder stays as it was and the error says file, column and what differs, never a value of a row.

    `run`: does the formats, as `map`; that of a pool of processes does them side by side.
    """
    table = conform(frame, dataset)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".being-written-") as name:
        if run is map:
            written = [path for key in formats for path in _write(table, dataset, Path(name), FORMATS[key])]
        else:
            rows = Path(name) / ".rows.arrow"
            with pa.OSFile(str(rows), "wb") as file, pa.ipc.new_file(file, table.schema) as sink:
                sink.write_table(table)
            # The dearest formats stand last in every list: begun first, no process waits for one of them at the end.
            tasks = [(rows, dataset, Path(name), key) for key in reversed([*formats])]
            written = [path for paths in run(_write_rows, tasks) for path in paths]
        for path in written:
            os.replace(path, folder / path.name)
    return [folder / path.name for path in written]


def refusals(frame: pd.DataFrame | pa.Table, dataset: Dataset, formats: Iterable[str]) -> dict[str, str]:
    """Which of `formats` cannot hold `frame` (a table too sparse for a cube, too long for Excel), and why; `write_all` would refuse them."""
    table = conform(frame, dataset)
    found = {name: FORMATS[name].refusal(table, dataset) for name in formats}
    return {name: reason for name, reason in found.items() if reason is not None}


def _write_rows(task: tuple[Path, Dataset, Path, str]) -> list[Path]:
    """A format in a process of its own: the rows come by a file, not through the pipe between processes."""
    rows, dataset, folder, key = task
    with pa.memory_map(str(rows)) as file:
        return _write(pa.ipc.open_file(file).read_all(), dataset, folder, FORMATS[key])


def _write(table: pa.Table, dataset: Dataset, folder: Path, form: Format) -> list[Path]:
    written: list[Path] = []
    for language, label_languages in form.files:
        path = form.path(folder, dataset, language)
        written += form.write(table, dataset, path, language)
        for labels_in in label_languages:
            # Rows are the same in every language of one file: they are looked through once.
            _read_back(path, table, dataset, form, labels_in, with_rows=labels_in == label_languages[0])
    return written


def _read_back(
    path: Path, table: pa.Table, dataset: Dataset, form: Format, language: Language, *, with_rows: bool
) -> None:
    held = form.held(table, dataset)
    labels = {
        variable.name: variable.label(language) for variable in dataset.variables if variable.name in held.column_names
    }
    readback.verify(
        path,
        held,
        lambda: form.read(path, dataset, language),
        labels,
        form.value_labels(table, dataset, language),
        with_rows=with_rows,
    )
