"""The message about a failed run. Belongs here: what is sent and that it never fails a run. Not here: Dagster's sensor (tests/definitions)."""

import json
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipelines.notify import Failure, notify
from pipelines.settings import Settings

FAILURE = Failure("hele_vejen", "run-1", ("dbt",))
WORDS = {"job": "hele_vejen", "run_id": "run-1", "steps": ["dbt"]}


def test_a_command_hears_job_run_and_steps_and_nothing_else(tmp_path: Path) -> None:
    """A message that quotes an error could carry a person's data out of the house."""
    target = tmp_path / "heard.json"
    code = f"import sys; open({str(target)!r}, 'w').write(sys.stdin.read())"
    assert notify(replace(Settings(), failure_command=f'{sys.executable} -c "{code}"'), FAILURE) == []
    assert json.loads(target.read_text()) == WORDS


def test_a_web_hook_hears_the_same() -> None:
    """Both ways must say the same, or one of them says too much."""
    heard: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.handle_request, daemon=True).start()
    assert notify(replace(Settings(), failure_url=f"http://127.0.0.1:{server.server_port}/hook"), FAILURE) == []
    assert json.loads(heard[0]) == WORDS
    server.server_close()


def test_a_message_that_cannot_be_sent_is_said_and_fails_nothing() -> None:
    """A broken web hook must not hide the failure it should tell of."""
    settings = replace(Settings(), failure_command="/no/such/command", failure_url="http://127.0.0.1:9/hook")
    troubles = notify(settings, FAILURE)
    assert [trouble.split(":")[0] for trouble in troubles] == [
        "FODFAESTE_ON_FAILURE_COMMAND",
        "FODFAESTE_ON_FAILURE_URL",
    ]


def test_without_configuration_nothing_is_sent() -> None:
    """The default must not call anybody."""
    assert notify(Settings(), FAILURE) == []


def test_a_failed_build_from_the_command_line_is_told_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The nightly job runs from cron, where no sensor listens."""
    from pipelines import build, runner

    report = runner.RunReport("run-2", "hele_vejen", failed_steps={"dbt": "the reason, which may not leave the house"})
    monkeypatch.setattr(runner, "run_job", lambda *_, **__: report)
    heard: list[Failure] = []
    monkeypatch.setattr("pipelines.notify.notify", lambda _, failure: heard.append(failure))
    assert build._run(replace(Settings(), warehouse=tmp_path), 0.0) == 1
    assert heard == [Failure("hele_vejen", "run-2", ("dbt",))]
