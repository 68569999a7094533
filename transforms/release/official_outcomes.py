"""What the warehouse says where Y14D03 asks: work-based placements that ended, and where their citizens worked three months later.

Belongs here: the query on a published file, sums over months, municipalities and groups. Not here: what the official columns mean, the comparison.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.release.official_file import OfficialRow
from transforms.release.official_hours import Answer

MONTHS_AFTER = 3
INSTRUMENTS = ("community_service", "wage_subsidy", "work_trial")
# Ended in a month of the cut-off's past; the third month after it is an event month of the spell, seen or not. Mostly at the enterprise: more than half
# of the month's ordinary hours, as `destination` of fct_progression_horizons says it.
ENDED = f"""
select
    cast(date_trunc('month', spells.end_date) as date) as end_month,
    spells.municipality_code,
    spells.target_group,
    spells.instrument || '/' || case when spells.enterprise_kind in ('public', 'unknown') then spells.enterprise_kind else 'private' end as tool,
    count(*) as ended,
    count(months.spell_id) as observed,
    count(*) filter (where months.is_employed and 2 * months.same_enterprise_hours > months.ordinary_hours) as same,
    count(*) filter (where months.is_employed and 2 * months.same_enterprise_hours <= months.ordinary_hours) as other,
    count(*) filter (where not months.is_employed) as no_work
from core.fct_placement_spells as spells
cross join quality.fct_builds as builds
left join progression.fct_progression_months as months
    on
        spells.spell_id = months.spell_id
        and months.event_month = date_diff('month', spells.start_date, spells.end_date) + {MONTHS_AFTER}
where spells.end_date <= builds.as_of and spells.instrument in ({", ".join(f"'{name}'" for name in INSTRUMENTS)})
group by all
"""
SPAN = "select placement_first_month, as_of, observed_from, observed_through from quality.fct_builds"


@dataclass(frozen=True)
class Span:
    """What is seen: whole months of placements, and of work (first day of the first and the last month)."""

    placements_from: datetime.date
    as_of: datetime.date
    observed_from: datetime.date
    observed_through: datetime.date


class AfterPlacements:
    """Answers for Y14D03."""

    def __init__(self, ended: Iterable[tuple[Any, ...]], span: Span) -> None:
        """Takes the rows of `ENDED` and of `SPAN`."""
        self._span = span
        self._cells: dict[tuple[datetime.date, str], list[tuple[str, str, tuple[int, ...]]]] = defaultdict(list)
        self._municipalities: set[str] = set()
        for month, municipality, target_group, tool, *counts in ended:
            self._cells[month, municipality].append((target_group, tool, tuple(counts)))
            self._municipalities.add(municipality)

    def answer(self, measure: str, row: OfficialRow, groups: Mapping[str, frozenset[str] | None]) -> Answer:
        """The figure of a measure (`official_map.OURS`) for a row; `groups`: what its groups are of ours, None for all of them."""
        tools = groups.get("Virksomhedsrettede tilbud")
        targets = [ours for name, ours in groups.items() if ours is not None and name != "Virksomhedsrettede tilbud"]
        wanted = frozenset.intersection(*targets) if targets else None
        if (wanted is not None and not wanted) or (tools is not None and not tools):
            return Answer(None, "no group of ours is this one")
        months = row.period.months
        if months[0] < self._span.placements_from or _after(months[-1], 1) > self._span.as_of + datetime.timedelta(
            days=1
        ):
            return Answer(None, "placements were not delivered for the whole period")
        is_outcome = measure != "ended"
        if is_outcome and not self._span.observed_from <= _after(months[0], MONTHS_AFTER):
            return Answer(None, "the time after is not observed")
        if is_outcome and _after(months[-1], MONTHS_AFTER) > self._span.observed_through:
            return Answer(None, "the time after is not observed yet")
        ended, observed, same, other, no_work = self._sums(row, wanted, tools)
        if not is_outcome:
            return Answer(float(ended), counts=(ended,), is_about_enterprises=True)
        chosen = {"same": same, "other": other, "none": no_work}[measure]
        if not observed:
            return Answer(None, "no spells with us", (observed,))
        return Answer(chosen / observed, "", (observed, chosen, observed - chosen), is_about_enterprises=True)

    def _sums(self, row: OfficialRow, wanted: frozenset[str] | None, tools: frozenset[str] | None) -> list[int]:
        totals = [0, 0, 0, 0, 0]
        for month in row.period.months:
            for municipality in row.area.municipalities or self._municipalities:
                for target_group, tool, counts in self._cells.get((month, municipality), ()):
                    if (wanted is None or target_group in wanted) and (tools is None or tool in tools):
                        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        return totals


def _after(month: datetime.date, months: int) -> datetime.date:
    number = month.year * 12 + month.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)
