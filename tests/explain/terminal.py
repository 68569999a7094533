"""A program at a terminal, as a person sees it. Belongs here: typing and reading. Not here: what a program must say."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.conftest import ROOT

PATIENCE = 60.0


class Terminal:
    """What the program has said so far, and a keyboard."""

    def __init__(self, screen: int) -> None:
        self._screen = screen
        self.said = b""
        self.exit_code: int | None = None

    def type(self, keys: bytes) -> None:
        """Presses keys; the return key is `\\r`."""
        os.write(self._screen, keys)

    def wait_for(self, text: bytes) -> None:
        """Reads until the program has said `text` since the last key."""
        start, end = len(self.said), time.monotonic() + PATIENCE
        while text not in self.said[start:]:
            assert time.monotonic() < end and self.read(), f"it never said {text!r}: {self.said!r}"

    def read(self) -> bool:
        """Reads what is there; False when the program has left."""
        if not select.select([self._screen], [], [], 1)[0]:
            return True
        try:
            part = os.read(self._screen, 4096)
        except OSError:
            return False
        self.said += part
        return bool(part)


@contextmanager
def terminal(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Starts the program; when the block ends it must leave by itself."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))  # of no size it asks where its cursor is
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    screen = Terminal(outer)
    try:
        yield screen
        end = time.monotonic() + PATIENCE
        while screen.read() and time.monotonic() < end:
            pass
        screen.exit_code = process.wait(PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
        os.close(outer)
