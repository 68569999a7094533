"""Proof from the synthetic country: the effects planted in it, or none, and what the evaluation finds, country by country.

    python benchmarks/bench_country.py [--seeds 100] [--persons 20000] [--first-seed 1] [--workers 2] [--null] [--save FOLDER] [--no-record]

Every seed is a country of its own: people, enterprises and their effects, placements. Its panels become the cohorts by the product's models and the estimates by the product's run (family A, whole
groups). `--null`: no placement changes anything. `--save`: keeps each country's cohorts and estimates as Parquet and takes those that are there, so that a run of hours goes on where it stopped.
Cohorts hang on the generator, the models and the protocol's cohorts: remove them when one of these has changed. Estimates of another protocol or code are not taken. Belongs here: one country's estimates beside their truth, sums over countries, tables. Not here: the country (effect_panels.py).
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import platform
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.bench_effect import pooled, single
from benchmarks.cohort_models import Models
from benchmarks.effect_panels import HORIZONS, OUTCOMES, PERSONS, CountrySamples, compiled, country_samples, save, saved
from benchmarks.record import add_no_record, record
from pipelines.effect import code_hash
from transforms.evaluation.plan import Group, Plan, plan_of
from transforms.evaluation.protocol import load_protocol
from transforms.evaluation.run import run
from transforms.evaluation.samples import CELL, TREATED, FrameCohorts, sample_at, select

LEVEL = 0.05
ERRORS = 2.0
KEYS = ["arm", "instrument", "estimator", "outcome", "horizon"]
KEPT = [*KEYS, "estimate", "se", "low", "high", "p", "treated", "off_support", "smallest_detectable_effect", "gate"]


@dataclass(frozen=True)
class Task:
    """What is the same for every seed."""

    plan: Plan
    models: Models
    persons: int = PERSONS
    is_null: bool = False
    folder: Path | None = None
    stamp: str = ""


def plan() -> Plan:
    """The protocol's plan with family A's whole groups, and the outcomes and horizons of the panels; without curves, subgroups and sensitivity runs."""
    asked = plan_of(load_protocol())
    return replace(
        asked,
        groups=tuple(group for group in asked.groups if group.family == "A"),
        outcomes=OUTCOMES,
        horizons=HORIZONS,
        curve_outcomes=(),
        break_even_outcome=None,
        subgroups=(),
        specifications=(asked.main,),
    )


def fingerprint(asked: Plan) -> str:
    """What estimates of given cohorts are a function of: protocol, groups, outcomes, horizons, and the code of estimators and evaluation."""
    parts = (asked.protocol_hash, asked.groups, asked.outcomes, asked.horizons, code_hash())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def one_country(seed: int, task: Task) -> pd.DataFrame:
    """`estimates_of` a seed, kept in the task's folder, or taken from there."""
    if task.folder is None:
        return estimates_of(seed, task)
    file = task.folder / f"seed_{seed}_estimates_{task.stamp}.parquet"
    if not file.is_file():
        part = file.with_suffix(f".{os.getpid()}")
        estimates_of(seed, task).to_parquet(part, index=False)
        os.replace(part, file)
    return pd.read_parquet(file)


def estimates_of(seed: int, task: Task) -> pd.DataFrame:
    """A row an estimate of the country, with `truth`, `error`, `covered`, `rejected` (null where there is no estimate)."""
    asked = task.plan
    samples = saved(task.folder, seed) if task.folder else None
    if samples is None:
        months = sorted({*asked.placebo_months, *HORIZONS})
        samples = country_samples(seed, task.persons, is_null=task.is_null, models=task.models, event_months=months)
        if task.folder:
            save(samples, task.folder, seed)
    # Processes stand side by side: threads of one would take the processor of another.
    with threadpool_limits(1):
        found = run(asked, FrameCohorts(samples.trials, samples.outcomes))["estimates"]
    found = found.loc[found["specification"] == asked.main.name, KEPT]
    truth = pd.concat([true_effects(asked, group, samples) for group in asked.groups], ignore_index=True)
    table = found.merge(truth, on=["arm", "instrument", "outcome", "horizon"], how="left", validate="m:1")
    # The truth must be of the treated whose effect was estimated.
    is_there = table["estimate"].notna()
    if (table.loc[is_there, "treated"] != table.loc[is_there, "supported"]).any():
        raise ValueError(f"seed {seed}: the estimates rest on other treated than the truth")
    table["error"] = table["estimate"] - table["truth"]
    has_interval = table["low"].notna() & table["truth"].notna()
    is_inside = (table["low"] <= table["truth"]) & (table["truth"] <= table["high"])
    table["covered"] = is_inside.astype(float).where(has_interval)
    table["rejected"] = (table["p"] < LEVEL).astype(float).where(table["p"].notna())
    return table.assign(seed=seed)


def true_effects(asked: Plan, group: Group, samples: CountrySamples) -> pd.DataFrame:
    """The mean true effect over the treated that an estimate of the group rests on, by outcome and horizon; `supported` counts them.

    They are the estimate's own: observed at the horizon and not emigrated, with a comparator of whom that is true in their cell.
    """
    cohorts = FrameCohorts(samples.trials, samples.outcomes)
    chosen = select(cohorts.trials(group), asked.main)
    observed = cohorts.outcomes(group, chosen["trial_id"], HORIZONS, ())
    truth = samples.truth.set_index(["h", "trial_id"])
    rows = []
    for horizon in HORIZONS:
        sample = sample_at(chosen, observed, horizon, ())
        is_treated = sample[TREATED] == 1
        supported = sample[is_treated & sample[CELL].isin(sample.loc[~is_treated, CELL])]
        effects = truth.loc[horizon].reindex(supported["trial_id"])
        for outcome in OUTCOMES:
            rows.append(
                {
                    "arm": group.arm,
                    "instrument": group.instrument,
                    "outcome": outcome,
                    "horizon": horizon,
                    "supported": len(supported),
                    "truth": effects[f"{outcome}_{group.arm.lower()}"].mean(),
                }
            )
    return pd.DataFrame(rows)


def simulate(seeds: range, task: Task, workers: int = 1) -> pd.DataFrame:
    """`one_country` for each seed; the number of workers changes no number."""
    work = partial(one_country, task=task)
    if workers < 2:
        return pd.concat([_said(work(seed)) for seed in seeds], ignore_index=True)
    with ProcessPoolExecutor(workers) as pool:
        return pd.concat([_said(table) for table in pool.map(work, seeds)], ignore_index=True)


def _said(table: pd.DataFrame) -> pd.DataFrame:
    print(f"seed {table['seed'].iloc[0]} at {time.strftime('%H:%M:%S')}", file=sys.stderr, flush=True)
    return table


def figures(results: pd.DataFrame) -> pd.DataFrame:
    """A row a group, estimator, outcome and horizon: what `bench_effect.single` says, and mean truth, smallest detectable effect (median), share of gates passed and of treated off support."""
    named = results.assign(world=results["arm"] + " " + results["instrument"])
    table = single(named)
    keys = ["world", "estimator", "outcome", "horizon"]
    everyone = named["treated"] + named["off_support"]
    named = named.assign(
        passed=(named["gate"] == "pass").astype(float),
        without=named["off_support"].astype(float) / everyone.astype(float),
        reached=named["treated"].astype(float),
    )
    more = named.groupby(keys, sort=False).agg(
        truth=("truth", "mean"),
        detectable=("smallest_detectable_effect", "median"),
        passed=("passed", "mean"),
        without=("without", "mean"),
        reached=("reached", "mean"),
    )
    return table.merge(more.reset_index(), on=keys)


def summary(results: pd.DataFrame) -> pd.DataFrame:
    """A row a group and estimator: over its outcomes and horizons together, errors from the spread between countries."""
    named = results.assign(world=results["arm"] + " " + results["instrument"], e_point=np.nan, e_limit=np.nan)
    ratios = figures(results).assign(
        in_sd=lambda table: table["bias"] / table["spread"], se_to_sd=lambda table: table["mean_se"] / table["spread"]
    )
    means = ratios.groupby(["world", "estimator"], as_index=False)[["in_sd", "se_to_sd", "passed", "without"]].mean()
    return pooled(named).merge(means, on=["world", "estimator"])


def verdict(row: Mapping[Any, Any], is_null: bool) -> str:
    """Whether the promised rate is held within two Monte Carlo errors: 95 % coverage, and where there is no effect 5 % rejections."""
    rate, promised = (row["rejected"], LEVEL) if is_null else (row["coverage"], 1 - LEVEL)
    if np.isnan(rate):
        return "no estimate"
    if abs(rate - promised) <= ERRORS * row["rejected_error" if is_null else "coverage_error"]:
        return "pass"
    return f"{'size' if is_null else 'coverage'} too {'high' if rate > promised else 'low'}"


def _told(figure: float, form: str = ".2f") -> str:
    return "–" if np.isnan(figure) else format(figure, form)


def report(results: pd.DataFrame, task: Task, command: str, seconds: float) -> str:
    """Both tables and how to read them, as Markdown."""
    seeds = results["seed"].nunique()
    one = np.sqrt(0.05 * 0.95 / seeds)
    world = (
        "No placement changes anything in these countries, so every true effect is zero and every rejection false"
        if task.is_null
        else "Rejections are power here; enterprises' own effects are part of the truth, while an interval speaks of enterprises like them and is wider than it need be"
    )
    lines = [
        f"## {datetime.date.today().isoformat()} · `{command}`",
        "",
        f"{platform.machine()}, Python {platform.python_version()}, {seconds:.0f} s, machine shared. {seeds} countries of {task.persons:,} people, from simulated panels (benchmarks/effect_panels.py), cohorts and estimates by the product's own models, "
        f"protocol {task.plan.protocol_hash[:12]}. The truth of an estimate is the mean over its own supported treated. {world}. sd: of the errors (estimate less truth); ± is one Monte Carlo error; of a single share near 0.95 or 0.05 "
        f"it is {one:.3f}. 95 % coverage and 5 % size are held when within {ERRORS:.0f} Monte Carlo errors. Over outcomes ({', '.join(OUTCOMES)}) and horizons ({', '.join(map(str, HORIZONS))}) together:",
        "",
        "| group | estimator | mean bias, sd | mean se / sd | coverage | rejected | gates passed | off support | without a number | verdict |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in summary(results).to_dict("records"):
        lines.append(
            f"| {row['world']} | {row['estimator']} | {_told(row['in_sd'], '+.2f')} | {_told(row['se_to_sd'])} | {_told(row['coverage'], '.3f')} ± {_told(row['coverage_error'], '.3f')} | "
            f"{_told(row['rejected'], '.3f')} ± {_told(row['rejected_error'], '.3f')} | {row['passed']:.2f} | {row['without']:.3f} | {row['without_number']} | {verdict(row, task.is_null)} |"
        )
    lines += [
        "",
        "Each by itself (shares in percentage points, hours in hours; detectable: median smallest detectable effect):",
        "",
        "| group | estimator | outcome | h | treated | truth | bias | sd | mean se | coverage | rejected | detectable | gates |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in figures(results).to_dict("records"):
        scale = 1 if row["outcome"] == "ordinary_hours" else 100
        bias, error, spread, se, detectable = (
            _told(scale * row[name]) for name in ("bias", "bias_error", "spread", "mean_se", "detectable")
        )
        lines.append(
            f"| {row['world']} | {row['estimator']} | {row['outcome']} | {row['horizon']} | {row['reached']:.0f} | {scale * row['truth']:+.2f} | {bias} ± {error} | {spread} | "
            f"{se} | {_told(row['coverage'])} | {_told(row['rejected'])} | {detectable} | {row['passed']:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Simulate, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--null", action="store_true", help="a country in which no placement changes anything")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep the cohorts there, take those that are there")
    add_no_record(parser)
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("--seeds must be at least 2")
    began = time.perf_counter()
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    asked = plan()
    task = Task(asked, compiled(), arguments.persons, arguments.null, arguments.save, fingerprint(asked))
    results = simulate(seeds, task, arguments.workers)
    command = f"python benchmarks/bench_country.py --seeds {arguments.seeds}" + (" --null" if arguments.null else "")
    if arguments.persons != PERSONS:
        command += f" --persons {arguments.persons}"
    if arguments.first_seed != 1:
        command += f" --first-seed {arguments.first_seed}"
    text = report(results, task, command, time.perf_counter() - began)
    record(text, is_kept=not arguments.no_record)


if __name__ == "__main__":
    main()
