"""The payroll log of a dense country: reports, supplements, corrections, repetitions and reversals of all of them.

Rows that a rule must reject are added by `dense_defects`; trailers and parts belong to `dense_files`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from . import dense_numbers
from .dense_people import People
from .dense_placement import Clock
from .dense_registry import Registry

Row = dict[str, str]

WAGE = ["00"] * 8 + ["02", "08", "30"]
OTHER = ["01", "04", "10", "28"]


@dataclass
class Reported:
    """A line and the month of the file that carries it."""

    month: date
    row: Row


def _text(amount: float) -> str:
    text = f"{amount:.2f}".replace(".", ",")
    return text.removesuffix("0").removesuffix(",0") if text.endswith("0") and "," in text else text


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _period(rng: random.Random, month: date) -> tuple[date, date]:
    """Most often the month, else days that cross its edges."""
    start, end = month, _month_end(month)
    if rng.random() < 0.3:
        start += timedelta(days=rng.choice([-20, -1, 0, 14, 27]))
        end = max(start, end + timedelta(days=rng.choice([-14, 0, 1, 15, 60, 330])))
        end = min(end, start + timedelta(days=365))
    return start, end


def _line(rng: random.Random, cpr: str, se_number: str, month: date) -> Row:
    start, end = _period(rng, month)
    hours = rng.choice(
        [400.01, 999.99, -999.99]
        if rng.random() < 0.003
        else [0, 0.5, 1, 20, 38.99, 39, 77.99, 78, 86.99, 87, 117, 160.33, 37.75]
    )
    pay = round(hours * rng.choice([110, 152.37, 230.08]), 2)
    row = {
        "indberetningsart": "I",
        "reference_id": "",
        "se_nr": se_number,
        "p_nummer": rng.choice(["", "1000000001"]),
        "cpr": dense_numbers.as_delivered(rng, cpr) if cpr else "",
        "indkomsttype": rng.choice(WAGE if rng.random() < 0.9 else OTHER),
        "dispositionsdato": rng.choice([start, end, _month_end(month)]).isoformat(),
        "periode_fra": start.isoformat(),
        "periode_til": end.isoformat(),
        "felt_0013": _text(pay),
        "felt_0014": rng.choice(["", "", "10,05", "-3,1"]),
        "felt_0016": "",
        "felt_0200": _text(hours),
        "kryds_0220": "",
    }
    kind = rng.random()
    if kind < 0.08:
        row |= {"felt_0200": "", "kryds_0220": "X"}
    elif kind < 0.10:
        row |= {"felt_0200": ""}
    return row


def _negated(rng: random.Random, row: Row) -> Row:
    """A supplement that takes away part of a line, all of it, or more."""
    share = rng.choice([0.5, 1, 1.5])
    changed = dict(row)
    for name in ("felt_0013", "felt_0014", "felt_0200"):
        if row[name]:
            changed[name] = _text(-round(float(row[name].replace(",", ".")) * share, 2))
    return changed


class Log:
    """Collects lines with ids, timestamps and the file that each stands in."""

    def __init__(self, rng: random.Random, clock: Clock, first: date, last: date) -> None:
        self.rng, self.clock, self.first, self.last = rng, clock, first, last
        self.lines: list[Reported] = []
        self.reports = 0

    def add(self, row: Row, day: date, report: str, line_id: str, month: date | None = None) -> Row:
        """Reports a line on a day; the file is that of the day's month, inside the delivered months."""
        stamped = {
            "indberetning_id": report,
            "post_nr": line_id,
            **row,
            "indberettet_tidspunkt": self.clock.at(day).isoformat(),
        }
        place = (month or day).replace(day=1)
        self.lines.append(Reported(min(max(place, self.first), self.last), stamped))
        return stamped

    def new_report(self) -> str:
        """A new indberetning_id."""
        self.reports += 1
        return f"R{self.reports:06d}"

    def reverse(self, report: str, cpr: str, day: date) -> Row:
        """A reversal of a report, of one person or of everybody, rarely of a report that is not there."""
        blank = dict.fromkeys(_line(self.rng, "", "", self.first), "")
        target = report if self.rng.random() < 0.95 else "R999999"
        row = blank | {"indberetningsart": "T", "reference_id": target, "cpr": cpr if self.rng.random() < 0.8 else ""}
        if self.rng.random() < 0.2:
            row |= {"se_nr": "not read", "felt_0200": "12,5", "periode_fra": "2019-13-45"}
        return self.add(row, day, self.new_report(), "1")


def _afterwards(rng: random.Random, log: Log, row: Row, day: date, others: list[str], ties: bool) -> None:
    """What may happen to a line once it is reported."""
    report, line_id = row["indberetning_id"], row["post_nr"]
    content = {name: value for name, value in row.items() if name not in ("indberetning_id", "post_nr")}
    later = day + timedelta(days=rng.choice([0, 0, 10, 35, 90]))
    event = rng.random()
    if event < 0.05:  # the same line once more, in this month's file or a later one
        place = later.replace(day=1)
        log.lines.append(Reported(min(max(place, log.first), log.last), dict(row)))
    elif event < 0.10:  # a correction
        corrected = content | {"felt_0200": "" if row["kryds_0220"] else "55,5", "felt_0013": "9000"}
        if rng.random() < 0.2:
            corrected["cpr"] = rng.choice(others)
        changed = log.add(corrected, later, report, line_id)
        if ties and rng.random() < 0.5:
            changed["indberettet_tidspunkt"] = row["indberettet_tidspunkt"]
    elif event < 0.16:  # a supplement
        log.add(_negated(rng, content), later, log.new_report(), "1")
    elif event < 0.24:  # a reversal, sometimes reversed, sometimes replaced, sometimes followed by a new report
        reversal = log.reverse(report, row["cpr"], later)
        if rng.random() < 0.3:
            log.reverse(reversal["indberetning_id"], "", later + timedelta(days=20))
        if rng.random() < 0.3:
            replaced = {name: value for name, value in reversal.items() if name not in ("indberetning_id", "post_nr")}
            replaced |= {"reference_id": f"R{rng.randrange(1, log.reports + 1):06d}"}
            log.add(replaced, later + timedelta(days=15), reversal["indberetning_id"], reversal["post_nr"])
        if rng.random() < 0.3:
            log.add(content, later + timedelta(days=5), log.new_report(), "1")
        if rng.random() < 0.2:
            log.add(content, later + timedelta(days=40), report, "7")


def make_payroll(
    rng: random.Random, people: People, registry: Registry, first: date, last: date, ties: bool
) -> list[Reported]:
    """Jobs that come and go; `first` and `last` are the first days of the first and last reporting month."""
    log = Log(rng, Clock(rng, ties), first, last)
    everybody = [*people.born, *people.strangers]
    for cpr in everybody:
        month = first
        while month <= last:
            if rng.random() < 0.3:
                month = (month + timedelta(days=32 * rng.choice([1, 3, 8]))).replace(day=1)
                continue
            se_number, length = rng.choice(registry.se_numbers), rng.choice([1, 2, 3, 8])
            for _ in range(length):
                report = log.new_report()
                for line_id in range(1, rng.choice([2, 2, 2, 3])):
                    day = _month_end(month) + timedelta(days=rng.choice([-3, 0, 1, 10, 45]))
                    row = log.add(_line(rng, cpr, se_number, month), day, report, str(line_id))
                    _afterwards(rng, log, row, day, everybody, ties)
                month = (month + timedelta(days=32)).replace(day=1)
    return log.lines
