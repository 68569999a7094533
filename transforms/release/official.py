"""Official figures beside ours, cell by cell.

Belongs here: a file read + ours -> cells with their difference, and the verdict over all of them. Not here: reading (official_file.py), queries
(official_hours.py, official_outcomes.py), printing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from transforms.release.official_file import OfficialFile, OfficialRow
from transforms.release.official_hours import Answer
from transforms.release.official_map import Grade, Measure, OfficialMap, Unit
from transforms.release.official_scale import scales

SMALLEST = 5  # a count from 1 to 4 is not shown where others than the file's holder may look


class Ours(Protocol):
    """Where figures of ours come from."""

    def answer(self, measure: str, row: OfficialRow, groups: Mapping[str, frozenset[str] | None]) -> Answer:
        """The figure of a measure for a row."""
        ...


@dataclass(frozen=True)
class Cell:
    """One official figure and ours, both in the file's unit. `why`: why ours is missing, else how the two may differ by definition.

    `is_small`: ours rests on a count from 1 to 4; theirs is public. `is_national`: of the whole country and not about enterprises.
    """

    line: int
    period: str
    area: str
    groups: str
    measure: str
    unit: Unit
    theirs: float | None
    ours: float | None
    grade: Grade
    why: str
    is_small: bool
    is_national: bool
    differs: bool

    @property
    def difference(self) -> float | None:
        """Ours less theirs; None unless both are there."""
        return None if self.theirs is None or self.ours is None else self.ours - self.theirs


def compare(file: OfficialFile, ours: Ours, known: OfficialMap) -> list[Cell]:
    """A cell for each figure of each row, and one for each sum of theirs that ours answers, in the file's order.

    Raises:
        OfficialError: when shares are neither per cent nor shares nor counts of their own row.
    """
    scale = scales(file)
    return [cell for row in file.rows for cell in _cells(file, row, ours, known, scale)]


def _cells(
    file: OfficialFile, row: OfficialRow, ours: Ours, known: OfficialMap, scale: Mapping[Unit, float | None]
) -> Iterator[Cell]:
    groups = {group: known.ours_of(file.table, group, row.groups.get(group, "")) for group in file.table.groups}
    strange = [f"{column}: {row.groups[column]}" for column in file.strange if not known.is_total(row.groups[column])]
    for measure in (*file.table.measures, *file.table.sums):
        names = measure.of or (measure.name,)
        if not all(name in row.figures for name in names):
            continue
        parts = [row.figures[name] for name in names]
        theirs = None if any(part is None for part in parts) else sum(part for part in parts if part is not None)
        answer = Answer(None, measure.why)
        if strange:
            answer = Answer(None, f"broken down by {', '.join(strange)}, which we do not have")
        elif measure.ours:
            answer = ours.answer(measure.ours, row, groups)
        yield _cell(row, measure, theirs, answer, scale)


def _cell(
    row: OfficialRow,
    measure: Measure,
    theirs: float | None,
    answer: Answer,
    scale: Mapping[Unit, float | None],
) -> Cell:
    factor = scale.get(measure.unit, 1.0)
    # Outcomes written as counts: ours is the count behind the share.
    value = answer.value if factor is not None else (float(answer.counts[1]) if answer.value is not None else None)
    value = None if value is None else value * (factor or 1.0)
    difference = None if value is None or theirs is None else abs(value - theirs)
    absolute = measure.absolute / (100 if factor == 1.0 and measure.unit in ("percent", "outcome") else 1)
    return Cell(
        row.line,
        row.period.written,
        row.area.name,
        ", ".join(value for value in row.groups.values() if value),
        measure.name,
        measure.unit,
        theirs,
        value,
        measure.grade if value is not None else "none",
        answer.why or measure.why,
        any(0 < count < SMALLEST for count in answer.counts),
        row.area.municipalities is None and not answer.is_about_enterprises,
        difference is not None and difference > absolute and difference > measure.relative * abs(theirs or 0.0),
    )


@dataclass(frozen=True)
class Agreement:
    """The verdict: rows of the file, cells compared, cells that differ more than their tolerance, cells that they
    kept back, cells of theirs without one of ours.

    `markdown`: a table by measure, in Danish; differences of national figures over at least five persons alone stand in it.
    """

    rows: int
    compared: int
    differing: int
    kept_back: int
    without_ours: int
    markdown: str

    @property
    def passes(self) -> bool:
        """Whether nothing differs, and something was compared at all."""
        return self.compared > 0 and self.differing == 0


def agreement(cells: Sequence[Cell]) -> Agreement:
    """The verdict over all cells: what a check of warning severity says when a file is supplied."""
    compared = [cell for cell in cells if cell.difference is not None]
    return Agreement(
        len({cell.line for cell in cells}),
        len(compared),
        sum(cell.differs for cell in compared),
        sum(cell.theirs is None for cell in cells),
        sum(cell.ours is None and cell.theirs is not None for cell in cells),
        _markdown(cells),
    )


def _markdown(cells: Sequence[Cell]) -> str:
    lines = ["| måling | sammenlignet | afviger | største forskel, hele landet |", "|---|---|---|---|"]
    for measure in dict.fromkeys(cell.measure for cell in cells):
        compared = [cell for cell in cells if cell.measure == measure and cell.difference is not None]
        shown = [cell for cell in compared if cell.is_national and not cell.is_small]
        largest = max(shown, key=lambda cell: abs(cell.difference or 0.0), default=None)
        said = "–"
        if largest is not None:
            said = f"{danish(largest.difference)} ({largest.period})"
        lines.append(f"| {measure} | {len(compared)} | {sum(cell.differs for cell in compared)} | {said} |")
    return "\n".join(lines)


def danish(value: float | None) -> str:
    """A figure as Danes write it, at most one decimal: 1.234,5; – for none."""
    if value is None:
        return "–"
    text = f"{value:,.1f}".removesuffix(".0").translate(str.maketrans(",.", ".,"))
    return "0" if text in ("-0", "-0,0") else text
