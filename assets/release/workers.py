"""Processes that protect blocks side by side.

Belongs here: how many, and when they are worth their start. Not here: what they do (transforms/disclosure); the result is the same with one.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final

from transforms.disclosure.protect import Run

# A process costs about two seconds to start: fewer cells than this are done sooner than that.
WORTH_IT: Final = 1_000
MOST: Final = 8


@contextmanager
def workers(cells: int) -> Iterator[Run]:
    """What does tasks: one process a processor for many cells, this process for few."""
    processors = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)
    if cells < WORTH_IT or processors < 2:
        yield map
        return
    # Started anew, not forked: a fork would carry locks of other threads with it.
    with ProcessPoolExecutor(processors, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool.map
