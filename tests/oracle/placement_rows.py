"""Placement files: the file rule of the date forms and the row rules, then the versions of an activity.

Which version stands belongs to `activities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .code_lists import CodeLists
from .enterprises import Registers
from .identifiers import Cpr, is_cvr, is_p_number
from .landing import Delivery
from .records import Table
from .registry_rows import CprReader, Person, note_modulus_11
from .time_units import add_months, whole_years
from .values import DANISH_DATE, ISO_DATE, UNREADABLE, given, read_danish_date, read_date, read_timestamp, read_whole

FORMS = {"iso": ISO_DATE, "danish": DANISH_DATE}
LAB_6_FROM = read_date("2020-01-01")
FIRST_START = read_date("2007-01-01")

EVERY_CLASS = ["municipality_unknown", "municipality_not_of_file", "id_missing", "timestamp_missing"]
CREATED_OR_CHANGED = [
    "cpr_invalid",
    "cpr_not_in_personer",
    "instrument_unknown",
    "target_group_unknown",
    "start_missing",
    "end_before_start",
    "enterprise_missing",
    "hours_out_of_range",
    "start_before_2007",
    "start_too_late",
    "cvr_invalid",
    "p_number_invalid",
    "under_16",
    "cpr_changed",
]


@dataclass(slots=True)
class Version:
    """One row of the log with the right number of fields."""

    delivery: Delivery
    line: int
    handling: str
    activity_id: str
    registered: Any
    broken: list[str]
    municipality: str = ""
    cpr: Cpr | None = None
    instrument_code: str = ""
    cvr: str = ""
    p_number: str = ""
    start: Any = None
    end: Any = None
    hours: Any = None
    minutes: Any = None
    regime: str = ""
    target_group: str | None = None

    @property
    def order(self) -> tuple[str, str, int]:
        """By timestamp, then file name, then line."""
        return (self.registered, self.delivery.name, self.line)


def judge_date_forms(delivery: Delivery, table: Table) -> bool:
    """Never both `YYYY-MM-DD` and `DD-MM-YYYY` in one file; columns that are not read do not count."""
    forms = set()
    for record in table.records:
        if not table.has_right_fields(record):
            continue
        row = table.fields(record)
        if row["handling"] == "S":
            continue
        for text in (row["startdato"], row["slutdato"]):
            forms |= {form for form, shape in FORMS.items() if shape.fullmatch(text)}
    return delivery.judge("placement.mixed_date_forms", len(forms) == 2)


def _any_date(text: str) -> Any:
    day = read_date(text)
    return read_danish_date(text) if day is UNREADABLE else day


def _target_group(text: str, start: Any, lists: CodeLists) -> tuple[str, str | None, bool]:
    """Regime, target group, and whether the rule is broken."""
    number = read_whole(text)
    if not given(start):
        return "", None, not given(number)
    regime = "LAB_6" if start >= LAB_6_FROM else "LAB_2"
    group = lists.target_groups.get((regime, number))
    return regime, group, group is None


def _judge_content(version: Version, row: dict[str, str], context: Context) -> None:
    """The rules of O and A rows that the row, the code lists and `personer` decide."""
    lists = context.lists
    version.cpr = context.cprs(row["cpr"])
    version.instrument_code, version.cvr, version.p_number = row["tilbudstype"], row["cvr"], row["p_nummer"]
    version.start, version.end = _any_date(row["startdato"]), _any_date(row["slutdato"])
    version.hours, version.minutes = read_whole(row["timer_pr_uge"]), read_whole(row["minutter_pr_uge"])
    start, end = version.start, version.end
    instrument = lists.instruments.get(version.instrument_code)
    version.regime, version.target_group, no_group = _target_group(row["maalgruppe"], start, lists)
    tests = {
        "unreadable_value": UNREADABLE in (start, end, version.hours, version.minutes),
        "cpr_invalid": version.cpr is None,
        "cpr_not_in_personer": version.cpr is not None and version.cpr.digits not in context.people,
        "instrument_unknown": instrument is None,
        "target_group_unknown": no_group,
        "start_missing": start is None,
        "end_before_start": given(start) and given(end) and end < start,
        "enterprise_missing": instrument is not None
        and instrument.is_company_based
        and version.cvr == ""
        and version.p_number == "",
        "hours_out_of_range": any(given(n) and not 0 <= n <= 59 for n in (version.hours, version.minutes)),
        "start_before_2007": given(start) and start < FIRST_START,
        "start_too_late": given(start) and start > add_months(context.cprs.as_of, 12),
        "cvr_invalid": version.cvr != "" and not is_cvr(version.cvr),
        "p_number_invalid": version.p_number != "" and not is_p_number(version.p_number),
        "under_16": version.cpr is not None and given(start) and whole_years(version.cpr.birth, start) < 16,
    }
    version.broken += [rule for rule, fails in tests.items() if fails]


@dataclass
class Context:
    """What the rules of a placement row look up."""

    cprs: CprReader
    people: dict[str, Person]
    lists: CodeLists


def read_versions(delivery: Delivery, table: Table, context: Context) -> list[Version]:
    """The rows of a file with the right number of fields, each with the rules that it breaks by itself."""
    versions = []
    delivery.rows_delivered = len(table.records)
    for line, record in enumerate(table.records, start=1):
        delivery.looked_at["placement.unreadable_value"] += 1
        if not table.has_right_fields(record):
            delivery.failed["placement.unreadable_value"] += 1
            continue
        row = table.fields(record)
        registered = read_timestamp(row["registreret_tidspunkt"])
        municipality = row["ansvarlig_kommune"]
        is_known = municipality in context.lists.municipalities
        tests = {
            "unreadable_value": registered is UNREADABLE or row["handling"] not in ("O", "A", "S"),
            "municipality_unknown": not is_known,
            "municipality_not_of_file": is_known and municipality != delivery.municipality,
            "id_missing": row["aktivitet_id"] == "",
            "timestamp_missing": registered is None,
        }
        broken = [rule for rule, fails in tests.items() if fails]
        version = Version(delivery, line, row["handling"], row["aktivitet_id"], registered, broken, municipality)
        if row["handling"] in ("O", "A"):
            _judge_content(version, row, context)
        versions.append(version)
    return versions


def judge_changed_cpr(versions: list[Version]) -> None:
    """The CPR number of an activity is that of its first otherwise accepted O or A row."""
    first: dict[str, Version] = {}
    own = [version for version in versions if version.handling in ("O", "A") and version.activity_id != ""]
    for version in own:
        if not version.broken and (
            version.activity_id not in first or version.order < first[version.activity_id].order
        ):
            first[version.activity_id] = version
    for version in own:
        opening = first.get(version.activity_id)
        if opening and version.cpr is not None and version.cpr.digits != opening.cpr.digits:
            version.broken.append("cpr_changed")


def count_versions(versions: list[Version], registers: Registers) -> int:
    """Fills the counts of the placement rules, and gives the accepted rows with nine digits."""
    repaired = 0
    for version in versions:
        delivery = version.delivery
        has_content = version.handling in ("O", "A")
        for rule in EVERY_CLASS + (CREATED_OR_CHANGED if has_content else []):
            delivery.looked_at[f"placement.{rule}"] += 1
        for rule in set(version.broken):
            delivery.failed[f"placement.{rule}"] += 1
        if version.broken:
            continue
        delivery.rows_accepted = (delivery.rows_accepted or 0) + 1
        if not has_content:
            continue
        repaired += version.cpr.is_repaired
        note_modulus_11(delivery, "placement.cpr_without_modulus_11", version.cpr)
        owner = registers.owner(version.p_number, version.start) if version.p_number else None
        delivery.looked_at["placement.cvr_contradicts_p_number"] += 1
        delivery.failed["placement.cvr_contradicts_p_number"] += (
            version.cvr != "" and owner is not None and owner != version.cvr
        )
    return repaired
