"""Where figures of proofs are kept. Belongs here: printing a report, appending it to results.md. Not here: what it says."""

from __future__ import annotations

import argparse
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")


def add_no_record(parser: argparse.ArgumentParser) -> None:
    """The flag for a run whose figures are not to be kept."""
    parser.add_argument("--no-record", action="store_true", help="print the tables, leave results.md alone")


def record(text: str, *, is_kept: bool) -> None:
    """Prints a report and, where it is to be kept, appends it to benchmarks/results.md."""
    print(text)
    if is_kept:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")
