"""How a document of the CVR register is read: lines, strict types, periods, CVR numbers, and the tables the documents become.

Belongs here: what enterprises and production units have in common. Not here: which lists a kind reads and which rules it has
(`enterprises.py`, `units.py`), files, names and refusals (`landing.py`), periods that are resolved for a measure (dbt).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from assets.ingest.numbers import is_valid_cvr

DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INTERVAL_FORM = re.compile(r"ANTAL_([0-9]+)_([0-9]+)")
LARGEST_INTEGER = 2**31 - 1  # the lake's INTEGER; no enterprise has more employees than that
EVER, NEVER = date.min.toordinal() - 1, date.max.toordinal() + 1
# A register holds each day, month and interval thousands of times: each is read once.
_DATES: dict[str, date] = {}
_MONTHS: dict[tuple[int, int], date] = {}
_LOWER_BOUNDS: dict[str, int] = {}

Period = tuple[date | None, date | None]
AttributeRow = tuple[str, str | None, date | None, date | None, int]  # attribute, value, valid_from, valid_to, position


class UnreadableDocument(Exception):
    """The line is not a JSON document of its kind, or a value in it is not of its type. Never carries content."""


def _no_constant(name: str) -> Any:
    raise UnreadableDocument("NaN and Infinity are not JSON")


def _long_whole_number(digits: str) -> int:
    """Return a whole number of any length: Python's own reader stops at 4300 digits, JSON does not."""
    try:
        return int(digits)
    except ValueError:
        return 10**4300 if digits[0] != "-" else -(10**4300)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_PATIENT_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_long_whole_number)


def lines_of(stream: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of every record of an NDJSON file, the first being 1; empty lines are no records.

    `stream` gives lines that end with a line feed, as a binary file does, of valid UTF-8 (`file.encoding` has been decided). A
    carriage return before the line feed belongs to the line's end, a byte order mark is no content.
    """
    number = 0
    for place, raw in enumerate(stream):
        line = raw.removesuffix(b"\n").removesuffix(b"\r")
        if place == 0:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line:
            number += 1
            yield number, line.decode("utf-8")


def document_of(line: str, root: str) -> dict[str, Any]:
    """Return the object under `root`. Where a key stands twice in one object the later counts, as everywhere in a register file."""
    try:
        try:
            document = _DECODER.decode(line)
        except json.JSONDecodeError:
            raise
        except ValueError:
            document = _PATIENT_DECODER.decode(line)
    except (ValueError, RecursionError) as problem:
        raise UnreadableDocument("not JSON") from problem
    if type(document) is not dict or type(document.get(root)) is not dict:
        raise UnreadableDocument("a document of another kind")
    return document[root]


def whole_number(value: Any) -> int:
    """Return a whole JSON number; 5.0, true and "5" are none."""
    if type(value) is not int:
        raise UnreadableDocument("not a whole number")
    return value


def text(value: Any) -> str:
    """Return a text; half of a surrogate pair (possible in JSON's escapes) is no text that can be stored."""
    if type(value) is not str:
        raise UnreadableDocument("not a text")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableDocument("not a text")
    return value


def flag(value: Any) -> bool | None:
    """Return true, false or null (also when missing); 1 and "true" are none of these."""
    if value is not None and type(value) is not bool:
        raise UnreadableDocument("neither true nor false nor null")
    return value


def day(value: Any) -> date | None:
    """Return a date as YYYY-MM-DD that exists; null is open."""
    if value is None:
        return None
    if type(value) is not str:
        raise UnreadableDocument("not a date")
    found = _DATES.get(value)
    if found is None:
        if DATE_FORM.fullmatch(value) is None:
            raise UnreadableDocument("not a date")
        try:
            found = date.fromisoformat(value)
        except ValueError as problem:
            raise UnreadableDocument("no such day") from problem
        _DATES[value] = found
    return found


def entries_of(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the entries of a list; a missing list (or null) is empty, every entry is an object."""
    entries = document.get(name)
    if entries is None:
        return []
    if type(entries) is not list:
        raise UnreadableDocument("not a list")
    for entry in entries:
        if type(entry) is not dict:
            raise UnreadableDocument("an entry that is no object")
    return entries


def period_of(entry: dict[str, Any]) -> Period:
    """Return an entry's own period, both days inclusive; a missing period or end is open (None)."""
    period = entry.get("periode")
    if period is None:
        return None, None
    if type(period) is not dict:
        raise UnreadableDocument("a period that is no object")
    return day(period.get("gyldigFra")), day(period.get("gyldigTil"))


def municipality_of(entry: dict[str, Any]) -> str | None:
    """Return an address's municipality code as four digits as delivered; `kommune` and its code may be missing or null."""
    municipality = entry.get("kommune")
    if municipality is None:
        return None
    if type(municipality) is not dict:
        raise UnreadableDocument("a municipality that is no object")
    code = municipality.get("kommuneKode")
    return None if code is None else f"{whole_number(code):04d}"


def employees_of(entry: dict[str, Any]) -> tuple[date, int | None]:
    """Return (month, employees) of a headcount: null gives way to the lower bound of the interval, both missing is None."""
    year, month = entry.get("aar"), entry.get("maaned")
    if type(year) is not int or type(month) is not int:
        raise UnreadableDocument("not a whole number")
    first_day = _MONTHS.get((year, month))
    if first_day is None:
        first_day = _MONTHS[(year, month)] = _first_day_of(year, month)
    interval = entry.get("intervalKodeAntalAnsatte")
    employees = None
    if interval is not None:
        if type(interval) is not str:
            raise UnreadableDocument("not a text")
        employees = _LOWER_BOUNDS.get(interval)
        if employees is None:
            employees = _LOWER_BOUNDS[interval] = _lower_bound_of(interval)
    headcount = entry.get("antalAnsatte")
    if headcount is not None:
        employees = whole_number(headcount)
        if abs(employees) > LARGEST_INTEGER:
            raise UnreadableDocument("not a number of people")
    return first_day, employees


def _first_day_of(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except (ValueError, OverflowError) as problem:
        raise UnreadableDocument("no such month") from problem


def _lower_bound_of(interval: str) -> int:
    bounds = INTERVAL_FORM.fullmatch(interval)
    if bounds is None or len(bounds[1]) > 9:
        raise UnreadableDocument("not an interval")
    return int(bounds[1])


def cvr_of(number: int) -> str | None:
    """Return a valid CVR number as its eight digits, else None."""
    digits = str(number) if -1 < number < 10**8 else ""
    return digits if is_valid_cvr(digits) else None


def attribute_rows(
    document: dict[str, Any], lists: Iterable[tuple[str, str, Callable[[dict[str, Any]], str | None]]]
) -> list[AttributeRow]:
    """Return the entries of the lists named: (list, attribute, how its value is read)."""
    rows = []
    for name, attribute, value_of in lists:
        for position, entry in enumerate(entries_of(document, name)):
            rows.append((attribute, value_of(entry), *period_of(entry), position))
    return rows


def ordinals(period: Period) -> tuple[int, int]:
    """Return a period's first and last day as ordinals, an open end beyond every day."""
    valid_from, valid_to = period
    return (
        EVER if valid_from is None else valid_from.toordinal(),
        NEVER if valid_to is None else valid_to.toordinal(),
    )


class Resolved:
    """One attribute of one document, day by day: where periods overlap the later start wins, of equal starts the later in the list."""

    def __init__(self, rows: Iterable[AttributeRow]) -> None:
        spans = [
            (*ordinals((valid_from, valid_to)), position, value) for _, value, valid_from, valid_to, position in rows
        ]
        self._spans = sorted(spans, key=lambda span: (span[0], span[2]), reverse=True)
        self.changes = {span[0] for span in spans} | {span[1] + 1 for span in spans}

    def value_on(self, ordinal: int) -> str | None:
        """Return the value on a day (ordinal), None when no period covers it."""
        for first, last, _, value in self._spans:
            if first <= ordinal <= last:
                return value
        return None


def resolved(rows: Iterable[AttributeRow], attribute: str) -> Resolved:
    """Return one attribute of a document's rows, resolved."""
    return Resolved(row for row in rows if row[0] == attribute)
