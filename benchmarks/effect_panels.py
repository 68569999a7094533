"""A synthetic country straight into the cohorts of the effect, without files, and the truth of each treated start.

    country_samples(seed, persons) -> trials, outcomes, truth

Belongs here: living a country, with effects or without any, its cohorts and true effects, keeping them. Not here: its tables (panel_tables.py), the cohorts' models (cohort_models.py), estimates.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.cohort_models import Models, compile_models, run_models
from benchmarks.panel_tables import GIVEN, NAMES, given_tables
from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws
from raw.synthetic.enterprises import make_enterprises
from raw.synthetic.life import World
from raw.synthetic.parameters import Parameters, load
from raw.synthetic.people import make_people
from raw.synthetic.placement_log import PlacementLog, placement_log
from raw.synthetic.pools import fill_pools
from raw.synthetic.simulate import Country, simulate
from raw.synthetic.truth import potential_outcomes

PERSONS, MONTHS = 20_000, ("2014-07", "2022-06")
HORIZONS = (3, 6, 12, 24)
OUTCOMES = ("employed", "at_least_39_hours", "ordinary_hours")
WORLDS = ("rsv", "other", "none")
MOST_UNKNOWN = 1000


@dataclass(frozen=True)
class CountrySamples:
    """The cohorts of one country, and the truth: a row a treated start and horizon with each outcome in each world (`employed_rsv`), and effects `employed_ro` (rsv less other) and `employed_rn` (rsv less none)."""

    trials: pd.DataFrame
    outcomes: pd.DataFrame
    truth: pd.DataFrame


def compiled() -> Models:
    """The product's models behind the tables given here; about ten seconds."""
    return compile_models(NAMES)


def without_effect(parameters: Parameters) -> Parameters:
    """A country in which no placement changes anything, during or after it, wherever it is: neither kind of workplace nor starting at all (RO and RN are zero for everybody)."""
    given = copy.deepcopy(parameters.given)
    effect = given["effect"]
    for name in ("find", "hire"):
        effect[name] = {instrument: dict.fromkeys(kinds, 0.0) for instrument, kinds in effect[name].items()}
    effect |= dict.fromkeys(("enterprise_sd", "enterprise_sd_course", "lock_in_work", "lock_in_course"), 0.0)
    return replace(parameters, given=given)


def live(
    seed: int, persons: int, parameters: Parameters, *, months: tuple[str, str] = MONTHS, municipalities: int | None = None
) -> tuple[World, Country]:  # fmt: skip
    """The country of `raw.synthetic.make` with these arguments, lived and not written."""
    population = parameters["population"]
    calendar = Calendar.of(
        *months, *(population[name] for name in ("months_before", "dream_months_before", "months_after"))
    )
    draws = Draws(seed)
    enterprises = make_enterprises(parameters, calendar, draws, persons)
    fill_pools(enterprises, parameters, calendar)
    world = World(
        parameters, calendar, draws, make_people(parameters, calendar, draws, persons, municipalities), enterprises
    )
    return world, simulate(world, True, lambda message: None)


def country_samples(
    seed: int, persons: int = PERSONS, *, is_null: bool = False, models: Models | None = None, event_months: Sequence[int] = HORIZONS,
    threads: int = 1, **country: Any,
) -> CountrySamples:  # fmt: skip
    """Trials, outcomes (`OUTCOMES`, at the event months asked for) and truth of a country. `is_null`: without effect. `models`: as `compiled` gives them. `country`: as for `live`."""
    parameters = load()
    world, lived = live(seed, persons, without_effect(parameters) if is_null else parameters, **country)
    log = placement_log(world, lived)
    with run_models(models or compiled(), GIVEN, given_tables(world, lived, log), threads) as connection:
        trials = connection.execute("select * from intermediate.int_effect_trials order by trial_id").df()
        months = ", ".join(str(int(month)) for month in event_months)
        found = connection.execute(
            f"select trial_id, h, is_censored, {', '.join(OUTCOMES)} from intermediate.int_effect_outcomes where h in ({months}) order by trial_id, h"
        ).df()
    trials["person_key"] = trials["person_key"].astype(str)
    return CountrySamples(trials, found, true_outcomes(world, lived, log, trials))


def true_outcomes(world: World, country: Country, log: PlacementLog, trials: pd.DataFrame) -> pd.DataFrame:
    """The worlds of every treated start of `trials`; `is_possible` is false where no RSV could be reached (none, since it was at one).

    A placement that was registered anew while it ran can count as a start that nobody lived, about one in ten thousand: it has no row.
    Raises ValueError when more than one in a thousand (and more than one) has none.
    """
    treated = trials.loc[trials["arm"] == "R", ["trial_id", "spell_id"]]
    registered = {activity: position for position, activity in enumerate(log.activity_of_spell) if activity}
    spell = treated["spell_id"].map(registered)
    kept = pd.Series(np.arange(len(country.start_spell)), index=country.start_spell).reindex(spell)
    unknown = kept.isna().to_numpy()
    if unknown.sum() > max(1, len(treated) / MOST_UNKNOWN):
        raise ValueError(f"{unknown.sum()} of {len(treated)} treated starts were not lived by the country")
    treated, kept = treated[~unknown], kept[~unknown]
    worlds = potential_outcomes(world, country, kept.to_numpy(dtype=np.int64), lambda message: None)
    pieces = []
    for horizon in HORIZONS:
        piece: dict[str, Any] = {
            "trial_id": treated["trial_id"].to_numpy(),
            "h": horizon,
            "is_possible": worlds["rsv_possible"] > 0,
        }
        for name in WORLDS:
            hours = worlds[name][:, horizon - 1].astype(float)
            piece |= {
                f"employed_{name}": (hours >= 1) * 1.0,
                f"at_least_39_hours_{name}": (hours >= 39) * 1.0,
                f"ordinary_hours_{name}": hours,
            }
        for outcome in OUTCOMES:
            piece |= {
                f"{outcome}_{arm}": piece[f"{outcome}_rsv"] - piece[f"{outcome}_{other}"]
                for arm, other in (("ro", "other"), ("rn", "none"))
            }
        pieces.append(pd.DataFrame(piece))
    return pd.concat(pieces, ignore_index=True)


def save(samples: CountrySamples, folder: Path, seed: int) -> None:
    """Writes `seed_<seed>_trials`, `_outcomes` (after the start), `_before` (outcomes before it) and `_truth` as Parquet; the truth last, so that what is half written is seen."""
    folder.mkdir(parents=True, exist_ok=True)
    is_before = samples.outcomes["h"] < 0
    frames = {
        "trials": samples.trials,
        "outcomes": samples.outcomes[~is_before],
        "before": samples.outcomes[is_before],
        "truth": samples.truth,
    }
    for name, frame in frames.items():
        part = folder / f".seed_{seed}_{name}.part"
        frame.to_parquet(part, index=False)
        os.replace(part, folder / f"seed_{seed}_{name}.parquet")


def saved(folder: Path, seed: int) -> CountrySamples | None:
    """What `save` wrote, or None."""
    files = {name: folder / f"seed_{seed}_{name}.parquet" for name in ("trials", "outcomes", "before", "truth")}
    if not all(file.is_file() for file in files.values()):
        return None
    frames = {name: pd.read_parquet(file) for name, file in files.items()}
    outcomes = pd.concat([frames["before"], frames["outcomes"]], ignore_index=True)
    return CountrySamples(frames["trials"], outcomes, frames["truth"])
