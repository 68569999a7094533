"""Placements: who starts which, where, for how long; who is hired where they were.

Belongs here: the monthly process of placements in both slots (work, course). Not here: what they change (effects.py), how they are registered (placement_log.py).
"""

from __future__ import annotations

import numpy as np

from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws, Floats, Ints
from raw.synthetic.enterprises import Enterprises
from raw.synthetic.lives import NO, WEAK, Bools, Eve, Forced, Lives, logistic
from raw.synthetic.parameters import INSTRUMENTS, KINDS, SLOTS, STATES, TARGET, I, K, Parameters, S
from raw.synthetic.pools import pick, quarter
from raw.synthetic.work import Work

PAID_INSTRUMENTS = np.array([I["wage_subsidy"], I["job_rotation"]])
LONGEST = 23  # months after the start's: an instrument's `max_months` is at most two years


def start_day(calendar: Calendar, draws: Draws, who: Ints, month: Ints, slot: Ints) -> Ints:
    """The day on which a placement of the month would start: any of its first 28, no day of a weekend."""
    first = calendar.first_day(month)
    day = first + draws.integer("start-day", 0, 27, who, month + 1000 * slot)
    weekday = (day + 3) % 7
    moved = np.where(day + 2 < calendar.first_day(month + 1), day + 7 - weekday, day + 4 - weekday)
    return np.asarray(np.where(weekday >= 5, moved, day))


class Placing:
    """Starts and ends of placements, month by month."""

    def __init__(
        self, parameters: Parameters, calendar: Calendar, draws: Draws, enterprises: Enterprises, work: Work
    ) -> None:
        self.parameters, self.calendar, self.draws = parameters, calendar, draws
        self.enterprises, self.work = enterprises, work
        placement = parameters["placement"]
        self.start = [np.array([placement[f"start_{slot}"].get(name, 0.0) for name in STATES]) for slot in SLOTS]
        months = np.arange(calendar.months)
        closed = (months >= calendar.index("2020-03")) & (months <= calendar.index("2020-05"))
        self.covid_start = np.where(closed, placement["covid_factor"], 1.0)
        self.eager = np.exp(draws.normal("eager", np.arange(98)) * placement["municipal_spread"])
        self.instrument_rows = {
            (slot, side): (
                [I[name] for name in placement[f"{slot}_{side}"]],
                np.cumsum(list(placement[f"{slot}_{side}"].values())),
            )
            for slot in SLOTS
            for side in ("dagpenge", "others")
        }
        self.kind_edges = np.array(
            [[placement["where"].get(name, {}).get(kind, 0.0) for kind in KINDS[1:4]] for name in INSTRUMENTS]
        ).cumsum(axis=1)
        self.month_range = np.array([placement["months"].get(name, [1, 1.0]) for name in INSTRUMENTS])
        self.hire = np.array(
            [[parameters["effect"]["hire"].get(name, {}).get(kind, 0.0) for kind in KINDS] for name in INSTRUMENTS]
        )

    def end(self, lives: Lives, who: Ints, t: Ints) -> tuple[Bools, Bools]:
        """Placements whose last month was the one before; a job or an exit ends one early. Some are hired where they were."""
        ended = []
        for slot in range(2):
            runs = lives.runs_to[slot]
            # Ended by the person's leaving the benefits: the last month is this one, and the placement is over from the next on.
            early = (runs > t) & ~TARGET[lives.state]
            runs[early] = t[early]
            over = (runs != NO) & (runs < t)
            if slot == 0:
                chance = self.hire[np.maximum(lives.instrument[0], 0), np.maximum(lives.kind[0], 0)] * np.exp(
                    self.parameters["effect"]["hire_skill"] * lives.skill
                )
                hired = (
                    over
                    & (lives.job_hours == 0)
                    & TARGET[lives.state]
                    & (lives.place[0] >= 0)
                    & (self.draws.uniform("hire", who, t) < chance)
                )
                at = np.flatnonzero(hired)
                zero = np.zeros(len(at))
                lives.job_hours[at] = self.work.job_hours(
                    "hired", who[at], t[at], lives.skill[at], np.ones(len(at), dtype=bool), zero
                )
                lives.job_months[at] = 0
                lives.employer[at] = lives.place[0][at]
            runs[over] = NO
            ended.append(over)
        return ended[0], ended[1]

    def begin(
        self, lives: Lives, eve: Eve, who: Ints, t: Ints, age: Ints, day: Ints, forced: Forced | None
    ) -> tuple[Bools, Bools]:
        """Placements that start. Decided by the lives of the month's eve: who leaves the benefits later in the month may have started before, as who starts nothing may leave."""
        started = []
        may = lives.is_reached & TARGET[eve.state] & (age >= 216) & (age < 780) & (eve.months_in >= 1)
        for slot, name in enumerate(SLOTS):
            begins = (
                start_day(self.calendar, self.draws, who, t, np.full(len(t), slot)) - self.calendar.first_day(t) + 1
            )
            is_on_benefit = TARGET[np.where(begins < day, eve.state, lives.state)]
            chance = self.start[slot][eve.state] * self.eager[lives.home] * self.covid_start[t]
            chance = chance * np.where(eve.has_job, self.parameters["placement"]["with_job_factor"], 1.0)
            starts = may & is_on_benefit & (lives.runs_to[slot] == NO)
            starts &= self.draws.uniform("start-" + name, who, t) < chance
            if forced is not None:
                starts = forced.starts(slot, t, starts)
            at = np.flatnonzero(starts)
            instrument = self._instrument(name, eve.state[at], who[at], t[at])
            kind, place = self._workplace(slot, name, lives, eve, at, instrument, who[at], t[at], age[at], forced)
            low, mean = self.month_range[instrument, 0], self.month_range[instrument, 1]
            length = low + np.floor(-np.log(self.draws.uniform("length-" + name, who[at], t[at])) * (mean - low + 0.5))
            # Who leaves the benefits in the month of the start ends with it.
            stays = np.where(TARGET[lives.state[at]], np.minimum(length, LONGEST), 0)
            lives.runs_to[slot][at] = t[at] + stays.astype(np.int64)
            lives.instrument[slot][at], lives.kind[slot][at], lives.place[slot][at], lives.began[slot][at] = (
                instrument,
                kind,
                place,
                t[at],
            )
            started.append(starts)
        return started[0], started[1]

    def _instrument(self, slot: str, state: Ints, who: Ints, t: Ints) -> Ints:
        draw = self.draws.uniform("instrument-" + slot, who, t)
        result = np.zeros(len(state), dtype=np.int64)
        dagpenge = state == S["unemployment_insurance"]
        for side, mine in (("dagpenge", dagpenge), ("others", ~dagpenge)):
            items, edges = self.instrument_rows[slot, side]
            result[mine] = np.array(items)[
                np.minimum(np.searchsorted(edges / edges[-1], draw[mine], side="right"), len(items) - 1)
            ]
        return result

    def _workplace(
        self,
        slot: int,
        name: str,
        lives: Lives,
        eve: Eve,
        at: Ints,
        instrument: Ints,
        who: Ints,
        t: Ints,
        age: Ints,
        forced: Forced | None,
    ) -> tuple[Ints, Ints]:
        """Kind of workplace and the enterprise, RSV for the weakest."""
        given, draws, home = self.parameters["selection"], self.draws, lives.home[at]
        region = self.parameters.municipalities.region[home]
        supply = np.log(np.maximum(self.enterprises.active_rsv, 1) / self.parameters["enterprises"]["active_rsv"])[
            quarter(t)
        ]
        logit = (
            given["rsv_" + name] + given["weak_group"] * WEAK[eve.state[at]] + given["months_on_benefit"] * np.minimum(eve.months_in[at], 24) / 24
            + given["no_recent_work"] * (1 - np.minimum(lives.recent[at] / 300.0, 1.0)) + given["over_50"] * (age >= 600) + given["supply"] * supply
            - given["hidden_skill"] * lives.skill[at]
            + given["wage_subsidy_rsv"] * np.isin(instrument, PAID_INSTRUMENTS) + given["mentor_rsv"] * (instrument == I["mentor"])
        )  # fmt: skip
        wants = draws.uniform("rsv-" + name, who, t) < logistic(logit)
        if forced is not None:
            wants = forced.wants_rsv(slot, at, t, wants)
        stays = draws.uniform("near-" + name, who, t) < self.parameters["placement"]["local_share"]
        draw = draws.uniform("place-" + name, who, t)
        place = np.full(len(at), NO)
        kind = np.full(len(at), K["none"])
        found = pick(self.enterprises, f"{name}-rsv", t, home, region, stays, draw)
        at_rsv = wants & (found >= 0)
        place[at_rsv], kind[at_rsv] = found[at_rsv], K["rsv"]
        which = (draws.uniform("kind-" + name, who, t)[:, None] >= self.kind_edges[instrument]).sum(axis=1) + 1
        # A company-based placement has an enterprise: rounding must not leave it without.
        which = np.where((slot == 0) & (which > 3), 3, which)
        for other in (1, 2, 3):
            mine = np.flatnonzero(~at_rsv & (which == other))
            found = pick(
                self.enterprises, f"{name}-{KINDS[other]}", t[mine], home[mine], region[mine], stays[mine], draw[mine]
            )
            fallback = pick(
                self.enterprises, f"{name}-private", t[mine], home[mine], region[mine], stays[mine], draw[mine]
            )
            place[mine] = np.where(found >= 0, found, fallback)
            kind[mine] = np.where(found >= 0, other, K["private"])
        kind = np.where(place < 0, K["none"], kind)
        return kind, place

    def subsidy_hours(self, lives: Lives, who: Ints, t: Ints) -> Floats:
        """Paid hours a full month in a wage subsidy or job rotation that runs; its first and last month are paid by days (payroll_log.py)."""
        low, high = self.parameters["payroll"]["subsidy_hours"]
        runs = (lives.runs_to[0] != NO) & np.isin(lives.instrument[0], PAID_INSTRUMENTS)
        hours = low + (high - low) * self.draws.uniform("subsidy-hours", who, lives.began[0])
        return np.asarray(np.where(runs, np.rint(hours * 4) / 4, 0.0))
