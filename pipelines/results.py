"""What each stage found, in numbers and names: no value of a row.

Belongs here: plain results that assets turn into metadata. Not here: how they are found (stages.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Taken:
    """What taking in one kind did: periods made anew and removed; rows, rejected rows and files of each period that is there."""

    kind: str
    made: tuple[str, ...]
    removed: tuple[str, ...]
    rows: dict[str, int]
    rejected: dict[str, int]
    files: dict[str, int]
    refused: int


@dataclass(frozen=True)
class Decided:
    """What counts at the cut-off: rows of the four inputs, files by outcome, the facts of the build."""

    rows: dict[str, int]
    outcomes: dict[str, int]
    facts: dict[str, str]
    warnings: tuple[str, ...] = ()


@dataclass
class SourceResult:
    """Expectations on one kind, by category: rules broken by accepted rows (with counts), rules above their limit (with shares)."""

    periods: int = 0
    looked_through_now: int = 0
    rows: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    broken: dict[str, dict[str, int]] = field(default_factory=dict)
    exceeded: dict[str, dict[str, float]] = field(default_factory=dict)
    remedies: dict[str, str] = field(default_factory=dict)
