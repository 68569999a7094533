"""The two webservers: one for engineers with schedules and sensors, one for stakeholders that can only be looked at.

Belongs here: starting them on the warehouse's home. Not here: what they show, what the read-only one refuses (read_only.py).
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
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
    os.environ.update(settings.variables() | {"PYTHONUNBUFFERED": "1"})
    workspace = ["-w", str(ROOT / "workspace.yaml"), "-h", host, "-p", str(port)]
    command = (
        [sys.executable, "-m", "pipelines.read_only", *workspace, "--read-only"]
        if read_only
        else [str(Path(sys.executable).parent / "dagster"), "dev", *workspace]
    )
    address = f"http://{host}:{port}"
    click.echo(f"{address}  ({'to look at' if read_only else 'engineers'}; stop with Ctrl-C)")
    # A shell that starts this in the background has it ignore interrupts; Dagster's servers would then ignore being ended too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with _figures_followed(settings, None if read_only else address):
        process = subprocess.Popen(command, cwd=ROOT)
        # A service that is told to end takes its server with it.
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the child gets it too and ends in its own time


@contextlib.contextmanager
def _figures_followed(settings: Settings, address: str | None) -> Iterator[None]:
    """Gathers the figures that pages open with; goes on doing so for a server at `address` (the read-only one does so itself)."""
    import dagster as dg

    from pipelines.figures import write_figures
    from pipelines.follow import follow_in_background, reload_over_http

    with dg.DagsterInstance.get() as instance:
        # Who may not write beside the runs sees the pages with the figures that are there.
        with contextlib.suppress(OSError):
            write_figures(settings, instance)
        if address:
            follow_in_background(settings, instance, reload_over_http(address))
        yield
