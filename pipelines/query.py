"""`fodfaeste query`: the published file, read-only, in DuckDB's own shell with the codebook at hand.

Belongs here: options, messages, exit codes. Not here: the shell (query_shell.py), files of results (query_output.py).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.settings import Settings

BUILD_FIRST = "Build first: make run (synthetic), or fodfaeste build."


@click.command(
    "query",
    epilog='\b\nExamples:\n  fodfaeste query\n  fodfaeste query "from tables()"\n  fodfaeste query "from explain(\'fct_person_months\')" --csv\n  fodfaeste query "from scope.fct_scope_yearly" --output scope.xlsx\n  fodfaeste query --file warehouse/examples/kl1_employment.sql\n  fodfaeste query < warehouse/examples/kl2_hours.sql\n  fodfaeste query --release 2026-1 "from register"',
)
@click.argument("sql", required=False)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="SQL in a file.")
@click.option("--csv", "form", flag_value="csv", help="Print all rows as CSV.")
@click.option("--json", "form", flag_value="json", help="Print all rows as JSON.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows of the last statement to a file: .csv, .parquet or .xlsx.",
)
@click.option("--release", metavar="NAME", help="The public tables of a release instead, by their names.")
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where the published file is. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
def command(
    sql: str | None,
    file: Path | None,
    form: str | None,
    output: Path | None,
    release: str | None,
    warehouse: Path | None,
) -> None:
    """Ask the published file, read-only, in DuckDB's own shell with the codebook at hand.

    Without SQL the shell opens; with SQL, --file or standard input it is run and printed (a table shows at most 40 rows; --csv, --json and --output give all).
    Three tables tell of the others: from tables(), from explain('fct_person_months'), from codebook('timer'). Nothing can be written, no other file read, nothing
    loaded from outside. A build that publishes meanwhile does not disturb: you go on reading the version that you opened.
    Exit code 0: done. 1: nothing is published, or a statement failed, with DuckDB's own message.
    """
    if sql and file:
        raise click.UsageError("Give SQL or --file, not both.")
    if form and output:
        raise click.UsageError("--csv and --json print, --output writes a file: give one.")
    from pipelines.settings import SettingsError, read_settings

    try:
        settings = read_settings(None, warehouse)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None
    text = file.read_text(encoding="utf-8") if file else sql
    if text is None and not sys.stdin.isatty():
        text = sys.stdin.read()
    sys.exit(_run(settings, text, form, output, release))


def _run(settings: Settings, text: str | None, form: str | None, output: Path | None, release: str | None) -> int:
    from pipelines.query_shell import CODEBOOK, NoShell, open_shell, run_sql

    database, start = _resolved(settings), CODEBOOK
    if release is not None:
        database, start = None, _tables_of(settings, release)
        if not start:
            return _refuse(f"{settings.warehouse / 'evaluation' / release}: no release of this name with public tables. Make it: fodfaeste release {release}.")  # fmt: skip
    elif database is None:
        return _refuse(f"{settings.published}: nothing is published yet. {BUILD_FIRST}")
    try:
        if output is not None:
            return _write(settings, database, start, text, output)
        if text is not None:
            return run_sql(database, start, text, form)
        history = _greet(settings, release)
        return open_shell(database, start, history)
    except NoShell as problem:
        return _refuse(str(problem))


def _resolved(settings: Settings) -> Path | None:
    from pipelines.explain_published import resolved

    return resolved(settings)


def _tables_of(settings: Settings, release: str) -> str:
    """SQL that reads the public tables of a release into memory; empty without such a release."""
    from pipelines.query_shell import literal

    folder = settings.warehouse / "evaluation" / release / "public"
    return "".join(
        f"create table \"{path.stem}\" as from read_parquet({literal(path)});\n" for path in sorted(folder.glob("*.parquet"))
    )  # fmt: skip


def _greet(settings: Settings, release: str | None) -> Path | None:
    """Says what is opened; returns where queries are remembered."""
    from pipelines.explain_published import latest
    from pipelines.query_shell import greeting, history_file

    history = history_file()
    if release is not None:
        click.echo(f"The public tables of release {release}, in memory. Begin: show tables;  .quit leaves.")
    else:
        click.echo("\n".join(greeting(latest(settings) or {}, history)))
    return history


def _write(settings: Settings, database: Path | None, start: str, text: str | None, output: Path) -> int:
    import duckdb

    from pipelines.query_output import OutputError, write

    if text is None:
        raise click.UsageError("--output needs SQL, --file or standard input.")
    if output.resolve().is_relative_to(settings.warehouse.resolve()):
        return _refuse(f"{output}: lies in the warehouse, where only builds write. Choose a folder of your own.")
    try:
        rows = write(database, start, text, output)
    except (OutputError, OSError) as problem:
        return _refuse(str(problem))
    except duckdb.Error as problem:
        return _refuse(str(problem))
    click.echo(f"{rows:,} rows written to {output}.", err=True)
    return 0


def _refuse(message: str) -> int:
    click.secho(message, fg="red", err=True)
    return 1
