"""One month of many lives at once.

Belongs here: what can happen in a month (exits, benefits, work, placements) and in which order. Not here: which months are lived (simulate.py), what a
placement changes (effects.py). Lives are arrays, one entry a life; `month` may differ between lives, because potential outcomes live many starts at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws, Floats, Ints
from raw.synthetic.effects import Effects
from raw.synthetic.enterprises import Enterprises, pick, quarter
from raw.synthetic.parameters import INSTRUMENTS, KINDS, NONE, SLOTS, STATES, TARGET, I, K, Parameters, S
from raw.synthetic.people import People

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

    person: Ints  # position in `people`
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


class World:
    """The country's rules with everything looked up once; `live` is one month."""

    def __init__(
        self, parameters: Parameters, calendar: Calendar, draws: Draws, people: People, enterprises: Enterprises
    ) -> None:
        self.parameters, self.calendar, self.draws, self.people, self.enterprises = (
            parameters,
            calendar,
            draws,
            people,
            enterprises,
        )
        self.effects = Effects(parameters, enterprises)
        work, placement = parameters["work"], parameters["placement"]
        never = -30.0
        self.find = np.full(len(STATES), never)
        for name, probability in work["find_month"].items():
            if probability > 0:
                self.find[S[name]] = np.log(probability / (1 - probability))
        self.start = [np.array([placement[f"start_{slot}"].get(name, 0.0) for name in STATES]) for slot in SLOTS]
        self.lose = float(np.log(work["lose_month"] / (1 - work["lose_month"])))
        months = np.arange(calendar.months)
        of_year = (months + calendar.zero) % 12
        self.spring = np.where((of_year >= 2) & (of_year <= 7), work["find_spring"], 0.0)
        closed = (months >= calendar.index("2020-03")) & (months <= calendar.index("2020-06"))
        self.covid_find = np.where(closed, work["covid_find"], 0.0)
        self.covid_lose = np.where(closed, work["covid_lose"], 0.0)
        self.covid_start = np.where(closed & (months < calendar.index("2020-06")), placement["covid_factor"], 1.0)
        self.eager = np.exp(draws.normal("eager", np.arange(98)) * placement["municipal_spread"])
        self.neighbours = [np.flatnonzero(parameters.municipalities.region == region) for region in range(5)]
        # Transitions as rows of cumulated probabilities: row = state x year in it; none_work and none_idle are told apart here.
        matrix = parameters.transitions
        self.edges = np.cumsum(matrix, axis=2).reshape(-1, len(STATES))
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

    # -- the beginning

    def beginning(self) -> Lives:
        """All people at the end of the month before the first."""
        people, draws, work = self.people, self.draws, self.parameters["work"]
        n = len(people)
        working = people.first_state == S["none_work"]
        hours = self._job_hours(
            "first-job", people.who, np.zeros(n, dtype=np.int64), people.skill, np.zeros(n, dtype=bool), np.zeros(n)
        )
        hours = np.where(working, np.maximum(hours, work["leave_benefit_hours"]).astype(np.int64), 0)
        zero = np.zeros(n, dtype=np.int64)
        employer = np.maximum(self._employer("first-employer", people.who, zero, people.first_home), 0)
        flex = np.isin(people.first_state, [S["flex_job"], S["skaane_job"]])
        empty = np.full(n, NO)
        return Lives(
            person=np.arange(n), state=np.where(working, NONE, people.first_state), months_in=np.where(people.first_state == NONE, 3, people.first_duration),
            home=people.first_home.copy(), luck=draws.normal("first-luck", people.who), recent=hours * 8.0, worked=np.where(working, 24, 0), job_hours=hours,
            job_months=np.where(working, people.first_duration, 0), employer=employer,
            flex_employer=np.where(flex, employer, NO), flex_hours=np.where(flex, draws.integer("first-flex", *work["flex_hours"], people.who), 0),
            runs_to=(empty.copy(), empty.copy()), instrument=(empty.copy(), empty.copy()), kind=(empty.copy(), empty.copy()),
            place=(empty.copy(), empty.copy()), began=(empty.copy(), empty.copy()),
        )  # fmt: skip

    # -- one month

    def live(self, lives: Lives, month: Ints | int, forced: Forced | None = None) -> Month:
        """Lives the month in place. `forced` decides a placement otherwise than it came (potential outcomes)."""
        t = np.broadcast_to(np.asarray(month, dtype=np.int64), (len(lives),))
        who = self.people.who[lives.person]
        age = t - self.people.birth_month[lives.person]
        before = lives.state.copy()
        luck = self.parameters["population"]["luck_persistence"]
        lives.luck = luck * lives.luck + np.sqrt(1 - luck**2) * self.draws.normal("luck", who, t)
        self._move(lives, who, t)
        self._exit(lives, who, t, age)
        flex_started = self._change_benefit(lives, who, t, age)
        effect = self.effects.now(lives, t)
        lost = self._lose(lives, who, t, age, effect)
        found = self._find(lives, who, t, age, effect, lost)
        ended = self._end(lives, who, t)
        started = self._start(lives, who, t, age, forced)
        day = self.draws.integer("day", 1, 28, who, t)
        hours = self._hours(lives, who, t, found, day)
        subsidy = self._subsidy(lives, who, t)
        flex = np.where(
            (lives.flex_hours > 0) & np.isin(lives.state, [S["flex_job"], S["skaane_job"]]), lives.flex_hours, 0
        ).astype(np.float64)
        lives.recent = lives.recent * 0.9 + hours
        lives.worked = np.where(
            hours >= 60, np.minimum(lives.worked + 1, 60), np.where(lives.state == NONE, 0, lives.worked)
        )
        lives.job_months = np.where(lives.job_hours > 0, lives.job_months + 1, 0)
        changed = lives.state != before
        lives.months_in = np.where(changed, 0, lives.months_in + 1)
        return Month(hours, subsidy, flex, day, started, ended, found, flex_started)

    # -- exits and moves

    def _move(self, lives: Lives, who: Ints, t: Ints) -> None:
        given, places = self.parameters["population"], self.parameters.municipalities
        moves = (self.draws.uniform("move", who, t) < given["move_rate"] / 12) & ~GONE[lives.state]
        at = np.flatnonzero(moves)
        if not len(at):
            return
        within = self.draws.uniform("move-within", who[at], t[at]) < given["move_within_region"]
        draw = self.draws.uniform("move-to", who[at], t[at])
        inhabited = np.where(np.isin(np.arange(98), np.unique(self.people.first_home)), places.weight, 0.0)
        edges = np.cumsum(inhabited) / inhabited.sum()
        target = np.minimum(np.searchsorted(edges, draw, side="right"), 97)
        for region, members in enumerate(self.neighbours):
            local = inhabited[members]
            if local.sum() == 0:
                continue
            mine = within & (places.region[lives.home[at]] == region)
            target[mine] = members[
                np.minimum(np.searchsorted(np.cumsum(local) / local.sum(), draw[mine], side="right"), len(members) - 1)
            ]
        lives.home[at] = target

    def _exit(self, lives: Lives, who: Ints, t: Ints, age: Ints) -> None:
        given, state = self.parameters["population"], lives.state
        weak = WEAK[state] | np.isin(state, [S["sickness_benefit"], S["disability_pension"]])
        rate = (
            given["death_rate_at_30"]
            * np.exp(given["death_growth"] * np.maximum(age / 12 - 30, -10))
            * np.where(weak, given["death_factor_weak"], 1.0)
        )
        draw = self.draws.uniform("exit", who, t)
        adult = age >= given["start_of_adulthood_months"]
        dies = (draw < rate / 12) & (state != S["dead"])
        abroad = state == S["emigrated"]
        leaves = (
            ~dies
            & ~abroad
            & adult
            & (draw > 1 - given["emigration_rate"] / 12)
            & (state != S["dead"])
            & ~RETIRED[state]
        )
        returns = ~dies & abroad & (draw > 1 - given["return_rate"] / 12)
        retires = ~dies & ~GONE[state] & (age >= given["pension_age_months"]) & (state != S["old_age_pension"])
        for mask, new in ((dies, "dead"), (leaves, "emigrated"), (returns, "none_idle"), (retires, "old_age_pension")):
            self._enter(lives, mask, S[new])
        gone = dies | leaves
        lives.job_hours[gone | (retires & (self.draws.uniform("retires-job", who, t) < 0.85))] = 0
        lives.flex_hours[gone | retires] = 0

    def _enter(self, lives: Lives, mask: Bools, state: int | Ints) -> None:
        lives.state = np.where(mask, state, lives.state)
        lives.months_in = np.where(mask, 0, lives.months_in)

    # -- benefits: the semi-Markov process

    def _change_benefit(self, lives: Lives, who: Ints, t: Ints, age: Ints) -> Bools:
        state = np.where((lives.state == NONE) & (lives.job_hours > 0), S["none_work"], lives.state)
        row = state * 4 + np.minimum(lives.months_in // 12, 3)
        draw = self.draws.uniform("benefit", who, t)
        may = (draw < self.edges[row, -1]) & (age >= 216)
        at = np.flatnonzero(may)
        new = (self.edges[row[at]] <= draw[at, None]).sum(axis=1)
        years = age[at] / 12
        for under, over in (
            ("education_help_ready", "cash_job_ready"),
            ("education_help_activity", "cash_activity_ready"),
        ):
            new = np.where((new == S[over]) & (years < 30), S[under], new)
            new = np.where((new == S[under]) & (years >= 30), S[over], new)
        no_right = (new == S["unemployment_insurance"]) & (lives.worked[at] < 6) & (lives.state[at] == NONE)
        new = np.where(no_right, np.where(years < 30, S["education_help_ready"], S["cash_job_ready"]), new)
        impossible = ((new == S["early_retirement"]) & (years < 62)) | (
            np.isin(new, [S["student"], S["apprentice"]]) & (years > 40)
        )
        impossible |= (new == S["parental_leave"]) & (years > 45)
        # Who has a job beside the benefit that feeds them does not go on a benefit for want of work.
        impossible |= (lives.job_hours[at] >= self.parameters["work"]["leave_benefit_hours"]) & (
            new == S["cash_job_ready"]
        )
        at, new = at[~impossible], new[~impossible]
        to_work = new == S["none_work"]
        flex = np.isin(new, [S["flex_job"], S["skaane_job"]])
        lives.state[at] = np.where(to_work, NONE, new)
        lives.months_in[at] = 0
        # Sickness, leave, flex job and pension end the ordinary job; an apprentice and a student may keep a small one.
        lives.job_hours[at[~to_work]] = 0
        back = at[to_work]
        ready = np.zeros(len(back))
        lives.job_hours[back] = np.maximum(
            self._job_hours(
                "back-to-work",
                who[back],
                t[back],
                self.people.skill[lives.person[back]],
                np.zeros(len(back), dtype=bool),
                ready,
            ),
            100,
        )
        lives.job_months[back] = 12
        started = np.zeros(len(lives), dtype=bool)
        now = at[flex]
        started[now] = True
        lives.flex_employer[now] = self._employer("flex-employer", who[now], t[now], lives.home[now])
        low_high = np.where(lives.state[now] == S["flex_job"], 0, 1)
        ranges = np.array([self.parameters["work"]["flex_hours"], self.parameters["work"]["skaane_hours"]])[low_high]
        draw = self.draws.uniform("flex-hours", who[now], t[now])
        lives.flex_hours[now] = (ranges[:, 0] + draw * (ranges[:, 1] - ranges[:, 0])).astype(np.int64)
        lives.flex_hours[at[~flex]] = 0
        # At 30 education help becomes cash assistance.
        for under, over in (
            ("education_help_ready", "cash_job_ready"),
            ("education_help_activity", "cash_activity_ready"),
        ):
            lives.state = np.where((lives.state == S[under]) & (age >= 360), S[over], lives.state)
        return started

    # -- work

    def _employer(self, stream: str, who: Ints, t: Ints, home: Ints) -> Ints:
        stays = self.draws.uniform(stream + "-near", who, t) < 0.6
        region = self.parameters.municipalities.region[home]
        return pick(self.enterprises, "jobs", t, home, region, stays, self.draws.uniform(stream, who, t))

    def _job_hours(self, stream: str, who: Ints, t: Ints, skill: Floats, on_benefit: Bools, effect: Floats) -> Ints:
        work = self.parameters["work"]
        full = np.where(on_benefit, work["share_full_on_benefit"], work["share_full_else"])
        part = np.where(on_benefit, work["share_part_on_benefit"], work["share_part_else"])
        shift = work["share_skill"] * skill + effect
        full = _logistic(_logit(full) + shift)
        more = _logistic(
            _logit(
                np.minimum(np.where(on_benefit, work["share_full_on_benefit"], work["share_full_else"]) + part, 0.97)
            )
            + shift
        )
        draw, size = self.draws.uniform(stream + "-class", who, t), self.draws.uniform(stream + "-hours", who, t)
        ranges = np.array([work["hours_full"], work["hours_part"], work["hours_few"]])[
            np.where(draw < full, 0, np.where(draw < more, 1, 2))
        ]
        return np.asarray(np.rint(ranges[:, 0] + size * (ranges[:, 1] - ranges[:, 0])).astype(np.int64))

    def _lose(self, lives: Lives, who: Ints, t: Ints, age: Ints, effect: Floats) -> Bools:
        work = self.parameters["work"]
        skill = self.people.skill[lives.person]
        logit = (
            self.lose + work["lose_small_job"] * (lives.job_hours < work["leave_benefit_hours"]) + work["lose_new_job"] * (lives.job_months < 6)
            + work["lose_skill"] * skill + work["lose_luck"] * lives.luck + self.covid_lose[t] - self.parameters["effect"]["keep"] * effect
        )  # fmt: skip
        lost = (lives.job_hours > 0) & (self.draws.uniform("lose", who, t) < _logistic(logit))
        at = np.flatnonzero(lost)
        lives.job_hours[at] = 0
        falls = at[lives.state[at] == NONE]
        edges = np.cumsum(list(work["after_loss"].values()))
        states = np.array([*(S[name] for name in work["after_loss"]), NONE])
        new = states[np.searchsorted(edges, self.draws.uniform("after-loss", who[falls], t[falls]), side="right")]
        years = age[falls] / 12
        new = np.where((new == S["unemployment_insurance"]) & (lives.worked[falls] < 6), S["cash_job_ready"], new)
        new = np.where((new == S["cash_job_ready"]) & (years < 30), S["education_help_ready"], new)
        new = np.where((new == S["cash_activity_ready"]) & (years < 30), S["education_help_activity"], new)
        new = np.where(years < 18, NONE, new)
        lives.state[falls] = new
        lives.months_in[falls] = 0
        return lost

    def _find(self, lives: Lives, who: Ints, t: Ints, age: Ints, effect: Floats, lost: Bools) -> Bools:
        work, skill = self.parameters["work"], self.people.skill[lives.person]
        logit = (
            self.find[lives.state] + work["find_skill"] * skill + work["find_luck"] * lives.luck + work["find_recent"] * np.minimum(lives.recent / 300.0, 4.0)
            + work["find_age_over_50"] * (age >= 600) + work["find_months_out"] * np.minimum(lives.months_in, 36) + self.spring[t] + self.covid_find[t]
            + effect + self.effects.lock_in(lives, t)
        )  # fmt: skip
        draw = self.draws.uniform("find", who, t)
        found = (
            (lives.job_hours == 0) & ~lost & (age >= 216) & (self.find[lives.state] > -29) & (draw < _logistic(logit))
        )
        at = np.flatnonzero(found)
        on_benefit = lives.state[at] != NONE
        hours = self._job_hours(
            "found", who[at], t[at], skill[at], on_benefit, self.parameters["effect"]["grow"] * effect[at]
        )
        lives.job_hours[at] = hours
        lives.job_months[at] = 0
        lives.employer[at] = np.maximum(self._employer("employer", who[at], t[at], lives.home[at]), 0)
        # A job can grow.
        grows = (lives.job_hours > 0) & (lives.job_hours < 140) & ~found
        chance = work["grow_month"] * np.exp(0.3 * skill + self.parameters["effect"]["grow"] * effect)
        grows &= self.draws.uniform("grow", who, t) < chance
        up = np.flatnonzero(grows)
        lives.job_hours[up] = np.minimum(
            lives.job_hours[up] + self.draws.integer("grow-by", *work["grow_hours"], who[up], t[up]), 160
        )
        # With enough hours the benefit ends.
        leaves = TARGET[lives.state] & (lives.job_hours >= work["leave_benefit_hours"])
        leaves &= self.draws.uniform("leave-benefit", who, t) < work["leave_benefit_month"]
        self._enter(lives, leaves, NONE)
        return found

    def _hours(self, lives: Lives, who: Ints, t: Ints, found: Bools, day: Ints) -> Floats:
        """Ordinary hours of the month: the job's, a little up and down, from the day it began."""
        wobble = 0.94 + 0.12 * self.draws.uniform("wobble", who, t)
        part = np.where(found, (31 - day) / 31.0, 1.0)
        return np.asarray(np.rint(lives.job_hours * wobble * part * 4) / 4)

    # -- placements

    def _end(self, lives: Lives, who: Ints, t: Ints) -> tuple[Bools, Bools]:
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
                    0.4 * self.people.skill[lives.person]
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
                lives.job_hours[at] = self._job_hours(
                    "hired", who[at], t[at], self.people.skill[lives.person[at]], np.ones(len(at), dtype=bool), zero
                )
                lives.job_months[at] = 0
                lives.employer[at] = lives.place[0][at]
            runs[over] = NO
            ended.append(over)
        return ended[0], ended[1]

    def _start(self, lives: Lives, who: Ints, t: Ints, age: Ints, forced: Forced | None) -> tuple[Bools, Bools]:
        started = []
        people = self.people
        may = people.is_reached[lives.person] & TARGET[lives.state] & (age >= 216) & (age < 780)
        for slot, name in enumerate(SLOTS):
            may_slot = may & (lives.runs_to[slot] == NO) & (lives.months_in >= 1)
            chance = self.start[slot][lives.state] * self.eager[lives.home] * self.covid_start[t]
            chance = chance * np.where(lives.job_hours > 0, 0.5, 1.0)
            starts = may_slot & (self.draws.uniform("start-" + name, who, t) < chance)
            if forced is not None:
                starts = forced.starts(slot, t, starts)
            at = np.flatnonzero(starts)
            instrument = self._instrument(name, lives.state[at], who[at], t[at])
            kind, place = self._workplace(slot, name, lives, at, instrument, who[at], t[at], age[at], forced)
            low, mean = self.month_range[instrument, 0], self.month_range[instrument, 1]
            length = low + np.floor(-np.log(self.draws.uniform("length-" + name, who[at], t[at])) * (mean - low + 0.5))
            lives.runs_to[slot][at] = t[at] + np.minimum(length, 23).astype(np.int64)
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
            given["rsv_" + name] + given["weak_group"] * WEAK[lives.state[at]] + given["months_on_benefit"] * np.minimum(lives.months_in[at], 24) / 24
            + given["no_recent_work"] * (1 - np.minimum(lives.recent[at] / 300.0, 1.0)) + given["over_50"] * (age >= 600) + given["supply"] * supply
            - given["hidden_skill"] * self.people.skill[lives.person[at]]
            + given["wage_subsidy_rsv"] * np.isin(instrument, [I["wage_subsidy"], I["job_rotation"]]) + given["mentor_rsv"] * (instrument == I["mentor"])
        )  # fmt: skip
        wants = draws.uniform("rsv-" + name, who, t) < _logistic(logit)
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

    def _subsidy(self, lives: Lives, who: Ints, t: Ints) -> Floats:
        """Paid hours in a wage subsidy that runs, full months but the first."""
        runs = (lives.runs_to[0] != NO) & np.isin(lives.instrument[0], [I["wage_subsidy"], I["job_rotation"]])
        hours = 100 + 60 * self.draws.uniform("subsidy-hours", who, lives.began[0])
        part = np.where(lives.began[0] == t, 0.5, 1.0)
        return np.asarray(np.where(runs, np.rint(hours * part * 4) / 4, 0.0))


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


def _logistic(value: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-value))


def _logit(value: Floats) -> Floats:
    return np.log(value / (1.0 - value))
