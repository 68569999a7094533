"""Supply by municipality and how unequal it is (`scope.fct_municipal_supply_yearly`, `scope.fct_supply_inequality_yearly`).

Which enterprises are registered or active belongs to `register`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import beta

from .register import Register, ratio
from .scope import is_active, spells_started, target_persons, year_days
from .time_units import last_day

if TYPE_CHECKING:
    from .world import World

TOWNS, OUTSKIRTS = "123", "45"
DRAWS, SEED = 999, 20170101


def observed_months(world: World, year: int) -> int:
    """Observed months of a year."""
    return sum(month // 12 == year for month in world.plan.observed)


def _by_municipality(world: World, cvrs: list[str], day: int) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = defaultdict(list)
    for cvr in cvrs:
        found[world.registers.municipality(cvr, day)].append(cvr)
    return found


FCT_MUNICIPAL_SUPPLY_YEARLY = [
    "municipality_code",
    "year",
    "municipality_group",
    "rsv_registered",
    "rsv_active",
    "industries",
    "target_persons",
    "observed_months",
    "persons_in_placement",
    "persons_in_rsv",
    "rsv_share",
    "placed_outside",
]


def _placed_outside(world: World, started: list[Any], code: str) -> int:
    places = [world.registers.municipality(s.enterprise, s.start) for s in started if s.kind == "rsv"]
    return sum(place is not None and place != code for place in places)


def fct_municipal_supply_yearly(world: World) -> list[tuple[Any, ...]]:
    """One row a municipality, of all 98, and year."""
    register, persons, rows = Register(world), target_persons(world), []
    company_based = {name for name, instrument in world.lists.by_name().items() if instrument.is_company_based}
    for year in world.plan.years:
        first, last = year_days(year, world)
        day = register.day_of(last_day(12 * year + 11))
        registered = _by_municipality(world, world.registers.registered(day), day)
        active = _by_municipality(world, register.active(day), day)
        months = observed_months(world, year)
        running, starting = defaultdict(list), defaultdict(list)
        for spell in world.spells:
            if is_active(spell, first, last, world):
                running[spell.municipality].append(spell)
        for spell in spells_started(world, first, last):
            starting[spell.municipality].append(spell)
        for code, (_, group) in sorted(world.lists.municipalities.items()):
            at_companies = [spell for spell in starting[code] if spell.instrument in company_based]
            rows.append(
                (
                    code,
                    year,
                    group,
                    len(registered[code]),
                    len(active[code]) if register.is_known(day) else None,
                    len({world.registers.industry(cvr, day) for cvr in registered[code]} - {None}),
                    persons.get((year, code, "all"), 0) if months else None,
                    months,
                    len({spell.person for spell in running[code]}),
                    len({spell.person for spell in running[code] if spell.kind == "rsv"}),
                    ratio(sum(spell.kind == "rsv" for spell in at_companies), len(at_companies)),
                    _placed_outside(world, starting[code], code),
                )
            )
    return rows


def gini(rates: np.ndarray) -> np.ndarray:
    """Mean-difference form without small-sample factor, along the last axis; not a number when all are zero."""
    ordered = np.sort(rates, axis=-1)
    n = ordered.shape[-1]
    ranks = 2 * np.arange(1, n + 1) - n - 1
    total = ordered.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (ordered * ranks).sum(axis=-1) / (n * total), np.nan)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def rate_ratio(a: int, b: int, persons_a: int, persons_b: int) -> list[float | None]:
    """The ratio of two Poisson rates with its exact 95 % interval."""
    if not persons_a or not persons_b:
        return [None, None, None]
    middle = ratio(a * persons_b, b * persons_a)
    if a + b == 0:
        return [middle, None, None]
    lower = 0.0 if a == 0 else float(beta.ppf(0.025, a, b + 1))
    upper = 1.0 if b == 0 else float(beta.ppf(0.975, a + 1, b))
    limits = [ratio(share, 1 - share) for share in (lower, upper)]
    return [middle, *(None if odds is None else odds * persons_b / persons_a for odds in limits)]


FCT_SUPPLY_INEQUALITY_YEARLY = [
    "year",
    "observed_months",
    "rate_group_1",
    "rate_group_2",
    "rate_group_3",
    "rate_group_4",
    "rate_group_5",
    "rate_towns",
    "rate_outskirts",
    "ratio",
    "ratio_lower",
    "ratio_upper",
    "gini",
    "gini_by_chance",
]


def fct_supply_inequality_yearly(world: World) -> list[tuple[Any, ...]]:
    """One row a year."""
    supply: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    months = {}
    for row in fct_municipal_supply_yearly(world):
        values = dict(zip(FCT_MUNICIPAL_SUPPLY_YEARLY, row, strict=True))
        months[values["year"]] = values["observed_months"]
        supply[values["year"]].append(
            (values["municipality_group"], values["rsv_registered"], values["target_persons"])
        )
    rows = []
    for year, places in sorted(supply.items()):
        if not months[year]:
            rows.append((year, 0, *[None] * (len(FCT_SUPPLY_INEQUALITY_YEARLY) - 2)))
            continue

        def pooled(groups: str, places: list[tuple[str, int, int]] = places) -> tuple[int, int]:
            own = [(rsv, persons) for group, rsv, persons in places if group in groups]
            return sum(rsv for rsv, _ in own), sum(persons for _, persons in own)

        rates = [ratio(1000 * pooled(groups)[0], pooled(groups)[1]) for groups in (*"12345", TOWNS, OUTSKIRTS)]
        (a, persons_a), (b, persons_b) = pooled(TOWNS), pooled(OUTSKIRTS)
        with_persons = [(rsv, persons) for _, rsv, persons in places if persons]
        ginis: list[float | None] = [None, None]
        if with_persons:
            counts, persons = (np.array(column) for column in zip(*with_persons, strict=True))
            random = np.random.default_rng(SEED)
            draws = random.multinomial(counts.sum(), persons / persons.sum(), size=DRAWS)
            ginis = [_known(gini(counts / persons)), _known(gini(draws / persons).mean())]
        rows.append((year, months[year], *rates, *rate_ratio(a, b, persons_a, persons_b), *ginis))
    return rows
