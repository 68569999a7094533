"""The municipalities' monthly placement files.

Belongs here: columns, encodings, date forms, which municipality delivers how. Not here: what is registered (placement_log.py), defects.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from raw.synthetic.calendar import month_of_day
from raw.synthetic.files import write
from raw.synthetic.life import World
from raw.synthetic.placement_log import Row

COLUMNS = (
    "aktivitet_id", "cpr", "maalgruppe", "ydelse", "tilbudstype", "cvr", "p_nummer", "startdato", "slutdato", "timer_pr_uge", "minutter_pr_uge", "ansvarlig_kommune",
    "afslutningsaarsag", "registreret_tidspunkt", "handling",
)  # fmt: skip
HEADER = ";".join(COLUMNS)


@dataclass(frozen=True)
class Habit:
    """How a municipality delivers."""

    encoding: str
    day_first: bool


class PlacementFiles:
    """Text of the files: rows as lists of fields, by municipality code and simulated month."""

    def __init__(self, world: World, has_habits: bool) -> None:
        given, draws = world.parameters["placement_log"], world.draws
        self.world = world
        who = np.arange(98)
        old, day_first = draws.uniform("placement-1252", who), draws.uniform("placement-day-first", who)
        codes = world.parameters.municipalities.code
        self.habits = {
            int(code): Habit(
                "cp1252" if has_habits and old[at] < given["windows_1252_share"] else "utf-8",
                has_habits and bool(day_first[at] < given["day_first_share"]),
            )
            for at, code in enumerate(codes)
        }
        calendar = world.calendar
        span = calendar.first_day(calendar.first), calendar.last_day
        self._first = int(span[0]) - 20_000
        self._iso = np.datetime_as_string(np.arange(self._first, int(span[1]) + 2_000).astype("datetime64[D]")).tolist()
        self.lines: dict[tuple[int, int], list[str]] = {}

    def date(self, day: int | None, municipality: int) -> str:
        """A date as the municipality writes it."""
        if day is None:
            return ""
        iso: str = self._iso[day - self._first]
        return f"{iso[8:]}-{iso[5:7]}-{iso[:4]}" if self.habits[municipality].day_first else iso

    def moment(self, day: int, second: int) -> str:
        """A timestamp, always ISO."""
        return f"{self._iso[day - self._first]}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"

    def fields(self, row: Row) -> list[str]:
        """The row's fields as text."""
        code = row.municipality
        return [
            row.activity, str(self.world.people.cpr[row.person]), str(row.target_group), row.benefit, row.instrument, row.cvr, row.p_number,
            self.date(row.start, code), self.date(row.end, code), row.hours, row.minutes, f"{code:04d}", row.reason, self.moment(row.day, row.second), row.handling,
        ]  # fmt: skip

    def add(self, municipality: int, month: int, fields: list[str]) -> None:
        """One line in a municipality's file of a simulated month."""
        self.lines.setdefault((municipality, month), []).append(";".join(fields))

    def month(self, row: Row) -> int:
        """The simulated month in whose file the row stands: that of its registration."""
        return int(month_of_day(np.array([row.day]))[0]) - self.world.calendar.zero


def content(lines: list[str], encoding: str, header: str = HEADER, bom: bool = False) -> bytes:
    """A file's bytes. What Windows-1252 cannot write does not occur."""
    text = header + "\n" + "".join(line + "\n" for line in lines)
    return (b"\xef\xbb\xbf" if bom and encoding == "utf-8" else b"") + text.encode(encoding)


def write_placement(
    files: PlacementFiles,
    folder: Path,
    missing: set[tuple[int, int]],
    extra_column: set[tuple[int, int]],
    bom: set[tuple[int, int]],
    municipalities: list[int],
) -> list[Path]:
    """Writes a file for each municipality and month, header alone where nothing was registered, none where it is `missing`."""
    world = files.world
    calendar, given, draws = world.calendar, world.parameters["placement_log"], world.draws
    names = [calendar.name(month) for month in range(calendar.last + 1)]
    written = []
    for code in municipalities:
        habit = files.habits[code]
        packed = draws.uniform("placement-gz", code, np.arange(calendar.last + 1))
        for month in range(calendar.first, calendar.last + 1):
            key = (code, month)
            if key in missing:
                continue
            lines, header = files.lines.get(key, []), HEADER
            if key in extra_column:
                header, lines = header + ";sagsbehandler_enhed", [line + ";Team Øst" for line in lines]
            suffix = ".csv.gz" if packed[month] < given["gz_share"] and lines else ".csv"
            written.append(
                write(
                    folder / f"forloeb_{code:04d}_{names[month]}{suffix}",
                    content(lines, habit.encoding, header, key in bom),
                )
            )
    return written
