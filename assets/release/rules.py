"""What a release is made by: the design of its tables, the limits, what it says of itself, what its variables mean.

Belongs here: reading all of them, so that every mistake is told at once. Not here: what they say (transforms/release, transforms/disclosure).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from transforms.disclosure.limits import DEFAULT, Limits, load_limits
from transforms.release.about import About
from transforms.release.about_reader import FILE as ABOUT_FILE
from transforms.release.about_reader import read_about
from transforms.release.design import DESIGN_FILE, Design, read_design
from transforms.release.variables import FILE as VARIABLES_FILE
from transforms.release.variables import Variables, read_variables

Read = TypeVar("Read")


class ReleaseError(Exception):
    """Why a release is not made: every reason, one a line."""


@dataclass(frozen=True)
class Rules:
    """All that a release is made by."""

    design: Design
    limits: Limits
    about: About
    variables: Variables


def read_rules() -> Rules:
    """The files of this code.

    Raises:
        ReleaseError: every mistake in them (a table without description, a limit below the law's, ...), each with its file and key.
    """
    mistakes: list[str] = []

    def read(of: Callable[[], Read]) -> Read | None:
        try:
            return of()
        except ValueError as problem:
            mistakes.extend(str(problem).splitlines())
            return None

    design = read(lambda: read_design(DESIGN_FILE))
    limits = read(lambda: load_limits(DEFAULT))
    about = read(lambda: read_about(ABOUT_FILE))
    variables = read(lambda: read_variables(VARIABLES_FILE))
    if design is None or limits is None or about is None or variables is None:
        raise ReleaseError("\n".join(mistakes))
    return Rules(design, limits, about, variables)
