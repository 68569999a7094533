"""Runs a command and says what it cost.

Belongs here: wall and processor seconds and peak memory of a whole process tree's leader. Not here: what is run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds of the clock, processor seconds (children too), peak resident memory of the tree in GB."""

    wall: float
    cpu: float
    peak_gb: float


def _tree_memory(root: int) -> int:
    """Resident bytes of a process and all its descendants (Linux; 0 where /proc is not there)."""
    children: dict[int, list[int]] = {}
    resident: dict[int, int] = {}
    page = os.sysconf("SC_PAGE_SIZE")
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            resident[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * page
        except (OSError, IndexError, ValueError):
            continue
        children.setdefault(parent, []).append(int(entry.name))
    total, queue = 0, [root]
    while queue:
        process = queue.pop()
        total += resident.get(process, 0)
        queue.extend(children.get(process, []))
    return total


def run(command: list[str], log: Path, env: dict[str, str] | None = None) -> Cost:
    """Runs a command to its end, its output into `log`; raises SystemExit with the log's tail when it fails."""
    peak, done = 0, threading.Event()
    before = os.times()
    started = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.1):
                peak = max(peak, _tree_memory(process.pid))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        code = process.wait()
        done.set()
        watcher.join()
    after = os.times()
    if code != 0:
        tail = log.read_text(errors="replace")[-3000:]
        sys.exit(f"{' '.join(command)} ended with {code}:\n{tail}")
    cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return Cost(time.perf_counter() - started, cpu, peak / 1e9)
