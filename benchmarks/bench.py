"""`make bench`: what a full build costs beside a bare floor and beside plain pandas, in one run.

    python benchmarks/bench.py [--sizes 300000 3000000] [--pandas-up-to 300000] [--folder DIR]

Prints a table of ratios, the slope between the sizes, the fixed cost of starting Dagster, dbt and Great Expectations, what adding a month touches, and the
slowest steps; appends it to benchmarks/results.md with date and command. Belongs here: the plan of the runs. Not here: how a run is measured (measure.py).
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.measure import Cost, run

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
KEY = {"OUTCOME_PSEUDONYM_KEY": hashlib.sha256(b"fodfaeste-sample").hexdigest()}
FIRST, LAST = "2014-07", "2022-06"  # 96 months


def make_country(folder: Path, persons: int, seed: int = 1) -> Path:
    """A country without defects, so that the bare floor can type its files; returns its landing zone."""
    raw = folder / "raw"
    code = (
        "import sys; from pathlib import Path; from raw.synthetic import make; "
        "make(Path(sys.argv[1]), persons=int(sys.argv[2]), first_month=sys.argv[3], last_month=sys.argv[4], seed=int(sys.argv[5]), defects='none')"
    )
    run([sys.executable, "-c", code, str(raw), str(persons), FIRST, LAST, str(seed)], folder / "synth.log")
    return raw


def payroll_lines(raw: Path) -> int:
    """Data lines of all payroll files (trailers and headers apart)."""
    files = f"{raw}/payroll/*.csv*"
    row = duckdb.sql(
        f"select count(*) from read_csv('{files}', delim = ';', header = true, all_varchar = true) where linje <> '9999999'"
    ).fetchone()
    return int(row[0]) if row else 0


def build(raw: Path, warehouse: Path, log: Path) -> Cost:
    """One `fodfaeste build`, as a user runs it."""
    return run([str(BIN / "fodfaeste"), "build", "--raw", str(raw), "--warehouse", str(warehouse)], log, KEY)


def pandas(raw: Path, place: Path) -> Cost:
    """The same measures in plain pandas."""
    return run(
        [sys.executable, str(ROOT / "benchmarks" / "pandas_measures.py"), str(raw), str(place / "pandas")], place / "pandas.log", KEY
    )  # fmt: skip


def slope(lines: tuple[int, int], costs: tuple[Cost, Cost]) -> tuple[float, float]:
    """Wall and processor seconds that a million lines more take."""
    millions = (lines[1] - lines[0]) / 1e6
    return (costs[1].wall - costs[0].wall) / millions, (costs[1].cpu - costs[0].cpu) / millions


def slowest(warehouse: Path, most: int = 12) -> list[tuple[str, float]]:
    """The slowest steps of the last build, from the timings it leaves beside the build file."""
    steps = json.loads((warehouse / "build" / "timings.json").read_text())
    return sorted(((step["step"], step["seconds"]) for step in steps), key=lambda step: -step[1])[:most]


def add_a_month(folder: Path, raw: Path) -> list[str]:
    """Builds 95 months, delivers the 96th, builds again: says what the second build read."""
    held, warehouse = folder / "held", folder / "month"
    held.mkdir()
    last = [*(raw / "payroll").glob(f"eindkomst_{LAST}*"), *(raw / "placement").glob(f"forloeb_*_{LAST}*")]
    for path in last:
        shutil.move(path, held / path.name)
    first = build(raw, warehouse, folder / "month1.log")
    for path in held.iterdir():
        shutil.move(path, raw / ("payroll" if path.name.startswith("eindkomst") else "placement") / path.name)
    before = {path: path.stat().st_mtime_ns for path in (warehouse / "lake").glob("*/*/report.json")}
    second = build(raw, warehouse, folder / "month2.log")
    after = {path: path.stat().st_mtime_ns for path in (warehouse / "lake").glob("*/*/report.json")}
    touched = sorted(
        str(path.parent.relative_to(warehouse / "lake")) for path in after if after[path] != before.get(path)
    )
    return [
        f"Adding one month to 96: {len(last)} new files; partitions made anew: {', '.join(touched)} (of {len(after)}); "
        f"cold {first.wall:.1f} s, with the new month {second.wall:.1f} s."
    ]


def main() -> None:
    """Runs the plan and prints the report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=[300_000, 3_000_000])
    options.add_argument("--pandas-up-to", type=int, default=300_000)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="fodfaeste-bench-"))
    folder.mkdir(parents=True, exist_ok=True)

    (folder / "probe").mkdir(exist_ok=True)
    probe = make_country(folder / "probe", 1_000)
    lines_a_person = payroll_lines(probe) / 1_000
    fixed = build(probe, folder / "probe" / "warehouse", folder / "probe" / "build.log")
    plain_fixed = pandas(probe, folder / "probe")
    report = [
        f"Fixed cost (1,000 persons, {payroll_lines(probe):,} lines): build {fixed.wall:.1f} s wall, {fixed.cpu:.1f} s processor, {fixed.peak_gb:.2f} GB; "
        f"plain pandas {plain_fixed.wall:.1f} s wall, {plain_fixed.cpu:.1f} s processor.",
        "",
        "| payroll lines | what | wall s | processor s | peak GB | build / it, wall | build / it, processor |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    points: list[tuple[int, Cost, Cost]] = []
    slow: list[str] = []
    plain: tuple[float, float] | None = None
    for size in chosen.sizes:
        place = folder / str(size)
        place.mkdir(exist_ok=True)
        raw = make_country(place, round(size / lines_a_person))
        lines = payroll_lines(raw)
        bare = run(
            [sys.executable, str(ROOT / "benchmarks" / "bare.py"), str(raw), str(place / "bare")], place / "bare.log"
        )
        full = build(raw, place / "warehouse", place / "build.log")
        costs = {"bare DuckDB": bare}
        if size <= chosen.pandas_up_to:
            costs["plain pandas"] = pandas(raw, place)
            plain = slope((payroll_lines(probe), lines), (plain_fixed, costs["plain pandas"]))
        report.append(f"| {lines:,} | build | {full.wall:.1f} | {full.cpu:.1f} | {full.peak_gb:.2f} | | |")
        for name, cost in costs.items():
            report.append(
                f"| {lines:,} | {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_gb:.2f} | {full.wall / cost.wall:.2f} | {full.cpu / cost.cpu:.2f} |"
            )
        points.append((lines, bare, full))
        slow = [
            f"Slowest steps at {lines:,} lines: "
            + "; ".join(f"{step} {seconds:.1f} s" for step, seconds in slowest(place / "warehouse"))
            + "."
        ]
    report.append("")
    if len(points) > 1:
        (small, bare_small, full_small), (large, bare_large, full_large) = points[0], points[-1]
        ours = slope((small, large), (full_small, full_large))
        floor = slope((small, large), (bare_small, bare_large))
        report.append(
            f"Slope between the sizes, seconds a million lines: build {ours[0]:.1f} wall, {ours[1]:.1f} processor; "
            f"bare {floor[0]:.1f} wall, {floor[1]:.1f} processor; ratio {ours[0] / floor[0]:.2f} wall, {ours[1] / floor[1]:.2f} processor."
        )
        if plain:
            report.append(
                f"Plain pandas from {payroll_lines(probe):,} lines on: {plain[0]:.1f} wall, {plain[1]:.1f} processor a million lines; "
                f"{plain[0] / ours[0]:.1f} times the build's slope in wall, {plain[1] / ours[1]:.1f} in processor time."
            )
    report += slow
    smallest = folder / str(chosen.sizes[0])
    report += add_a_month(smallest, smallest / "raw")
    heading = f"## {datetime.date.today()} · `python benchmarks/bench.py {' '.join(sys.argv[1:])}`".rstrip() + "\n"
    text = "\n".join(
        [
            heading,
            f"{platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, 2 cores.",
            "",
            *report,
            "",
        ]
    )
    print(text)
    with (ROOT / "benchmarks" / "results.md").open("a", encoding="utf-8") as results:
        results.write("\n" + text)
    if chosen.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
