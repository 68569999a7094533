"""One month of many lives at once.

Belongs here: what can happen in a month and in which order; exits, moves and benefits. Not here: ordinary work (work.py), placements (placing.py), which months are
lived (simulate.py), what a placement changes (effects.py). `month` may differ between lives, because potential outcomes live many starts at once.
"""

from __future__ import annotations

import numpy as np

from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws, Ints
from raw.synthetic.effects import Effects
from raw.synthetic.enterprises import Enterprises
from raw.synthetic.lives import GONE, NO, RETIRED, WEAK, Bools, Eve, Forced, Lives, Month, enter
from raw.synthetic.parameters import NONE, STATES, Parameters, S
from raw.synthetic.people import People
from raw.synthetic.placing import Placing
from raw.synthetic.work import Work

FLEX = np.array([S["flex_job"], S["skaane_job"]])


class World:
    """The country's rules with everything looked up once; `live` is one month."""

    def __init__(
        self, parameters: Parameters, calendar: Calendar, draws: Draws, people: People, enterprises: Enterprises
    ) -> None:
        self.parameters, self.calendar, self.draws = parameters, calendar, draws
        self.people, self.enterprises = people, enterprises
        self.effects = Effects(parameters, enterprises)
        self.work = Work(parameters, calendar, draws, enterprises, self.effects)
        self.placing = Placing(parameters, calendar, draws, enterprises, self.work)
        places = parameters.municipalities
        self.neighbours = [np.flatnonzero(places.region == region) for region in range(5)]
        self.inhabited = np.where(np.isin(np.arange(98), np.unique(people.first_home)), places.weight, 0.0)
        # Transitions as rows of cumulated probabilities: row = state x year in it; none_work and none_idle are told apart here.
        self.edges = np.cumsum(parameters.transitions, axis=2).reshape(-1, len(STATES))

    def beginning(self, people: People) -> Lives:
        """The people at the end of the month before the first."""
        draws, work = self.draws, self.parameters["work"]
        n = len(people)
        working = people.first_state == S["none_work"]
        hours = self.work.job_hours(
            "first-job", people.who, np.zeros(n, dtype=np.int64), people.skill, np.zeros(n, dtype=bool), np.zeros(n)
        )
        hours = np.where(working, np.maximum(hours, work["leave_benefit_hours"]).astype(np.int64), 0)
        zero = np.zeros(n, dtype=np.int64)
        employer = np.maximum(self.work.employer("first-employer", people.who, zero, people.first_home), 0)
        flex = np.isin(people.first_state, [S["flex_job"], S["skaane_job"]])
        empty = np.full(n, NO)
        return Lives(
            person=people.who.copy(), birth_month=people.birth_month.copy(), skill=people.skill.copy(), is_reached=people.is_reached.copy(), state=np.where(working, NONE, people.first_state), months_in=np.where(people.first_state == NONE, 3, people.first_duration),
            home=people.first_home.copy(), luck=draws.normal("first-luck", people.who), recent=(hours * 8.0).astype(np.float64), worked=np.where(working, 24, 0), job_hours=hours,
            job_months=np.where(working, people.first_duration, 0), employer=employer,
            flex_employer=np.where(flex, employer, NO), flex_hours=np.where(flex, draws.integer("first-flex", work["flex_hours"][0], work["flex_hours"][1], people.who), 0),
            runs_to=(empty.copy(), empty.copy()), instrument=(empty.copy(), empty.copy()), kind=(empty.copy(), empty.copy()),
            place=(empty.copy(), empty.copy()), began=(empty.copy(), empty.copy()),
        )  # fmt: skip

    def live(self, lives: Lives, month: Ints | int, forced: Forced | None = None) -> Month:
        """Lives the month in place. `forced` decides a placement otherwise than it came (potential outcomes)."""
        t = np.broadcast_to(np.asarray(month, dtype=np.int64), (len(lives),))
        who = lives.person
        age = t - lives.birth_month
        eve = Eve(lives.state.copy(), lives.months_in.copy(), lives.job_hours > 0)
        luck = self.parameters["population"]["luck_persistence"]
        lives.luck = luck * lives.luck + np.sqrt(1 - luck**2) * self.draws.normal("luck", who, t)
        self._move(lives, who, t)
        self._exit(lives, who, t, age)
        flex_started = self._change_benefit(lives, who, t, age)
        effect = self.effects.now(lives, t)
        lost = self.work.lose_jobs(lives, who, t, age, effect)
        found = self.work.find_jobs(lives, who, t, age, effect, lost)
        ended = self.placing.end(lives, who, t)
        day = self.draws.integer("day", 1, 28, who, t)
        started = self.placing.begin(lives, eve, who, t, age, day, forced)
        hours = self.work.hours(lives, who, t, found, day)
        subsidy = self.placing.subsidy_hours(lives, who, t)
        # The first pay of a flex job is for its first whole month.
        flex = np.where(
            (lives.flex_hours > 0) & np.isin(lives.state, FLEX) & ~flex_started, lives.flex_hours, 0
        ).astype(np.float64)
        lives.recent = lives.recent * self.parameters["work"]["recent_decay"] + hours
        lives.worked = np.where(
            hours >= 60, np.minimum(lives.worked + 1, 60), np.where(lives.state == NONE, 0, lives.worked)
        )
        lives.job_months = np.where(lives.job_hours > 0, lives.job_months + 1, 0)
        changed = lives.state != eve.state
        lives.months_in = np.where(changed, 0, lives.months_in + 1)
        return Month(hours, subsidy, flex, day, started, ended, found, flex_started, eve)

    def _move(self, lives: Lives, who: Ints, t: Ints) -> None:
        given, places = self.parameters["population"], self.parameters.municipalities
        moves = (self.draws.uniform("move", who, t) < given["move_rate"] / 12) & ~GONE[lives.state]
        at = np.flatnonzero(moves)
        if not len(at):
            return
        within = self.draws.uniform("move-within", who[at], t[at]) < given["move_within_region"]
        draw = self.draws.uniform("move-to", who[at], t[at])
        inhabited = self.inhabited
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
            enter(lives, mask, S[new])
        gone = dies | leaves
        lives.job_hours[
            gone | (retires & (self.draws.uniform("retires-job", who, t) >= given["retires_keeps_job"]))
        ] = 0
        lives.flex_hours[gone | retires] = 0

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
        flex = np.isin(new, FLEX)
        lives.state[at] = np.where(to_work, NONE, new)
        lives.months_in[at] = 0
        # Sickness, leave, flex job and pension end the ordinary job; an apprentice and a student may keep a small one.
        lives.job_hours[at[~to_work]] = 0
        back = at[to_work]
        ready = np.zeros(len(back))
        lives.job_hours[back] = np.maximum(
            self.work.job_hours(
                "back-to-work",
                who[back],
                t[back],
                lives.skill[back],
                np.zeros(len(back), dtype=bool),
                ready,
            ),
            self.parameters["work"]["back_to_work_hours"],
        )
        lives.job_months[back] = 12
        started = np.zeros(len(lives), dtype=bool)
        now = at[flex]
        started[now] = True
        lives.flex_employer[now] = self.work.employer("flex-employer", who[now], t[now], lives.home[now])
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
