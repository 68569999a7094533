"""One build at a time: a lock in the warehouse that a killed process cannot leave behind.

Belongs here: taking and giving back the lock. Not here: what a build does while it holds it.
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: dict[Path, int] = {}


class BuildRunningError(RuntimeError):
    """Another process builds into this warehouse; names it and says since when."""


@contextmanager
def one_build(warehouse: Path) -> Iterator[None]:
    """Holds the warehouse's lock; the same process may enter again.

    A record lock (`lockf`), not `flock`: a child that outlives a killed build would keep an inherited `flock`.

    Raises:
        BuildRunningError: when another process holds it.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    path = (warehouse / "build.lock").resolve()
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildRunningError(_who(handle, path)) from None
        holder = {
            "process": os.getpid(),
            "since": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "command": Path(sys.argv[0]).name,
        }
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _who(handle: int, path: Path) -> str:
    try:
        holder = json.loads(os.pread(handle, 4096, 0))
        who = f"process {holder['process']} ({holder['command']}), since {holder['since']}"
    except (ValueError, KeyError):
        who = "another process, started this moment"
    return f"{path.parent}: a build is running here already: {who}. Wait until it has ended, or build into another warehouse (--warehouse)."
