"""What the official tables' columns mean and what of ours answers them (`official.yml`).

Belongs here: reading that file whole or refusing it, finding a column, a group, a measure by its written name. Not here: areas, files, numbers of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from transforms.evaluation.protocol_reader import Mistakes, Section, parse

FILE = Path(__file__).with_name("official.yml")
UNITS = ("count", "percent", "outcome", "hours")
GRADES = ("same", "near", "none")
Unit = Literal["count", "percent", "outcome", "hours"]
Grade = Literal["same", "near", "none"]
OURS = {
    "OTIJ01": ("persons", "persons_employed", "employed_share", "hours_per_employed"),
    "Y14D03": ("ended", "same", "other", "none"),
}


class MapError(ValueError):
    """`official.yml` cannot be used: every mistake at once, one a line."""


@dataclass(frozen=True)
class Measure:
    """A column of numbers: what answers it (`OURS`; '' nothing), in what unit, how well, why not better, what counts as a difference.

    `of`: the columns whose sum it is, when it is none of theirs alone.
    """

    name: str
    ours: str
    unit: Unit
    grade: Grade
    why: str
    absolute: float
    relative: float
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableMap:
    """An official table. `groups`: column -> value as written -> our groups that it is (none: it has no counterpart)."""

    name: str
    title: str
    groups: Mapping[str, Mapping[str, frozenset[str]]]
    measures: tuple[Measure, ...]
    sums: tuple[Measure, ...]

    def measure(self, written: str) -> Measure | None:
        """The measure of a column's name."""
        return next((one for one in self.measures if normal(one.name) == normal(written)), None)

    def group(self, written: str) -> str | None:
        """The group of a column's name."""
        return next((name for name in self.groups if normal(name) == normal(written)), None)


@dataclass(frozen=True)
class OfficialMap:
    """`official.yml`."""

    period_columns: tuple[str, ...]
    area_columns: tuple[str, ...]
    totals: tuple[str, ...]
    tables: Mapping[str, TableMap]
    councils: Mapping[str, Mapping[str, Any]]

    def is_total(self, written: str) -> bool:
        """Whether a group's value leaves nothing out: "Ydelsesgrupper i alt", "Alle", nothing written."""
        text = normal(written)
        return not text or any(text == total or text.endswith(f" {total}") for total in map(normal, self.totals))

    def ours_of(self, table: TableMap, group: str, written: str) -> frozenset[str] | None:
        """Our groups that a value of a group is; None when it leaves nothing out. Empty: it has no counterpart."""
        values = table.groups.get(group, {})
        if self.is_total(written):
            return values.get("i alt")
        return next((ours for name, ours in values.items() if normal(name) == normal(written)), frozenset())


def normal(written: str) -> str:
    """A name without case, points and the t of "gennemsnitligt": what stays is compared."""
    text = unicodedata.normalize("NFC", written).casefold().replace("gennemsnitligt", "gennemsnitlig")
    return re.sub(r"[\s.:;,]+", " ", text).strip()


def read_map(path: Path = FILE) -> OfficialMap:
    """What the file says.

    Raises:
        MapError: when the file is no YAML, a key is missing, unknown or stands twice, or a value is not allowed.
    """
    try:
        values = parse(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as problem:
        raise MapError(f"{path.name}: {problem}") from None
    mistakes: Mistakes = []
    file = Section("", values, mistakes)
    columns = file.section("columns")
    found = OfficialMap(
        _words(columns, "period"),
        _words(columns, "area"),
        _words(file, "totals"),
        {name: _table(name, section) for name, section in file.sections("tables", tuple(OURS)).items()},
        _councils(file),
    )
    columns.close()
    file.close()
    if mistakes:
        raise MapError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    return found


def _table(name: str, section: Section) -> TableMap:
    groups = section.section("groups")
    measures = section.section("measures")
    sums = section.section("sums") if "sums" in section.values else Section(section.at("sums"), {}, section.mistakes)
    found = TableMap(
        name,
        section.text("title"),
        {group: _values(groups.section(group)) for group in groups.values},
        tuple(_measure(name, measure, measures.section(measure)) for measure in measures.values),
        tuple(_measure(name, measure, sums.section(measure), is_sum=True) for measure in sums.values),
    )
    section.close()
    return found


def _values(section: Section) -> Mapping[str, frozenset[str]]:
    found = {}
    for value, ours in section.values.items():
        if not isinstance(ours, list) or not all(isinstance(one, str) for one in ours):
            section.wrong(value, "a list of our groups, [] when there are none")
            ours = []
        found[value] = frozenset(ours)
    return found


def _measure(table: str, name: str, section: Section, is_sum: bool = False) -> Measure:
    section.asked.append("ours")
    ours = section.values.get("ours")
    grade = cast(Grade, section.choice("grade", GRADES))
    if (ours is None) != (grade == "none") or (ours is not None and ours not in OURS[table]):
        section.wrong("ours", f"one of {', '.join(OURS[table])}, or null together with grade: none")
    tolerance = section.section("tolerance")
    measure = Measure(
        name,
        str(ours or ""),
        cast(Unit, section.choice("unit", UNITS)),
        grade,
        section.text("why"),
        tolerance.number("absolute", 0, 1_000_000),
        tolerance.number("relative", 0, 1),
        _words(section, "of") if is_sum else (),
    )
    tolerance.close()
    section.close()
    return measure


def _words(section: Section, key: str) -> tuple[str, ...]:
    section.asked.append(key)
    value = section.values.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word.strip() for word in value):
        section.wrong(key, "a list of words")
        return ()
    return tuple(value)


def _councils(file: Section) -> Mapping[str, Mapping[str, Any]]:
    councils = file.section("councils")
    for name in councils.values:
        section = councils.section(name)
        for key in ("region", "municipalities", "without"):
            section.asked.append(key)
        if ("region" in section.values) == ("municipalities" in section.values):
            councils.wrong(name, "either a region or a list of municipalities")
        section.close()
    return {name: value for name, value in councils.values.items() if isinstance(value, dict)}
