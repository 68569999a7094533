"""How long each step of a build took, for the benchmark's list of the slowest.

Belongs here: a stop-watch and its file. Not here: what is measured.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

FILE = "timings.json"


class Timings:
    """Collects steps and their seconds; `save` writes them beside the build file."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measures what happens inside."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - started)

    def add(self, name: str, seconds: float) -> None:
        """Adds a step that was measured elsewhere."""
        self.steps[name] = self.steps.get(name, 0.0) + seconds

    def save(self, folder: Path) -> Path:
        """Writes `[{"step": ..., "seconds": ...}]`, slowest first."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        beside = path.with_name(f".{FILE}.{os.getpid()}")
        ordered = sorted(self.steps.items(), key=lambda step: -step[1])
        beside.write_text(
            json.dumps([{"step": name, "seconds": round(seconds, 4)} for name, seconds in ordered], indent=1),
            encoding="utf-8",
        )
        os.replace(beside, path)
        return path


TIMINGS = Timings()
