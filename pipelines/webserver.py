"""The two webservers: one for engineers with schedules and sensors, one for stakeholders that can only be looked at.

Belongs here: starting Dagster's own commands on the warehouse's home. Not here: what they show.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from pipelines.settings import ROOT, Settings, ensure_dagster_home


def serve(settings: Settings, read_only: bool, host: str, port: int) -> int:
    """Runs until it is stopped; returns its exit code."""
    ensure_dagster_home(settings)
    environment = {**os.environ, **settings.variables(), "PYTHONUNBUFFERED": "1"}
    bin_folder = Path(sys.executable).parent
    workspace = ["-w", str(ROOT / "workspace.yaml"), "-h", host, "-p", str(port)]
    command = (
        [str(bin_folder / "dagster-webserver"), *workspace, "--read-only"]
        if read_only
        else [str(bin_folder / "dagster"), "dev", *workspace]
    )
    click.echo(f"http://{host}:{port}  ({'to look at' if read_only else 'engineers'}; stop with Ctrl-C)")
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child gets it too and ends in its own time
