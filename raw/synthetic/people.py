"""The people at the beginning: birth, sex, number, skill, and where in life they stand.

Belongs here: what a person brings along. Not here: what happens to them later (life.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from raw.synthetic.calendar import Calendar, month_of_day
from raw.synthetic.draws import Draws, Floats, Ints
from raw.synthetic.numbers import constructed_cpr
from raw.synthetic.parameters import NONE, Parameters, S


@dataclass(frozen=True)
class People:
    """One entry a person; the number is their address in all draws."""

    who: Ints
    cpr: Ints
    birth_day: Ints
    birth_month: Ints  # simulated month, mostly negative
    is_woman: Ints
    is_target: NDArray[np.bool_]  # of the target population (the others are plain employees)
    is_reached: NDArray[np.bool_]  # can ever be placed
    skill: Floats
    first_state: Ints
    first_home: Ints  # index of the 98
    first_duration: Ints  # months already in the first state

    def __len__(self) -> int:
        return len(self.who)


def make_people(
    parameters: Parameters, calendar: Calendar, draws: Draws, persons: int, municipalities: int | None
) -> People:
    """`persons` people, spread over the country (or over its first `municipalities` by size, for a small sample)."""
    given, places = parameters["population"], parameters.municipalities
    who = np.arange(persons, dtype=np.int64)
    born_from = int(calendar.first_day(calendar.first - given["age_to"] * 12))
    born_to = int(calendar.first_day(calendar.first - given["age_from"] * 12))
    birth_day = born_from + np.floor(draws.uniform("birth", who) * (born_to - born_from)).astype(np.int64)
    is_woman = draws.chosen("sex", given["woman_share"], who).astype(np.int64)
    is_target = draws.chosen("is-target", given["target_share"], who)
    skill = draws.normal("skill", who) + np.where(is_target, given["target_skill"], given["employee_skill"])

    birth_month = month_of_day(birth_day) - calendar.zero
    age = -birth_month / 12.0
    shares = given["first_state"]
    names = list(shares)
    edges = np.cumsum([shares[name] for name in names])
    # The weaker somebody is, the further down the list of first states.
    tie = given["first_state_by_skill"]
    standing = ndtr(np.sqrt(1 - tie**2) * draws.normal("first-state", who) - tie * (skill - given["target_skill"]))
    state = np.array([S[name] for name in names])[
        np.minimum(np.searchsorted(edges, standing * edges[-1]), len(names) - 1)
    ]
    state = np.where(is_target, state, S["none_work"])
    # Education help is for those under 30, cash assistance for those from 30 on.
    young = age < 30
    for under, over in (("education_help_ready", "cash_job_ready"), ("education_help_activity", "cash_activity_ready")):
        state = np.where((state == S[under]) & ~young, S[over], state)
        state = np.where((state == S[over]) & young, S[under], state)
    state = np.where((age > 40) & np.isin(state, [S["student"], S["apprentice"]]), S["none_work"], state)
    state = np.where(age < 18, NONE, state)
    duration = np.floor(-np.log(draws.uniform("first-duration", who)) * 16).astype(np.int64)

    weight = places.weight.copy()
    if municipalities is not None:
        weight[np.argsort(-weight, kind="stable")[municipalities:]] = 0.0
    edges = np.cumsum(weight) / weight.sum()
    home = np.minimum(np.searchsorted(edges, draws.uniform("home", who), side="right"), 97)
    return People(
        who, constructed_cpr(draws, birth_day, is_woman), birth_day, birth_month, is_woman, is_target,
        draws.chosen("is-reached", given["reached_share"], who), skill, state, home, np.minimum(duration, 120),
    )  # fmt: skip


def part(people: People, chosen: slice | Ints) -> People:
    """Some of the people."""
    return People(**{name: getattr(people, name)[chosen] for name in People.__dataclass_fields__})
