"""`fodfaeste release NAME`: freezes the published warehouse as a release.

Belongs here: options, messages, exit codes. Not here: what a release is (assets/release).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click


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
    from assets.ingest.problems import BuildStopped
    from assets.release.freeze import freeze
    from assets.release.rules import ReleaseError
    from pipelines.settings import SettingsError, read_settings
    from transforms.disclosure.system import DisclosureError

    started = time.monotonic()
    try:
        settings = read_settings(None, warehouse)
        made = freeze(
            settings.warehouse,
            name,
            read_key().value,
            lambda line: click.echo(f"  {time.monotonic() - started:6.1f} s  {line}", err=True),
        )
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None
    except BuildStopped as stopped:
        for fault in stopped.problems:
            click.secho(str(fault), fg="red", err=True)
        sys.exit(1)
    except (ReleaseError, DisclosureError) as problem:
        _refuse("No release is made", problem)
        sys.exit(1)
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
    from assets.release.rules import ReleaseError
    from pipelines.settings import SettingsError, read_settings
    from transforms.disclosure.system import DisclosureError

    started = time.monotonic()
    try:
        made = preview(read_settings(None, warehouse).warehouse)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None
    except (ReleaseError, DisclosureError) as problem:
        _refuse("No pages are made", problem)
        sys.exit(1)
    click.echo(f"{made.folder}: {made.pages} pages in {time.monotonic() - started:.0f} s. Begin with pages/index.html.")


def _refuse(what: str, problem: Exception) -> None:
    """Every reason on a line of its own."""
    first, *others = str(problem).splitlines()
    click.secho(f"{what}: {first}", fg="red", err=True)
    for reason in others:
        click.secho(f"  {reason}", fg="red", err=True)
