"""`fodfaeste effect`: estimates of a built warehouse, the second step of dbt, audit, publish.

Belongs here: their order and what is told. Not here: the stages.
"""

from __future__ import annotations

import json
import sys
import time

import click

from assets.ingest.code_version import code_fingerprint
from assets.ingest.problems import BuildStopped
from pipelines.lock import BuildRunningError, one_build
from pipelines.power import has_cohorts
from pipelines.settings import Settings


def run(settings: Settings, full: bool) -> int:
    """Returns the exit code: 0 when the published warehouse holds these estimates, else 1 and it is as before."""
    if not has_cohorts(settings):
        click.secho(f"{settings.build_file}: no cohorts yet. Build first: fodfaeste build --force.", fg="red", err=True)
        return 1
    from pipelines.stages import audit_and_publish, estimate, transform_effect

    if not is_of_this_code(settings):
        # Cohorts of another protocol under this one's name would be wrong numbers.
        click.secho(
            "The code or the protocol has changed since this build. Build first: fodfaeste build.", fg="red", err=True
        )
        return 1

    started = time.monotonic()
    try:
        with one_build(settings.warehouse):
            made = estimate(
                settings, full, say=lambda line: click.echo(f"  {time.monotonic() - started:6.1f} s  {line}")
            )
            click.echo(f"{made.rows['estimates']:,} estimates" + ("" if made.is_new else " (as they were)"))
            outcome = transform_effect(settings)
            problems = outcome.problems() if not outcome.is_success else []
            published, findings = (None, []) if problems else audit_and_publish(settings)
    except (BuildRunningError, BuildStopped) as problem:
        click.secho(str(problem), fg="red", err=True)
        return 1
    for text in [*problems, *map(str, findings)]:
        click.secho(text, fg="red", err=True)
    if published is None:
        sys.stderr.flush()
        return 1
    click.secho(f"Published published/{published.file.name} in {time.monotonic() - started:.0f} s.", fg="green")
    return 0


def is_of_this_code(settings: Settings) -> bool:
    """Whether the build file was made by the code, the protocol and the code lists as they are now."""
    try:
        words = json.loads(settings.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(words.get("code") == code_fingerprint())
