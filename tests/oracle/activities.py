"""The activities at the cut-off: which version stands, its enterprise, its end when it is stale.

Joining activities to spells belongs to `spells`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .code_lists import CodeLists
from .enterprises import Registers
from .placement_rows import Version
from .time_units import FOR_EVER, add_months
from .values import day_of_timestamp, given, read_date

LAB_2_FROM = read_date("2014-01-01")


@dataclass(slots=True)
class Activity:
    """One activity as the log says at the cut-off."""

    version: Version
    person: str  # the ten digits
    instrument: str
    enterprise: str | None
    start: int
    end: int  # FOR_EVER: open
    is_stale: bool


def standing_versions(versions: list[Version], as_of: int, counters: Counter[str]) -> list[Version]:
    """Of each activity's accepted versions up to the cut-off the latest."""
    latest: dict[str, Version] = {}
    latest_rejected: dict[str, Version] = {}
    for version in versions:
        if not given(version.registered) or version.activity_id == "":
            continue
        if day_of_timestamp(version.registered) > as_of:
            continue
        chosen = latest_rejected if version.broken else latest
        known = chosen.get(version.activity_id)
        if known is None or version.order > known.order:
            chosen[version.activity_id] = version
    counters["placement_older_version_stands"] = sum(
        activity_id in latest and rejected.order > latest[activity_id].order
        for activity_id, rejected in latest_rejected.items()
    )
    return [latest[activity_id] for activity_id in sorted(latest) if latest[activity_id].handling != "S"]


def _enterprise(version: Version, registers: Registers) -> str | None:
    owner = registers.owner(version.p_number, version.start) if version.p_number else None
    if owner is not None:
        return owner
    return version.cvr if version.cvr in registers.enterprises else None


def make_activities(
    versions: list[Version], registers: Registers, lists: CodeLists, as_of: int, counters: Counter[str]
) -> list[Activity]:
    """The activities, in order of id."""
    found = []
    for version in standing_versions(versions, as_of, counters):
        instrument = lists.instruments[version.instrument_code]
        end, is_stale = FOR_EVER if version.end is None else version.end, False
        if version.end is None and instrument.max_months is not None:
            limit = add_months(version.start, instrument.max_months)
            is_stale = limit < as_of
            end = limit if is_stale else end
        counters["placement_start_before_2014"] += version.start < LAB_2_FROM
        counters["placement_stale"] += is_stale
        found.append(
            Activity(
                version,
                version.cpr.digits,
                instrument.name,
                _enterprise(version, registers),
                version.start,
                end,
                is_stale,
            )
        )
    return found
