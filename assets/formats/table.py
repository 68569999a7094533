"""A frame -> the Arrow table that every format writes: columns, types and order as the description says, or a refusal.

Belongs here: types of the kinds, what of a frame no format could hold, the order of the rows. Not here: files. Refusals never hold values of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats.dataset import Dataset, Variable

LARGEST_INTEGER = 2**53  # Stata, SPSS, SAS and Excel hold numbers as doubles
_NOT_ONE_LINE = r"^$|^\s|\s$|[\x00-\x1f\x7f]"
_TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "double": pa.float64(),
    "text": pa.string(),
    "date": pa.date32(),
    "month": pa.date32(),
    "boolean": pa.bool_(),
}


class FrameError(ValueError):
    """A frame that is not as its description says: every problem at once, one a line. No values of rows."""

    def __init__(self, dataset: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{dataset}: {problem}" for problem in problems))


def arrow_type(variable: Variable) -> pa.DataType:
    """The type that a variable has in Parquet and between the formats."""
    return pa.decimal128(18, variable.decimals) if variable.kind == "decimal" else _TYPES[variable.kind]


def schema(dataset: Dataset) -> pa.Schema:
    """Names and types of a dataset, without labels."""
    return pa.schema([pa.field(variable.name, arrow_type(variable)) for variable in dataset.variables])


def conform(frame: pd.DataFrame | pa.Table, dataset: Dataset) -> pa.Table:
    """`frame` with the columns of `dataset` in its order and types, sorted by its keys (by all columns where it has none).

    Sorted: text by its bytes, nulls last. Refused with `FrameError`: other columns than described, values that the kind, the number of decimals or
    the value set does not have, infinite numbers, integers beyond 2^53, text that is empty, has spaces around it or control characters (not every
    format tells it from other text), a key that is null or stands twice.
    """
    table = frame if isinstance(frame, pa.Table) else _from_pandas(frame, dataset)
    expected = [variable.name for variable in dataset.variables]
    problems = [f"{name}: not in the frame" for name in expected if name not in table.column_names]
    problems += [
        f"{name}: in the frame {table.column_names.count(name)} times"
        for name in expected
        if table.column_names.count(name) > 1
    ]
    problems += [f"{name}: not in the description" for name in table.column_names if name not in expected]
    if problems:
        raise FrameError(dataset.name, problems)
    columns: list[pa.ChunkedArray] = []
    for variable in dataset.variables:
        try:
            column = _as_kind(table.column(variable.name), variable)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            problems.append(
                f"{variable.name}: {table.column(variable.name).type} is not {arrow_type(variable)} without loss"
            )
            continue
        problems += [f"{variable.name}: {problem}" for problem in _value_problems(column, variable)]
        columns.append(column)
    if problems:
        raise FrameError(dataset.name, problems)
    return _in_order(pa.Table.from_arrays(columns, schema=schema(dataset)), dataset)


def _from_pandas(frame: pd.DataFrame, dataset: Dataset) -> pa.Table:
    arrays, problems = [], []
    for name in frame.columns:
        try:
            arrays.append(pa.Array.from_pandas(frame[name]))
        except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError):
            problems.append(f"{name}: values of several types")
    if problems:
        raise FrameError(dataset.name, problems)
    return pa.Table.from_arrays(arrays, names=[str(name) for name in frame.columns])


def _as_kind(column: pa.ChunkedArray, variable: Variable) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    if variable.kind == "boolean" and not (pa.types.is_boolean(column.type) or pa.types.is_null(column.type)):
        raise pa.ArrowInvalid("a boolean comes as a boolean")
    if variable.kind == "text" and not (_is_text(column.type) or pa.types.is_null(column.type)):
        raise pa.ArrowInvalid("text comes as text: a number has lost its leading zeros")
    if variable.kind != "text" and _is_text(column.type):
        raise pa.ArrowInvalid("numbers and dates come as such")
    if variable.kind == "decimal" and pa.types.is_floating(column.type):
        return _decimal(column, variable)
    if variable.kind == "decimal" and pa.types.is_integer(column.type):
        column = column.cast(pa.decimal128(19, 0))
    if pa.types.is_timestamp(column.type):
        days = column.cast(pa.date32())
        if not days.cast(column.type).equals(column):
            raise pa.ArrowInvalid("a time of day")
        column = days
    if variable.kind == "double" and pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    return column.cast(arrow_type(variable), safe=True)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _decimal(column: pa.ChunkedArray, variable: Variable) -> pa.ChunkedArray:
    if pc.any(pc.is_inf(column)).as_py():
        raise pa.ArrowInvalid("infinite")
    exact = pc.round(column, variable.decimals).cast(arrow_type(variable))
    tolerance = pc.add(pc.multiply(pc.abs(column), 1e-12), 1e-12)
    if pc.any(pc.greater(pc.abs(pc.subtract(exact.cast(pa.float64()), column)), tolerance)).as_py():
        raise pa.ArrowInvalid("more digits than described")
    return exact


def _value_problems(column: pa.ChunkedArray, variable: Variable) -> Iterator[str]:
    for kinds, what, is_wrong in _RULES:
        if variable.kind in kinds:
            rows = pc.sum(is_wrong(column)).as_py() or 0
            if rows:
                yield f"{what} ({rows} rows)"
    if variable.values:
        codes = pa.array(
            [int(code) if variable.kind == "integer" else code for code in variable.values], arrow_type(variable)
        )
        outside = pc.and_(pc.is_valid(column), pc.invert(pc.is_in(column, value_set=codes)))
        rows = pc.sum(outside).as_py() or 0
        if rows:
            yield f"codes outside its value set ({rows} rows)"
    if variable.is_key and column.null_count:
        yield f"a key that is null ({column.null_count} rows)"


_RULES: tuple[tuple[tuple[str, ...], str, Callable[[pa.ChunkedArray], pa.ChunkedArray]], ...] = (
    (
        ("text",),
        "text that is empty, has spaces around it or a control character",
        lambda column: pc.match_substring_regex(column, _NOT_ONE_LINE),
    ),
    (("double",), "infinite numbers", pc.is_inf),
    (("integer",), "integers beyond 2^53", lambda column: pc.greater(pc.abs(column), LARGEST_INTEGER)),
    (("month",), "months that are no first day of a month", lambda column: pc.not_equal(pc.day(column), 1)),
)


def _in_order(table: pa.Table, dataset: Dataset) -> pa.Table:
    keys = [variable.name for variable in dataset.keys]
    ordered = table.sort_by([(name, "ascending") for name in keys or table.column_names])
    if keys and ordered.num_rows > 1:
        repeated: pa.ChunkedArray | None = None
        for name in keys:
            column = ordered.column(name).combine_chunks()
            same = pc.equal(column.slice(1), column.slice(0, len(column) - 1))
            repeated = same if repeated is None else pc.and_(repeated, same)
        rows = pc.sum(repeated).as_py()
        if rows:
            raise FrameError(dataset.name, [f"{', '.join(keys)}: the key of {rows} rows stands in another row too"])
    return ordered
