"""The defects that the contract names, planted at the rates of truth.toml, and the count of each.

Belongs here: which rows and weeks get a defect, and the manifest (`planted.json`). Not here: how a broken row looks (defect_rows.py), defective files
(defect_files.py), defects of the registers (defect_registry.py).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from raw.synthetic import text_columns as text
from raw.synthetic.calendar import day_number, month_of_day
from raw.synthetic.defect_rows import PAYROLL_HARD, PLACEMENT_HARD, Change, Fields, as_line
from raw.synthetic.draws import Ints
from raw.synthetic.life import World
from raw.synthetic.numbers import constructed_cpr, cvr_numbers
from raw.synthetic.payroll_files import COLUMNS as PAYROLL_COLUMNS
from raw.synthetic.payroll_files import Extra, columns_of
from raw.synthetic.payroll_log import REPORT, REVERSAL, Events
from raw.synthetic.placement_files import COLUMNS as PLACEMENT_COLUMNS
from raw.synthetic.placement_files import PlacementFiles
from raw.synthetic.placement_log import PlacementLog, Row

_AMOUNT = re.compile(r"-?[0-9]+,[0-9]{2}")
LINE_COLUMNS = PAYROLL_COLUMNS[1:]
REPORT_SPACE = 1 << 40


def amount(value: str) -> int:
    """Hundredths that a trailer counts: nothing when it cannot be read."""
    return int(value.replace(",", "")) if _AMOUNT.fullmatch(value) else 0


class Defects:
    """Plants, and counts what it planted: rule or counter to rows (or weeks, or files)."""

    def __init__(self, world: World, rates: str | Mapping[str, float | int | bool]) -> None:
        if isinstance(rates, str) and rates not in ("default", "none"):
            raise ValueError(f'defects: "default", "none" or rates by name, not {rates!r}')
        self.world = world
        chosen: dict[str, Any] = dict(world.parameters["defects"])
        if isinstance(rates, Mapping):
            if unknown := set(rates) - set(chosen):
                raise ValueError(
                    f"defects: no such rate: {', '.join(sorted(unknown))}; there are {', '.join(sorted(chosen))}"
                )
            chosen.update(rates)
        self.rates = {name: type(value)(0) for name, value in chosen.items()} if rates == "none" else chosen
        self.counts: Counter[str] = Counter()
        self.rows_planted: Counter[str] = Counter()
        self.payroll_extra = Extra()
        self._ids = 0
        self.touched: set[tuple[int, int]] = (
            set()
        )  # municipality-months that hold planted rows, or rows that they rest on

    # -- choosing

    def many(self, rate: str, of: int) -> int:
        """How many a rate plants among `of`: at least two where it is above zero."""
        share = float(self.rates[rate])
        return max(2, round(share * of)) if share > 0 and of else 0

    def some(self, stream: str, candidates: Ints, count: int) -> Ints:
        """`count` of the candidates (fewer when there are fewer)."""
        order = np.argsort(self.world.draws.bits("defect-" + stream, np.arange(len(candidates))), kind="stable")
        return candidates[np.sort(order[:count])]

    def new_id(self) -> str:
        """An id that nothing else has."""
        self._ids += 1
        return f"X{self._ids:010d}"

    def strangers(self, count: int) -> list[str]:
        """Constructed CPR numbers of people whom no register has: born long before anybody in the country."""
        first = int(np.datetime64("1921-01-01").astype("datetime64[D]").astype(np.int64))
        born = first + np.arange(count, dtype=np.int64) * 7 % 3_000
        return [f"{number:010d}" for number in constructed_cpr(self.world.draws, born, np.arange(count) % 2)]

    # -- payroll

    def payroll(self, ordered: Events, post: Ints) -> None:
        """Plants all payroll rows, from lines as `number_lines` gives them."""
        self._events = ordered
        self._month = month_of_day(ordered.day) - self.world.calendar.zero
        lines = len(ordered)
        # Reports as they come, of people who have work and none other: nothing that is done to these lines touches the target population's hours.
        plain = np.flatnonzero(
            (ordered.letter == REPORT)
            & (ordered.no_hours == 0)
            & (ordered.income == 0)
            & ~self.world.people.is_target[np.maximum(ordered.person, 0)]
        )
        if not len(plain):
            plain = np.flatnonzero((ordered.letter == REPORT) & (ordered.no_hours == 0) & (ordered.income == 0))
        self._post = post
        for rule, change in PAYROLL_HARD.items():
            self._plant_payroll(rule, plain, self.many("payroll_row_share", lines), change)
        strangers = self.strangers(self.many("payroll_row_share", lines))
        for rule, rate, change in (
            (
                "payroll.hours_over_400",
                "payroll_row_share",
                lambda fields, number: fields | {"felt_0200": f"{401 + number % 90},50"},
            ),
            (
                "payroll.cpr_not_in_personer",
                "payroll_row_share",
                lambda fields, number: fields | {"cpr": strangers[number]},
            ),
            (
                "payroll_hours_missing_without_cross",
                "hours_missing_without_cross_share",
                lambda fields, _: fields | {"felt_0200": ""},
            ),
            ("payroll_reversal_without_match", "reversal_without_match_share", _reversal_of_nothing),
        ):
            self._plant_payroll(rule, plain, self.many(rate, lines), change)
        count = self.many("negative_hours_share", lines)
        elsewhere = cvr_numbers(self.world.draws, "nobody-se", 60_000_000, 69_999_999, len(self.world.enterprises) + 40)
        known = {int(number) for number in self.world.enterprises.se}
        nobody = [str(number) for number in elsewhere if int(number) not in known][:20]
        self._plant_payroll(
            "negative hours",
            plain,
            count,
            lambda fields, number: (
                fields | {"se_nr": nobody[number % 10], "felt_0200": "-9,00", "felt_0013": "-1500,00", "p_nummer": ""}
            ),
        )
        self._plant_payroll(
            "unresolved employer",
            plain,
            self.many("unresolved_employer_share", lines),
            lambda fields, number: fields | {"se_nr": nobody[10 + number % 10], "felt_0200": "8,00", "p_nummer": ""},
        )
        # Reversals of what was reported before the first delivered month match nothing either, without being planted.
        reversals = np.flatnonzero(ordered.letter == REVERSAL)
        delivered = np.unique(ordered.letter * REPORT_SPACE + ordered.report)
        named = ordered.reference_letter[reversals] * REPORT_SPACE + ordered.reference[reversals]
        self.count("payroll_reversal_without_match", "", int((~np.isin(named, delivered)).sum()))
        self._deliver_again(lines)

    def _text(self, chosen: Ints) -> list[Fields]:
        if not len(chosen):
            return []
        body = text.join_lines(columns_of(self.world, self._events.take(chosen), self._post[chosen])).decode()
        return [dict(zip(LINE_COLUMNS, line.split(";"), strict=True)) for line in body.splitlines()]

    def _plant_payroll(self, rule: str, candidates: Ints, count: int, change: Change) -> None:
        chosen = self.some(rule, candidates, count)
        for number, (at, fields) in enumerate(zip(chosen, self._text(chosen), strict=True)):
            fields |= {"indberetning_id": self.new_id(), "post_nr": "1"}
            self._add(int(self._month[at]), change(fields, number))
        self.count(rule, "payroll", len(chosen))

    def _add(self, month: int, fields: Fields) -> None:
        line = as_line(fields, LINE_COLUMNS)
        self.payroll_extra.add(month, line, amount(fields["felt_0013"]), amount(fields["felt_0200"]))

    def _deliver_again(self, lines: int) -> None:
        """Lines delivered again: the same, or with other pay and a later moment."""
        reports = np.flatnonzero((self._events.letter == REPORT) & (self._month < self.world.calendar.last))
        again = self.some(
            "again", reports, self.many("repeated_line_share", lines) + self.many("replaced_line_share", lines)
        )
        shuffled = again[np.argsort(self.world.draws.bits("defect-again-order", again), kind="stable")]
        repeated = self.many("repeated_line_share", lines)
        for place, (at, fields) in enumerate(zip(shuffled, self._text(shuffled), strict=True)):
            month = int(self._month[at]) + 1
            if place >= repeated:
                # Later by a month, and reported in it.
                day = str(np.int64(self.world.calendar.first_day(month) + 9).astype("datetime64[D]"))
                pay = f"{(amount(fields['felt_0013']) + 10_000) // 100},00"
                fields |= {"felt_0013": pay, "indberettet_tidspunkt": f"{day}T12:00:00"}
            self._add(month, fields)
        self.count("payroll_line_repeated", "payroll", min(repeated, len(shuffled)))
        self.count("payroll_line_replaced", "payroll", max(len(shuffled) - repeated, 0))

    # -- placement

    def placement(self, files: PlacementFiles, log: PlacementLog) -> int:
        """Puts all rows in the municipalities' files, sound and planted ones; returns how many."""
        calendar, people = self.world.calendar, self.world.people
        months = (
            month_of_day(np.array([row.day for row in log.rows], dtype=np.int64)) - calendar.zero
            if log.rows
            else np.zeros(0, dtype=np.int64)
        )
        numbers = np.arange(len(log.rows))
        hyphen = set(self.some("hyphen", numbers, self.many("cpr_hyphen_share", len(numbers))).tolist())
        ended = np.array([at for at, row in enumerate(log.rows) if row.reason], dtype=np.int64)
        broken = set(self.some("line-break", ended, self.many("quoted_line_break_share", len(ended))).tolist())
        for at, row in enumerate(log.rows):
            fields = files.fields(row)
            if at in hyphen:
                fields[1] = fields[1][:6] + "-" + fields[1][6:]
            if at in broken:
                fields[12] = f'"{fields[12]},\nnærmere oplysninger; mangler"'
            files.add(row.municipality, int(months[at]), fields)
        self.count("cpr_hyphen", "", len(hyphen))
        self.count("quoted_line_break", "", len(broken))
        created = np.array(
            [
                at
                for at, row in enumerate(log.rows)
                if row.handling == "O" and row.cvr and row.start >= int(calendar.first_day(0))
            ],
            dtype=np.int64,
        )
        self._rows, self._row_months, self._files = log.rows, months, files
        count = self.many("placement_row_share", len(log.rows))
        old_enough = np.array(
            [at for at in created if people.birth_day[log.rows[at].person] < day_number("1988-01-01")], dtype=np.int64
        )
        for rule, change in PLACEMENT_HARD.items():
            # Who was a child in 2006 would break the rule of the sixteen years too.
            self._plant_placement(rule, old_enough if rule == "placement.start_before_2007" else created, count, change)
        strangers = self.strangers(count)
        codes = [f"{code:04d}" for code in self.world.parameters.municipalities.code]
        later = str(np.int64(calendar.last_day + 400).astype("datetime64[D]"))
        self._plant_placement(
            "placement.cpr_not_in_personer", created, count, lambda fields, number: fields | {"cpr": strangers[number]}
        )
        self._plant_placement(
            "placement.municipality_not_of_file",
            created,
            count,
            lambda fields, number: (
                fields
                | {
                    "ansvarlig_kommune": next(
                        code for code in codes[number % 90 :] if code != fields["ansvarlig_kommune"]
                    )
                }
            ),
        )
        self._plant_placement(
            "placement.start_too_late",
            created,
            count,
            lambda fields, _: fields | {"startdato": later, "slutdato": "", "maalgruppe": "2"},
        )
        young = np.array(
            [at for at in created if people.birth_day[log.rows[at].person] >= day_number("1993-01-01")],
            dtype=np.int64,
        )
        fifteen = {
            at: str((people.birth_day[log.rows[at].person] + 5_500).astype("datetime64[D]")) for at in young.tolist()
        }
        self._plant_placement(
            "placement.under_16",
            young,
            count,
            lambda fields, _: fields | {"startdato": fifteen[int(fields["at"])], "slutdato": "", "maalgruppe": "2"},
        )
        self._plant_versions(log, count)
        return len(log.rows) + self.rows_planted["placement"]

    def _plant_placement(self, rule: str, candidates: Ints, count: int, change: Change) -> None:
        chosen = self.some(rule, candidates, count)
        for number, at in enumerate(chosen.tolist()):
            row = self._rows[at].version(activity=self.new_id())
            self._add_placement(
                row, int(self._row_months[at]), lambda fields, _, at=at: change(fields | {"at": str(at)}, _), number
            )
        self.count(rule, "placement", len(chosen))

    def _add_placement(self, row: Row, month: int, change: Change, number: int) -> None:
        """Adds a changed row in its municipality's file; dates are ISO while it is changed, and written as the municipality does."""
        fields = dict(zip(PLACEMENT_COLUMNS, self._files.fields(row), strict=True))
        iso = {
            name: "" if day is None else str(np.datetime64(day, "D"))
            for name, day in (("startdato", row.start), ("slutdato", row.end))
        }
        changed = change(fields | iso, number)
        if self._files.habits[row.municipality].day_first:
            for name in iso:
                if re.fullmatch(r"\d{4}-\d{2}-\d{2}", changed[name]):
                    changed[name] = "-".join(reversed(changed[name].split("-")))
        self.touched.add((row.municipality, month))
        self._files.add(row.municipality, month, as_line(changed, PLACEMENT_COLUMNS))

    def _plant_versions(self, log: PlacementLog, count: int) -> None:
        """Further versions of real activities: another person's number; broken (the older one stands); a CVR number that contradicts the P-unit's owner."""
        latest: dict[str, int] = {}
        deleted = {row.activity for row in log.rows if row.handling == "S"}
        for at, row in enumerate(log.rows):
            if row.activity not in latest or (row.day, row.second) > (
                log.rows[latest[row.activity]].day,
                log.rows[latest[row.activity]].second,
            ):
                latest[row.activity] = at
        first_versions = {row.activity for row in log.rows if row.handling == "O"}
        standing = np.array(
            sorted(
                at
                for activity, at in latest.items()
                if activity not in deleted
                and activity in first_versions
                and log.rows[at].day < self.world.calendar.last_day - 40
            ),
            dtype=np.int64,
        )
        chosen = self.some("versions", standing, 3 * count)
        known_unit = self.some(
            "contradicts",
            np.array(
                [
                    at
                    for at in standing.tolist()
                    if log.rows[at].p_number and log.rows[at].cvr and at not in set(chosen.tolist())
                ],
                dtype=np.int64,
            ),
            count,
        )
        people, enterprises = self.world.people, self.world.enterprises
        resting = {log.rows[at].activity for at in [*chosen.tolist(), *known_unit.tolist()]}
        self.touched |= {
            (row.municipality, int(self._row_months[at])) for at, row in enumerate(log.rows) if row.activity in resting
        }
        for number, at in enumerate(chosen.tolist()):
            row = log.rows[at].version(handling="A", day=log.rows[at].day + 15)
            month = int(month_of_day(np.array([row.day]))[0]) - self.world.calendar.zero
            if number % 3 == 0:
                other = f"{people.cpr[(row.person + 1) % len(people)]:010d}"
                self._add_placement(row, month, lambda fields, _, other=other: fields | {"cpr": other}, number)
            else:
                self._add_placement(row, month, PLACEMENT_HARD["placement.hours_out_of_range"], number)
        changed_person, broken = len(chosen[::3]), len(chosen) - len(chosen[::3])
        self.count("placement.cpr_changed", "placement", changed_person)
        self.count("placement.hours_out_of_range", "placement", broken)
        self.count("placement_older_version_stands", "", len(chosen))
        for number, at in enumerate(known_unit.tolist()):
            row = log.rows[at].version(handling="A", day=log.rows[at].day + 10)
            month = int(month_of_day(np.array([row.day]))[0]) - self.world.calendar.zero
            own = row.cvr
            other = next(str(cvr) for cvr in enterprises.cvr[number % 50 :] if str(cvr) != own)
            self._add_placement(row, month, lambda fields, _, other=other: fields | {"cvr": other}, number)
        self.count("placement.cvr_contradicts_p_number", "placement", len(known_unit))

    # -- the manifest

    def count(self, rule: str, dataset: str, count: int) -> None:
        """Counts planted rows under a rule or counter; those that are rows of their own in `dataset` too."""
        if count:
            self.counts[rule] += count
            if dataset:
                self.rows_planted[dataset] += count

    def write_manifest(self, folder: Path) -> Path:
        """Writes `planted.json`: rule or counter to rows planted."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "planted.json"
        path.write_text(
            json.dumps(dict(sorted(self.counts.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return path


def _reversal_of_nothing(fields: Fields, number: int) -> Fields:
    return fields | {
        "indberetningsart": "T",
        "reference_id": f"Z{number:010d}",
        "felt_0013": "",
        "felt_0014": "",
        "felt_0016": "",
        "felt_0200": "",
    }
