"""RFC 4180 by hand: where each record of a file begins and ends, and its fields. Slow and exact.

Belongs here: delimiters, quotes, line ends. Only a line feed outside quotes ends a record (a carriage return before it belongs to the
line's end), empty lines are no records, a quote inside an unquoted field is content. Not here: files and columns (`csv_pass.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

DELIMITER = ";"


def split_record(text: str) -> list[str]:
    """Return the fields of one record without its line end. A quote inside an unquoted field is content."""
    if '"' not in text:
        return text.split(DELIMITER)
    fields, position, length = [], 0, len(text)
    while True:
        value = []
        if position < length and text[position] == '"':
            position += 1
            while position < length:
                quote = text.find('"', position)
                if quote < 0:
                    value.append(text[position:])
                    position = length
                    break
                value.append(text[position:quote])
                position = quote + 1
                if position < length and text[position] == '"':
                    value.append('"')
                    position += 1
                    continue
                break
        end = text.find(DELIMITER, position)
        end = length if end < 0 else end
        value.append(text[position:end])
        fields.append("".join(value))
        if end == length:
            return fields
        position = end + 1


def records(data: bytes, offset: int = 0) -> Iterator[tuple[int, str]]:
    """Yield (record number from 1, text without line end) of every record after `offset`; empty lines are no records."""
    for number, start, end, _ in record_spans(data, offset):
        yield number, data[start:end].decode("utf-8")


def count_records(data: bytes, offset: int = 0) -> int:
    """Return how many records stand after `offset`."""
    return sum(1 for _ in record_spans(data, offset))


def record_spans(data: bytes, offset: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (number, start, end, start of what follows) of every record; only a line feed outside quotes ends one."""
    number, start, length = 0, offset, len(data)
    has_quotes = data.find(b'"', offset) >= 0
    while start < length:
        end = _end_of_record(data, start) if has_quotes else data.find(b"\n", start)
        end = length if end < 0 else end  # the file's end, also that of a quote that is never closed
        last = end - 1 if end > start and data[end - 1 : end] == b"\r" else end
        if last > start:
            number += 1
            yield number, start, last, min(end + 1, length)
        start = end + 1


def _end_of_record(data: bytes, start: int) -> int:
    """Return where the line feed stands that ends the record, -1 when the file's end does. Quotes count only at a field's start."""
    position = start
    while True:
        line_end = data.find(b"\n", position)
        line_end = len(data) if line_end < 0 else line_end
        quote = data.find(b'"', position, line_end)
        if quote < 0:
            return line_end if line_end < len(data) else -1
        if quote > start and data[quote - 1 : quote] != b";":
            position = quote + 1  # inside an unquoted field: content
            continue
        position = _end_of_quotes(data, quote)
        if position < 0:
            return -1
        # What follows the closing quote up to the delimiter is content, quotes too.
        rest = _first_of(data, position)
        if rest < 0:
            return -1
        if data[rest : rest + 1] == b"\n":
            return rest
        position = rest + 1


def _end_of_quotes(data: bytes, quote: int) -> int:
    position = quote + 1
    while True:
        position = data.find(b'"', position)
        if position < 0:
            return -1
        if data[position + 1 : position + 2] != b'"':
            return position + 1
        position += 2


def _first_of(data: bytes, position: int) -> int:
    line_end, delimiter = data.find(b"\n", position), data.find(b";", position)
    return min((found for found in (line_end, delimiter) if found >= 0), default=-1)
