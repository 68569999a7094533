"""The state of many lives at once.

Belongs here: what a life carries from month to month, what a month leaves behind, a decision forced on it. Not here: what happens (life.py, work.py, placing.py).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.draws import Floats, Ints
from raw.synthetic.parameters import STATES, S

Bools = NDArray[np.bool_]
NO = -1
GONE = np.isin(np.arange(len(STATES)), [S["emigrated"], S["dead"]])
RETIRED = np.isin(np.arange(len(STATES)), [S["old_age_pension"], S["early_retirement"]])
WEAK = np.isin(
    np.arange(len(STATES)),
    [S["cash_activity_ready"], S["education_help_activity"], S["job_clarification"], S["resource_course"]],
)


@dataclass
class Lives:
    """The state of lives at the end of a month; every array has one entry a life."""

    person: Ints  # position in the country, and address in all draws
    birth_month: Ints
    skill: Floats
    is_reached: Bools  # can ever be placed
    state: Ints
    months_in: Ints  # whole months in the state
    home: Ints  # index of the 98
    luck: Floats
    recent: Floats  # hours of ordinary work, decayed by a tenth a month
    worked: Ints  # months of ordinary work in a row, for the right to unemployment insurance
    job_hours: Ints  # monthly hours of the ordinary job, 0 without
    job_months: Ints
    employer: Ints  # of the ordinary job, or the last one
    flex_employer: Ints
    flex_hours: Ints
    # by slot (work, course): the placement that runs, and the last one, whose effect lasts
    runs_to: tuple[Ints, Ints]  # last month, NO when none runs
    instrument: tuple[Ints, Ints]  # last instrument, NO without
    kind: tuple[Ints, Ints]
    place: tuple[Ints, Ints]  # enterprise, NO for none
    began: tuple[Ints, Ints]  # month

    def take(self, chosen: Any) -> Lives:
        """The chosen lives, copied."""
        return Lives(**{name: _take(getattr(self, name), chosen) for name in LIFE_FIELDS})

    def __len__(self) -> int:
        return len(self.person)


LIFE_FIELDS = [field.name for field in fields(Lives)]


def _take(value: Any, chosen: Any) -> Any:
    return tuple(item[chosen].copy() for item in value) if isinstance(value, tuple) else value[chosen].copy()


def join(lives: list[Lives]) -> Lives:
    """Lives one after another."""

    def joined(name: str) -> Any:
        values = [getattr(life, name) for life in lives]
        if isinstance(values[0], tuple):
            return tuple(np.concatenate([value[slot] for value in values]) for slot in range(2))
        return np.concatenate(values)

    return Lives(**{name: joined(name) for name in LIFE_FIELDS})


@dataclass
class Eve:
    """Lives as a month found them, before anything changed in it: what a placement that starts in it is decided by."""

    state: Ints
    months_in: Ints
    has_job: Bools


@dataclass
class Month:
    """What the month leaves behind beside the state: hours and starts."""

    hours: Floats  # ordinary hours
    subsidy_hours: Floats  # paid in a wage subsidy or job rotation, at the placement's enterprise
    flex_hours: Floats
    day: Ints  # day of the month (1-28) on which the state changed, if it did
    started: tuple[Bools, Bools]
    ended: tuple[Bools, Bools]
    found_work: Bools
    flex_started: Bools
    eve: Eve


@dataclass
class Forced:
    """A start decided otherwise: in month `at`, slot `slot`, at an RSV, at another workplace, or not at all (and then nothing else either)."""

    at: Ints
    slot: Ints
    rsv: bool | None  # None: nothing starts

    def starts(self, slot: int, month: Ints, starts: Bools) -> Bools:
        """Starts of the slot this month; a world without the start starts nothing in that month."""
        if self.rsv is None:
            return starts & (month != self.at)
        return starts

    def wants_rsv(self, slot: int, at: Ints, month: Ints, wants: Bools) -> Bools:
        """Whether each start is at an RSV."""
        if self.rsv is None:
            return wants
        mine = (self.at[at] == month) & (self.slot[at] == slot)
        return np.where(mine, self.rsv, wants)


def enter(lives: Lives, mask: Bools, state: int) -> None:
    """Puts the lives of the mask into a state, from its first month."""
    lives.state = np.where(mask, state, lives.state)
    lives.months_in = np.where(mask, 0, lives.months_in)


def logistic(value: Floats) -> Floats:
    """Probability of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-value)))


def logit(value: Floats) -> Floats:
    """Log-odds of a probability."""
    return np.asarray(np.log(value / (1.0 - value)))
