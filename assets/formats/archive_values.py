"""A column of a dataset as a submission package has it, and back.

Belongs here: names, types and values of a variable in the package. Not here: files.
A name that SQL-99 reserves gets `_var` after it (month -> month_var), and its description says so. Codes with other signs than letters and digits
(work_trial) are no codes of a KODELISTE: such a variable is numbers (`coding.numbers`), as in Stata. Booleans are 0 and 1. Numbers have no exponent.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.formats import archive_rules, coding
from assets.formats.archive_text import Column
from assets.formats.dataset import Variable
from assets.formats.table import arrow_type

_KINDS = {
    "integer": "int",
    "boolean": "int",
    "decimal": "decimal",
    "double": "decimal",
    "date": "date",
    "month": "date",
    "text": "string",
}


class ArchiveError(ValueError):
    """What a submission package cannot hold, and why."""


def name(variable: Variable) -> str:
    """The variable's name in the package."""
    return f"{variable.name}_var" if archive_rules.name_problem(variable.name) else variable.name


def column(variable: Variable) -> Column:
    """Name, type, Danish description and code list."""
    numbers = _numbers(variable)
    description = f"{variable.label_da}. {variable.description_da}" if variable.description_da else variable.label_da
    if name(variable) != variable.name:
        description += f" (hedder {variable.name} i de øvrige filer)"
    labels = variable.value_labels("da")
    if variable.kind == "boolean":
        labels = {str(value): label for value, label in coding.BOOLEAN_LABELS["da"].items()}
    codes = tuple((str(numbers[code]) if numbers else code, plain(label)) for code, label in labels.items())
    return Column(name(variable), "int" if numbers else _KINDS[variable.kind], plain(description), codes)


def plain(text: str) -> str:
    """A text on one line, single spaces, with ’ for ' (which ends a text in the description)."""
    return " ".join(text.replace("'", "’").split())


def as_text(values: pa.Array, variable: Variable) -> pa.Array:
    """The values as they stand in the CSV file, before quotes."""
    numbers = _numbers(variable)
    if numbers:
        places = pc.index_in(values, value_set=pa.array(list(numbers), pa.string()))
        return pc.take(pa.array([str(number) for number in numbers.values()]), places)
    if variable.kind == "boolean":
        return values.cast(pa.int8()).cast(pa.string())
    if variable.kind == "double":
        return _without_exponent(values)
    return values.cast(pa.string())


def from_text(values: pa.ChunkedArray, variable: Variable) -> pa.ChunkedArray:
    """The values again, from the fields of the CSV file."""
    numbers = _numbers(variable)
    if numbers:
        places = pc.index_in(values, value_set=pa.array([str(number) for number in numbers.values()]))
        return pc.take(pa.array(list(numbers), pa.string()), places)
    if variable.kind == "boolean":
        return values.cast(pa.int8()).cast(pa.bool_())
    return values.cast(arrow_type(variable))


def _numbers(variable: Variable) -> dict[str, int] | None:
    if variable.kind != "text" or all(re.fullmatch(archive_rules.CODE, code) for code in variable.values):
        return None
    numbers = coding.numbers(variable)
    if numbers is None:
        raise ArchiveError(
            f"{variable.name}: codes with leading zeros beside codes with other signs than letters and digits"
        )
    return numbers


def _without_exponent(values: pa.Array) -> pa.Array:
    texts = values.cast(pa.string())
    has_exponent = pc.match_substring(texts, "e")
    if not pc.any(has_exponent).as_py():
        return texts
    numbers = values.filter(has_exponent).to_pylist()
    plainly = pa.array([np.format_float_positional(number, unique=True, trim="0") for number in numbers], pa.string())
    return pc.replace_with_mask(texts, pc.fill_null(has_exponent, False), plainly)
