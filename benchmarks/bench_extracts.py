"""Proof from extract to table: countries written as register extracts, built whole, and the primary estimate beside its truth.

    python benchmarks/bench_extracts.py [--seeds 5] [--persons 20000] [--first-seed 1] [--no-record]

Each seed is another country, with the defects of real deliveries, through the commands that a person would run: `fodfaeste synth`, `fodfaeste build`. Four to seven minutes a seed. Many more countries, without
files in between: bench_country.py. Prints a table and appends it to benchmarks/results.md. Belongs here: running, the table. Not here: the truth (pipelines/truth.py).
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from assets.ingest.keys import KEY_VARIABLE, SAMPLE_KEY
from benchmarks.record import add_no_record, record
from pipelines.sample import FIRST_MONTH, LAST_MONTH, PERSONS
from pipelines.settings import Settings
from pipelines.truth import primary_estimate, true_effect
from transforms.evaluation.protocol import load_protocol


def one_country(seed: int, persons: int, folder: Path) -> dict[str, Any]:
    """The published primary row of the country, with `truth`, `truth_known` (treated that the truth knows) and `seconds`."""
    began = time.perf_counter()
    settings = Settings(raw=folder / "raw", warehouse=folder / "warehouse")
    span = ["--from", FIRST_MONTH, "--to", LAST_MONTH, "--seed", str(seed), "--persons", str(persons)]
    _run(["synth", "--out", str(settings.raw), *span])
    _run(["build", "--raw", str(settings.raw), "--warehouse", str(settings.warehouse)])
    row = primary_estimate(settings.published)
    found = true_effect(settings.build_file, folder / "truth", load_protocol())
    if row is None or found is None:
        raise SystemExit(f"seed {seed}: no primary row, or no truth for it")
    told = {"seed": seed, "truth": found.effect, "truth_known": found.known, "seconds": time.perf_counter() - began}
    return row | told


def _run(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        env=os.environ | {KEY_VARIABLE: SAMPLE_KEY.hex()},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def report(rows: list[dict[str, Any]], persons: int, command: str) -> str:
    """The table as Markdown, in percentage points."""
    estimated = [row for row in rows if row["estimate"] is not None]
    inside = sum(row["low"] <= row["truth"] <= row["high"] for row in estimated)
    lines = [
        f"## {datetime.date.today().isoformat()} · `{command}`",
        "",
        f"{platform.machine()}, Python {platform.python_version()}, {sum(row['seconds'] for row in rows):.0f} s, machine shared. {len(rows)} countries of {persons:,} people from extract to published table: the primary estimate "
        f"(percentage points) and the mean true effect over its own supported treated. **{inside} of {len(estimated)} intervals hold the truth.**",
        "",
        "| seed | truth | estimate | se | low | high | treated | known to the truth | off support | enterprises | gate |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        numbers = " | ".join(
            "–" if row[name] is None else f"{100 * row[name]:+.1f}"
            for name in ("truth", "estimate", "se", "low", "high")
        )
        lines.append(
            f"| {row['seed']} | {numbers} | {row['treated']} | {row['truth_known']} | {row['off_support']} | {row['enterprises']} | {row['gate']} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Build, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--first-seed", type=int, default=1)
    add_no_record(parser)
    arguments = parser.parse_args()
    rows = []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(one_country(seed, arguments.persons, Path(folder)))
        print(f"seed {seed}: {rows[-1]['seconds']:.0f} s", file=sys.stderr, flush=True)
    text = report(rows, arguments.persons, f"python benchmarks/bench_extracts.py --seeds {arguments.seeds}")
    record(text, is_kept=not arguments.no_record)


if __name__ == "__main__":
    main()
