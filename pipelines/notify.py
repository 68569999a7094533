"""Tells somebody that a run failed: a command or a web hook out of the configuration.

Belongs here: sending job, run and step names. Not here: what went wrong in words (that stands in the run, behind a login), a person's data.
"""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass

from pipelines.settings import Settings

SECONDS = 20
LOG = logging.getLogger("fodfaeste")


@dataclass(frozen=True)
class Failure:
    """All that is told: names of our own, no text out of the data."""

    job: str
    run_id: str
    steps: tuple[str, ...]


def notify(settings: Settings, failure: Failure) -> list[str]:
    """Runs the command (JSON on its standard input) and calls the web hook (JSON body) that are configured.

    Returns what could not be told, in words; a failed message never fails a run.
    """
    body = json.dumps(asdict(failure), ensure_ascii=False).encode()
    troubles = []
    if settings.failure_command:
        try:
            subprocess.run(
                shlex.split(settings.failure_command), input=body, check=True, timeout=SECONDS, capture_output=True
            )
        except (OSError, ValueError, subprocess.SubprocessError) as problem:
            troubles.append(f"FODFAESTE_ON_FAILURE_COMMAND: {type(problem).__name__}")
    if settings.failure_url:
        try:
            request = urllib.request.Request(
                settings.failure_url, data=body, headers={"Content-Type": "application/json"}, method="POST"
            )
            with urllib.request.urlopen(request, timeout=SECONDS):
                pass
        except (OSError, ValueError, urllib.error.URLError) as problem:
            troubles.append(f"FODFAESTE_ON_FAILURE_URL: {type(problem).__name__}")
    for trouble in troubles:
        LOG.warning("the failure message was not delivered: %s", trouble)
    return troubles
