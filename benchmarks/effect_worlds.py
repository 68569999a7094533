"""Simulated worlds with known truth for the estimators of the effect.

Belongs here: persons, enterprises, starts, potential outcomes, the error of a fit against its truth. Not here: verdicts and tables (bench_effect.py).

Three populations are drawn in a run; six worlds share one of them (same persons, starts and chance, other effects), so that one fit serves them all. Worlds of one
population are therefore not independent of each other; runs are.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtr

sys.path.insert(0, str(Path(__file__).parents[1]))
from transforms.estimators import TreatedEffect, aipw_treated, e_value, entropy_effect

Floats = NDArray[np.float64]

HORIZONS = (3, 6, 12, 24)
OUTCOMES = ("employed", "ordinary_hours")
POPULATIONS = {
    "plain": (
        "no effect",
        "constant",
        "growing with h",
        "lock-in then gain",
        "differs by enterprise",
        "competing exits",
    ),
    "curved": ("curved in a covariate",),
    "hidden": ("hidden confounder",),
}
WORLDS = tuple(world for worlds in POPULATIONS.values() for world in worlds)
WITHOUT_EFFECT = ("no effect", "hidden confounder")
ESTIMATORS: dict[str, Any] = {"aipw_treated": aipw_treated, "entropy_effect": entropy_effect}

# Percentage points on the chance of being employed at each horizon, as shares.
EFFECTS = {
    "no effect": (0.0, 0.0, 0.0, 0.0),
    "constant": (0.1, 0.1, 0.1, 0.1),
    "growing with h": (0.02, 0.05, 0.1, 0.2),
    "lock-in then gain": (-0.1, -0.03, 0.06, 0.12),
    "differs by enterprise": (0.08, 0.08, 0.08, 0.08),
    "competing exits": (0.1, 0.1, 0.1, 0.1),
    "curved in a covariate": (0.1, 0.1, 0.1, 0.1),
    "hidden confounder": (0.0, 0.0, 0.0, 0.0),
}
LEVEL = (-1.2, -0.9, -0.6, -0.5)
COVARIATES = (
    "hours_4_6",
    "hours_7_12",
    "hours_13_24",
    "benefit_4_6",
    "benefit_7_12",
    "benefit_13_24",
    "placements",
    "age",
)
CATEGORIES = ("sex", "benefit_group", "quarter", "town")
COHORT: dict[str, Any] = {
    "treatment": "treated",
    "covariates": COVARIATES,
    "categories": CATEGORIES,
    "cluster": "enterprise",
    "cell": "cell",
    "inference": "jackknife",
    "band_groups": [],
}


@dataclass(frozen=True)
class Size:
    """Persons of a run, and enterprises: RSV, and all others."""

    persons: int = 2400
    social: int = 60
    others: int = 120


def column(world: str, outcome: str, horizon: int) -> str:
    """The observed outcome's column in `population`."""
    return f"{world}|{outcome}|{horizon}"


def population(kind: str, seed: int, size: Size) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One cohort and its effects: a row a person; columns of the second are those outcomes' Y(1) - Y(0).

    About a fifth start at an RSV: the weaker by history and age the likelier (log odds -0.8 a standard deviation of strength), and unlike from cell to cell. Employed at h when a person's luck (correlated
    over h) is below expit(level of h + 0.8 strength + cell + shock of the enterprise); the effect adds to that chance. Hours of the employed: 20 to 160, more for the stronger. Shocks of enterprises (sd 0.3) stand in Y(0)
    and Y(1): chance of the place, not effect. RSV sizes are a Dirichlet draw (0.7), those of others 1.0.

    `curved`: start and outcome also by the square of age. `hidden`: four in ten have a trouble that no covariate shows, start oftener (log odds +1.6) and work less (-2.0); no effect.
    `competing exits`: death and disability pension, oftener with age; pension two fifths rarer after a start at an RSV; from the exit on neither work nor hours.
    """
    random = np.random.default_rng([seed, list(POPULATIONS).index(kind)])
    n = size.persons
    frame, strength = _persons(random, n)
    curve = ((frame["age"].to_numpy() - 41) / 13.5) ** 2 - 1
    hidden = random.random(n) < 0.4
    own_start, own_outcome = random.normal(0, 0.4, 24), random.normal(0, 0.4, 24)
    cell = frame["cell"].to_numpy()
    start = -1.6 - 0.8 * strength + own_start[cell]
    base = 0.8 * strength + own_outcome[cell]
    if kind == "curved":
        start, base = start + 1.2 * curve, base - 1.2 * curve
    if kind == "hidden":
        start, base = start - 0.8 + 1.6 * hidden, base + 0.8 - 2.0 * hidden
        frame["hidden"] = hidden
    treated = random.random(n) < expit(start)
    frame["treated"] = treated.astype(np.int64)
    places = size.social + size.others
    social = random.choice(size.social, n, p=random.dirichlet(np.full(size.social, 0.7)))
    other = random.choice(size.others, n, p=random.dirichlet(np.full(size.others, 1.0)))
    enterprise = np.where(treated, social, size.social + other)
    frame["enterprise"] = enterprise
    base = base + random.normal(0, 0.3, places)[enterprise]
    extra = random.normal(0, 0.06, places)[enterprise]
    luck = ndtr(0.8 * random.normal(size=n)[:, None] + 0.6 * random.normal(size=(n, 4)))
    hours = np.clip(80 + 12 * strength[:, None] + 30 * random.normal(size=(n, 4)), 20, 160)
    death, pension = random.exponential(size=n), random.exponential(size=n)
    risk = 0.004 * np.exp(0.05 * (frame["age"].to_numpy() - 41))
    observed: dict[str, Floats] = {}
    effects: dict[str, Floats] = {}
    for world in POPULATIONS[kind]:
        for place, horizon in enumerate(HORIZONS):
            chance = expit(LEVEL[place] + base)
            effect = EFFECTS[world][place] + (extra if world == "differs by enterprise" else 0.0)
            without, with_it = (luck[:, place] < chance).astype(float), (luck[:, place] < chance + effect).astype(float)
            if world == "competing exits":
                dead = death < 0.5 * risk * horizon
                without = without * ~(dead | (pension < risk * horizon))
                with_it = with_it * ~(dead | (pension < 0.6 * risk * horizon))
            for outcome, scale in zip(OUTCOMES, (np.ones(n), hours[:, place]), strict=True):
                name = column(world, outcome, horizon)
                observed[name] = np.where(treated, with_it, without) * scale
                effects[name] = (with_it - without) * scale
    return pd.concat([frame, pd.DataFrame(observed)], axis=1), pd.DataFrame(effects)


def _persons(random: np.random.Generator, n: int) -> tuple[pd.DataFrame, Floats]:
    """Covariates, the exact cell of 24, and strength: a function of covariates alone, mean about 0, sd about 1."""
    able = random.normal(size=n)
    noise = random.normal(size=(n, 6))
    age = random.integers(18, 65, n).astype(float)
    hours = {
        name: np.maximum(0.0, level + 25 * (0.7 * able + 0.7 * noise[:, place]))
        for place, (name, level) in enumerate((("hours_4_6", 5), ("hours_7_12", 15), ("hours_13_24", 30)))
    }
    weeks = {
        name: np.round(most * expit(1 - able + noise[:, 3 + place]))
        for place, (name, most) in enumerate((("benefit_4_6", 13), ("benefit_7_12", 26), ("benefit_13_24", 52)))
    }
    placements = random.poisson(np.exp(-0.3 * able)).astype(float)
    sex = random.integers(0, 2, n)
    strength = (
        0.4 * (hours["hours_13_24"] - 32) / 22
        + 0.4 * (hours["hours_7_12"] - 20) / 18
        - 0.3 * (weeks["benefit_13_24"] - 35) / 12
        - 0.15 * (placements - 1)
        - 0.25 * (age - 41) / 13.5
        + 0.2 * (sex - 0.5)
    )
    group, quarter, town = random.choice(3, n, p=[0.5, 0.3, 0.2]), random.integers(0, 4, n), random.integers(0, 2, n)
    frame = pd.DataFrame({**hours, **weeks, "placements": placements, "age": age})
    return frame.assign(
        sex=sex, benefit_group=group, quarter=quarter, town=town, cell=group + 3 * quarter + 12 * town
    ), strength


def fit(estimator: str, frame: pd.DataFrame, columns: list[str], **changes: Any) -> TreatedEffect:
    """One fit of `estimator` to a population."""
    effect: TreatedEffect = ESTIMATORS[estimator](frame, outcomes=columns, **{**COHORT, **changes})
    return effect


def one_run(seed: int, size: Size) -> pd.DataFrame:
    """Every world and estimator once: a row a world, estimator, outcome, horizon.

    `error`: estimate minus truth, in standard deviations of the outcome over rows on support; truth is the mean of Y(1) - Y(0) over the fit's own supported treated. `se`: the fit's own, in the same unit; `covered`, `rejected`: 1 or 0 (level 0.05);
    all null where there is no estimate or interval. `e_point`, `e_limit`: E-values; `start_ratio`, `outcome_ratio`: the risk ratios of the hidden trouble with starting, and with not being employed; both of `hidden confounder` alone.
    """
    rows = []
    for kind, worlds in POPULATIONS.items():
        frame, effects = population(kind, seed, size)
        for estimator in ESTIMATORS:
            result = fit(estimator, frame, list(effects.columns))
            supported = frame.loc[result.rows]
            mine = effects.loc[supported.index[supported["treated"].eq(1)]].mean()
            table = {str(row["outcome"]): row for row in result.effects.to_dict("records")}
            for world in worlds:
                for outcome in OUTCOMES:
                    for horizon in HORIZONS:
                        name = column(world, outcome, horizon)
                        spread = float(supported[name].std())
                        row = {"world": world, "estimator": estimator, "outcome": outcome, "horizon": horizon}
                        rows.append({**row, "seed": seed, **_against(table[name], float(mine[name]), spread)})
                        if world == "hidden confounder":
                            rows[-1].update(_confounding(frame, table[name], outcome, name, spread))
    return pd.DataFrame(rows)


def _against(row: Mapping[Any, Any], truth: float, spread: float) -> dict[str, float]:
    if not np.isfinite([row["estimate"], row["low"], row["high"]]).all():
        return {"error": np.nan, "covered": np.nan, "rejected": np.nan, "se": np.nan}
    return {
        "error": (row["estimate"] - truth) / spread,
        "covered": float(row["low"] <= truth <= row["high"]),
        "rejected": float(row["low"] > 0 or row["high"] < 0),
        "se": row["se"] / spread,
    }


def _confounding(
    frame: pd.DataFrame, row: Mapping[Any, Any], outcome: str, name: str, spread: float
) -> dict[str, float]:
    if not np.isfinite([row["estimate"], row["low"], row["high"]]).all():
        return {}
    if outcome == "employed":
        baseline = min(max(float(row["mean_treated"] - row["estimate"]), 0.01), 0.99)
        low, high = max(row["low"], -baseline), min(row["high"], 1 - baseline)
        value = e_value(row["estimate"], low, high, "risk_difference", baseline=baseline)
    else:
        value = e_value(row["estimate"], row["low"], row["high"], "mean_difference", standard_deviation=spread)
    start, idle = (
        frame.groupby("hidden")["treated"].mean(),
        1 - frame.groupby("hidden")[name].apply(lambda y: (y > 0).mean()),
    )
    return {
        "e_point": value.point,
        "e_limit": value.limit,
        "start_ratio": start[True] / start[False],
        "outcome_ratio": idle[True] / idle[False],
    }
