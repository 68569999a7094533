"""The restricted tier: the tables for a researcher and the archive, in every format, with keys of the release.

Belongs here: descriptions of these tables, writing them and the submission package. Not here: queries and keys (restricted_rows.py), formats.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import pandas as pd
import yaml

from assets.formats.dataset import Dataset, Kind, Variable
from assets.formats.writer import Run, write_all
from assets.release.restricted_rows import QUERIES, read_table
from transforms.release.labels import Labels, code_labels

FILE: Final = Path(__file__).with_name("restricted.yml")
FORMATS: Final = ("parquet", "csv", "csv_excel", "stata", "spss", "sas")
KINDS: Final = {"b": "boolean", "i": "integer", "u": "integer", "f": "double", "M": "month"}
LONGEST_LABEL: Final = 80
# Two processes more for a table of so many rows; each holds the table as its program wants it, so no more of them, whatever the machine has.
MANY_ROWS: Final = 100_000
PROCESSES: Final = 2
Codebook = Mapping[tuple[str, str], Mapping[str, Any]]


def _given() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def sources() -> dict[str, str]:
    """Restricted table -> the warehouse's table that describes its columns."""
    return {name: given["source"] for name, given in _given().items()}


def by_column(rows: Iterable[Mapping[str, Any]]) -> Codebook:
    """`quality.codebook` by `schema.table` and column."""
    return {(f"{row['schema_name']}.{row['table_name']}", row["column_name"]): row for row in rows}


def undescribed(connection: duckdb.DuckDBPyConnection, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Tables and columns without a description, and where to write it; reads no row of them."""
    codebook, all_given = by_column(rows), _given()
    found = []
    for name, query in QUERIES.items():
        given = all_given.get(name)
        if not given or not all(str(text or "").strip() for text in given.get("description") or [""]):
            found.append(f"{name}: no description: write one in assets/release/{FILE.name}, under {name}: description")
        if not given:
            continue
        for column, *_ in connection.execute(f"describe {query}").fetchall():
            own = given["columns"].get(column)
            text = own[2] if own else codebook.get((given["source"], column), {}).get("description")
            if not str(text or "").strip():
                found.append(
                    f"{name}.{column}: no description: write one in assets/release/{FILE.name}, under {name}: columns: {column}, or beside the model of {given['source']}"
                )
    return found


def describe(name: str, frame: pd.DataFrame, codebook: Codebook, labels: Labels) -> Dataset:
    """What every format says of a restricted table: its own words where restricted.yml has them, else the warehouse's."""
    given = _given()[name]
    variables = []
    for column in frame.columns:
        if column in given["columns"]:
            danish, english, description = given["columns"][column]
        else:
            row = codebook[given["source"], column]
            danish, english, description = row["label_da"], column.replace("_", " ").capitalize(), row["description"]
        kind = KINDS.get(frame[column].dtype.kind, "text")
        present = set(frame[column].dropna().astype(str)) if column in labels and kind == "text" else set()
        words = labels.get(column, {})
        values = {code: words[code] for code in words if code in present} if present and present <= set(words) else {}
        label_da, label_en = str(danish)[:LONGEST_LABEL], str(english)[:LONGEST_LABEL]
        variables.append(
            Variable(
                column, cast(Kind, kind), label_da, label_en, description, values=values, is_key=column in given["keys"]
            )
        )
    label, text = given["label"], given["description"]
    return Dataset(name, label[0], label[1], text[0], text[1], tuple(variables))


def write_restricted(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    key: bytes,
    rows: Iterable[Mapping[str, Any]],
    formats: Iterable[str] = FORMATS,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[dict[str, Dataset], dict[str, int]]:
    """Writes every restricted table in `formats` into `folder`; gives the descriptions and the rows of each.

    `rows`: of `quality.codebook`. `undescribed` has found nothing in them.
    """
    codebook, labels = by_column(rows), code_labels()
    datasets, counts = {}, {}
    for name in QUERIES:
        frame = read_table(connection, name, key)
        datasets[name] = describe(name, frame, codebook, labels)
        counts[name] = len(frame)
        with _side_by_side(len(frame)) as run:
            write_all(frame, datasets[name], folder, formats, run)
        say(f"{name}: {len(frame):,} rows")
    return datasets, counts


@contextmanager
def _side_by_side(rows: int) -> Iterator[Run]:
    """What does the formats of a table: this process for few rows, two others for many."""
    if rows < MANY_ROWS or (os.cpu_count() or 1) < PROCESSES:
        yield map
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool.map
