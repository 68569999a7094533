"""Time and loss of disclosure control at a country's size.

    python benchmarks/bench_disclosure.py [--years 8] [--other 60000] [--rsv 2500] [--no-record]

The four scope tables over eight years: 98 municipalities in 5 groups, 12 instruments, 12 target groups, age and sex, each by kind of enterprise with all totals; a year is a block of its own, for years are
never summed. Prints, for the heuristic alone and for the search, cells suppressed, share of counts kept, seconds of the clock and the processor; an audit of the result made anew; and what it would take
to let every suppressed count reach 0. Belongs here: the clock. Not here: the tables (disclosure_country.py).
"""

from __future__ import annotations

import argparse
import datetime
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.disclosure_country import spells, tables
from benchmarks.record import add_no_record, record
from transforms.disclosure import Protection, audit, load_limits, protect
from transforms.disclosure.primary import broken_rules


def country(years: int, other: int, rsv: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and relations of so many years."""
    made = [tables(spells(year, other=other, rsv=rsv), f"{year}/") for year in range(2016, 2016 + years)]
    relations, used = [], 0
    for _, one in made:
        relations.append(one.assign(relation=one["relation"] + used))
        used = int(relations[-1]["relation"].max()) + 1
    return pd.concat([cells for cells, _ in made]), pd.concat(relations, ignore_index=True)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What some work returns, its seconds of the clock and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - processor


def row(name: str, done: Protection, wall: float, processor: float) -> str:
    """One line of the table."""
    loss, blocks = done.information_loss, done.blocks
    return (
        f"| {name} | {loss['suppressed_primary']} | {loss['suppressed_secondary']} | {loss['share_of_cells_kept']:.1%} | {loss['share_of_counts_kept']:.2%} | "
        f"{blocks['loss'].sum():.1f} | {blocks['bound'].sum():.1f} | {int(blocks['programmes'].sum()):,} | {wall:.1f} | {processor:.1f} |"
    )


def main() -> None:
    """The heuristic, the search, the audit, and the stricter reading for one year."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=8)
    parser.add_argument("--other", type=int, default=60_000)
    parser.add_argument("--rsv", type=int, default=2_500)
    add_no_record(parser)
    arguments = parser.parse_args()
    limits = load_limits()
    cells, relations = country(arguments.years, arguments.other, arguments.rsv)
    quick, quick_wall, quick_processor = timed(
        lambda: protect(cells, relations, replace(limits, search_programmes=1, relative_gap=0.1))
    )
    done, wall, processor = timed(lambda: protect(cells, relations, limits))
    found, audit_wall, audit_processor = timed(lambda: audit(cells, relations, done.status, limits))
    if not found["is_safe"].all():
        raise SystemExit("the audit found counts that are not safe")
    first = cells.index.str.startswith("2016/")
    one_year = (cells[first], relations[relations["cell"].str.startswith("2016/")])
    strict, strict_wall, strict_processor = timed(
        lambda: protect(*one_year, replace(limits, search_programmes=1, seconds_per_block=30), reading="from_zero")
    )
    as_usual = protect(*one_year, limits)
    totals = done.status[cells.index.str.endswith("all|all|all|all|all|all|all")]
    ended = done.blocks["ended_by"].value_counts().to_dict()
    lines = [
        f"## {datetime.date.today().isoformat()} · `python benchmarks/bench_disclosure.py`",
        "",
        f"{platform.machine()}, Python {platform.python_version()}, one process, machine shared. {arguments.years} years of {arguments.other + arguments.rsv:,} spells, {arguments.rsv:,} of them at 100 RSV: "
        f"{len(cells):,} cells that hold anyone, {relations['relation'].nunique():,} relations, {len(done.blocks)} blocks; {int(broken_rules(cells, limits).any(axis=1).sum())} cells break a rule.",
        "",
        "| | primary | secondary | cells kept | counts kept | loss | no choice loses less than | programmes | wall s | processor s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        row("heuristic alone", quick, quick_wall, quick_processor),
        row("with the search", done, wall, processor),
        row(f"2016 alone, as usual ({as_usual.blocks['seconds'].sum():.1f} s)", as_usual, 0.0, 0.0).replace(
            "| 0.0 | 0.0 |", "| | |"
        ),
        row("2016 alone, every suppressed count from 0", strict, strict_wall, strict_processor),
        "",
        f"Searches ended by {', '.join(f'{key} {value}' for key, value in ended.items())}; the better pattern came from {', '.join(f'{key} {value}' for key, value in done.blocks['method'].value_counts().items())}. "
        f"The audit made anew of {len(found):,} suppressed counts took {audit_wall:.1f} s ({audit_processor:.1f} s processor): all safe. The country's total of each year is published in {int((totals == 'ok').sum())} of {len(totals)} years.",
    ]
    record("\n".join(lines), is_kept=not arguments.no_record)


if __name__ == "__main__":
    main()
