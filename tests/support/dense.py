"""A dense country: random, small, full of edges that collide, the same for the same seed.

The synthetic country of the product is large and smooth; this one plants what it lacks.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from .dense_defects import add_oddities, spoil_payroll, spoil_placements, spoil_registry
from .dense_files import Country
from .dense_payroll import make_payroll
from .dense_people import make_people
from .dense_placement import make_placements
from .dense_registry import make_registry

KEY = bytes(range(32))
PLACES = ["0101", "0155", "0461", "0615", "0756", "0773"]


def make_country(
    seed: int, persons: int, ties: bool, defects: float = 0.03, months: int = 30, odd: bool = False
) -> Country:
    """Rows of a country from January 2018 on.

    Args:
        seed: decides everything.
        persons: people in `personer`; a few more are paid without being there.
        ties: whether equal timestamps and equal starts occur, where the order of names and lines decides.
        defects: the share of rows that get a spoilt copy.
        months: reporting months of payroll.
        odd: whether some values are spelt oddly.
    """
    rng = random.Random(seed)
    first = date(2018, 1, 1)
    all_months = [date(2018 + month // 12, month % 12 + 1, 1) for month in range(months)]
    last_month = all_months[-1]
    as_of = last_month + timedelta(days=19)
    enterprises = max(12, persons // 25)
    registry = make_registry(rng, PLACES, date(2014, 1, 1), as_of, enterprises, ties)
    people = make_people(rng, PLACES, date(2017, 6, 1), as_of, persons, ties, dream_last=as_of - timedelta(days=20))
    placed = make_placements(rng, people, registry, date(2017, 9, 1), as_of, ties)
    reported = make_payroll(rng, people, registry, first, last_month, ties)
    placed += spoil_placements(rng, placed, people, defects)
    reported += spoil_payroll(rng, reported, defects)
    spoil_registry(rng, registry, people)
    country = Country(registry, people, placed, reported, as_of - timedelta(days=4), as_of, all_months)
    if odd:
        add_oddities(rng, country)
    for rows in (placed, reported):
        rng.shuffle(rows)
    return country
