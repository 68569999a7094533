"""`fodfaeste build`: nothing when nothing is new, else the whole way through Dagster.

Belongs here: the order of looking, running and telling. Not here: the stages.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from assets.ingest.keys import read_key
from assets.ingest.landing import scan
from assets.ingest.problems import BuildStopped
from assets.ingest.run import require_files
from assets.publishing.publish import read_latest
from pipelines.errors import problem_of_system
from pipelines.fingerprint import fingerprint_now
from pipelines.lock import BuildRunningError, one_build
from pipelines.settings import Settings

WHOLE_JOB, PAGES_JOB = "hele_vejen", "evaluering"


def build(settings: Settings, force: bool = False) -> int:
    """Returns the exit code: 0 when the published warehouse is that of these files."""
    started = time.monotonic()
    try:
        read_key()
        require_files(scan(settings.raw, settings.as_of))
        with one_build(settings.warehouse):
            if not force and is_current(settings):
                latest = read_latest(settings.warehouse) or {}
                if previewed(settings) != Path(str(latest.get("file"))).name:
                    click.echo(f"Nothing new but the pages: those of {latest.get('file')} are not made yet.")
                    return _run(settings, started, PAGES_JOB)
                click.echo(
                    f"Nothing new: same files, cut-off, code, parameters and key as {latest.get('file')} "
                    f"(cut-off {latest.get('as_of')}). Nothing was changed. ({time.monotonic() - started:.1f} s)"
                )
                return 0
            return _run(settings, started)
    except BuildRunningError as problem:
        click.secho(str(problem), fg="red", err=True)
    except BuildStopped as stopped:
        for found in stopped.problems:
            click.secho(str(found), fg="red", err=True)
    except OSError as problem:
        click.secho(str(problem_of_system(problem)), fg="red", err=True)
    return 1


def is_current(settings: Settings) -> bool:
    """Whether the published file is that of these files, cut-off, code, parameters and key."""
    latest = read_latest(settings.warehouse)
    return latest is not None and latest.get("fingerprint") == fingerprint_now(settings)


def previewed(settings: Settings) -> str | None:
    """The published file of which the pages in `report/` are; None without pages."""
    try:
        manifest = json.loads((settings.warehouse / "report" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(manifest.get("published"))


def _run(settings: Settings, started: float, job: str = WHOLE_JOB) -> int:
    from pipelines.runner import run_job

    click.echo(f"{settings.raw} → {settings.warehouse}")
    before = (read_latest(settings.warehouse) or {}).get("file")
    report = run_job(settings, job, say=lambda line: click.echo(line))
    if report.is_success:
        latest = read_latest(settings.warehouse) or {}
        told = (
            f" {len(report.warnings)} warnings: see quality.fct_rule_results, or fodfaeste ui."
            if report.warnings
            else ""
        )
        click.secho(
            f"Published {latest.get('file')}, cut-off {latest.get('as_of')}, in {time.monotonic() - started:.0f} s.{told}",
            fg="green",
        )
        return 0
    from pipelines.notify import Failure, notify

    latest = read_latest(settings.warehouse) or {}
    if latest.get("file") == before and job == WHOLE_JOB:
        click.secho("\nStopped. The published warehouse is as it was before.", fg="red", err=True)
    else:
        click.secho(
            f"\nPublished {latest.get('file')}, cut-off {latest.get('as_of')}; the pages in {settings.warehouse / 'report'} are not made anew.",
            fg="red",
            err=True,
        )
    for reason in dict.fromkeys(report.failed_steps.values()):
        steps = [step for step, of_step in report.failed_steps.items() if of_step == reason]
        click.echo(f"{', '.join(steps)}:\n{reason}", err=True)
    for check in report.failed_checks:
        click.echo(f"check {check}", err=True)
    notify(settings, Failure(report.job, report.run_id, tuple(sorted(report.failed_steps))))
    sys.stderr.flush()
    return 1
