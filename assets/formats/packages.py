"""What Stata, SPSS and SAS have in common: an Arrow table -> the columns that their writers take, and back.

Belongs here: the columns, reading in parts, labels as codes. Not here: which formats a program has for dates and numbers (a file each).
pyreadstat takes a whole frame, so the table stands in memory twice while it writes; reading goes in parts.
Dates go as date objects: pandas' datetime64[s] became 1970 in all three programs without an error. A null text is an empty text in all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats.coding import BOOLEAN_LABELS
from assets.formats.dataset import Dataset, Language, Variable
from assets.formats.readback import ReadBack
from assets.formats.table import arrow_type

ROWS_A_PART = 250_000
INT32 = 2**31 - 28  # Stata keeps the largest numbers of an int32 for missing values

Numbers = Mapping[str, dict[str, int]]  # variable -> code -> number
Reader = Callable[..., tuple[dict[str, list[Any]], Any]]


def frame(table: pa.Table, dataset: Dataset, numbers: Numbers) -> pd.DataFrame:
    """The columns of `table` as pyreadstat takes them: numbers as int32 or double, text and dates as objects, booleans as 0 and 1."""
    columns = {
        variable.name: _column(table.column(variable.name), variable, numbers.get(variable.name))
        for variable in dataset.variables
    }
    # Objects stay objects: pandas would make strings of its own of them, and writers that go through values one by one took a third longer.
    kept = {name: pd.Series(values, dtype=values.dtype, copy=False) for name, values in columns.items()}
    return pd.DataFrame(kept, copy=False)


def value_labels(
    dataset: Dataset, language: Language, numbers: Numbers, labels_text: bool
) -> dict[str, dict[Any, str]]:
    """Variable -> value as written -> label: integers, booleans, text as `numbers`, text as it is only where `labels_text`."""
    found: dict[str, dict[Any, str]] = {}
    for variable in dataset.variables:
        labels = variable.value_labels(language)
        if variable.kind == "boolean":
            found[variable.name] = dict(BOOLEAN_LABELS[language])
        elif variable.kind == "integer" and labels:
            found[variable.name] = {int(code): label for code, label in labels.items()}
        elif variable.name in numbers:
            found[variable.name] = {number: labels[code] for code, number in numbers[variable.name].items()}
        elif labels and labels_text:
            found[variable.name] = dict(labels)
    return found


def read(
    path: Path,
    dataset: Dataset,
    reader: Reader,
    numbers: Numbers,
    has_value_labels: bool,
    rows_a_part: int = ROWS_A_PART,
) -> ReadBack:
    """The file as read by `reader` (pyreadstat), in parts. Value labels come back under the codes of the description."""
    _, metadata = reader(path, metadataonly=True)
    labels = {name: label or "" for name, label in metadata.column_names_to_labels.items()}
    values = None
    if has_value_labels:
        values = {
            variable.name: _by_code(
                metadata.variable_value_labels.get(variable.name, {}), variable, numbers.get(variable.name)
            )
            for variable in dataset.variables
        }
    return ReadBack(_parts(path, dataset, reader, numbers, rows_a_part, metadata.number_rows), labels, values)


def _column(column: pa.ChunkedArray, variable: Variable, codes: dict[str, int] | None) -> Any:
    if codes is not None:
        column = _mapped(column, codes)
    elif variable.kind in ("text", "date", "month"):
        return _objects(column)
    if variable.kind == "boolean":
        column = column.cast(pa.int8())
    if variable.kind in ("decimal", "double"):
        return column.cast(pa.float64()).to_numpy()
    limits = pc.min_max(column)
    fits = column.null_count == 0 and len(column) and limits["min"].as_py() > -INT32 and limits["max"].as_py() < INT32
    return column.cast(pa.int32()).to_numpy() if fits else column.cast(pa.float64()).to_numpy()


def _mapped(column: pa.ChunkedArray, codes: dict[str, int]) -> pa.ChunkedArray:
    places = pc.index_in(column, value_set=pa.array(list(codes), pa.string()))
    return pc.take(pa.array(list(codes.values()), pa.int64()), places)


def _objects(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Python objects, one a distinct value: five million dates are a few hundred objects."""
    coded = column.combine_chunks().dictionary_encode()
    distinct = np.empty(len(coded.dictionary) + 1, dtype=object)
    distinct[:-1] = coded.dictionary.to_pylist()
    distinct[-1] = None
    return np.asarray(distinct[coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)])


def _parts(
    path: Path, dataset: Dataset, reader: Reader, numbers: Numbers, rows: int, total: int | None
) -> Iterator[pa.Table]:
    start = 0
    while True:
        columns, _ = reader(path, row_offset=start, row_limit=rows, output_format="dict")
        read_rows = len(next(iter(columns.values())))
        if read_rows:
            by_name = {variable.name: variable for variable in dataset.variables}
            yield pa.table(
                {
                    name: _arrow(values, by_name[name], numbers.get(name))
                    for name, values in columns.items()
                    if name in by_name
                }
            )
        start += read_rows
        if read_rows < rows or start == total:
            return


def _arrow(values: Any, variable: Variable, codes: dict[str, int] | None) -> pa.Array:
    target = arrow_type(variable)
    if codes is not None:
        found = pa.array(np.asarray(values, dtype=float), from_pandas=True).cast(pa.int64())
        return pc.take(
            pa.array(list(codes), pa.string()), pc.index_in(found, value_set=pa.array(list(codes.values()), pa.int64()))
        )
    if variable.kind == "text":
        return pc.if_else(pc.equal(pa.array(values, pa.string()), ""), None, pa.array(values, pa.string()))
    if variable.kind in ("date", "month"):
        return pa.array(values, target, from_pandas=True)
    array = pa.array(np.asarray(values, dtype=float), from_pandas=True)
    if variable.kind == "boolean":
        return array.cast(pa.int8()).cast(target)
    return pc.round(array, variable.decimals).cast(target) if variable.kind == "decimal" else array.cast(target)


def _by_code(labels: Mapping[Any, str], variable: Variable, codes: dict[str, int] | None) -> dict[str, str]:
    if codes is not None:
        back = {number: code for code, number in codes.items()}
        return {back.get(int(value), str(value)): label for value, label in labels.items()}
    if variable.kind == "text":
        return {str(value): label for value, label in labels.items()}
    return {str(int(value)): label for value, label in labels.items()}
