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
    """What a PX file holds of `table`: keys, measures (doubles to 15 decimals), and of every null whether it is suppressed or missing."""
    found = cubes.held(table, dataset)
    for variable in cubes.measures(dataset):
        if variable.kind == "double":
            place = found.column_names.index(variable.name)
            numbers = [
                None if value is None else float(px.number(value, variable))
                for value in found.column(place).to_pylist()
            ]
            found = found.set_column(place, variable.name, pa.array(numbers, pa.float64()))
        name = cubes.state_name(variable)
        known = pc.is_in(found.column(name), value_set=pa.array([cubes.SHOWN, cubes.MISSING]))
        state = pc.if_else(known, found.column(name), SUPPRESSED)
        found = found.set_column(found.column_names.index(name), name, state)
    return found


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
    is_hidden = np.vectorize(lambda symbol: isinstance(symbol, float), otypes=[bool])(symbols)
    states = np.full(symbols.shape, cubes.SHOWN, dtype=object)
    states[symbols == ""] = cubes.ABSENT
    states[symbols == px.MISSING] = cubes.MISSING
    states[is_hidden] = SUPPRESSED
    values = np.full(symbols.shape, np.nan)
    values[states == cubes.SHOWN] = symbols[states == cubes.SHOWN].astype(float)
    return cubes.back(Cube(dimensions, numbers, values, states))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """pyaxis prints, and sets up logging for the whole process when it is imported: both stay here."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
