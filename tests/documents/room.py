"""Where a command of a document is tried: a copy of the house with the sample's warehouse, in which it may do what it likes.

Belongs here: making the copy, running in it. Not here: which commands (extract.py), how each is tried (commands.yml).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, SAMPLE, SAMPLE_KEY, SampleBuild, environment
from tests.documents.table import Row

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "target", "logs", "incoming"
)
SECONDS, HEAVY_SECONDS, PATIENCE = 300, 3600, 180
OUR_OWN = ("fodfaeste", "python", "python3")


@dataclass(frozen=True)
class Done:
    """What a command did."""

    exit: int
    said: str


class Room:
    """A copy of the house in `folder`; its `.venv/bin` is the environment of these tests, its code the copy's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, row: Row, seconds: int = SECONDS) -> Done:
        """Runs what comes first, then the command; in one shell, so that what is exported holds."""
        script = "\n".join(
            ["set -e", *(self._filled(text) for text in row.first), "set +e", self._filled(row.tried_as)]
        )
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=self._environment(row), capture_output=True, text=True,
            timeout=seconds, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Done(done.returncode, done.stdout + done.stderr)

    def serve(self, row: Row) -> str:
        """Starts a server, waits until it answers at `row.path`, stops it; returns the answer."""
        port = _free_port()
        with (self.folder / "server.log").open("w") as log:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {self._filled(row.tried_as).replace('{port}', str(port))}"],
                cwd=self.folder, env=self._environment(row), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                # As at a terminal, however these tests were started: Dagster that ignores interrupts ignores being ended.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )  # fmt: skip
        try:
            return _answer(f"http://127.0.0.1:{port}/{row.path}", process, self.folder / "server.log")
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # what it has started goes too
            process.wait(60)

    def _filled(self, text: str) -> str:
        return text.replace("{room}", str(self.folder))

    def _environment(self, row: Row) -> dict[str, str]:
        bare = environment(SAMPLE_KEY if row.key else None)
        own = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(self.folder / "home"), "PATH": f"{self.folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
        return bare | own


def make_room(folder: Path, build: SampleBuild) -> Room:
    """A room: code, documents, the sample as landing zone, its warehouse, an environment that is never installed into."""
    shutil.copytree(ROOT, folder, ignore=_left_out, symlinks=True)
    shutil.copytree(SAMPLE, folder / "raw" / "incoming", dirs_exist_ok=True)
    shutil.copytree(build.warehouse, folder / "warehouse", symlinks=True, dirs_exist_ok=True)
    (folder / "home").mkdir()
    (folder / "secure").mkdir()
    _make_environment(folder / ".venv")
    return Room(folder)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Not copied: what is made. Of `warehouse/` only what is written by hand."""
    if Path(folder) == ROOT / "warehouse":
        return {name for name in names if name not in ("README.md", "examples")}
    return set(LEFT_OUT(folder, names))


def _make_environment(venv: Path) -> None:
    """`.venv/bin` as a document names it: python and fodfaeste run the room's code, everything else is as installed."""
    (venv / "bin").mkdir(parents=True)
    installed = Path(sys.executable).parent
    for tool in installed.iterdir():
        if tool.name not in OUR_OWN:
            (venv / "bin" / tool.name).symlink_to(tool)
    calls = {"fodfaeste": "-m pipelines.cli ", "python": "", "python3": ""}
    for name, call in calls.items():
        script = venv / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}"$@"\n', encoding="utf-8")
        script.chmod(0o755)
    (venv / "bin" / "activate").unlink(missing_ok=True)
    (venv / "bin" / "activate").write_text('export PATH="$PWD/.venv/bin:$PATH"\n', encoding="utf-8")
    (venv / ".ready").touch()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answer(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, f"the server ended: {log.read_text()[-2000:]}"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < end, f"no answer at {address}: {log.read_text()[-2000:]}"
            time.sleep(0.5)
