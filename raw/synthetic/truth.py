"""What would have been: the truth that an evaluation has to find.

Belongs here: living each start again with another workplace or none, with the same luck, and writing that down. Not here: the rules of a life.

Three worlds a start: `rsv` (the same instrument at an RSV; the same one when it was one), `other` (at a workplace that is no RSV), `none` (nothing starts in that month).
What follows is lived on in each, later placements too: the effects are those of the start, as intention to treat has it. A start where no RSV can be reached has the world
`rsv` at another workplace: `rsv_possible` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from raw.synthetic.draws import Ints
from raw.synthetic.life import World
from raw.synthetic.lives import Forced, Lives
from raw.synthetic.parameters import INSTRUMENTS, KINDS, STATES, K
from raw.synthetic.placement_log import PlacementLog
from raw.synthetic.simulate import Country

HORIZONS = 36
WORLDS = ("rsv", "other", "none")
PIECE = 16_384


def write_table(table: pa.Table, path: Path) -> Path:
    """Parquet without anything that changes from run to run."""
    pq.write_table(table, path, compression="zstd", version="2.6", write_statistics=False)
    return path


def potential_outcomes(
    world: World, country: Country, chosen: Ints, progress: Callable[[str], None]
) -> dict[str, NDArray[np.float32]]:
    """Ordinary hours in event months 1 to 36 of the chosen kept starts, in each world, and whether the world's workplace is an RSV (`rsv_possible`)."""
    assert country.before_start is not None
    hours = {name: np.zeros((len(chosen), HORIZONS), dtype=np.float32) for name in WORLDS}
    possible = np.zeros(len(chosen), dtype=np.float32)
    spells = country.spells
    for begin in range(0, len(chosen), PIECE):
        piece = chosen[begin : begin + PIECE]
        spell = country.start_spell[piece]
        at, slot = spells.month[spell], spells.slot[spell]
        for name in WORLDS:
            lives: Lives = country.before_start.take(piece)
            forced = Forced(at, slot, None if name == "none" else name == "rsv")
            for horizon in range(HORIZONS + 1):
                month = world.live(lives, at + horizon, forced)
                if horizon == 0 and name == "rsv":
                    kind = np.where(slot == 0, lives.kind[0], lives.kind[1])
                    possible[begin : begin + len(piece)] = kind == K["rsv"]
                if horizon:
                    hours[name][begin : begin + len(piece), horizon - 1] = month.hours
        progress(f"potential outcomes of {begin + len(piece):,} of {len(chosen):,} starts")
    return {**hours, "rsv_possible": possible}


def write_truth(
    world: World,
    country: Country,
    log: PlacementLog,
    keys: list[str],
    folder: Path,
    most: int,
    progress: Callable[[str], None],
) -> list[Path]:
    """Writes spells, potential outcomes, effects, enterprises and persons; at most `most` starts are lived again (all RSV first)."""
    folder.mkdir(parents=True, exist_ok=True)
    spells, people, enterprises = country.spells, world.people, world.enterprises
    kept = np.arange(len(country.start_spell))
    is_rsv = spells.kind[country.start_spell] == K["rsv"]
    # All starts at an RSV, then the others in an order that is nobody's.
    order = np.lexsort((world.draws.bits("truth-order", country.start_spell), ~is_rsv))
    chosen = np.sort(kept[order[:most]])
    outcomes = potential_outcomes(world, country, chosen, progress)
    spell = country.start_spell[chosen]
    names = np.array(INSTRUMENTS)[spells.instrument]
    kinds = np.array(KINDS)[spells.kind]
    months = world.calendar.first_day(spells.month).astype("datetime64[D]")
    cvr = [str(enterprises.cvr[place]) if place >= 0 else None for place in spells.place]
    activity = [text or None for text in log.activity_of_spell]
    written = [
        write_table(
            pa.table(
                {
                    "spell": np.arange(len(spells.person)), "person_key": [keys[person] for person in spells.person], "activity_id": pa.array(activity, pa.string()),
                    "start_month": months, "start_date": log.start_day.astype("datetime64[D]"), "instrument": names, "enterprise_kind": kinds,
                    "enterprise_cvr": pa.array(cvr, pa.string()), "benefit_state": np.array(STATES)[spells.state], "ordinary_hours_3_months_before": spells.hours_before / 4.0,
                    "months_on_benefit": spells.months_in, "skill": people.skill[spells.person],
                    "has_potential_outcomes": np.isin(np.arange(len(spells.person)), spell),
                }
            ),
            folder / "spells.parquet",
        ),
        write_table(
            pa.table(
                {
                    "spell": np.repeat(spell, HORIZONS), "horizon": np.tile(np.arange(1, HORIZONS + 1), len(spell)).astype(np.int8),
                    **{f"hours_{name}": outcomes[name].ravel() for name in WORLDS},
                    **{f"is_employed_{name}": (outcomes[name] >= 1).ravel() for name in WORLDS},
                    "rsv_possible": np.repeat(outcomes["rsv_possible"] > 0, HORIZONS),
                }
            ),
            folder / "potential_outcomes.parquet",
        ),
    ]  # fmt: skip
    written.append(
        write_table(
            _effects(spells.kind[spell], names[spell], spells.hours_before[spell] == 0, outcomes),
            folder / "effects.parquet",
        )
    )
    written.append(
        write_table(
            _by_enterprise(spells.kind[spell], names[spell], np.array([text or "" for text in cvr])[spell], outcomes),
            folder / "effects_by_enterprise.parquet",
        )
    )
    written.append(
        write_table(
            pa.table(
                {
                    "enterprise_cvr": [str(number) for number in enterprises.cvr], "legal_kind": np.array(KINDS)[enterprises.kind],
                    "is_ever_rsv": enterprises.rsv_from < 300_000, "is_dormant": enterprises.is_dormant,
                    "effect_work": enterprises.effect, "effect_course": enterprises.course_effect,
                }
            ),
            folder / "enterprises.parquet",
        )
    )  # fmt: skip
    written.append(
        write_table(
            pa.table(
                {
                    "person_key": keys,
                    "skill": people.skill,
                    "is_target": people.is_target,
                    "is_reached": people.is_reached,
                }
            ),
            folder / "persons.parquet",
        )
    )
    return written


def _effects(
    kind: Ints, instrument: NDArray[np.str_], no_hours: NDArray[np.bool_], outcomes: dict[str, NDArray[np.float32]]
) -> pa.Table:
    """Mean effects by instrument, factual kind, contrast, family (A: no ordinary hours in the three months before) and horizon."""
    columns: dict[str, list[object]] = {
        name: []
        for name in (
            "instrument",
            "enterprise_kind",
            "contrast",
            "family",
            "horizon",
            "spells",
            "employed_effect",
            "hours_effect",
            "cumulative_hours_effect",
        )
    }
    contrasts = (("RO", "rsv", "other"), ("RN", "rsv", "none"), ("ON", "other", "none"))
    for name in INSTRUMENTS[:6]:
        for kind_index, kind_name in enumerate(KINDS):
            for family, in_family in (("all", np.ones(len(kind), dtype=bool)), ("A", no_hours), ("B", ~no_hours)):
                mine = np.flatnonzero((instrument == name) & (kind == kind_index) & in_family)
                if not len(mine):
                    continue
                for contrast, first, second in contrasts:
                    usable = mine[outcomes["rsv_possible"][mine] > 0] if first == "rsv" else mine
                    if not len(usable):
                        continue
                    a, b = outcomes[first][usable].astype(np.float64), outcomes[second][usable].astype(np.float64)
                    employed, hours = ((a >= 1).mean(axis=0) - (b >= 1).mean(axis=0)), (a - b).mean(axis=0)
                    for horizon in range(1, HORIZONS + 1):
                        values = (
                            name,
                            kind_name,
                            contrast,
                            family,
                            horizon,
                            len(usable),
                            float(employed[horizon - 1]),
                            float(hours[horizon - 1]),
                            float(hours[:horizon].sum()),
                        )
                        for column, value in zip(columns.values(), values, strict=True):
                            column.append(value)
    return pa.table(columns)


def _by_enterprise(
    kind: Ints, instrument: NDArray[np.str_], cvr: NDArray[np.str_], outcomes: dict[str, NDArray[np.float32]]
) -> pa.Table:
    """The mean effects RO and RN of each RSV on those it took, at 12 months."""
    columns: dict[str, list[object]] = {
        name: []
        for name in (
            "enterprise_cvr",
            "instrument",
            "spells",
            "employed_effect_ro_12",
            "employed_effect_rn_12",
            "hours_effect_ro_12",
            "hours_effect_rn_12",
        )
    }
    at_rsv = np.flatnonzero(kind == K["rsv"])
    label = np.char.add(np.char.add(cvr[at_rsv], ";"), instrument[at_rsv])
    for text in np.unique(label):
        mine = at_rsv[label == text]
        rsv, other, none = (outcomes[name][mine, 11].astype(np.float64) for name in WORLDS)
        number, name = str(text).split(";")
        values = (
            number, name, len(mine), float((rsv >= 1).mean() - (other >= 1).mean()), float((rsv >= 1).mean() - (none >= 1).mean()),
            float((rsv - other).mean()), float((rsv - none).mean()),
        )  # fmt: skip
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return pa.table(columns)
