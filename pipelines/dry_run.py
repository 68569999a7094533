"""`fodfaeste build --dry-run`: what a build would do.

Belongs here: printing it, the exit code. Not here: finding it (assets/ingest/dry_run.py).
"""

from __future__ import annotations

from collections import Counter

import click

from assets.ingest.dry_run import DryRun, dry_run
from assets.ingest.problems import BuildStopped
from pipelines.settings import Settings

MOST_TOLD = 12


def tell(settings: Settings) -> int:
    """Prints what is new, refused or missing and which months will move; 0 when a build would go through."""
    try:
        result = dry_run(settings.raw, settings.warehouse, settings.as_of)
    except BuildStopped as stopped:
        for problem in stopped.problems:
            click.secho(str(problem), fg="red", err=True)
        return 1
    decision = result.decision
    click.echo(
        f"Cut-off {decision.as_of}; outcomes would be observed from {_month(decision.observed_from)} through {_month(decision.observed_through)}."
    )
    outcomes = Counter(delivery.outcome for delivery in decision.deliveries)
    click.echo("Files: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    _told("New", result.new_files)
    _told("Replaced", result.replaced_files)
    _told("Taken away", result.gone_files)
    _told("Refused", [f"{d.file.name} ({d.refusal_reason})" for d in decision.with_outcome("refused")])
    _told("Not recognised", [d.file.name for d in decision.with_outcome("unrecognised")])
    _told("Payroll months missing", [f"{month:%Y-%m}" for month in result.missing_payroll_months])
    _told(
        "Placement months missing",
        [f"{month:%Y-%m} from {len(who)} municipalities" for month, who in result.missing_placement.items()],
    )
    made = [f"{kind} {period}" for kind, periods in result.made.items() for period in periods]
    _told("Would be read", made)
    click.echo(_moves(result))
    for problem in decision.stops:
        click.secho(f"Would stop: {problem}", fg="red", err=True)
    return 1 if decision.stops else 0


def _moves(result: DryRun) -> str:
    if result.is_nothing_new:
        return "No month would move: nothing is new."
    if result.first_month_that_moves is None:
        return "No month would move: what is new says nothing of an observed month."
    return f"Months that may move: from {_month(result.first_month_that_moves)} on."


def _month(day: object) -> str:
    return "–" if day is None else str(day)[:7]


def _told(heading: str, names: list[str]) -> None:
    if names:
        rest = f" … and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
        click.echo(f"{heading} ({len(names)}): {', '.join(names[:MOST_TOLD])}{rest}")
