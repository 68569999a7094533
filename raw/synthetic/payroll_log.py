"""Paid work as the payroll register hears of it: reports, late ones, supplements, reversals.

Belongs here: from lives' paid hours to report lines, each with the moment it was reported. Not here: files (payroll_files.py), defects (payroll_defects.py).
What is reported in the end adds up to what was worked, but for corrections that come after the last month.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws, Ints
from raw.synthetic.enterprises import FAR, Enterprises
from raw.synthetic.life import World
from raw.synthetic.lives import NO
from raw.synthetic.parameters import S
from raw.synthetic.placement_log import PlacementLog
from raw.synthetic.simulate import LINE_ORDINARY, LINE_SUBSIDY, Country

LETTERS = (
    "E",
    "L",
    "S",
    "K",
    "G",
    "T",
    "B",
)  # report, late report, supplement, corrected line, corrected report, reversal, benefit paid
REPORT, LATE, SUPPLEMENT, CORRECTED, WHOLE, REVERSAL, BENEFIT = range(7)
INCOME_TYPES = ("00", "04", "06", "07", "01")


@dataclass
class Events:
    """Payroll lines in the order of nothing; hours in hundredths, money in øre, moments as day and second."""

    person: Ints  # -1: no CPR number (reversal of a whole report)
    employer: Ints
    income: Ints  # index of INCOME_TYPES
    letter: Ints
    report: Ints
    reference_letter: Ints  # -1 without
    reference: Ints
    hours: Ints
    pay: Ints  # felt_0013
    other_pay: Ints  # felt_0014
    no_hours: Ints  # 1: hours could not be given
    period_from: Ints
    period_to: Ints
    paid_on: Ints
    day: Ints
    second: Ints

    def __len__(self) -> int:
        return len(self.person)

    def take(self, chosen: Ints | NDArray[np.bool_]) -> Events:
        """Some of the lines, copied."""
        return Events(**{f.name: getattr(self, f.name)[chosen].copy() for f in fields(Events)})


def joined(pieces: list[Events]) -> Events:
    """Lines one after another."""
    return Events(**{f.name: np.concatenate([getattr(piece, f.name) for piece in pieces]) for f in fields(Events)})


def payroll_events(world: World, country: Country, log: PlacementLog) -> Events:
    """All payroll lines, reported when they were; what is reported outside the delivered months is left out."""
    calendar, draws, given = world.calendar, world.draws, world.parameters["payroll"]
    base = _base(world, country, log)
    report_size = _size_of_report(base)
    alone = _alone_in_report(base)
    line = np.arange(len(base))
    address = base.person * 4096 + base.report % 1000  # of a line: person and month
    # A report that is reversed whole; else a line of its own fate.
    whole = (report_size <= 6) & (
        draws.uniform("whole-reversal", base.report) < given["whole_report_reversal_share"] * 4
    )
    fate = draws.uniform("fate", address, base.employer)
    edges = np.cumsum(
        [given["late_share"], given["supplement_share"], given["reversal_share"], given["unknown_hours_share"]]
    )
    late = ~whole & (fate < edges[0])
    supplement = ~whole & (fate >= edges[0]) & (fate < edges[1])
    reversed_ = ~whole & alone & (fate >= edges[1]) & (fate < edges[2])
    unknown = (fate >= edges[2]) & (fate < edges[3])
    base.no_hours[unknown], base.hours[unknown] = 1, 0
    pieces = []

    at = np.flatnonzero(late)
    _reported_later(base, at, calendar, draws, address[at], given["late_months"])
    base.letter[at], base.report[at] = LATE, line[at]

    at = np.flatnonzero(supplement)
    more = base.take(at)
    share = draws.uniform("supplement", address[at], base.employer[at]) * 0.5 - 0.15
    more.hours, more.pay = (
        np.rint(base.hours[at] * share).astype(np.int64),
        np.rint(base.pay[at] * share).astype(np.int64),
    )
    base.hours[at] -= more.hours
    base.pay[at] -= more.pay
    more.letter[:], more.report = SUPPLEMENT, line[at]
    _reported_later(more, np.arange(len(at)), calendar, draws, address[at], [1, 3])
    pieces.append(more)

    at = np.flatnonzero(reversed_)
    right, reversal = base.take(at), base.take(at)
    base.hours[at], base.pay[at] = np.minimum(base.hours[at] * 3 // 2, 39_000), base.pay[at] * 3 // 2
    _reported_later(right, np.arange(len(at)), calendar, draws, address[at], [1, 3])
    reversal.day, reversal.second = right.day.copy(), right.second.copy()
    right.second += 60
    reversal.reference_letter, reversal.reference = base.letter[at], base.report[at]
    reversal.letter[:], reversal.report = REVERSAL, line[at]
    right.letter[:], right.report = CORRECTED, line[at]
    pieces += [right, reversal]

    at = np.flatnonzero(whole)
    again = base.take(at)
    again.letter[:] = WHOLE
    # One moment and one reversal a report.
    _reported_later(again, np.arange(len(at)), calendar, draws, again.report, [1, 2])
    base.pay[at] = base.pay[at] * 11 // 10
    _, first = np.unique(again.report, return_index=True)
    reversal = again.take(first)
    reversal.person[:] = -1
    reversal.reference_letter, reversal.reference = np.full(len(first), REPORT), reversal.report.copy()
    reversal.letter[:], reversal.report = REVERSAL, len(base) + np.arange(len(first))
    again.second += 60
    pieces += [again, reversal]

    pieces.append(_benefit_lines(world, country))
    events = joined([base, *pieces])
    from_day = int(calendar.first_day(calendar.first))
    return events.take((events.day >= from_day) & (events.day <= calendar.last_day))


def _base(world: World, country: Country, log: PlacementLog) -> Events:
    """One line a person, month and employer, as it would be without any trouble."""
    calendar, draws, given, work = world.calendar, world.draws, world.parameters["payroll"], world.parameters["work"]
    lines, enterprises = country.lines, world.enterprises
    person, month, employer, hours = lines.person, lines.month, lines.employer, lines.quarters * 25
    # Some hold two jobs: a fifth of the hours with another employer.
    two = (
        (lines.kind == LINE_ORDINARY)
        & (hours >= 2000)
        & (draws.uniform("second-job", person, employer) < work["second_job_share"])
    )
    standing = np.flatnonzero(
        enterprises.has_staff & (enterprises.founded < calendar.first_day(0)) & (enterprises.closed == FAR)
    )
    second = standing[draws.integer("second-employer", 0, len(standing) - 1, person[two], employer[two])]
    small = np.where(two, hours // 5 // 25 * 25, 0)
    hours = np.concatenate([hours - small, small[two]])
    spell = np.concatenate([lines.spell, np.full(int(two.sum()), NO)])
    kind = np.concatenate([lines.kind, lines.kind[two]])
    person, month = np.concatenate([person, person[two]]), np.concatenate([month, month[two]])
    employer = np.concatenate([employer, second])
    year = (month - calendar.first) / 12.0
    skill = world.people.skill[person]
    wage = work["hourly_wage"] * np.exp(
        work["wage_skill"] * skill
        + work["wage_spread"] * draws.normal("wage", person, employer)
        + work["wage_growth"] * year
    )
    first, length = calendar.first_day(month), calendar.length(month)
    odd = (kind == LINE_ORDINARY) & (draws.uniform("odd-period", employer) < given["odd_period_share"])
    period_from = np.where(odd, calendar.first_day(month - 1) + 19, first)
    period_to = np.where(odd, first + 18, first + length - 1)
    # A wage subsidy is paid for the days that it has: its first and last month are shorter.
    paid = np.flatnonzero(kind == LINE_SUBSIDY)
    period_from[paid] = np.maximum(period_from[paid], log.start_day[spell[paid]])
    period_to[paid] = np.minimum(period_to[paid], log.end_day[spell[paid]])
    days = np.maximum(period_to[paid] - period_from[paid] + 1, 0)
    hours[paid] = hours[paid] * days // length[paid]
    pay = np.rint(hours * wage).astype(np.int64)
    next_month = draws.uniform("next-month", employer) < given["next_month_share"]
    early = draws.integer("report-day", 0, 6, employer, month)
    day = np.where(next_month, first + length + early, first + length - 1 - early)
    zero = np.zeros(len(person), dtype=np.int64)
    events = Events(
        person=person, employer=employer, income=zero.copy(), letter=zero + REPORT, report=employer * 1000 + month, reference_letter=zero - 1, reference=zero.copy(),
        hours=hours.astype(np.int64), pay=pay, other_pay=zero.copy(), no_hours=zero.copy(), period_from=period_from, period_to=period_to, paid_on=first + length - 1,
        day=day, second=draws.integer("report-second", 6 * 3600, 22 * 3600, employer, month),
    )  # fmt: skip
    return events.take(hours > 0)


def _size_of_report(events: Events) -> Ints:
    _, place, count = np.unique(events.report, return_inverse=True, return_counts=True)
    return np.asarray(count[place])


def _alone_in_report(events: Events) -> NDArray[np.bool_]:
    """True where the person has no other line in the report: a reversal with a CPR number takes all of them."""
    _, place, count = np.unique(events.report * 10_000_000 + events.person, return_inverse=True, return_counts=True)
    return np.asarray(count[place] == 1)


def _reported_later(
    events: Events, at: Ints, calendar: Calendar, draws: Draws, address: Ints, months: list[int]
) -> None:
    """Moves the moment of reporting to some month after the work month."""
    low, high = months
    draw = draws.uniform("later", address)
    later = low + np.floor(draw**2 * (high - low + 1)).astype(np.int64)  # mostly soon
    month = (
        (events.paid_on[at].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)) - calendar.zero + later
    )
    events.day[at] = calendar.first_day(month) + draws.integer("later-day", 0, 27, address)
    events.second[at] = draws.integer("later-second", 6 * 3600, 22 * 3600, address)


def _benefit_lines(world: World, country: Country) -> Events:
    """Some of the benefits paid, which are income but no wage work."""
    calendar, draws, given = world.calendar, world.draws, world.parameters["payroll"]
    income = {
        "cash_job_ready": 2,
        "cash_activity_ready": 2,
        "education_help_ready": 2,
        "education_help_activity": 2,
        "sickness_benefit": 3,
        "student": 4,
    }
    kind = np.full(32, -1)
    for name in (
        "unemployment_insurance",
        "resource_course",
        "job_clarification",
        "unemployment_benefit_flex",
        "disability_pension",
        "rehabilitation",
    ):
        kind[S[name]] = 1
    for name, position in income.items():
        kind[S[name]] = position
    pieces_person, pieces_month = [], []
    who = world.people.who
    for t in range(calendar.first, calendar.last + 1):
        at = np.flatnonzero(
            (kind[country.state[:, t]] >= 0) & draws.chosen("benefit-line", given["benefit_line_share"], who, t)
        )
        pieces_person.append(at)
        pieces_month.append(np.full(len(at), t))
    person, month = np.concatenate(pieces_person), np.concatenate(pieces_month)
    state, home = country.state[person, month], country.home[person, month].astype(np.int64)
    municipal = _municipal_enterprise(world.enterprises)[home]
    zero = np.zeros(len(person), dtype=np.int64)
    first, length = calendar.first_day(month), calendar.length(month)
    amount = draws.integer("benefit-amount", 650_000, 1_900_000, person, month)
    return Events(
        person=person, employer=municipal, income=kind[state], letter=zero + BENEFIT, report=municipal * 1000 + month, reference_letter=zero - 1, reference=zero.copy(),
        hours=zero.copy(), pay=zero.copy(), other_pay=amount, no_hours=zero.copy(), period_from=first, period_to=first + length - 1, paid_on=first + length - 1,
        day=first + length - 1 - draws.integer("benefit-day", 0, 5, municipal, month), second=draws.integer("benefit-second", 6 * 3600, 22 * 3600, municipal, month),
    )  # fmt: skip


def _municipal_enterprise(enterprises: Enterprises) -> Ints:
    """The municipality's own enterprise (legal form 250), by index of the 98."""
    own = np.flatnonzero(enterprises.form == 250)
    result = np.zeros(98, dtype=np.int64)
    result[enterprises.municipality[own]] = own
    return result
