"""`fodfaeste trace`: a figure of a release, the rule behind it and, for who may see them, the delivered lines.

Belongs here: options, the order of the parts, exit codes. Not here: the parts (assets/release/trace_*.py), how they read (assets/release/trace_words.py).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from assets.release.trace_behind import Behind
    from assets.release.trace_figure import Figure, Release
    from assets.release.trace_rule import Rule
    from pipelines.settings import Settings

LINES = 20
RESTRICTED = "restricted"
OF_ONE_PERSON = ("spells", "person_months")


@click.command(
    "trace",
    epilog="\b\nExamples:\n  fodfaeste trace 2026-1 scope_by_municipality year=2020 enterprise_kind=rsv municipality_code=0101\n  fodfaeste trace 2026-1 hours_by_target_group horizon=12 --measure employed --tier restricted\n  fodfaeste trace report register year=2020 --json\n  fodfaeste trace 2026-1 spells spell_key=… --tier restricted",
)
@click.argument("release")
@click.argument("table")
@click.argument("keys", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--measure", help="One number of the row. Default: all of it; lines are those of the first.")
@click.option(
    "--tier",
    type=click.Choice(["public", "restricted"]),
    default="public",
    show_default=True,
    help="public: what the release says. restricted: the delivered lines too, from the build that it was made of; never who they are about.",
)
@click.option(
    "--lines",
    type=click.IntRange(min=0),
    default=LINES,
    show_default=True,
    help="Lines, or hashes of files, shown of each kind of delivery.",
)
@click.option("--json", "is_json", is_flag=True, help="For machines.")
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where the release and its build are. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
def command(
    release: str,
    table: str,
    keys: tuple[str, ...],
    measure: str | None,
    tier: str,
    lines: int,
    is_json: bool,
    warehouse: Path | None,
) -> None:
    """Show what is behind a figure of a release: its model, the rule, the models upstream, the deliveries.

    RELEASE is a name under warehouse/evaluation, or `report`. TABLE is a public one, or spells or person_months of the restricted tier. KEY=VALUE names the row: codes or labels; a dimension that is not given takes its only value or its total. With --tier restricted the members are counted again
    and must add up. Exit code 0: shown. 1: not, and why.
    """
    from assets.release.trace_figure import TraceError, find_figure, find_table, open_release
    from assets.release.trace_rule import rule_of
    from assets.release.trace_words import as_json, as_text
    from pipelines.settings import SettingsError, read_settings

    try:
        settings = read_settings(None, warehouse)
        opened = open_release(settings.warehouse, release)
        given, behind = _given(keys), None
        if table in OF_ONE_PERSON:
            figure, rule, behind = _row(settings, opened, table, given, measure, tier, lines)
        else:
            figure = find_figure(opened, find_table(opened, table), given, measure)
            rule = rule_of(opened, figure.table, tuple(one.name for one in figure.measures), _manifest(settings))
            if tier == RESTRICTED:
                behind = _behind(settings, opened, figure, lines)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None
    except TraceError as problem:
        click.secho(str(problem), fg="red", err=True)
        sys.exit(1)
    if is_json:
        click.echo(json.dumps(as_json(opened, figure, rule, behind, lines), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(as_text(opened, figure, rule, behind, lines)))


def _given(keys: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in keys:
        name, sign, value = text.partition("=")
        if not sign or not name or name in found:
            raise click.UsageError(f"{text}: write each dimension once, as KEY=VALUE.")
        found[name] = value
    return found


def _manifest(settings: Settings) -> dict[str, Any]:
    """dbt's manifest of the warehouse's last build; of the code as it stands where there is none."""
    from assets.release.trace_figure import refuse
    from pipelines.dbt_runner import manifest_path, read_manifest
    from pipelines.manifest import load_manifest

    try:
        return read_manifest(settings) if manifest_path(settings).is_file() else load_manifest(settings)
    except (OSError, ValueError, RuntimeError) as problem:
        refuse("transforms", "models_unreadable", str(problem), "put the dbt project right, then trace again")


def _behind(settings: Settings, release: Release, figure: Figure, lines: int) -> Behind:
    from assets.release.trace_behind import behind
    from assets.release.trace_build import open_build
    from pipelines.cohorts import BuildCohorts

    with open_build(settings.warehouse, release) as build:
        return behind(build, release, figure, BuildCohorts(build.connection), lines)


def _row(
    settings: Settings, release: Release, table: str, given: dict[str, str], measure: str | None, tier: str, lines: int
) -> tuple[Figure, Rule, Behind]:
    from assets.ingest.keys import read_key
    from assets.ingest.problems import BuildStopped
    from assets.release.trace_build import open_build
    from assets.release.trace_figure import TraceError, refuse
    from assets.release.trace_row import behind_row, find_row, rule_of_row

    if tier != RESTRICTED:
        refuse(
            f"{table}.parquet",
            "tier",
            f"{table} is a table of the restricted tier, of persons",
            "add --tier restricted where you may see them",
        )
    manifest = _manifest(settings)
    figure, row = find_row(release, table, given, measure, manifest)
    try:
        key = read_key().value
    except BuildStopped as stopped:
        raise TraceError(stopped.problems[0]) from None
    with open_build(settings.warehouse, release) as build:
        return figure, rule_of_row(release, figure, manifest), behind_row(build, release, figure, row, key, lines)
