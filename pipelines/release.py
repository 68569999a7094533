"""`fodfaeste release NAME`: freezes the published warehouse as a release.

Belongs here: options, messages, exit codes. Not here: what a release is (assets/release).
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from assets.release.freeze import Frozen
    from pipelines.settings import Settings


@click.command(
    "release", epilog="\b\nExamples:\n  fodfaeste release 2026-1\n  fodfaeste release 2026-1 --warehouse /data/wh"
)
@click.argument("name")
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where the published warehouse is. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
def command(name: str, warehouse: Path | None) -> None:
    """Freeze the published warehouse as warehouse/evaluation/NAME: public tables after disclosure control, pages, restricted tables with keys of their own, manifest.

    A release is frozen: an existing NAME is refused. Exit code 0: made. 1: not made, and nothing is left behind.
    """
    from assets.ingest.keys import read_key
    from assets.release.freeze import freeze

    started = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"  {time.monotonic() - started:6.1f} s  {line}", err=True)

    settings = _settings(warehouse)
    made = _made("No release is made", settings, lambda: freeze(settings.warehouse, name, read_key().value, say))
    _record(settings, made)
    for system, loss in made.loss.items():
        click.echo(
            f"{system}: {loss['suppressed_primary']:,} + {loss['suppressed_secondary']:,} of {loss['cells']:,} cells suppressed (primary + secondary), {loss['share_of_counts_kept']:.1%} of the counts kept"
        )
    click.echo(
        f"{made.folder}: {len(made.rows)} tables, {made.pages} pages, in {time.monotonic() - started:.0f} s. Begin with pages/index.html."
    )
    if made.unfilled:
        click.secho(
            f"Not filled in by the owner (transforms/release/about.yml), and said so in the release: {', '.join(made.unfilled)}.",
            fg="yellow",
        )


@click.command("report", epilog="\b\nExample:\n  fodfaeste report")
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where the published warehouse is. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
def report(warehouse: Path | None) -> None:
    """Make the pages of the published warehouse in warehouse/report, for the house alone: marked as internal on every page.

    Tables protected anew each month show by difference what each of them hides: what goes out is a release. Exit code 0: made. 1: not made.
    """
    from assets.release.freeze import preview

    started = time.monotonic()
    settings = _settings(warehouse)
    made = _made("No pages are made", settings, lambda: preview(settings.warehouse))
    click.echo(f"{made.folder}: {made.pages} pages in {time.monotonic() - started:.0f} s. Begin with pages/index.html.")


def _settings(warehouse: Path | None) -> Settings:
    from pipelines.settings import SettingsError, read_settings

    try:
        return read_settings(None, warehouse)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None


def _made(what: str, settings: Settings, make: Callable[[], Frozen]) -> Frozen:
    """What `make` gives, while no build and no other release runs here: both would write where it writes. Ends the command with the reasons when it is refused."""
    from assets.formats.readback import ReadBackError
    from assets.ingest.problems import BuildStopped
    from assets.release.rules import ReleaseError
    from assets.report.tier import TierError
    from pipelines.lock import BuildRunningError, one_build
    from transforms.disclosure.system import DisclosureError

    try:
        # A folder that is not there is refused, not made.
        with one_build(settings.warehouse) if settings.warehouse.is_dir() else contextlib.nullcontext():
            return make()
    except BuildStopped as stopped:
        reasons = [str(fault) for fault in stopped.problems]
    except (BuildRunningError, ReleaseError, DisclosureError, ReadBackError, TierError) as problem:
        reasons = str(problem).splitlines()
    click.secho(f"{what}: {reasons[0]}", fg="red", err=True)
    for reason in reasons[1:]:
        click.secho(f"  {reason}", fg="red", err=True)
    sys.exit(1)


def _record(settings: Settings, made: Frozen) -> None:
    """Shows the release in the graph, where there is one; what is made stays made whatever Dagster says."""
    if not settings.dagster_home.is_dir():
        return
    try:
        import dagster as dg

        from assets.evaluation_release import record

        with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
            record(instance, made)
    except Exception as problem:
        click.secho(
            f"The release is made, but the graph does not show it: {type(problem).__name__}.", fg="yellow", err=True
        )
