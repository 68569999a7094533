"""What `make run` makes, and the two webservers over it.

Belongs here: making, starting, ending. Not here: tests.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.devtools import Tab, chromium
from tests.conftest import ROOT, environment


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of `make run`, beside the house's own."""
    warehouse = tmp_path_factory.mktemp("make_run") / "warehouse"
    done = subprocess.run(
        ["make", "run"], cwd=ROOT, env=surroundings(warehouse), capture_output=True, text=True, timeout=1800, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return warehouse


def surroundings(warehouse: Path) -> dict[str, str]:
    """The environment of a person who has set nothing but where the warehouse lies."""
    return environment(key=None) | {"FODFAESTE_WAREHOUSE": str(warehouse)}


@contextmanager
def serving(warehouse: Path, *words: str) -> Iterator[str]:
    """`fodfaeste ui` until it answers; its address. Ended as a service manager ends it, and its servers with it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "ui", *words, "--port", str(port)],
        cwd=ROOT, env=surroundings(warehouse),
        # As a shell starts it in the background: interrupts ignored. It must end all the same when it is told to.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def _wait(address: str) -> None:
    for _ in range(180):
        try:
            urllib.request.urlopen(f"{address}/server_info", timeout=5).read()
            return
        except OSError:
            time.sleep(1)
    raise AssertionError(f"{address} does not answer after three minutes")


@pytest.fixture(scope="session")
def address(made: Path) -> Iterator[str]:
    """The stakeholder's webserver."""
    with serving(made, "--read-only") as one:
        yield one


@pytest.fixture(scope="session")
def engineers(made: Path) -> Iterator[str]:
    """The engineer's."""
    with serving(made) as one:
        yield one


@pytest.fixture(scope="session")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for all tests."""
    with chromium(tmp_path_factory.mktemp("profile")) as one:
        yield one
