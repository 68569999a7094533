"""What starts by itself, and when it does not. Belongs here: switches by Dagster's own commands, the daemon. Not here: what a sensor looks at (tests/definitions)."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import dagster_webserver
import pytest
from click.testing import CliRunner
from dagster._cli import create_dagster_cli

from pipelines.settings import Settings, ensure_dagster_home
from tests.conftest import ROOT
from tests.runbook.book import sections

# The schedules and sensors as they are, over jobs that do nothing: all definitions take half a minute to load.
SMALL = """
import dagster as dg
from pipelines.schedules import every_morning, monthly
from pipelines.sensors import failure_message, landing_zone

@dg.op
def nothing(): pass

def job(name):
    @dg.job(name=name)
    def made(): nothing()
    return made

defs = dg.Definitions(jobs=[job("hele_vejen"), job("frister")], schedules=[monthly(), every_morning()], sensors=[landing_zone, failure_message])
"""
[SECTION] = [section for section in sections() if "daemon" in section.alarms]


@pytest.fixture
def give(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Dagster's command line on the warehouse's home; one server of code for all commands, each of which would start its own."""
    ensure_dagster_home(settings)
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
    (tmp_path / "small.py").write_text(SMALL, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "dagster", "api", "grpc", "-f", str(tmp_path / "small.py"), "-p", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not _answers(port):
        assert server.poll() is None and time.monotonic() < until
        time.sleep(0.2)

    def command(line: str) -> str:
        words = line.replace("-w workspace.yaml", f"--grpc-port {port} --grpc-host 127.0.0.1").split()[1:]
        done = CliRunner().invoke(create_dagster_cli(), words)
        assert done.exit_code == 0, done.output[-2000:]
        return done.output

    yield command
    server.kill()
    server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_what_is_switched_off_is_listed_so_and_runs_after_the_command(give: Callable[[str], str]) -> None:
    """A schedule that somebody switched off is silent: nothing fails, nothing comes."""
    commands = [line for line in SECTION.commands if line.startswith("dagster ")]
    assert [line.split()[3] for line in commands[:3]] == ["hver_maaned", "hver_morgen", "landingszone"]
    give("dagster schedule stop hver_morgen -w workspace.yaml")
    before = give(commands[3]) + give("dagster sensor list -w workspace.yaml")
    stopped = [line for line in SECTION.seen if "[STOPPED]" in line]
    assert len(stopped) == 3 and all(line in before for line in stopped), before
    assert "Sensor: fejlbesked [RUNNING]" in before
    for line in commands[:3]:
        give(line)
    after = give(commands[3]) + give("dagster sensor list -w workspace.yaml")
    assert "[STOPPED]" not in after and after.count("[RUNNING]") == 4


def test_a_daemon_that_is_down_is_seen_and_the_ui_says_it_in_these_words(settings: Settings) -> None:
    """Every switch is on and nothing starts: the words in the UI must lead here."""
    from dagster._daemon.controller import all_daemons_healthy

    ensure_dagster_home(settings)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert not all_daemons_healthy(instance)
    pages = Path(dagster_webserver.__file__).parent / "webapp"
    told = [line for line in SECTION.seen if "daemon is not running" in line]
    assert len(told) == 2
    scripts = "".join(path.read_text(encoding="utf-8") for path in pages.rglob("*.js"))
    assert all(line in scripts for line in told)
