"""An official export read whole: which table it is, rows with period, area, groups and figures, or every fault at once.

Belongs here: cells -> rows with meaning, in the units that the file writes. Not here: numbers of ours, the comparison (official.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.release.official_areas import Area, Areas
from transforms.release.official_map import OfficialMap, TableMap, normal
from transforms.release.official_numbers import read_number
from transforms.release.official_period import FORMS, Period, read_period
from transforms.release.official_table import Cells, Fault, OfficialError, read_cells


@dataclass(frozen=True)
class OfficialRow:
    """A row. `groups`: column -> value as written, unknown columns too; `figures`: measure -> number, None where it was kept back."""

    line: int
    period: Period
    area: Area
    groups: Mapping[str, str]
    figures: Mapping[str, float | None]


@dataclass(frozen=True)
class OfficialFile:
    """A file read. `unknown`: columns of numbers that are no measure of the table; `strange`: columns of groups that it does not have."""

    name: str
    table: TableMap
    rows: tuple[OfficialRow, ...]
    unknown: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    period: int
    area: int
    groups: Mapping[int, str]
    measures: Mapping[int, str]
    counts: frozenset[int]


def read_official(name: str, content: bytes, known: OfficialMap, areas: Areas) -> OfficialFile:
    """Reads a file.

    Raises:
        OfficialError: every fault: another table, no period, an unknown area, no number, both decimal comma and point, a row twice.
    """
    cells = read_cells(name, content)
    table = _table(name, cells, known)
    columns, unknown, strange = _columns(name, cells, table, known)
    faults: list[Fault] = []
    rows = list(_rows(name, cells, columns, areas, faults))
    faults += _twice(name, rows)
    if not cells.rows:
        faults.append(Fault(name, None, "empty", "a header and no rows", "export it again with periods and areas"))
    if faults:
        raise OfficialError(sorted(faults, key=lambda fault: (fault.line or 0, fault.rule)))
    return OfficialFile(name, table, tuple(rows), unknown, strange)


def _table(name: str, cells: Cells, known: OfficialMap) -> TableMap:
    found = {one.name: sum(one.measure(column) is not None for column in cells.header) for one in known.tables.values()}
    best = max(found, key=lambda one: found[one])
    if not found[best] or (cells.table and cells.table != best):
        shown = cells.table or ", ".join(cells.header[2:6])
        remedy = f"export one of {', '.join(known.tables)}"
        raise OfficialError(
            [Fault(name, None, "table", f"another table ({shown}): none that we have a counterpart to", remedy)]
        )
    return known.tables[best]


def _columns(
    name: str, cells: Cells, table: TableMap, known: OfficialMap
) -> tuple[_Columns, tuple[str, ...], tuple[str, ...]]:
    header = [normal(column) for column in cells.header]
    faults = []
    for position, (what, names) in enumerate((("Period", known.period_columns), ("Area", known.area_columns))):
        if header[position] not in map(normal, names):
            remedy = f"begin with {known.period_columns[0]} and {known.area_columns[0]}"
            faults.append(
                Fault(name, 1, "header", f"column {position + 1} is '{cells.header[position]}', not {what}", remedy)
            )
    for column in sorted({column for column in header if header.count(column) > 1}):
        faults.append(Fault(name, 1, "header", f"two columns are called '{column}'", "export it again"))
    if faults:
        raise OfficialError(faults)
    groups: dict[int, str] = {}
    measures: dict[int, str] = {}
    counts = set()
    unknown, strange = [], []
    for position in range(2, len(header)):
        column = cells.header[position]
        measure, group = table.measure(column), table.group(column)
        if measure is not None:
            measures[position] = measure.name
            if measure.unit == "count":
                counts.add(position)
        elif group is not None:
            groups[position] = group
        elif all(read_number(row[position], is_count=False) is not None for _, row in cells.rows):
            unknown.append(column)
        else:
            groups[position] = column
            strange.append(column)
    return _Columns(0, 1, groups, measures, frozenset(counts)), tuple(unknown), tuple(strange)


def _rows(name: str, cells: Cells, columns: _Columns, areas: Areas, faults: list[Fault]) -> Iterator[OfficialRow]:
    lost: dict[str, list[int]] = {}
    decimals: dict[str, int] = {}
    for line, row in cells.rows:
        period = read_period(str(row[columns.period] or ""))
        if period is None:
            faults.append(
                Fault(name, line, "period", f"'{_short(row[columns.period])}' is no period", f"write {FORMS}")
            )
        area = areas.find(str(row[columns.area] or ""))
        if area is None:
            lost.setdefault(_short(row[columns.area]), []).append(line)
        figures: dict[str, float | None] = {}
        for position, measure in columns.measures.items():
            number = read_number(row[position], position in columns.counts)
            if number is None:
                faults.append(
                    Fault(name, line, "number", f"{measure}: '{_short(row[position])}' is no number", "export it again")
                )
                continue
            figures[measure] = number.value
            if number.decimals != "none":
                decimals.setdefault(number.decimals, line)
        if period is not None and area is not None:
            groups = {
                group: str(row[position] if row[position] is not None else "")
                for position, group in columns.groups.items()
            }
            yield OfficialRow(line, period, area, groups, figures)
    for written, lines in lost.items():
        more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
        remedy = "use the country, a region, a RAR, a municipality group or a municipality by its official name"
        faults.append(Fault(name, lines[0], "area", f"unknown area '{written}'{more}", remedy))
    faults += _decimals(name, decimals, cells.is_json)


def _decimals(name: str, found: Mapping[str, int], is_json: bool) -> Iterator[Fault]:
    if len(found) == 2:
        lines = " and ".join(f"{kind} in line {line}" for kind, line in sorted(found.items()))
        yield Fault(
            name,
            max(found.values()),
            "decimals",
            f"mixed decimals: {lines}",
            "export it again with decimal comma throughout",
        )
    elif "point" in found and not is_json:
        yield Fault(
            name,
            found["point"],
            "decimals",
            "a decimal point where the export has a decimal comma",
            "export it again with decimal comma",
        )


def _twice(name: str, rows: list[OfficialRow]) -> Iterator[Fault]:
    seen: dict[Any, int] = {}
    for row in rows:
        key = (
            row.period.written.upper(),
            row.area.name,
            tuple(sorted((group, normal(value)) for group, value in row.groups.items())),
        )
        if key in seen:
            yield Fault(
                name,
                row.line,
                "twice",
                f"the same period, area and groups as in line {seen[key]}",
                "take one of them away",
            )
        else:
            seen[key] = row.line


def _short(value: Any) -> str:
    return str("" if value is None else value)[:40]
