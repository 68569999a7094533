"""The description beside a table of a submission package (`table1.txt`), written and read.

Belongs here: the nine sections and their grammar. Not here: values, which names and codes are allowed (`archive_rules`).
Source: bekendtgørelse nr. 128 af 12. februar 2020, bilag 9, and the checks of the National Archives' own open program for such packages (ASTA):
sections in this order, a blank line after each, lines end in CR LF, UTF-8 without byte order mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SECTIONS = (
    "SYSTEMNAVN",
    "DATAFILNAVN",
    "DATAFILBESKRIVELSE",
    "NØGLEVARIABEL",
    "REFERENCE",
    "VARIABEL",
    "VARIABELBESKRIVELSE",
    "KODELISTE",
    "BRUGERKODE",
)
_REFERENCE = re.compile(r"(\S+) '(\S+)' '(\S+)'")
_DESCRIPTION = re.compile(r"(\S+) '([^']*)'")
_CODE = re.compile(r"'([^']*)' '(.*)'")


class ArchiveTextError(ValueError):
    """A description that is not as bilag 9 has it, and why."""


@dataclass(frozen=True)
class Column:
    """A variable of a table: its name, type (`string`, `int`, `decimal`, `date`), description, and code -> label."""

    name: str
    kind: str
    description: str
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reference:
    """`variable` of a table holds `other_variable` of the table `other_table` (its DATAFILNAVN)."""

    other_table: str
    other_variable: str
    variable: str


@dataclass(frozen=True)
class TableText:
    """What `table1.txt` says."""

    system: str
    name: str
    description: str
    keys: tuple[str, ...]
    references: tuple[Reference, ...]
    columns: tuple[Column, ...]


def render(text: TableText) -> str:
    """The file, lines ending in CR LF."""
    parts = {
        "SYSTEMNAVN": [text.system],
        "DATAFILNAVN": [text.name],
        "DATAFILBESKRIVELSE": [text.description],
        "NØGLEVARIABEL": [" ".join(text.keys)] if text.keys else [],
        "REFERENCE": [f"{r.other_table} '{r.other_variable}' '{r.variable}'" for r in text.references],
        "VARIABEL": [
            f"{column.name} {column.kind}" + (f" {column.name}." if column.codes else "") for column in text.columns
        ],
        "VARIABELBESKRIVELSE": [f"{column.name} '{column.description}'" for column in text.columns],
        "KODELISTE": [
            line
            for column in text.columns
            if column.codes
            for line in (column.name, *(f"'{code}' '{label}'" for code, label in column.codes))
        ],
        "BRUGERKODE": [],
    }
    return "".join(f"{line}\r\n" for section in SECTIONS for line in (section, *parts[section], ""))


def parse(content: str) -> TableText:
    """The description in `content`, or `ArchiveTextError`."""
    parts = _sections(content)
    for section in SECTIONS[:3]:
        if len(parts[section]) != 1:
            raise ArchiveTextError(f"{section} has {len(parts[section])} lines, one is due")
    descriptions: dict[str, str] = {}
    for line in parts["VARIABELBESKRIVELSE"]:
        name, description = _matched(line, _DESCRIPTION, "VARIABELBESKRIVELSE")
        descriptions[name] = description
    lists = _code_lists(parts["KODELISTE"])
    columns = []
    for line in parts["VARIABEL"]:
        words = line.split()
        if len(words) not in (2, 3) or (len(words) == 3 and not words[2].endswith(".")):
            raise ArchiveTextError(
                "VARIABEL: a line is a name, a type and perhaps the name of a code list with a point after it"
            )
        if words[0] not in descriptions:
            raise ArchiveTextError(f"VARIABELBESKRIVELSE: {words[0]} is not described")
        if len(words) == 3 and words[2][:-1] not in lists:
            raise ArchiveTextError(f"KODELISTE: {words[2][:-1]} is not there")
        columns.append(
            Column(words[0], words[1], descriptions[words[0]], tuple(lists[words[2][:-1]]) if len(words) == 3 else ())
        )
    if len(descriptions) != len(columns) or len(parts["VARIABELBESKRIVELSE"]) != len(columns):
        raise ArchiveTextError("VARIABELBESKRIVELSE: as many lines as VARIABEL has are due")
    references = (Reference(*_matched(line, _REFERENCE, "REFERENCE")) for line in parts["REFERENCE"])
    system, name, description = (parts[section][0] for section in SECTIONS[:3])
    return TableText(
        system, name, description, tuple(" ".join(parts["NØGLEVARIABEL"]).split()), tuple(references), tuple(columns)
    )


def _sections(content: str) -> dict[str, list[str]]:
    if content.startswith("\ufeff") or "\n" in content.replace("\r\n", ""):
        raise ArchiveTextError("lines end in CR LF, without byte order mark")
    lines = content.split("\r\n")
    found = [line for line in lines if line in SECTIONS]
    if found != list(SECTIONS):
        raise ArchiveTextError(f"the sections {', '.join(SECTIONS)} stand once each in this order")
    parts: dict[str, list[str]] = {}
    for line, before in zip(lines, ["", *lines], strict=False):
        if line in SECTIONS:
            current = parts[line] = []
        elif line and not before:
            raise ArchiveTextError("after a blank line comes a section")
        elif line:
            current.append(line)
    return parts


def _code_lists(lines: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    lists: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] | None = None
    for line in lines:
        if not line.startswith("'"):
            current = lists[line] = []
        elif current is None:
            raise ArchiveTextError("KODELISTE: codes before the name of their list")
        else:
            code, label = _matched(line, _CODE, "KODELISTE")
            current.append((code, label))
    return lists


def _matched(line: str, pattern: re.Pattern[str], section: str) -> tuple[str, ...]:
    match = pattern.fullmatch(line)
    if not match:
        raise ArchiveTextError(f"{section}: a line that is none of this section's")
    return match.groups()
