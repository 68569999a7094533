"""`fodfaeste explain`: what a table or a column is, where it comes from, what depends on it.

Belongs here: options, messages, exit codes. Not here: what is said (explain_tables.py, ...), how it reads (explain_words.py).
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.explain_parts import Explained
    from pipelines.explain_project import Project
    from pipelines.settings import Settings

UNKNOWN = 2


@click.command(
    "explain",
    epilog="\b\nExamples:\n  fodfaeste explain fct_person_months\n  fodfaeste explain core.fct_person_months.ordinary_hours\n  fodfaeste explain instruments --json\n  fodfaeste explain eindkomst.felt_0200\n  fodfaeste explain scope_by_municipality",
)
@click.argument("name", metavar="TABLE[.COLUMN]")
@click.option(
    "--sql/--no-sql", "with_sql", default=None, help="The model's SQL too. Default: of a table yes, of a column no."
)
@click.option("--json", "is_json", is_flag=True, help="For machines.")
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where a published file may be, for its rows. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
def command(name: str, with_sql: bool | None, is_json: bool, warehouse: Path | None) -> None:
    """Say what a table or a column is: grain, rule, unit, values, tier, sources, tests, SQL, what depends on it.

    TABLE is a published table, a step in between (int_, stg_), a code list, a kind of delivered files (eindkomst), or a public table of a release;
    with its schema or without. Needs no data and no key. Exit code 2: nothing has this name.
    """
    from pipelines.explain_parts import UnknownName
    from pipelines.explain_words import as_json, as_text
    from pipelines.settings import SettingsError, read_settings

    try:
        settings = read_settings(None, warehouse)
        told = explain(open_project(settings), name)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None
    except UnknownName as unknown:
        near = f" Did you mean {', '.join(unknown.nearest)}?" if unknown.nearest else ""
        click.secho(f"{unknown.name}: nothing has this name.{near}", fg="red", err=True)
        sys.exit(UNKNOWN)
    except RuntimeError as problem:
        click.secho(str(problem), fg="red", err=True)
        sys.exit(1)
    is_shown = bool(told.columns) if with_sql is None else with_sql
    if is_json:
        click.echo(json.dumps(as_json(told, with_sql=is_shown), ensure_ascii=False, indent=1))
        return
    heading, *lines = as_text(told, with_sql=is_shown)
    click.secho(heading, bold=True)
    click.echo("\n".join(lines))


def open_project(settings: Settings) -> Project:
    """The project as it stands; says so when dbt has to read it first.

    Raises:
        RuntimeError: when dbt cannot parse the project.
    """
    from pipelines.explain_project import Project
    from pipelines.manifest import load_manifest, project_fingerprint

    if not (settings.dbt_target / f"manifest-{project_fingerprint()}.json").exists():
        click.echo("Reading the project for the first time since it changed: some seconds …", err=True)
    return Project(load_manifest(settings), settings)


def explain(project: Project, name: str) -> Explained:
    """What `name` is, with what the published file adds.

    Raises:
        UnknownName: nothing has this name.
    """
    from pipelines.explain_columns import explain_column
    from pipelines.explain_delivered import explain_field, explain_kind
    from pipelines.explain_project import full_name
    from pipelines.explain_public import explain_public_column, explain_public_table
    from pipelines.explain_published import published
    from pipelines.explain_tables import explain_table

    found = project.find(name)
    if found.node is not None:
        told = explain_column(project, found.node, found.column) if found.column else explain_table(project, found.node)
        return replace(told, published=published(project.settings, full_name(found.node)), also=found.also)
    if found.public is not None:
        return (
            explain_public_column(project, found.public, found.column)
            if found.column
            else explain_public_table(project, found.public)
        )
    return explain_field(project, found.kind, found.column) if found.column else explain_kind(project, found.kind)
