"""Parquet: types, and the description of table and variables in the file's metadata.

Belongs here: writing and reading Parquet. Not here: which columns, which order (`table`).
The same table gives the same bytes: no time of making, one thread's order, fixed compression and sizes of row groups.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assets.formats.dataset import Dataset, Language, Variable
from assets.formats.readback import ReadBack

ROWS_A_GROUP = 250_000
_TABLE_KEY = b"dataset"


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path`: labels, descriptions, unit and value set of a column in its field's metadata, both languages."""
    fields = [
        field.with_metadata(_metadata(variable))
        for field, variable in zip(table.schema, dataset.variables, strict=True)
    ]
    about = {
        "name": dataset.name,
        "label_da": dataset.label_da,
        "label_en": dataset.label_en,
        "description_da": dataset.description_da,
        "description_en": dataset.description_en,
    }
    described = pa.schema(fields, metadata={_TABLE_KEY: _text(about)})
    with pq.ParquetWriter(
        path, described, compression="zstd", compression_level=3, version="2.6", write_statistics=True
    ) as writer:
        writer.write_table(table.cast(described), row_group_size=ROWS_A_GROUP)
    return [path]


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file as read, labels in `language`."""
    file = pq.ParquetFile(path)
    described = [(field.name, field.metadata or {}) for field in file.schema_arrow]
    return ReadBack(
        batches=_batches(file),
        variable_labels={
            name: metadata.get(f"label_{language}".encode(), b"").decode() for name, metadata in described
        },
        value_labels={
            name: {code: labels[language] for code, labels in json.loads(metadata.get(b"values", b"{}")).items()}
            for name, metadata in described
        },
    )


def _batches(file: pq.ParquetFile) -> Iterator[pa.Table]:
    for group in range(file.num_row_groups):
        batch = file.read_row_group(group)
        yield batch.cast(batch.schema.remove_metadata())


def _metadata(variable: Variable) -> dict[bytes, bytes]:
    texts = {
        "label_da": variable.label_da,
        "label_en": variable.label_en,
        "description_da": variable.description("da"),
        "description_en": variable.description("en"),
        "description": variable.description("en"),
        "kind": variable.kind,
        "unit": variable.unit,
    }
    metadata = {key.encode(): text.encode() for key, text in texts.items() if text}
    if variable.values:
        metadata[b"values"] = _text(
            {code: {"da": danish, "en": english} for code, (danish, english) in variable.values.items()}
        )
    return metadata


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
