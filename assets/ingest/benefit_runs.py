"""DREAM's wide rows as runs of equal codes, computed on the bytes of a block of lines.

Belongs here: which columns are weeks, how a block of bytes becomes a matrix of codes, and the matrix runs. Pure functions on
bytes and arrays. Not here: files, CPR numbers, rules and Parquet (`benefits.py`). A table of five million people and 600 weeks
has three thousand million fields: no field becomes a Python object, and no week becomes a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

WEEK_COLUMN = re.compile(r"y_([0-9]{2})([0-9]{2})")
CENTURY_BREAK = 90  # y_8952 is 2089, y_9001 is 1990
EMPTY, OTHER_TEXT = 0, -2000  # cells: code + 1 when the code is in the list, -(code + 1) when it is not
OTHER_TEXT_CODE = "?"  # what stands in the lake for an unknown text that is not three digits (it could be anything)


@dataclass(frozen=True)
class Weeks:
    """The week columns of a header in order of time.

    `columns` are their places in the header, `thursdays` the Thursdays of the weeks, `impossible` the places of columns whose
    week no year has, `missing` the names of weeks between the first and the last that have no column.
    """

    columns: list[int]
    thursdays: list[date]
    impossible: list[int]
    missing: list[str]


def thursday_of(column: str) -> date | None:
    """Return the Thursday of the week that a column `y_YYWW` names; None when the year has no such week or it is no week column."""
    match = WEEK_COLUMN.fullmatch(column)
    if match is None:
        return None
    year = int(match[1])
    year += 2000 if year < CENTURY_BREAK else 1900
    try:
        return date.fromisocalendar(year, int(match[2]), 4)
    except ValueError:
        return None


def weeks_of(header: Sequence[str]) -> Weeks:
    """Return the week columns of a header; they may stand in any order."""
    found = sorted(
        (thursday, place) for place, name in enumerate(header) if (thursday := thursday_of(name)) is not None
    )
    impossible = [
        place for place, name in enumerate(header) if WEEK_COLUMN.fullmatch(name) and thursday_of(name) is None
    ]
    thursdays = [thursday for thursday, _ in found]
    missing = []
    if thursdays:
        present = set(thursdays)
        week = thursdays[0]
        while week < thursdays[-1]:
            if week not in present:
                year, number, _ = week.isocalendar()
                missing.append(f"y_{year % 100:02d}{number:02d}")
            week += timedelta(days=7)
    return Weeks([place for _, place in found], thursdays, impossible, missing)


@dataclass(frozen=True)
class Block:
    """The lines of a block: where each begins and ends, and of those with the right number of fields where each field does.

    `has_right_fields` is one flag a line; `starts` and `ends` have one row a right line and one column a field.
    """

    buffer: NDArray[np.uint8]
    has_right_fields: NDArray[np.bool_]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def split(block: bytes, fields: int, separator: bytes = b";", line_end: bytes = b"\n") -> Block:
    """Return where the fields of a block of whole, unquoted lines stand; empty lines are no records, a last line end may be missing."""
    buffer = np.frombuffer(block, dtype=np.uint8)
    line_ends = np.flatnonzero(buffer == line_end[0]).astype(np.int32)
    if len(block) and (line_ends.size == 0 or line_ends[-1] != len(block) - 1):
        line_ends = np.append(line_ends, np.int32(len(block)))
    line_starts = np.concatenate(([0], line_ends[:-1] + 1)).astype(np.int32) if line_ends.size else line_ends
    if line_end == b"\n" and line_ends.size:  # a carriage return before the line feed belongs to the line's end
        line_ends = line_ends - ((line_ends > line_starts) & (buffer[line_ends - 1] == 13)).astype(np.int32)
    is_record = line_ends > line_starts
    line_starts, line_ends = line_starts[is_record], line_ends[is_record]
    separators = np.flatnonzero(buffer == separator[0]).astype(np.int32)
    first = np.searchsorted(separators, line_starts)
    counts = np.searchsorted(separators, line_ends) - first
    right = counts == fields - 1
    places = first[right][:, None] + np.arange(fields - 1, dtype=np.int64)[None, :]
    inner = separators[places] if places.size else np.empty((int(right.sum()), fields - 1), dtype=np.int32)
    starts = np.concatenate((line_starts[right][:, None], inner + 1), axis=1)
    ends = np.concatenate((inner, line_ends[right][:, None]), axis=1)
    return Block(buffer, right, starts, ends)


def only(block: Block, lines: NDArray[np.bool_]) -> Block:
    """Return a block with some of its right lines (one flag a right line)."""
    return Block(block.buffer, block.has_right_fields, block.starts[lines], block.ends[lines])


def texts_of(block: Block, column: int) -> list[str]:
    """Return one column of a block as texts, one a right line (for the few columns that are no weeks)."""
    content = block.buffer.tobytes()
    return [
        content[start:end].decode("utf-8")
        for start, end in zip(block.starts[:, column].tolist(), block.ends[:, column].tolist(), strict=True)
    ]


def cells_of(block: Block, columns: Sequence[int], known: Collection[str]) -> tuple[NDArray[np.int16], Counter[str]]:
    """Return the cells (right lines x weeks, see `EMPTY`) and every unknown text with the number of cells that hold it, by line.

    `known` are the three-digit codes of the list.
    """
    starts = block.starts[:, columns]
    lengths = block.ends[:, columns] - starts
    cells = _three_digits(block.buffer)[starts]
    np.copyto(cells, OTHER_TEXT, where=lengths != 3)
    np.copyto(cells, EMPTY, where=lengths == 0)
    is_unknown = np.ones(1001, dtype=bool)
    is_unknown[[EMPTY, *(int(code) + 1 for code in known)]] = False
    unknown = is_unknown[np.maximum(cells, EMPTY)]
    np.negative(cells, out=cells, where=unknown)
    texts: Counter[str] = Counter()
    values, counts = np.unique(-cells[unknown] - 1, return_counts=True)
    texts.update({f"{value:03d}": count for value, count in zip(values.tolist(), counts.tolist(), strict=True)})
    others = int((cells == OTHER_TEXT).sum())
    if others:
        texts[OTHER_TEXT_CODE] = others
    return cells, texts


def _three_digits(buffer: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Return for every byte the number plus 1 of the three digits that begin there, `OTHER_TEXT` where other bytes stand; two places longer
    than the bytes, so that the place of an empty field at the end can be asked for."""
    digits = buffer - np.uint8(48)  # a byte below the digits wraps round to above 9
    is_digit = digits < 10
    numbers = np.full(len(buffer) + 2, OTHER_TEXT, dtype=np.int16)
    if len(buffer) > 2:
        wide = digits.astype(np.int16)
        numbers[:-4] = wide[:-2] * 100 + wide[1:-1] * 10 + wide[2:] + 1
        np.copyto(numbers[:-4], OTHER_TEXT, where=~(is_digit[:-2] & is_digit[1:-1] & is_digit[2:]))
    return numbers


def runs_of(
    cells: NDArray[np.int16],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int16]]:
    """Return (row, first week, last week, cell) of the runs of equal cells; every week of a row lies in exactly one run."""
    rows, weeks = cells.shape
    begins = np.ones((rows, weeks), dtype=bool)
    begins[:, 1:] = cells[:, 1:] != cells[:, :-1]
    places = np.flatnonzero(begins)
    lasts = np.append(places[1:], rows * weeks) - 1 if places.size else places
    return places // weeks, places % weeks, lasts % weeks, cells.reshape(-1)[places]


def code_texts() -> list[str | None]:
    """Return the text of every cell, by `cell_index`."""
    three_digits = [f"{code:03d}" for code in range(1000)]
    return [None, *three_digits, *three_digits, OTHER_TEXT_CODE]


def cell_index(cells: NDArray[np.int16]) -> NDArray[np.int32]:
    """Return where the text of each cell stands in `code_texts`."""
    wide = cells.astype(np.int32)
    return np.where(wide == OTHER_TEXT, 2001, np.where(wide < 0, 1000 - wide, wide))
