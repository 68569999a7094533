"""What a file says when it is read again, beside what it should say.

Belongs here: the comparison, its error. Not here: reading (each format reads itself). The error never holds values of rows: they may be persons'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc


class ReadBackError(RuntimeError):
    """A file that does not say what was written: file, column, what differs. No values of rows."""

    def __init__(self, path: Path, column: str, what: str) -> None:
        self.path, self.column, self.what = path, column, what
        super().__init__(f"{path.name}: {column}: {what}")

    def __reduce__(self) -> tuple[type[ReadBackError], tuple[Path, str, str]]:
        """So that it comes whole out of another process."""
        return type(self), (self.path, self.column, self.what)


@dataclass(frozen=True)
class ReadBack:
    """A file as read: its rows in batches, in order, and the labels that it holds (None: this format holds none).

    `variable_labels`: name -> label. `value_labels`: name -> code -> label, codes as in the description.
    """

    batches: Iterable[pa.Table]
    variable_labels: Mapping[str, str] | None = None
    value_labels: Mapping[str, Mapping[str, str]] | None = field(default=None)


def verify(
    path: Path,
    expected: pa.Table,
    read: Callable[[], ReadBack],
    labels: Mapping[str, str],
    value_labels: Mapping[str, Mapping[str, str]],
    *,
    with_rows: bool = True,
) -> None:
    """`compare` with what `read` gives; a file that cannot be read is a `ReadBackError` too, without the reader's words, which hold values of rows."""
    try:
        compare(path, expected, read(), labels, value_labels, with_rows=with_rows)
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise ReadBackError(path, "file", f"it cannot be read back ({type(error).__name__})") from None


def compare(
    path: Path,
    expected: pa.Table,
    actual: ReadBack,
    labels: Mapping[str, str],
    value_labels: Mapping[str, Mapping[str, str]],
    *,
    with_rows: bool = True,
) -> None:
    """Raises `ReadBackError` unless `actual` holds the rows of `expected` in their order, and `labels` and `value_labels` where it holds labels.

    `with_rows`: false when the rows of this file have been compared already and only another language's labels are left.
    """
    if with_rows:
        _compare_rows(path, expected, actual)
    _compare_labels(path, labels, actual.variable_labels)
    if actual.value_labels is not None:
        for name, codes in value_labels.items():
            _compare_labels(path, codes, actual.value_labels.get(name, {}), f"{name}: ")


def _compare_rows(path: Path, expected: pa.Table, actual: ReadBack) -> None:
    start = 0
    for batch in actual.batches:
        if batch.column_names != expected.column_names:
            raise ReadBackError(path, "columns", "other names or another order than written")
        if start + batch.num_rows > expected.num_rows:
            raise ReadBackError(path, "rows", f"more than the {expected.num_rows} rows written")
        part = expected.slice(start, batch.num_rows)
        for name in expected.column_names:
            _compare_column(path, name, part.column(name), batch.column(name), start)
        start += batch.num_rows
    if start != expected.num_rows:
        raise ReadBackError(path, "rows", f"{start} of the {expected.num_rows} rows written")


def _compare_column(path: Path, name: str, expected: pa.ChunkedArray, actual: pa.ChunkedArray, start: int) -> None:
    if expected.type != actual.type:
        raise ReadBackError(path, name, f"{actual.type} instead of {expected.type}")
    if expected.equals(actual):
        return
    same = pc.fill_null(pc.equal(expected, actual), False)
    both_null = pc.and_(pc.is_null(expected), pc.is_null(actual))
    differs = pc.invert(pc.or_(same, both_null))
    count = pc.sum(differs).as_py()
    if not count:
        return
    nulls = pc.sum(pc.and_(differs, pc.xor(pc.is_null(expected), pc.is_null(actual)))).as_py()
    first = start + pc.index(differs, True).as_py() + 1
    raise ReadBackError(
        path, name, f"{count} values differ, {nulls} of them null on one side alone; the first in row {first}"
    )


def _compare_labels(path: Path, expected: Mapping[str, str], actual: Mapping[str, str] | None, what: str = "") -> None:
    if actual is None:
        return
    for name, label in expected.items():
        if actual.get(name) != label:
            raise ReadBackError(path, f"{what}{name}", "another label than written" if name in actual else "no label")
