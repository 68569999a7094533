"""Payroll files: trailer and line numbers, the row rules, and the lines that they leave.

What the log says at a moment belongs to `payroll_log`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from .code_lists import CodeLists
from .identifiers import Cpr, is_cvr, is_p_number
from .landing import Delivery
from .records import COLUMNS, Table
from .registry_rows import CprReader, Person, note_modulus_11
from .values import UNIT, UNREADABLE, given, read_date, read_number, read_timestamp, read_whole, rounded

TRAILER = "9999999"
EVERY_LINE = ["kind_unknown", "report_id_missing", "line_id_missing", "timestamp_missing"]
REPORTS = [
    "cpr_invalid",
    "se_invalid",
    "income_type_unknown",
    "payment_date_missing",
    "period_missing",
    "period_reversed",
    "period_too_long",
    "hours_out_of_range",
    "hours_with_cross",
    "amount_no_number",
    "p_number_invalid",
]
REVERSALS = ["reference_missing", "reversal_cpr_invalid"]
CONTENT = [column for column in COLUMNS["eindkomst"] if column != "linje"]


@dataclass(slots=True)
class Line:
    """One accepted line."""

    file_name: str
    number: int
    content: tuple[str, ...]
    report: str
    line_id: str
    reported: str
    is_reversal: bool
    reference: str
    person: str | None  # the ten digits; None in a reversal of a whole report
    se_number: str = ""
    is_wage_work: bool = False
    paid_on: int = 0
    first: int = 0
    last: int = 0
    pay: int = 0
    hours: int | None = None
    has_cross: bool = False

    @property
    def order(self) -> tuple[str, str, int]:
        """By timestamp, then file name, then line."""
        return (self.reported, self.file_name, self.number)


def data_lines(table: Table) -> list[list[str]]:
    """The records but the trailer."""
    if _has_trailer(table):
        return table.records[:-1]
    return table.records


def _has_trailer(table: Table) -> bool:
    return bool(table.records) and "linje" in table.header and table.fields(table.records[-1]).get("linje") == TRAILER


def _to_the_cent(value: int) -> int:
    return rounded(value, UNIT // 100)


def judge_trailer(delivery: Delivery, table: Table) -> bool:
    """The five file rules of payroll."""
    if not delivery.judge("payroll.trailer_missing", not _has_trailer(table)):
        return False
    trailer, lines = table.fields(table.records[-1]), [table.fields(record) for record in data_lines(table)]
    if not delivery.judge("payroll.trailer_count", read_whole(trailer.get("indberetning_id", "")) != len(lines)):
        return False
    for column in ("felt_0013", "felt_0200"):
        amounts = [read_number(line.get(column, "")) for line in lines]
        total = sum(amount for amount in amounts if given(amount))
        said = read_number(trailer.get(column, ""))
        agrees = given(said) and _to_the_cent(said) == _to_the_cent(total)
        if not delivery.judge(f"payroll.trailer_sum_{column[-4:]}", not agrees):
            return False
    numbers = [read_whole(line.get("linje", "")) for line in lines]
    return delivery.judge("payroll.line_numbers", numbers != list(range(1, len(lines) + 1)))


def _broken_report(row: dict[str, str], cpr: Cpr | None, lists: CodeLists) -> list[str]:
    """The rules that an I line breaks."""
    days = [read_date(row[name]) for name in ("dispositionsdato", "periode_fra", "periode_til")]
    amounts = [read_number(row[name]) for name in ("felt_0013", "felt_0014", "felt_0016", "felt_0200")]
    paid_on, first, last = days
    hours, cross = amounts[3], row["kryds_0220"]
    has_period = given(first) and given(last)
    tests = {
        "unreadable_value": UNREADABLE in days or cross not in ("X", ""),
        "cpr_invalid": cpr is None,
        "se_invalid": not is_cvr(row["se_nr"]),
        "income_type_unknown": row["indkomsttype"] not in lists.income_types,
        "payment_date_missing": paid_on is None,
        "period_missing": first is None or last is None,
        "period_reversed": has_period and first > last,
        "period_too_long": has_period and last - first + 1 > 366,
        "hours_out_of_range": given(hours) and abs(hours) >= 1000 * UNIT,
        "hours_with_cross": given(hours) and cross == "X",
        "amount_no_number": UNREADABLE in amounts,
        "p_number_invalid": row["p_nummer"] != "" and not is_p_number(row["p_nummer"]),
    }
    return [rule for rule, fails in tests.items() if fails]


def _report(row: dict[str, str], cpr: Cpr, lists: CodeLists, head: tuple[Any, ...]) -> Line:
    return Line(
        *head,
        is_reversal=False,
        reference="",
        person=cpr.digits,
        se_number=row["se_nr"],
        is_wage_work=lists.income_types[row["indkomsttype"]],
        paid_on=read_date(row["dispositionsdato"]),
        first=read_date(row["periode_fra"]),
        last=read_date(row["periode_til"]),
        pay=(read_number(row["felt_0013"]) or 0) + (read_number(row["felt_0014"]) or 0),
        hours=read_number(row["felt_0200"]),
        has_cross=row["kryds_0220"] == "X",
    )


def read_lines(
    delivery: Delivery,
    table: Table,
    cprs: CprReader,
    people: dict[str, Person],
    lists: CodeLists,
    counters: Counter[str],
) -> list[Line]:
    """The accepted lines of a file; counts every rule."""
    accepted: list[Line] = []
    records = data_lines(table)
    looked, failed = delivery.looked_at, delivery.failed
    looked["payroll.unreadable_value"] = len(records)
    for number, record in enumerate(records, start=1):
        if not table.has_right_fields(record):
            failed["payroll.unreadable_value"] += 1
            continue
        row = table.fields(record)
        kind, reported = row["indberetningsart"], read_timestamp(row["indberettet_tidspunkt"])
        tests = {
            "unreadable_value": reported is UNREADABLE,
            "kind_unknown": kind not in ("I", "T"),
            "report_id_missing": row["indberetning_id"] == "",
            "line_id_missing": row["post_nr"] == "",
            "timestamp_missing": reported is None,
        }
        broken = {rule for rule, fails in tests.items() if fails}
        cpr = cprs(row["cpr"]) if kind in ("I", "T") else None
        if kind == "I":
            broken |= set(_broken_report(row, cpr, lists))
        elif kind == "T":
            broken |= {"reference_missing"} if row["reference_id"] == "" else set()
            broken |= {"reversal_cpr_invalid"} if row["cpr"] != "" and cpr is None else set()
        for rule in EVERY_LINE + (REPORTS if kind == "I" else REVERSALS if kind == "T" else []):
            looked[f"payroll.{rule}"] += 1
        for rule in broken:
            failed[f"payroll.{rule}"] += 1
        if broken:
            continue
        counters["cpr_leading_zero"] += cpr is not None and cpr.is_repaired
        content = tuple(row[column] for column in CONTENT)
        head = (delivery.name, number, content, row["indberetning_id"], row["post_nr"], reported)
        if kind == "T":
            person = cpr.digits if cpr else None
            accepted.append(Line(*head, is_reversal=True, reference=row["reference_id"], person=person))
            continue
        line = _report(row, cpr, lists, head)
        accepted.append(line)
        note_modulus_11(delivery, "payroll.cpr_without_modulus_11", cpr)
        for rule, fails in (
            ("hours_over_400", (line.hours or 0) > 400 * UNIT),
            ("cpr_not_in_personer", line.person not in people),
        ):
            looked[f"payroll.{rule}"] += 1
            failed[f"payroll.{rule}"] += fails
    delivery.rows_delivered, delivery.rows_accepted = len(records), len(accepted)
    return accepted
