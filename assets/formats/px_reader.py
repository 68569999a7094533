"""A PX file read again by pyaxis.

Belongs here: the way from a PX file back to rows. Not here: writing.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats import cube as cubes
from assets.formats import px
from assets.formats.cube import Cube, Dimension
from assets.formats.dataset import Dataset, Language
from assets.formats.readback import ReadBack

SUPPRESSED = "suppressed"


def held(table: pa.Table, dataset: Dataset) -> pa.Table:
    """What a PX file holds of `table`: keys, measures (doubles to 15 decimals), and how many of a row's measures are suppressed."""
    found = cubes.held(table, dataset)
    nulls = pa.chunked_array([np.zeros(table.num_rows, dtype=np.int64)])
    for variable in cubes.measures(dataset):
        nulls = pc.add(nulls, found.column(variable.name).is_null().cast(pa.int64()))
        if variable.kind == "double":
            place = found.column_names.index(variable.name)
            texts = [None if v is None else float(px.number(v, variable)) for v in found.column(place).to_pylist()]
            found = found.set_column(place, variable.name, pa.array(texts, pa.float64()))
    is_hidden = pc.not_equal(found.column(cubes.STATUS), cubes.OK)
    return found.drop_columns([cubes.STATUS]).append_column(SUPPRESSED, pc.if_else(is_hidden, nulls, 0))


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file as pyaxis reads it in `language`."""
    with _quiet():
        from pyaxis import pyaxis

        found = pyaxis.parse(
            str(path), encoding=px.ENCODING, null_values=r'^"\."$', sd_values=r'^"\.\."$', lang=language
        )
    metadata: dict[str, list[str]] = found["METADATA"]
    stubs = dict(zip((key.name for key in dataset.keys), metadata["STUB"], strict=True))
    contents = metadata["CONTVARIABLE"][0]
    numbers = cubes.measures(dataset)
    dimensions = tuple(Dimension(key, tuple(metadata[f"CODES({stubs[key.name]})"])) for key in dataset.keys)
    symbols = found["DATA"]["DATA"].to_numpy(dtype=object).reshape(-1, len(numbers))
    labels = stubs | dict(zip(metadata[f"CODES({contents})"], metadata[f"VALUES({contents})"], strict=True))
    value_labels = {
        dimension.variable.name: dict(
            zip(dimension.codes, metadata[f"VALUES({stubs[dimension.variable.name]})"], strict=True)
        )
        for dimension in dimensions
    }
    return ReadBack([_rows(dimensions, numbers, symbols)], labels, value_labels)


def _rows(dimensions: tuple[Dimension, ...], numbers: Any, symbols: np.ndarray[Any, Any]) -> pa.Table:
    is_absent = symbols == ""
    is_hidden = np.vectorize(lambda symbol: isinstance(symbol, float), otypes=[bool])(symbols)
    is_number = ~is_absent & ~is_hidden & (symbols != px.MISSING)
    values = np.full(symbols.shape, np.nan)
    values[is_number] = symbols[is_number].astype(float)
    status = np.where(is_absent.all(axis=1), cubes.ABSENT, is_hidden.sum(axis=1).astype(str)).astype(object)
    table = cubes.back(Cube(dimensions, numbers, values, status))
    return table.drop_columns([cubes.STATUS]).append_column(SUPPRESSED, table.column(cubes.STATUS).cast(pa.int64()))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """pyaxis prints, and sets up logging for the whole process when it is imported: both stay here."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with contextlib.redirect_stdout(io.StringIO()):
        yield
    root.handlers[:] = handlers
    root.setLevel(level)
