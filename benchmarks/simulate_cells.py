"""Weights normalised over all cells, or within each: bias, spread and coverage of both (docs/decisions/0005).

    python benchmarks/simulate_cells.py [--runs 300]

Belongs here: the worlds and the table. Not here: the estimator (transforms/estimators), which has the way that was chosen.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))
from transforms.estimators import Scores, TreatedEffect, aipw_treated, entropy_effect
from transforms.estimators.diagnostics import effective_sample, largest_share
from transforms.estimators.inference import jackknife
from transforms.estimators.results import Floats

WORLDS = ("cells add up", "cells of their own")
SIZES = {"few comparators": (400, 1600), "many comparators": (400, 8000)}


def world(random: np.random.Generator, kind: str, treated: int, comparators: int) -> tuple[pd.DataFrame, float]:
    """A cohort in 160 cells (5 groups, 16 quarters, towns or not), 60 and 300 enterprises that differ, and the mean effect of its treated.

    Start and outcome depend on three covariates and on the cell; `cells of their own` adds to both a part that differs from cell to cell, which group, quarter and town do not add up to.
    """
    group_start, group_outcome = random.normal(0, 0.4, 5), random.normal(0, 0.4, 5)
    quarter_start, quarter_outcome = random.normal(0, 0.3, 16), random.normal(0, 0.3, 16)
    own = random.normal(0, 0.6, 160) if kind == WORLDS[1] else np.zeros(160)
    pool = 12 * (treated + comparators)
    cell = random.choice(160, pool, p=random.dirichlet(np.full(160, 2.0)))
    group, quarter, town = cell % 5, cell // 5 % 16, cell // 80
    x = random.normal(size=(pool, 3))
    start = (
        x @ [0.5, 0.3, 0.0]
        + group_start[group]
        + quarter_start[quarter]
        + 0.3 * town
        + own[cell]
        + random.logistic(size=pool)
    )
    order = np.argsort(-start)
    cut = int(pool * 0.05)
    rows = np.concatenate(
        [random.choice(order[:cut], treated, replace=False), random.choice(order[cut:], comparators, replace=False)]
    )
    arm = np.arange(len(rows)) < treated
    enterprise = np.where(
        arm,
        random.choice(60, len(rows), p=random.dirichlet(np.full(60, 1.0))),
        1000 + random.integers(0, 300, len(rows)),
    )
    shared = random.normal(0, 0.2, 1300)[enterprise]
    effect = 0.3 + 0.2 * x[rows, 0]
    level = (
        x[rows] @ [0.5, 0.0, 0.5]
        + group_outcome[group[rows]]
        + quarter_outcome[quarter[rows]]
        + 0.3 * town[rows]
        + own[cell[rows]]
    )
    y = level + shared + random.normal(size=len(rows)) + effect * arm
    frame = pd.DataFrame(x[rows], columns=["x1", "x2", "x3"]).assign(
        arm=arm.astype(int),
        y=y,
        effect=effect,
        enterprise=enterprise,
        cell=cell[rows],
        group=group[rows],
        quarter=quarter[rows],
        town=town[rows],
    )
    return frame, float(effect[arm].mean())


def over_all(fit: TreatedEffect) -> Scores:
    """The plain odds, normalised over all cells."""
    arm = fit.scores.treated_weight > 0
    odds = fit.propensity.reindex(fit.rows).to_numpy() if fit.propensity is not None else np.zeros(len(arm))
    return Scores(fit.scores.residual, fit.scores.treated_weight, np.where(arm, 0.0, odds / (1 - odds)))


def one_run(seed: int, kind: str, treated: int, comparators: int) -> dict[str, tuple[float, ...]]:
    """Error, standard error, covered (0 or 1), effective comparators and largest weight of each way."""
    frame, _ = world(np.random.default_rng(seed), kind, treated, comparators)
    common: dict[str, Any] = {
        "outcomes": ["y"],
        "treatment": "arm",
        "covariates": ["x1", "x2", "x3"],
        "cluster": "enterprise",
        "cell": "cell",
        "terms": "linear",
    }
    parts = aipw_treated(frame, categories=["group", "quarter", "town"], **common)
    flags = aipw_treated(frame, categories=["cell"], **common)
    whole = entropy_effect(frame, categories=["group", "quarter", "town"], **{**common, "cell": None})
    based = entropy_effect(frame, categories=["group", "quarter", "town"], **common)
    ways = {
        "AIPW over all, parts as categories": (parts, over_all(parts)),
        "AIPW within cells, parts as categories": (parts, parts.scores),
        "AIPW over all, cells as categories": (flags, over_all(flags)),
        "AIPW within cells, cells as categories": (flags, flags.scores),
        "entropy, base weights equal": (whole, whole.scores),
        "entropy, base weights by cell": (based, based.scores),
    }
    result: dict[str, tuple[float, ...]] = {}
    for name, (fit, scores) in ways.items():
        assert fit.cluster_codes is not None
        supported = frame.loc[fit.rows]
        truth = float(supported.loc[supported["arm"].eq(1), "effect"].mean())
        errors = jackknife(scores, fit.cluster_codes, labels=fit.cluster_labels, names=["y"])
        weight: Floats = scores.comparator_weight
        covered = float(errors.low[0] <= truth <= errors.high[0])
        result[name] = (
            errors.estimate[0] - truth,
            errors.se[0],
            covered,
            effective_sample(weight),
            largest_share(weight),
        )
    return result


def main() -> None:
    """One table: a row a world, size and way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    runs = parser.parse_args().runs
    print(
        "| world | comparators | way | bias | sd | root mean square | mean se / sd | coverage | effective comparators | largest weight |"
    )
    print("|---|---|---|---:|---:|---:|---:|---:|---:|---:|")
    with threadpool_limits(1):
        for kind in WORLDS:
            for size, (treated, comparators) in SIZES.items():
                all_runs = [one_run(seed, kind, treated, comparators) for seed in range(runs)]
                for way in all_runs[0]:
                    values = np.array([run[way] for run in all_runs])
                    bias, sd = values[:, 0].mean(), values[:, 0].std(ddof=1)
                    print(
                        f"| {kind} | {size} | {way} | {bias:.3f} | {sd:.3f} | {np.sqrt((values[:, 0] ** 2).mean()):.3f} | {values[:, 1].mean() / sd:.2f} | "
                        f"{values[:, 2].mean():.3f} | {values[:, 3].mean():.0f} | {values[:, 4].mean():.3f} |",
                        flush=True,
                    )
    print(
        f"\n{runs} runs a row; Monte Carlo error of the bias is sd / {np.sqrt(runs):.0f}, of a coverage of 0.95 is {np.sqrt(0.95 * 0.05 / runs):.3f}."
    )


if __name__ == "__main__":
    main()
