"""Errors that nobody foresaw, in words that name file and remedy and quote nothing.

Belongs here: what the operating system or a library says, made safe to log. Not here: the rules of the contract (assets/ingest/problems.py).
"""

from __future__ import annotations

import traceback
from pathlib import Path

from assets.ingest.problems import Problem
from pipelines.settings import ROOT


def problem_of_system(error: OSError) -> Problem:
    """What the operating system refused: the file's name and its reason, both free of a row's content."""
    name = Path(str(error.filename)).name if error.filename else None
    return Problem(
        name,
        None,
        "system",
        f"{error.strerror or type(error).__name__}",
        "give the account that builds rights to the file, or room on the disk, and build again",
    )


def unforeseen(error: BaseException) -> str:
    """The kind of error and the places of our code it went through; its text may quote a row and is left out."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if str(ROOT) in frame.filename and "site-packages" not in frame.filename
    ]
    places = " > ".join(f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}" for frame in frames[-4:])
    return f"{type(error).__name__} at {places or 'an unknown place'} [unforeseen] Remedy: report it with this line; its text is not shown, since it may quote a row"
