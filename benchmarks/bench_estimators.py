"""Time and memory of the estimators: one cohort, 24 horizons, both estimators, leave-one-enterprise-out.

    python benchmarks/bench_estimators.py [--treated 10000] [--comparators 200000] [--horizons 24] [--record]

Prints wall and processor seconds of each estimator and the peak memory, for a fifth of the cohort (in a process of its own) and the whole; `--record` appends them to
benchmarks/results.md. The aim: at most three minutes and 4 GB for both on two cores, and a larger cohort in proportion. Belongs here: the cohort and the clock.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from transforms.estimators import aipw_treated, entropy_effect

RESULTS = Path(__file__).with_name("results.md")
COVARIATES = tuple(f"x_{number}" for number in range(14)) + tuple(f"x_missing_{number}" for number in range(4))
CATEGORIES = ("sex", "benefit_group", "quarter", "municipality_group")


def cohort(treated: int, comparators: int, horizons: int, seed: int = 1) -> pd.DataFrame:
    """A cohort as the effect job sees one: 14 continuous covariates, many zeros among them, 4 flags, 4 categories, 320 cells, 100 and 3,000 enterprises."""
    random = np.random.default_rng(seed)
    rows = treated + comparators
    arm = np.arange(rows) < treated
    frame: dict[str, Any] = {"treated": arm.astype(np.int64)}
    index = np.zeros(rows)
    for number in range(14):
        values = random.gamma(1.5, 1.0, rows) + 0.15 * arm
        if number % 2:
            values = values * (random.random(rows) < 0.5)
        frame[f"x_{number}"] = values
        index += values * (0.2 if number % 3 else -0.1)
    for number in range(4):
        frame[f"x_missing_{number}"] = (random.random(rows) < 0.03 + 0.02 * number).astype(np.float64)
    frame["sex"] = random.choice(["f", "m"], rows)
    frame["benefit_group"] = random.choice(["a", "b", "c", "d", "e"], rows, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    frame["quarter"] = random.choice([f"q{number:02d}" for number in range(32)], rows)
    frame["municipality_group"] = random.choice(["towns", "outskirts", "other", "capital"], rows)
    frame["cell"] = (
        pd.Series(frame["benefit_group"]) + "|" + pd.Series(frame["quarter"]) + "|" + pd.Series(frame["sex"])
    )
    sizes = random.dirichlet(np.full(100, 0.5))
    frame["enterprise"] = np.where(arm, random.choice(100, rows, p=sizes), 1000 + random.integers(0, 3000, rows))
    shared = random.normal(0, 0.3, 4001)[np.asarray(frame["enterprise"])]
    for horizon in range(1, horizons + 1):
        frame[f"employed_{horizon}"] = (index + shared + random.logistic(size=rows) + 0.01 * horizon * arm > 2).astype(
            np.float64
        )
    return pd.DataFrame(frame)


def measure(treated: int, comparators: int, horizons: int) -> dict[str, float]:
    """Seconds (wall, processor) of each estimator and the peak memory of this process in GB."""
    frame = cohort(treated, comparators, horizons)
    shape: dict[str, Any] = {
        "outcomes": [f"employed_{horizon}" for horizon in range(1, horizons + 1)],
        "treatment": "treated",
        "covariates": COVARIATES,
        "categories": CATEGORIES,
        "cluster": "enterprise",
        "cell": "cell",
    }
    result: dict[str, float] = {"treated": treated, "comparators": comparators, "horizons": horizons}
    for name, estimator in (("aipw", aipw_treated), ("entropy", entropy_effect)):
        wall, processor = time.perf_counter(), time.process_time()
        effect = estimator(frame, **shape)
        result[f"{name}_wall"], result[f"{name}_processor"] = (
            time.perf_counter() - wall,
            time.process_time() - processor,
        )
        if effect.effects["se"].isna().any():
            raise SystemExit(f"{name}: {effect.effects['reason'].iloc[0]}")
    result["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return result


def main() -> None:
    """Each size in a process of its own, so that peaks do not mix."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treated", type=int, default=10_000)
    parser.add_argument("--comparators", type=int, default=200_000)
    parser.add_argument("--horizons", type=int, default=24)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.treated, arguments.comparators, arguments.horizons)))
        return
    lines = [
        f"## {datetime.date.today().isoformat()} · `python benchmarks/bench_estimators.py`",
        "",
        f"{platform.machine()}, Python {platform.python_version()}, one linear-algebra thread, machine shared. Squares and products of 14 covariates, {arguments.horizons} horizons, leave-one-enterprise-out.",
        "",
        "| treated | comparators | AIPW wall s | processor s | entropy wall s | processor s | both processor s | peak GB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for share in (5, 1):
        command = [sys.executable, __file__, "--one", "--horizons", str(arguments.horizons)]
        command += ["--treated", str(arguments.treated // share), "--comparators", str(arguments.comparators // share)]
        run = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        lines.append(
            f"| {run['treated']:,} | {run['comparators']:,} | {run['aipw_wall']:.1f} | {run['aipw_processor']:.1f} | {run['entropy_wall']:.1f} | "
            f"{run['entropy_processor']:.1f} | {run['aipw_processor'] + run['entropy_processor']:.1f} | {run['peak_gb']:.2f} |"
        )
    print("\n".join(lines))
    if arguments.record:
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write("\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
