"""The payroll register's monthly files: parts, running numbers, trailers.

Belongs here: columns, order of lines, how a month is split. Not here: what was reported (payroll_log.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from raw.synthetic import text_columns as text
from raw.synthetic.calendar import month_of_day
from raw.synthetic.draws import Ints
from raw.synthetic.files import write
from raw.synthetic.life import World
from raw.synthetic.payroll_log import INCOME_TYPES, LETTERS, REVERSAL, Events

COLUMNS = (
    "linje", "indberetning_id", "post_nr", "indberetningsart", "reference_id", "se_nr", "p_nummer", "cpr", "indkomsttype", "dispositionsdato", "periode_fra",
    "periode_til", "felt_0013", "felt_0014", "felt_0016", "felt_0200", "kryds_0220", "indberettet_tidspunkt",
)  # fmt: skip
HEADER = (";".join(COLUMNS) + "\n").encode()


class Planted(Protocol):
    """What is planted in payroll files (defects.py)."""

    payroll_extra: Extra
    rates: dict[str, Any]


class Extra:
    """Lines that are planted: text by column, by report month; with what they add to the trailer."""

    def __init__(self) -> None:
        self.lines: dict[int, list[tuple[list[str], int, int]]] = {}

    def add(self, month: int, fields: list[str], pay: int, hours: int) -> None:
        """One line (without `linje`) in the files of a simulated month; øre and hundredths of hours that the trailer counts."""
        self.lines.setdefault(month, []).append((fields, pay, hours))


def number_lines(events: Events) -> tuple[Events, Ints]:
    """The lines in the order in which they are delivered, and the number of each within its report (`post_nr`)."""
    # Few keys, since each is a sort of its own: 8 of them took 4 s for three million lines.
    moment = events.day * 86_400 + events.second
    order = np.lexsort(
        (
            events.pay * 100 + events.hours % 100,
            events.person * (1 << 20) + events.employer,
            events.letter * (1 << 40) + events.report,
            moment,
        )
    )
    events = events.take(order)
    report = events.letter * (1 << 40) + events.report
    by_report = np.argsort(report, kind="stable")
    first = np.concatenate([[True], np.diff(report[by_report]) != 0])
    start = np.maximum.accumulate(np.where(first, np.arange(len(report)), 0))
    post = np.empty(len(report), dtype=np.int64)
    post[by_report] = np.arange(len(report)) - start + 1
    return events, post


def has_hyphen(world: World, events: Events, rates: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Lines whose CPR number is written with a hyphen, which is repaired."""
    return (events.person >= 0) & (
        world.draws.uniform("payroll-hyphen", events.person, events.report) < rates["cpr_hyphen_share"]
    )


def _cpr(world: World, events: Events, rates: Mapping[str, Any]) -> text.Column:
    plain = text.digits(world.people.cpr[np.maximum(events.person, 0)], 10)
    hyphen = np.where(has_hyphen(world, events, rates), ord("-"), 0).astype(np.uint8)
    return text.only(np.hstack([plain[:, :6], hyphen[:, None], plain[:, 6:]]), events.person >= 0)


def columns_of(world: World, events: Events, post: Ints, rates: Mapping[str, Any]) -> list[text.Column]:
    """The columns of the lines but `linje`."""
    enterprises, given, draws = world.enterprises, world.parameters["payroll"], world.draws
    employer = np.maximum(events.employer, 0)
    is_reversal = events.letter == REVERSAL
    has_p = ~is_reversal & draws.chosen("payroll-p", given["p_number_share"], events.employer, events.report)
    first_unit = np.array([units[0] for units in enterprises.units])
    # A reversal names the report and the person; its other columns are empty but for what the register fills itself.
    stands = ~is_reversal
    report = np.hstack([text.words(LETTERS, events.letter), text.digits(events.report, 10)])
    reference = np.hstack(
        [text.words(LETTERS, events.reference_letter), text.digits(np.maximum(events.reference, 0), 10)]
    )
    contribution = np.rint(events.pay * 0.08).astype(np.int64)
    return [
        report, text.whole(post), text.words(("I", "T"), is_reversal.astype(np.int64)), text.only(reference, is_reversal),
        text.only(text.digits(enterprises.se[employer], 8), stands), text.only(text.digits(first_unit[employer], 10), has_p),
        _cpr(world, events, rates), text.words(INCOME_TYPES, np.where(stands, events.income, -1)),
        text.only(text.dates(events.paid_on), stands), text.only(text.dates(events.period_from), stands), text.only(text.dates(events.period_to), stands),
        text.only(text.decimals(events.pay), stands), text.only(text.decimals(events.other_pay), stands & (events.other_pay != 0)),
        text.only(text.decimals(contribution), stands & (events.pay != 0)),
        text.only(text.decimals(events.hours), stands & (events.no_hours == 0) & (events.income == 0)), text.words(("X",), np.where(stands & (events.no_hours == 1), 0, -1)),
        text.timestamps(events.day, events.second),
    ]  # fmt: skip


def trailer(lines: int, pay: int, hours: int) -> bytes:
    """The last line of a file: number of lines, sums in øre and hundredths."""
    fields = {"linje": "9999999", "indberetning_id": str(lines), "felt_0013": kroner(pay), "felt_0200": kroner(hours)}
    return (";".join(fields.get(column, "") for column in COLUMNS) + "\n").encode()


def kroner(hundredths: int) -> str:
    """Two decimals with a comma."""
    size = abs(hundredths)
    return f"{'-' if hundredths < 0 else ''}{size // 100},{size % 100:02d}"


def write_payroll(world: World, events: Events, post: Ints, folder: Path, planted: Planted) -> list[Path]:
    """Writes the files of all delivered months from lines as `number_lines` gives them; returns the files in order."""
    calendar, given, draws = world.calendar, world.parameters["payroll"], world.draws
    month = month_of_day(events.day) - calendar.zero
    written: list[Path] = []
    # A gap in the part numbers makes a month incomplete: a transfer that is still under way.
    has_gap = dict.fromkeys(range(calendar.first, calendar.last + 1), False)
    has_gap[calendar.last] = bool(planted.rates["last_month_incomplete"])
    has_gap[calendar.first] |= bool(planted.rates["first_month_incomplete"])
    counted_pay = np.where(events.letter == REVERSAL, 0, events.pay)
    counted_hours = np.where(
        (events.letter == REVERSAL) | (events.no_hours == 1) | (events.income != 0), 0, events.hours
    )
    for t in range(calendar.first, calendar.last + 1):
        begin, end = np.searchsorted(month, [t, t + 1])
        extra = planted.payroll_extra.lines.get(t, [])
        parts = 2 if (draws.uniform("payroll-parts", t)[0] < given["parts_share"] or (has_gap[t])) else 1
        packed = draws.uniform("payroll-gz", t)[0] < given["gz_share"]
        edges = [int(begin + (end - begin) * part // parts) for part in range(parts + 1)]
        for part in range(parts):
            chosen = slice(edges[part], edges[part + 1])
            mine = extra[part::parts]
            count = edges[part + 1] - edges[part]
            pieces = [HEADER]
            if count:
                lines = columns_of(
                    world, events.take(np.arange(edges[part], edges[part + 1])), post[chosen], planted.rates
                )
                pieces.append(text.join_lines([text.digits(np.arange(1, count + 1), 7), *lines]))
            pieces += [
                f"{count + place + 1:07d};{';'.join(fields)}\n".encode() for place, (fields, _, _) in enumerate(mine)
            ]
            pay = int(counted_pay[chosen].sum()) + sum(amount for _, amount, _ in mine)
            hours = int(counted_hours[chosen].sum()) + sum(amount for _, _, amount in mine)
            pieces.append(trailer(count + len(mine), pay, hours))
            number = part + 1 if not (has_gap[t] and part > 0) else part + 2
            name = (
                f"eindkomst_{calendar.name(t)}"
                + (f"_{number:03d}" if parts > 1 else "")
                + (".csv.gz" if packed else ".csv")
            )
            written.append(write(folder / name, b"".join(pieces)))
    return written
