"""`fodfaeste check`: what a supplier is told before sending.

Belongs here: printing what ingest finds, the exit code. Not here: the finding (assets/ingest/check.py).
"""

from __future__ import annotations

from pathlib import Path

import click

from assets.ingest.check import check_files as look


def check_files(files: list[Path]) -> int:
    """Prints a verdict a file; 0 only when every one would be used whole."""
    checks = look(files)
    for check in checks:
        verdict, colour = ("good", "green") if check.is_good else ("not good", "red")
        rows = ""
        if check.report is not None and check.report.rows_delivered is not None:
            rows = f", {check.report.rows_delivered:,} rows"
            rows += f", {check.report.rows_rejected:,} rejected" if check.report.rows_rejected else ""
        click.secho(f"{check.path.name}: {verdict}{rows}", fg=colour)
        for problem in check.problems:
            click.echo(f"  {problem}")
    good = sum(check.is_good for check in checks)
    if len(checks) > 1:
        click.echo(f"{good} of {len(checks)} files are good.")
    return 0 if good == len(checks) else 1
