"""Defects in payroll rows: broken ones, repeated and replaced ones, reversals of nothing.

Belongs here: which lines get which defect. Not here: how a broken row looks (defect_rows.py), broken files (defect_files.py).
Planted lines are reports of their own about plain employees, so that nothing touches the hours of the target population.
"""

from __future__ import annotations

import re

import numpy as np

from raw.synthetic import text_columns as text
from raw.synthetic.calendar import month_of_day
from raw.synthetic.defect_rows import PAYROLL_HARD, Change, Fields, as_line, with_
from raw.synthetic.defects import Defects
from raw.synthetic.draws import Ints
from raw.synthetic.numbers import cvr_numbers
from raw.synthetic.payroll_files import COLUMNS, columns_of, has_hyphen
from raw.synthetic.payroll_log import REPORT, REVERSAL, Events

_AMOUNT = re.compile(r"-?[0-9]+,[0-9]{2}")
LINE_COLUMNS = COLUMNS[1:]
REPORT_SPACE = 1 << 40


def amount(value: str) -> int:
    """Hundredths that a trailer counts: nothing when it cannot be read."""
    return int(value.replace(",", "")) if _AMOUNT.fullmatch(value) else 0


class PayrollDefects:
    """Plants rows among the payroll lines."""

    def __init__(self, planted: Defects, ordered: Events, post: Ints) -> None:
        """From lines as `number_lines` gives them."""
        self.planted, self._events, self._post = planted, ordered, post
        self._month = month_of_day(ordered.day) - planted.world.calendar.zero

    def plant(self) -> None:
        """Plants all payroll rows."""
        ordered = self._events
        lines = len(ordered)
        # Reports as they come, of people who have work and none other: nothing that is done to these lines touches the target population's hours.
        plain = np.flatnonzero(
            (ordered.letter == REPORT)
            & (ordered.no_hours == 0)
            & (ordered.income == 0)
            & ~self.planted.world.people.is_target[np.maximum(ordered.person, 0)]
        )
        if not len(plain):
            plain = np.flatnonzero((ordered.letter == REPORT) & (ordered.no_hours == 0) & (ordered.income == 0))
        for rule, change in PAYROLL_HARD.items():
            self._plant(rule, plain, self.planted.many("payroll_row_share", lines), change)
        strangers = self.planted.strangers(self.planted.many("payroll_row_share", lines))
        elsewhere = cvr_numbers(
            self.planted.world.draws, "nobody-se", 60_000_000, 69_999_999, len(self.planted.world.enterprises) + 40
        )
        known = {int(number) for number in self.planted.world.enterprises.se}
        nobody = [str(number) for number in elsewhere if int(number) not in known][:20]
        odd: list[tuple[str, str, Change]] = [
            ("payroll.hours_over_400", "payroll_row_share", lambda fields, number: fields | {"felt_0200": f"{401 + number % 90},50"}),
            ("payroll.cpr_not_in_personer", "payroll_row_share", lambda fields, number: fields | {"cpr": strangers[number]}),
            ("payroll_hours_missing_without_cross", "hours_missing_without_cross_share", with_(felt_0200="")),
            ("payroll_reversal_without_match", "reversal_without_match_share", _reversal_of_nothing),
            (
                "negative hours", "negative_hours_share",
                lambda fields, number: fields | {"se_nr": nobody[number % 10], "felt_0200": "-9,00", "felt_0013": "-1500,00", "p_nummer": ""},
            ),
            (
                "unresolved employer", "unresolved_employer_share",
                lambda fields, number: fields | {"se_nr": nobody[10 + number % 10], "felt_0200": "8,00", "p_nummer": ""},
            ),
        ]  # fmt: skip
        for rule, rate, change in odd:
            self._plant(rule, plain, self.planted.many(rate, lines), change)
        # Reversals of what was reported before the first delivered month match nothing either, without being planted.
        reversals = np.flatnonzero(ordered.letter == REVERSAL)
        delivered = np.unique(ordered.letter * REPORT_SPACE + ordered.report)
        named = ordered.reference_letter[reversals] * REPORT_SPACE + ordered.reference[reversals]
        self.planted.count("payroll_reversal_without_match", "", int((~np.isin(named, delivered)).sum()))
        self._deliver_again(lines)
        self.planted.count("cpr_hyphen", "", int(has_hyphen(self.planted.world, ordered, self.planted.rates).sum()))

    def _text(self, chosen: Ints) -> list[Fields]:
        if not len(chosen):
            return []
        body = text.join_lines(
            columns_of(self.planted.world, self._events.take(chosen), self._post[chosen], self.planted.rates)
        ).decode()
        return [dict(zip(LINE_COLUMNS, line.split(";"), strict=True)) for line in body.splitlines()]

    def _plant(self, rule: str, candidates: Ints, count: int, change: Change) -> None:
        chosen = self.planted.some(rule, candidates, count)
        for number, (at, fields) in enumerate(zip(chosen, self._text(chosen), strict=True)):
            fields |= {"indberetning_id": self.planted.new_id(), "post_nr": "1"}
            self._add(int(self._month[at]), change(fields, number))
        self.planted.count(rule, "payroll", len(chosen))

    def _add(self, month: int, fields: Fields) -> None:
        line = as_line(fields, LINE_COLUMNS)
        self.planted.payroll_extra.add(month, line, amount(fields["felt_0013"]), amount(fields["felt_0200"]))

    def _deliver_again(self, lines: int) -> None:
        """Lines delivered again: the same, or with other pay and a later moment."""
        reports = np.flatnonzero((self._events.letter == REPORT) & (self._month < self.planted.world.calendar.last))
        again = self.planted.some(
            "again",
            reports,
            self.planted.many("repeated_line_share", lines) + self.planted.many("replaced_line_share", lines),
        )
        shuffled = again[np.argsort(self.planted.world.draws.bits("defect-again-order", again), kind="stable")]
        repeated = self.planted.many("repeated_line_share", lines)
        for place, (at, fields) in enumerate(zip(shuffled, self._text(shuffled), strict=True)):
            month = int(self._month[at]) + 1
            if place >= repeated:
                # Later by a month, and reported in it.
                day = str(np.int64(self.planted.world.calendar.first_day(month) + 9).astype("datetime64[D]"))
                pay = f"{(amount(fields['felt_0013']) + 10_000) // 100},00"
                fields |= {"felt_0013": pay, "indberettet_tidspunkt": f"{day}T12:00:00"}
            self._add(month, fields)
        self.planted.count("payroll_line_repeated", "payroll", min(repeated, len(shuffled)))
        self.planted.count("payroll_line_replaced", "payroll", max(len(shuffled) - repeated, 0))


def _reversal_of_nothing(fields: Fields, number: int) -> Fields:
    return fields | {
        "indberetningsart": "T",
        "reference_id": f"Z{number:010d}",
        "felt_0013": "",
        "felt_0014": "",
        "felt_0016": "",
        "felt_0200": "",
    }
