"""The command line: `fodfaeste`.

Belongs here: options, messages, exit codes. Not here: work; frameworks are imported inside the commands that need them, so that --help answers at once.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.compare_official import command as compare_official
from pipelines.explain import command as explain
from pipelines.query import command as query
from pipelines.release import command as release
from pipelines.release import report
from pipelines.trace import command as trace

if TYPE_CHECKING:
    from pipelines.settings import Settings

EXAMPLES = """
\b
Examples:
  fodfaeste build                                     raw/incoming into warehouse/
  fodfaeste build --raw /data/in --warehouse /data/wh --as-of 2024-06-30
  fodfaeste build --dry-run                           what is new, refused, missing; which months will move
  fodfaeste check eindkomst_2024-05.csv.gz            before a supplier sends it: no key, nothing written
  fodfaeste doctor                                    what is wrong here, and what to do
  fodfaeste synth --out raw/incoming --persons 20000 --from 2016-01 --to 2022-06 --seed 1
  fodfaeste ui                                        the graph, runs and checks (engineers)
  fodfaeste ui --read-only                            the same, to look at (stakeholders)
  fodfaeste explain core.fct_person_months            what a table or column is, its sources, rule, SQL, uses
  fodfaeste query                                     DuckDB's shell on what is published, read-only, codebook at hand
  fodfaeste query "from tables()" --csv               one query; --output FILE.xlsx, .csv or .parquet
  fodfaeste effect --full                             every estimate of the protocol, sensitivity runs too
  fodfaeste power                                     how small an effect could be seen, outcomes unread
  fodfaeste report                                    pages about what is published, for the house alone
  fodfaeste release 2026-1                            freeze a release: public and restricted tier, pages
  fodfaeste trace 2026-1 register year=2020           what is behind a figure of a release
  fodfaeste compare-official otij01.csv               official figures beside ours, cell by cell
"""
RAW = click.option(
    "--raw", type=click.Path(path_type=Path), help="Landing zone. Default: raw/incoming, or FODFAESTE_RAW."
)
WAREHOUSE = click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    help="Where lake, runs and results live. Default: warehouse, or FODFAESTE_WAREHOUSE.",
)
AS_OF = click.option("--as-of", metavar="DATE", help="Cut-off, YYYY-MM-DD. Default: the newest delivery.")
MONTH = click.DateTime(["%Y-%m"])


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="fodfaeste")
def main() -> None:
    """From register, placement and payroll extracts to a published outcome warehouse."""


def _settings(
    raw: Path | None, warehouse: Path | None, as_of: str | None = None, strict: bool | None = None
) -> Settings:
    from pipelines.settings import SettingsError, read_settings

    try:
        return read_settings(raw, warehouse, as_of, strict)
    except SettingsError as problem:
        raise click.UsageError(str(problem)) from None


def _report(problems: list, heading: str) -> None:
    click.secho(heading, fg="red", err=True)
    for problem in problems:
        click.echo(f"  {problem}", err=True)


@main.command(
    epilog="\b\nExamples:\n  fodfaeste build --raw /data/in --warehouse /data/wh --as-of 2024-06-30\n  fodfaeste build --dry-run\n  fodfaeste build --strict"
)
@RAW
@WAREHOUSE
@AS_OF
@click.option(
    "--dry-run", is_flag=True, help="Say what a build would do; write nothing but the lake's memory of file hashes."
)
@click.option(
    "--strict/--no-strict", default=None, help="Shares above their limits and odd figures stop the build too."
)
@click.option("--force", is_flag=True, help="Build even when nothing is new.")
def build(
    raw: Path | None, warehouse: Path | None, as_of: str | None, dry_run: bool, strict: bool | None, force: bool
) -> None:
    """Take in what is new, build every table, check, publish.

    Exit code 0: a published warehouse of these files, checks passed. 1: stopped, the published warehouse is as before.
    """
    settings = _settings(raw, warehouse, as_of, strict)
    if dry_run:
        from pipelines.dry_run import tell

        sys.exit(tell(settings))
    from pipelines.build import build as run

    sys.exit(run(settings, force=force))


@main.command(
    epilog="\b\nExample:\n  fodfaeste synth --out /tmp/country --persons 20000 --from 2016-01 --to 2022-06 --seed 1"
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder that becomes a landing zone.")
@click.option("--persons", type=click.IntRange(min=1), required=True, help="People of the country.")
@click.option("--from", "first", type=MONTH, required=True, metavar="YYYY-MM", help="First month delivered.")
@click.option("--to", "last", type=MONTH, required=True, metavar="YYYY-MM", help="Last month delivered.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same country.")
def synth(out: Path, persons: int, first: datetime.datetime, last: datetime.datetime, seed: int) -> None:
    """Make a synthetic country with known truth, in the contract's formats."""
    if last < first:
        raise click.UsageError("--to lies before --from.")
    from raw.synthetic import make

    click.echo(f"Making {persons:,} people, {first:%Y-%m} to {last:%Y-%m}, seed {seed} …")
    make(out, persons=persons, first_month=f"{first:%Y-%m}", last_month=f"{last:%Y-%m}", seed=seed)
    click.echo(f"Written to {out}. Next: fodfaeste build --raw {out}")


@main.command(epilog="\b\nExample:\n  fodfaeste doctor --raw /data/in --warehouse /data/wh")
@RAW
@WAREHOUSE
@AS_OF
def doctor(raw: Path | None, warehouse: Path | None, as_of: str | None) -> None:
    """Say what is wrong with the landing zone or this environment, and what to do."""
    from pipelines.doctor import examine

    problems = examine(_settings(raw, warehouse, as_of))
    if problems:
        _report(problems, f"{len(problems)} things to look at:")
        sys.exit(1)
    click.secho("All is well.", fg="green")


@main.command(epilog="\b\nExample:\n  fodfaeste check eindkomst_2024-05_001.csv.gz forloeb_0101_2024-05.csv")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Hold files to the delivery contract before they are sent. Needs no key and writes nothing."""
    from pipelines.check_files import check_files

    sys.exit(check_files(list(files)))


@main.command(epilog="\b\nExamples:\n  fodfaeste effect\n  fodfaeste effect --full --warehouse /data/wh")
@RAW
@WAREHOUSE
@click.option(
    "--full", is_flag=True, help="Every horizon, every outcome's curve and the sensitivity runs too: minutes to hours."
)
def effect(raw: Path | None, warehouse: Path | None, full: bool) -> None:
    """Estimate the effects of a built warehouse by transforms/protocol.yml and publish them.

    A build estimates the reported horizons and the curves by itself; this is for all else. After a change of the protocol build first.
    """
    from pipelines.effect_command import run

    sys.exit(run(_settings(raw, warehouse), full))


@main.command(epilog="\b\nExample:\n  fodfaeste power --warehouse /data/wh")
@WAREHOUSE
def power(warehouse: Path | None) -> None:
    """Say how small an effect could be seen with the placements there are, without reading an outcome."""
    from pipelines.power import run

    sys.exit(run(_settings(None, warehouse)))


@main.command(name="run-sample", epilog="\b\nExample:\n  fodfaeste run-sample --warehouse /tmp/wh")
@WAREHOUSE
@click.option("--persons", type=click.IntRange(min=1), default=None, help="Size of the country.")
def run_sample(warehouse: Path | None, persons: int | None) -> None:
    """Make the sample country, build it, answer KL's three questions. What `make run` calls."""
    from pipelines.sample import run

    sys.exit(run(_settings(None, warehouse), persons))


@main.command(epilog="\b\nExamples:\n  fodfaeste ui\n  fodfaeste ui --read-only --port 3001")
@WAREHOUSE
@RAW
@click.option("--read-only", is_flag=True, help="To look at only: nothing can be started or changed.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=None, help="Default: 3000, read-only 3001.")
def ui(warehouse: Path | None, raw: Path | None, read_only: bool, host: str, port: int | None) -> None:
    """Show graph, runs, checks and figures in a browser."""
    from pipelines.webserver import serve, with_sample

    settings = with_sample(_settings(raw, warehouse), is_given=raw is not None)
    sys.exit(serve(settings, read_only, host, port or (3001 if read_only else 3000)))


main.add_command(compare_official)
main.add_command(explain)
main.add_command(query)
main.add_command(release)
main.add_command(report)
main.add_command(trace)

if __name__ == "__main__":
    main()
