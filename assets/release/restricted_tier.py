"""The restricted tier: the tables for a researcher and the archive, in every format, with keys of the release.

Belongs here: descriptions of these tables, writing them and the submission package. Not here: queries and keys (restricted_rows.py), formats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import pandas as pd
import yaml

from assets.formats.dataset import Dataset, Kind, Variable
from assets.formats.writer import write_all
from assets.release.labels import Labels, code_labels
from assets.release.restricted_rows import QUERIES, read_table

FILE: Final = Path(__file__).with_name("restricted.yml")
FORMATS: Final = ("parquet", "csv", "csv_excel", "stata", "spss", "sas")
KINDS: Final = {"b": "boolean", "i": "integer", "u": "integer", "f": "double", "M": "month"}
LONGEST_LABEL: Final = 80


def describe(
    name: str, frame: pd.DataFrame, codebook: Mapping[tuple[str, str], Mapping[str, Any]], labels: Labels
) -> Dataset:
    """What every format says of a restricted table: its own words where restricted.yml has them, else the warehouse's.

    Raises:
        ValueError: a column that neither describes.
    """
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))[name]
    undescribed = [c for c in frame.columns if c not in given["columns"] and (given["source"], c) not in codebook]
    if undescribed:
        raise ValueError(f"{FILE.name}: {name}: no description of {', '.join(undescribed)} here or in quality.codebook")
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
    folder: Path, connection: duckdb.DuckDBPyConnection, key: bytes, say: Callable[[str], None] = lambda line: None
) -> tuple[list[Path], dict[str, Dataset], dict[str, int]]:
    """Writes every restricted table in every format into `folder`; gives the files, the descriptions and the rows of each."""
    rows = connection.execute("select * from quality.codebook").df()
    codebook: dict[tuple[str, str], Mapping[str, Any]] = {
        (f"{row['schema_name']}.{row['table_name']}", row["column_name"]): row
        for row in cast(list[dict[str, Any]], rows.to_dict("records"))
    }
    labels = code_labels()
    written: list[Path] = []
    datasets, counts = {}, {}
    for name in QUERIES:
        frame = read_table(connection, name, key)
        datasets[name] = describe(name, frame, codebook, labels)
        counts[name] = len(frame)
        written += write_all(frame, datasets[name], folder, FORMATS)
        say(f"{name}: {len(frame):,} rows")
    return written, datasets, counts
