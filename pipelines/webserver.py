"""The two webservers: one for engineers with schedules and sensors, one for stakeholders that can only be looked at.

Belongs here: starting Dagster's own commands on the warehouse's home. Not here: what they show.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import click

from pipelines.settings import ROOT, Settings, ensure_dagster_home


def with_sample(settings: Settings, is_given: bool) -> Settings:
    """Where nothing has been delivered yet and the sample country has been made, runs started by hand build the country."""
    from assets.ingest.keys import FILE_VARIABLE, KEY_VARIABLE, SAMPLE_KEY
    from pipelines.fingerprint import landing_files
    from pipelines.sample import COUNTRY, DELIVERY

    country = COUNTRY / DELIVERY
    if is_given or os.environ.get("FODFAESTE_RAW") or landing_files(settings.raw) or not country.is_dir():
        return settings
    if not os.environ.get(KEY_VARIABLE) and not os.environ.get(FILE_VARIABLE):
        os.environ[KEY_VARIABLE] = SAMPLE_KEY.hex()
    click.echo(f"{settings.raw} is empty: runs started here build the sample country.")
    return dataclasses.replace(settings, raw=country)


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
