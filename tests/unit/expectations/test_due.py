"""When something is late. Belongs here: every edge of the due table's arithmetic. Not here: files (tests/unit/pipelines/test_freshness.py)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.ingest.landing import KINDS
from expectations.due import Due, overdue_months, read_due, silent_municipalities

PAYROLL = read_due()["eindkomst"]
PLACEMENT = read_due()["forloeb"]


def months(*texts: str) -> set[date]:
    return {date.fromisoformat(f"{text}-01") for text in texts}


def late(delivered: set[date], today: str, due: Due = PAYROLL) -> list[str]:
    return [f"{month:%Y-%m}" for month in overdue_months(due, delivered, date.fromisoformat(today))]


def test_every_kind_has_one_row_and_payroll_is_due_on_the_tenth_of_the_next_month() -> None:
    """A kind without a row would never be late."""
    assert tuple(read_due()) == KINDS
    assert PAYROLL.date_of(date(2024, 5, 1)) == date(2024, 6, 10)
    assert {kind for kind, due in read_due().items() if due.rhythm == "monthly"} == {"forloeb", "eindkomst"}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2024-06-09", []),
        ("2024-06-10", []),
        ("2024-06-11", ["2024-05"]),
        ("2024-07-10", ["2024-05"]),
        ("2024-07-11", ["2024-05", "2024-06"]),
    ],
)
def test_a_month_is_late_the_day_after_it_was_due_and_not_before(today: str, expected: list[str]) -> None:
    """On the tenth itself the supplier is in time: an alarm then is one that people learn to ignore."""
    assert late(months("2024-03", "2024-04"), today) == expected


def test_december_is_due_in_january() -> None:
    """Arithmetic on months goes wrong at the turn of the year."""
    assert late(months("2023-11"), "2024-01-10") == []
    assert late(months("2023-11"), "2024-01-11") == ["2023-12"]
    assert PAYROLL.last_due(date(2024, 1, 10)) == date(2023, 11, 1)


def test_a_due_day_that_the_month_lacks_is_its_last() -> None:
    """`31` in the table must not stop the doctor in February."""
    due = Due("eindkomst", "monthly", 31, "")
    assert due.date_of(date(2024, 1, 1)) == date(2024, 2, 29)
    assert late(months("2023-12"), "2024-02-29", due) == []
    assert late(months("2023-12"), "2024-03-01", due) == ["2024-01"]


def test_holes_in_the_middle_are_late_and_what_lies_before_the_first_month_is_not() -> None:
    """A hole is observed by nobody for ever after; months before the first were never promised."""
    assert late(months("2024-01", "2024-03", "2024-05"), "2024-06-20") == ["2024-02", "2024-04"]


def test_without_any_month_the_last_due_one_is_late() -> None:
    """A supplier who never began must not look in time."""
    assert late(set(), "2024-06-20") == ["2024-05"]


def test_a_month_that_comes_late_ends_it_and_one_ahead_of_time_starts_nothing() -> None:
    """An alarm that stays after the remedy is no alarm."""
    assert late(months("2024-04"), "2024-06-20") == ["2024-05"]
    assert late(months("2024-04", "2024-05"), "2024-06-20") == []
    assert late(months("2024-07"), "2024-06-20") == []


def test_a_register_is_never_late() -> None:
    """Registers come when they are asked for."""
    for kind in KINDS[:5]:
        assert late(set(), "2024-06-20", read_due()[kind]) == []
        assert silent_municipalities(read_due()[kind], {}, date(2024, 6, 20)) == []


def test_a_municipality_that_delivers_and_misses_the_last_due_month_is_named() -> None:
    """One silent municipality drowns in 97 files that came."""
    march, april, may = sorted(months("2024-03", "2024-04", "2024-05"))
    delivered = {march: {"0101", "0147"}, april: {"0101"}, may: {"0147"}}
    assert silent_municipalities(PLACEMENT, delivered, date(2024, 5, 10)) == []
    assert silent_municipalities(PLACEMENT, delivered, date(2024, 5, 11)) == ["0147"]
    assert silent_municipalities(PLACEMENT, delivered, date(2024, 6, 11)) == ["0101"]


def test_a_municipality_that_never_delivered_or_begins_later_is_not_late() -> None:
    """Which of the 98 take part is no rule: 94 names on a list that is right for four would hide the fifth."""
    april, may = sorted(months("2024-04", "2024-05"))
    assert silent_municipalities(PLACEMENT, {april: {"0101"}, may: {"0101", "0147"}}, date(2024, 5, 20)) == []


def test_a_month_that_nobody_delivered_is_late_as_a_month_and_not_ninety_eight_times() -> None:
    """A list of all municipalities says less than one line."""
    delivered = {date(2024, 3, 1): {"0101", "0147"}}
    assert silent_municipalities(PLACEMENT, delivered, date(2024, 5, 20)) == []
    assert late(set(delivered), "2024-05-20", PLACEMENT) == ["2024-04"]


@pytest.mark.parametrize("row", ["x;weekly;;", "x;monthly;;", "x;on_request;3;", "x;monthly;32;"])
def test_a_row_that_says_nothing_certain_is_refused(tmp_path: Path, row: str) -> None:
    """A due day that is read as `never` would silence the alarm."""
    path = tmp_path / "due.csv"
    path.write_text(f"kind;rhythm;due_day;why\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"due\.csv: x: "):
        read_due(path)
