"""Ordinary work: who loses it, who finds it, how many hours.

Belongs here: the monthly process of ordinary employment. Not here: benefits (life.py), what a placement changes (effects.py).
"""

from __future__ import annotations

import numpy as np

from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws, Floats, Ints
from raw.synthetic.effects import Effects
from raw.synthetic.enterprises import Enterprises
from raw.synthetic.lives import Bools, Lives, enter, logistic, logit
from raw.synthetic.parameters import NONE, STATES, TARGET, Parameters, S
from raw.synthetic.pools import pick

NEVER = -30.0


class Work:
    """Jobs, hour by month."""

    def __init__(
        self, parameters: Parameters, calendar: Calendar, draws: Draws, enterprises: Enterprises, effects: Effects
    ) -> None:
        self.parameters, self.draws, self.enterprises, self.effects = parameters, draws, enterprises, effects
        work = self.given = parameters["work"]
        self.find = np.full(len(STATES), NEVER)
        for name, probability in work["find_month"].items():
            if probability > 0:
                self.find[S[name]] = np.log(probability / (1 - probability))
        self.lose = float(np.log(work["lose_month"] / (1 - work["lose_month"])))
        months = np.arange(calendar.months)
        of_year = (months + calendar.zero) % 12
        self.spring = np.where((of_year >= 2) & (of_year <= 7), work["find_spring"], 0.0)
        closed = (months >= calendar.index("2020-03")) & (months <= calendar.index("2020-06"))
        self.covid_find = np.where(closed, work["covid_find"], 0.0)
        self.covid_lose = np.where(closed, work["covid_lose"], 0.0)

    def employer(self, stream: str, who: Ints, t: Ints, home: Ints) -> Ints:
        stays = self.draws.uniform(stream + "-near", who, t) < self.given["near_share"]
        region = self.parameters.municipalities.region[home]
        return pick(self.enterprises, "jobs", t, home, region, stays, self.draws.uniform(stream, who, t))

    def job_hours(self, stream: str, who: Ints, t: Ints, skill: Floats, on_benefit: Bools, effect: Floats) -> Ints:
        work = self.given
        full = np.where(on_benefit, work["share_full_on_benefit"], work["share_full_else"])
        part = np.where(on_benefit, work["share_part_on_benefit"], work["share_part_else"])
        shift = work["share_skill"] * skill + effect
        full = logistic(logit(full) + shift)
        more = logistic(
            logit(np.minimum(np.where(on_benefit, work["share_full_on_benefit"], work["share_full_else"]) + part, 0.97))
            + shift
        )
        draw, size = self.draws.uniform(stream + "-class", who, t), self.draws.uniform(stream + "-hours", who, t)
        ranges = np.array([work["hours_full"], work["hours_part"], work["hours_few"]])[
            np.where(draw < full, 0, np.where(draw < more, 1, 2))
        ]
        return np.asarray(np.rint(ranges[:, 0] + size * (ranges[:, 1] - ranges[:, 0])).astype(np.int64))

    def lose_jobs(self, lives: Lives, who: Ints, t: Ints, age: Ints, effect: Floats) -> Bools:
        work = self.given
        skill = lives.skill
        logit = (
            self.lose + work["lose_small_job"] * (lives.job_hours < work["leave_benefit_hours"]) + work["lose_new_job"] * (lives.job_months < 6)
            + work["lose_skill"] * skill + work["lose_luck"] * lives.luck + self.covid_lose[t] - self.parameters["effect"]["keep"] * effect
        )  # fmt: skip
        lost = (lives.job_hours > 0) & (self.draws.uniform("lose", who, t) < logistic(logit))
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

    def find_jobs(self, lives: Lives, who: Ints, t: Ints, age: Ints, effect: Floats, lost: Bools) -> Bools:
        work, skill = self.given, lives.skill
        logit = (
            self.find[lives.state] + work["find_skill"] * skill + work["find_luck"] * lives.luck + work["find_recent"] * np.minimum(lives.recent / 300.0, 4.0)
            + work["find_age_over_50"] * (age >= 600) + work["find_months_out"] * np.minimum(lives.months_in, 36) + self.spring[t] + self.covid_find[t]
            + effect + self.effects.lock_in(lives, t)
        )  # fmt: skip
        draw = self.draws.uniform("find", who, t)
        found = (
            (lives.job_hours == 0) & ~lost & (age >= 216) & (self.find[lives.state] > NEVER) & (draw < logistic(logit))
        )
        at = np.flatnonzero(found)
        on_benefit = lives.state[at] != NONE
        hours = self.job_hours(
            "found", who[at], t[at], skill[at], on_benefit, self.parameters["effect"]["grow"] * effect[at]
        )
        lives.job_hours[at] = hours
        lives.job_months[at] = 0
        lives.employer[at] = np.maximum(self.employer("employer", who[at], t[at], lives.home[at]), 0)
        # A job can grow.
        grows = (lives.job_hours > 0) & (lives.job_hours < 140) & ~found
        chance = work["grow_month"] * np.exp(work["grow_skill"] * skill + self.parameters["effect"]["grow"] * effect)
        grows &= self.draws.uniform("grow", who, t) < chance
        up = np.flatnonzero(grows)
        lives.job_hours[up] = np.minimum(
            lives.job_hours[up]
            + self.draws.integer("grow-by", work["grow_hours"][0], work["grow_hours"][1], who[up], t[up]),
            160,
        )
        # With enough hours the benefit ends.
        leaves = TARGET[lives.state] & (lives.job_hours >= work["leave_benefit_hours"])
        leaves &= self.draws.uniform("leave-benefit", who, t) < work["leave_benefit_month"]
        enter(lives, leaves, NONE)
        return found

    def hours(self, lives: Lives, who: Ints, t: Ints, found: Bools, day: Ints) -> Floats:
        """Ordinary hours of the month: the job's, a little up and down, from the day it began."""
        wobble = 0.94 + 0.12 * self.draws.uniform("wobble", who, t)
        part = np.where(found, (31 - day) / 31.0, 1.0)
        return np.asarray(np.rint(lives.job_hours * wobble * part * 4) / 4)
