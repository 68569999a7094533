"""A table as a cube: the shape that PC-Axis and JSON-stat have in common.

Belongs here: keys as dimensions, numbers as measures, what an empty cell means, and the way back. Not here: how a format writes them.
A cube holds every combination of its dimensions. What the table has no row for is absent; a null measure is suppressed where a status column that
tells of it is not `ok` (`Variable.hidden_by`), else missing. Columns that are neither keys nor numbers (a reason, a date) have no place in a cube.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats.coding import BOOLEAN_LABELS
from assets.formats.dataset import Dataset, Language, Variable
from assets.formats.table import arrow_type

MAX_CELLS = 2_000_000  # values; a sparse table of many dimensions is no cube
STATUS = "status"
OK = "ok"
SHOWN, MISSING, ABSENT = "", "missing", "absent"
NUMBERS = ("integer", "decimal", "double")
TOTAL = "all"


class CubeError(ValueError):
    """A table that cannot be a cube, and why."""


@dataclass(frozen=True)
class Dimension:
    """A key and the codes that it takes in this table, in the order of its value set (sorted where it has none)."""

    variable: Variable
    codes: tuple[str, ...]

    def labels(self, language: Language) -> tuple[str, ...]:
        """The label of every code; the code itself where there is none."""
        labels = self.variable.value_labels(language)
        if self.variable.kind == "boolean":
            labels = {"false": BOOLEAN_LABELS[language][0], "true": BOOLEAN_LABELS[language][1]}
        return tuple(labels.get(code, code) for code in self.codes)

    @property
    def is_year(self) -> bool:
        """Whether every code is a year: a pooled 0 among them makes it no time axis."""
        name = self.variable.name
        return (name == "year" or name.endswith("_year")) and all(
            len(code) == 4 and code.isdigit() for code in self.codes
        )


@dataclass(frozen=True)
class Cube:
    """`values`: cells x measures, NaN where null. `states`: cells x measures, `SHOWN`, `MISSING`, `ABSENT`, or the status that hides the value."""

    dimensions: tuple[Dimension, ...]
    measures: tuple[Variable, ...]
    values: np.ndarray[Any, np.dtype[np.float64]]
    states: np.ndarray[Any, np.dtype[np.object_]]


def measures(dataset: Dataset) -> tuple[Variable, ...]:
    """The numbers of a table that are no keys."""
    return tuple(variable for variable in dataset.variables if variable.kind in NUMBERS and not variable.is_key)


def statuses(dataset: Dataset) -> tuple[Variable, ...]:
    """The status columns of a table."""
    return tuple(
        v
        for v in dataset.variables
        if v.kind == "text" and not v.is_key and (v.name == STATUS or v.name.endswith(f"_{STATUS}"))
    )


def left_out(dataset: Dataset) -> tuple[Variable, ...]:
    """What a cube does not hold: neither key nor number nor status."""
    known = {variable.name for variable in (*dataset.keys, *measures(dataset), *statuses(dataset))}
    return tuple(variable for variable in dataset.variables if variable.name not in known)


def state_name(variable: Variable) -> str:
    """The column of `held` with the state of a measure."""
    return f"state of {variable.name}"


def held(table: pa.Table, dataset: Dataset) -> pa.Table:
    """What a cube holds of `table`: keys, measures, and for each measure its state: `SHOWN`, `MISSING`, or the status that hides it."""
    every = tuple(variable.name for variable in statuses(dataset))
    found = table.select([variable.name for variable in (*dataset.keys, *measures(dataset))])
    for variable in measures(dataset):
        state: Any = pa.scalar(MISSING)
        for name in reversed(variable.hidden_by or every):
            status = table.column(name)
            state = pc.if_else(pc.fill_null(pc.not_equal(status, OK), False), status, state)
        found = found.append_column(
            state_name(variable), pc.if_else(table.column(variable.name).is_valid(), SHOWN, state)
        )
    return found


def of(table: pa.Table, dataset: Dataset) -> Cube:
    """`table` as a cube. Refused with `CubeError`: no keys, no measures, no rows, more than `MAX_CELLS` values."""
    numbers = measures(dataset)
    if not dataset.keys or not numbers or not table.num_rows:
        raise CubeError(f"{dataset.name}: a cube has keys, measures and rows")
    dimensions = tuple(_dimension(table.column(variable.name), variable) for variable in dataset.keys)
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    if math.prod(shape) * len(numbers) > MAX_CELLS:
        raise CubeError(
            f"{dataset.name}: {math.prod(shape) * len(numbers)} values, of which {table.num_rows * len(numbers)} stand in the table; a cube has at most {MAX_CELLS}"
        )
    places = [
        pc.index_in(_codes(table.column(d.variable.name)), value_set=pa.array(d.codes, pa.string())).to_numpy()
        for d in dimensions
    ]
    cells = np.ravel_multi_index(places, shape)
    values = np.full((math.prod(shape), len(numbers)), np.nan)
    states = np.full(values.shape, ABSENT, dtype=object)
    rows = held(table, dataset)
    for place, variable in enumerate(numbers):
        values[cells, place] = table.column(variable.name).cast(pa.float64()).to_numpy()
        states[cells, place] = rows.column(state_name(variable)).to_pylist()
    return Cube(dimensions, numbers, values, states)


def refusal(table: pa.Table, dataset: Dataset) -> str | None:
    """Why `table` cannot be a cube; None when it can."""
    try:
        of(table, dataset)
    except CubeError as error:
        return str(error).removeprefix(f"{dataset.name}: ")
    return None


def back(cube: Cube) -> pa.Table:
    """The rows of a cube as `held` gives them, sorted by the keys."""
    shape = tuple(len(dimension.codes) for dimension in cube.dimensions)
    cells = np.flatnonzero((cube.states != ABSENT).any(axis=1))
    columns: dict[str, pa.Array] = {}
    for dimension, places in zip(cube.dimensions, np.unravel_index(cells, shape), strict=True):
        codes = pa.array(dimension.codes, pa.string()).take(pa.array(places))
        columns[dimension.variable.name] = codes.cast(arrow_type(dimension.variable))
    for place, variable in enumerate(cube.measures):
        column = pa.array(cube.values[cells, place], from_pandas=True)
        column = pc.round(column, variable.decimals) if variable.kind == "decimal" else column
        columns[variable.name] = column.cast(arrow_type(variable))
    for place, variable in enumerate(cube.measures):
        columns[state_name(variable)] = pa.array(cube.states[cells, place], pa.string())
    return pa.table(columns).sort_by([(dimension.variable.name, "ascending") for dimension in cube.dimensions])


def _codes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _dimension(column: pa.ChunkedArray, variable: Variable) -> Dimension:
    present = set(pc.unique(_codes(column)).to_pylist())
    known = [code for code in variable.values if code in present]
    if known:
        return Dimension(variable, tuple(known))
    return Dimension(variable, tuple(_codes(pc.unique(column).sort()).to_pylist()))
