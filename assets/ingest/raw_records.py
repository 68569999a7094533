"""Records fetched again from a delivered file by their numbers: the content of quarantine.

Belongs here: finding record n of a file without holding the file in memory. Not here: which records (`quarantine.py`). What comes out holds
personal numbers: it goes to quarantine and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from assets.ingest import csv_pass
from assets.ingest.contents import open_content


def fetch(path: Path, numbers: Collection[int], is_csv: bool) -> dict[int, str]:
    """Return record number -> text as delivered, without line end. CSV: the header is 0; documents: the first is 1. What is not there is left out."""
    wanted = set(numbers)
    if not wanted:
        return {}
    found: dict[int, str] = {}
    number = -1 if is_csv else 0
    with open_content(path) as stream:
        for place, line in enumerate(stream):
            text = line.removesuffix(b"\n").removesuffix(b"\r")
            if place == 0:
                text = text.removeprefix(csv_pass.BOM)
            if is_csv and b'"' in text:
                return _fetch_quoted(path, wanted)
            if text:
                number += 1
                if number in wanted:
                    found[number] = _decoded(text)
                    if len(found) == len(wanted):
                        break
    return found


def _fetch_quoted(path: Path, wanted: set[int]) -> dict[int, str]:
    """The same where a quoted field may hold line breaks."""
    content = csv_pass.read_content(path, allows_windows_1252=True)
    header = csv_pass.header_of(content.data)
    return {number: text for number, text in csv_pass.records(content.data, header.offset) if number in wanted}


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        # A file in Windows-1252 may have lines that are valid UTF-8 by chance: they read the same unless they are not ASCII.
        return text.decode("cp1252", errors="replace")
