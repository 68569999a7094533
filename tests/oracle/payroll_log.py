"""The payroll log: identity, reversal, which lines stand at a moment.

Order of working: row rules, cut-off, identity, reversal, sum. What a standing line is worth belongs to `hours`.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from .payroll_rows import Line
from .time_units import FOR_EVER
from .values import day_of_timestamp

Stretch = tuple[int, int]  # first and last day on which the log is read


def by_identity(lines: list[Line], as_of: int) -> list[list[Line]]:
    """The accepted lines up to the cut-off, one list an identity, in the order in which later ones win."""
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if day_of_timestamp(line.reported) <= as_of:
            groups[line.report, line.line_id].append(line)
    return [sorted(group, key=lambda line: line.order) for group in groups.values()]


def reading_stretches(groups: list[list[Line]]) -> list[tuple[Line, int, int]]:
    """Each line that wins its identity on some day, with the days on which it does, whatever is reversed."""
    found = []
    for group in groups:
        days = [day_of_timestamp(line.reported) for line in group]
        for position, line in enumerate(group):
            until = days[position + 1] - 1 if position + 1 < len(group) else FOR_EVER
            if days[position] <= until:
                found.append((line, days[position], until))
    return found


def reversal_stretches(winners: list[tuple[Line, int, int]]) -> dict[str, list[tuple[str | None, int, int]]]:
    """Report id: the reversals of it (of whom, None for everybody) with the days on which they stand."""
    found: dict[str, list[tuple[str | None, int, int]]] = defaultdict(list)
    for line, first, last in winners:
        if line.is_reversal:
            found[line.reference].append((line.person, first, last))
    return found


def subtract(stretch: Stretch, taken: list[Stretch]) -> list[Stretch]:
    """What is left of a stretch of days."""
    left = [stretch]
    for first, last in taken:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, first - 1)), (max(start, last + 1), end))
            if part[0] <= part[1]
        ]
    return left


def standing_stretches(groups: list[list[Line]]) -> list[tuple[Line, list[Stretch]]]:
    """Each report line that ever stands, with the days on which a reader of the log finds it."""
    winners = reading_stretches(groups)
    reversals = reversal_stretches(winners)
    found = []
    for line, first, last in winners:
        if line.is_reversal:
            continue
        taken = [(start, end) for person, start, end in reversals.get(line.report, []) if person in (None, line.person)]
        left = subtract((first, last), taken)
        if left:
            found.append((line, left))
    return found


def standing_lines(groups: list[list[Line]], counters: Counter[str]) -> list[Line]:
    """The report lines that stand at the cut-off."""
    winners = [group[-1] for group in groups]
    for group in groups:
        same = sum(line.content == group[-1].content for line in group[:-1])
        counters["payroll_line_repeated"] += same
        counters["payroll_line_replaced"] += len(group) - 1 - same
    reversals: dict[str, set[str | None]] = defaultdict(set)
    reports: dict[str, set[str | None]] = defaultdict(set)
    for line in winners:
        if line.is_reversal:
            reversals[line.reference].add(line.person)
        else:
            reports[line.report].add(line.person)
    counters["payroll_reversal_without_match"] += sum(
        line.person not in reports[line.reference] if line.person else not reports[line.reference]
        for line in winners
        if line.is_reversal
    )
    standing = [
        line for line in winners if not line.is_reversal and not reversals.get(line.report, set()) & {None, line.person}
    ]
    counters["payroll_hours_missing_without_cross"] += sum(
        line.is_wage_work and line.hours is None and not line.has_cross for line in standing
    )
    return standing
