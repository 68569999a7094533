"""Defects in placement rows: broken ones, versions that change the person or break a rule, repairs of real rows.

Belongs here: which rows get which defect. Not here: how a broken row looks (defect_rows.py), broken files (defect_files.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from raw.synthetic.calendar import day_number, month_of_day
from raw.synthetic.defect_rows import PLACEMENT_HARD, Change, Fields, as_line, with_
from raw.synthetic.defects import Defects
from raw.synthetic.draws import Ints
from raw.synthetic.placement_files import COLUMNS, PlacementFiles
from raw.synthetic.placement_log import PlacementLog, Row

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class PlacementDefects:
    """Plants rows in the municipalities' files."""

    def __init__(self, planted: Defects, files: PlacementFiles, log: PlacementLog) -> None:
        self.planted, self.files, self.rows = planted, files, log.rows
        self.calendar, self.people = planted.world.calendar, planted.world.people
        days = np.array([row.day for row in log.rows], dtype=np.int64)
        self.months = (month_of_day(days) - self.calendar.zero).astype(np.int64)

    def plant(self) -> int:
        """Puts all rows in the files, sound and planted ones; returns how many."""
        self._add_sound_rows()
        count = self.planted.many("placement_row_share", len(self.rows))
        created = self._places(
            lambda row: row.handling == "O" and row.cvr != "" and row.start >= int(self.calendar.first_day(0))
        )
        # Who was a child in 2006 would break the rule of the sixteen years too.
        old = self._places(lambda row: self._born(row) < day_number("1988-01-01"), created)
        for rule, change in PLACEMENT_HARD.items():
            self._plant(rule, old if rule == "placement.start_before_2007" else created, count, change)
        strangers = self.planted.strangers(count)
        codes = [f"{code:04d}" for code in self.planted.world.parameters.municipalities.code]
        later = str(np.int64(self.calendar.last_day + 400).astype("datetime64[D]"))
        self._plant(
            "placement.cpr_not_in_personer", created, count, lambda fields, number: fields | {"cpr": strangers[number]}
        )
        self._plant(
            "placement.municipality_not_of_file",
            created,
            count,
            lambda fields, number: (
                fields | {"ansvarlig_kommune": _another(codes[number % 90 :], fields["ansvarlig_kommune"])}
            ),
        )
        self._plant("placement.start_too_late", created, count, with_(startdato=later, slutdato="", maalgruppe="2"))
        young = self._places(lambda row: self._born(row) >= day_number("1993-01-01"), created)
        for number, at in enumerate(self.planted.some("placement.under_16", young, count).tolist()):
            # Fifteen years and some weeks, and after 2007.
            start = str(np.int64(self._born(self.rows[at]) + 5_500).astype("datetime64[D]"))
            self._add(
                self.rows[at].version(activity=self.planted.new_id()),
                int(self.months[at]),
                with_(startdato=start, slutdato="", maalgruppe="2"),
                number,
            )
            self.planted.count("placement.under_16", "placement", 1)
        self._plant_versions(count)
        return len(self.rows) + self.planted.rows_planted["placement"]

    def _born(self, row: Row) -> int:
        return int(self.people.birth_day[row.person])

    def _places(self, wanted: Callable[[Row], bool], among: Ints | None = None) -> Ints:
        """Positions of the rows that are wanted."""
        places = range(len(self.rows)) if among is None else among.tolist()
        return np.array([at for at in places if wanted(self.rows[at])], dtype=np.int64)

    def _add_sound_rows(self) -> None:
        everything = np.arange(len(self.rows))
        hyphen = set(
            self.planted.some("hyphen", everything, self.planted.many("cpr_hyphen_share", len(self.rows))).tolist()
        )
        ended = self._places(lambda row: row.reason != "")
        broken = set(
            self.planted.some("line-break", ended, self.planted.many("quoted_line_break_share", len(ended))).tolist()
        )
        cpr, reason = COLUMNS.index("cpr"), COLUMNS.index("afslutningsaarsag")
        for at, row in enumerate(self.rows):
            fields = self.files.fields(row)
            if at in hyphen:
                fields[cpr] = fields[cpr][:6] + "-" + fields[cpr][6:]
            if at in broken:
                fields[reason] = f'"{fields[reason]},\nnærmere oplysninger; mangler"'
            self.files.add(row.municipality, int(self.months[at]), fields)
        self.planted.count("cpr_hyphen", "", len(hyphen))
        self.planted.count("quoted_line_break", "", len(broken))

    def _plant(self, rule: str, candidates: Ints, count: int, change: Change) -> None:
        chosen = self.planted.some(rule, candidates, count)
        for number, at in enumerate(chosen.tolist()):
            self._add(self.rows[at].version(activity=self.planted.new_id()), int(self.months[at]), change, number)
        self.planted.count(rule, "placement", len(chosen))

    def _add(self, row: Row, month: int, change: Change, number: int) -> None:
        """Adds a changed row in its municipality's file; dates are ISO while it is changed, and written as the municipality does."""
        fields: Fields = dict(zip(COLUMNS, self.files.fields(row), strict=True))
        for name, day in (("startdato", row.start), ("slutdato", row.end)):
            fields[name] = "" if day is None else str(np.datetime64(day, "D"))
        changed = change(fields, number)
        if self.files.habits[row.municipality].day_first:
            for name in ("startdato", "slutdato"):
                if _ISO_DATE.fullmatch(changed[name]):
                    changed[name] = "-".join(reversed(changed[name].split("-")))
        self.planted.touched.add((row.municipality, month))
        self.files.add(row.municipality, month, as_line(changed, COLUMNS))

    def _plant_versions(self, count: int) -> None:
        """Further versions of real activities: another person's number; broken (the older one stands); a CVR number that contradicts the P-unit's owner."""
        latest: dict[str, int] = {}
        for at, row in enumerate(self.rows):
            known = latest.get(row.activity)
            if known is None or (row.day, row.second) > (self.rows[known].day, self.rows[known].second):
                latest[row.activity] = at
        deleted = {row.activity for row in self.rows if row.handling == "S"}
        created = {row.activity for row in self.rows if row.handling == "O"}
        in_time = self.calendar.last_day - 40
        standing = np.array(
            sorted(at for activity, at in latest.items() if activity in created and activity not in deleted and self.rows[at].day < in_time), dtype=np.int64
        )  # fmt: skip
        chosen = self.planted.some("versions", standing, 3 * count)
        with_unit = self._places(lambda row: row.p_number != "" and row.cvr != "", np.setdiff1d(standing, chosen))
        contradicting = self.planted.some("contradicts", with_unit, count)
        resting = {self.rows[at].activity for at in [*chosen.tolist(), *contradicting.tolist()]}
        self.planted.touched |= {
            (row.municipality, int(self.months[at])) for at, row in enumerate(self.rows) if row.activity in resting
        }
        for number, at in enumerate(chosen.tolist()):
            other_person = f"{self.people.cpr[(self.rows[at].person + 1) % len(self.people)]:010d}"
            self._add_version(
                at,
                15,
                with_(cpr=other_person) if number % 3 == 0 else PLACEMENT_HARD["placement.hours_out_of_range"],
                number,
            )
        self.planted.count("placement.cpr_changed", "placement", len(chosen[::3]))
        self.planted.count("placement.hours_out_of_range", "placement", len(chosen) - len(chosen[::3]))
        self.planted.count("placement_older_version_stands", "", len(chosen))
        numbers = [str(cvr) for cvr in self.planted.world.enterprises.cvr[:200]]
        for number, at in enumerate(contradicting.tolist()):
            self._add_version(at, 10, with_(cvr=_another(numbers[number % 100 :], self.rows[at].cvr)), number)
        self.planted.count("placement.cvr_contradicts_p_number", "placement", len(contradicting))

    def _add_version(self, at: int, days: int, change: Change, number: int) -> None:
        """A version A of a row, some days later."""
        row = self.rows[at].version(handling="A", day=self.rows[at].day + days)
        self._add(row, int(month_of_day(np.array([row.day]))[0]) - self.calendar.zero, change, number)


def _another(numbers: list[str], own: str) -> str:
    """The first of the numbers that is not the row's own."""
    return next(number for number in numbers if number != own)
