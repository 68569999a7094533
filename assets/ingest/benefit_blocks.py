"""DREAM's file as blocks of whole lines, a few megabytes each, so that a table of millions of people never stands in memory.

Belongs here: header, line ends, quotes. Not here: what a line says (`benefit_runs.py`, `benefits.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assets.ingest import csv_pass
from assets.ingest.contents import open_content

BLOCK_BYTES = 8 << 20  # some ten thousand people; the arrays made of a block take fifteen times as much
FIELD_MARK, RECORD_MARK = b"\x1f", b"\x1e"  # separators of a block whose quotes have been taken away
Marks = tuple[bytes, bytes]  # what ends a field, what ends a record
HeaderOrBlock = tuple[Any, Marks]


def plain(path: Path) -> Iterator[HeaderOrBlock]:
    """Yield (header, marks), then (block of whole lines, marks) of a file without quotes."""
    marks = (b";", b"\n")
    with open_content(path) as stream:
        header: list[str] = []
        for place, line in enumerate(stream):
            text = line.removeprefix(csv_pass.BOM) if place == 0 else line
            text = text.removesuffix(b"\n").removesuffix(b"\r")
            if text:
                header = text.decode("utf-8").split(";")
                break
        yield header, marks
        rest = b""
        while chunk := stream.read(BLOCK_BYTES):
            cut = chunk.rfind(b"\n") + 1
            if cut:
                yield rest + chunk[:cut], marks
                rest = chunk[cut:]
            else:
                rest += chunk
        if rest:
            yield rest, marks


def quoted(path: Path) -> Iterator[HeaderOrBlock]:
    """Yield what `plain` does of a file with quotes: fields without quotes, between marks that no text has."""
    marks = (FIELD_MARK, RECORD_MARK)
    data = csv_pass.read_content(path).data.replace(FIELD_MARK, b"?").replace(RECORD_MARK, b"?")
    header = csv_pass.header_of(data)
    yield list(header.names), marks
    batch: list[bytes] = []
    size = 0
    for _, record in csv_pass.records(data, header.offset):
        line = FIELD_MARK.join(field.encode() for field in csv_pass.split_record(record))
        batch.append(line)
        size += len(line)
        if size > BLOCK_BYTES:
            yield _joined(batch), marks
            batch, size = [], 0
    if batch:
        yield _joined(batch), marks


def _joined(lines: Iterable[bytes]) -> bytes:
    return RECORD_MARK.join(lines) + RECORD_MARK
