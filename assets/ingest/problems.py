"""What is wrong with a delivery, in words that name file, line, rule and remedy.

Belongs here: the one shape every message of the ingest has, and the exception that carries all of them. Not here: the rules
themselves (`expectations/`), and never a value of a row: a message may be logged, a person's data may not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong. `file` and `line` are None when it is about the landing zone or the whole file."""

    file: str | None
    line: int | None
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return one line: where, which rule, what, and what to do."""
        place = " ".join(
            part for part in (self.file or "", f"line {self.line}" if self.line is not None else "") if part
        )
        return f"{place + ': ' if place else ''}{self.message} [{self.rule}] Remedy: {self.remedy}"


class BuildStopped(Exception):
    """A build may not go on. Carries every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
