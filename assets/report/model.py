"""What a page holds, before it is HTML.

Belongs here: the shapes that sections make and templates write. Not here: how they are made (sections/, findings/) or written (templates/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assets.report.language import SUPPRESSED_MARK
from assets.report.svg import Drawing


@dataclass(frozen=True)
class Table:
    """A table as text. The first column names the row; all others are right-aligned numbers unless their index is in `words`."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset()

    @property
    def has_protected(self) -> bool:
        """Whether a cell is protected: then the caption says what its mark means."""
        return any(SUPPRESSED_MARK in row for row in self.rows)


@dataclass(frozen=True)
class Figure:
    """A finding in words, its picture, its table, and where the numbers are. Without a picture the table stands open."""

    name: str
    title: str
    finding: str
    table: Table
    sources: tuple[str, ...]
    drawing: Drawing | None = None
    note: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a page."""

    name: str
    title: str
    lead: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    points: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Number:
    """A large number with what it counts and how sure it is."""

    value: str
    label: str
    interval: str


@dataclass(frozen=True)
class Answer:
    """A question, its numbers, and what they rest on."""

    name: str
    question: str
    numbers: tuple[Number, ...]
    text: str
    period: str
    source: str
    link: str


@dataclass(frozen=True)
class Download:
    """A public table and its files: {format: link}."""

    name: str
    label: str
    rows: int
    protected: int
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What was written: pages, pictures, cells that a page shows as `[c]`, bytes."""

    folder: str
    pages: int
    municipality_pages: int
    drawings: int
    marks: int
    protected_cells_shown: int
    bytes_written: int
