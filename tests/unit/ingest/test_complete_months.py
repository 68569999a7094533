"""Which payroll months are complete, part by part and by the calendar."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assets.ingest.months import add_months, complete_through, whole_months
from tests.unit.ingest.decided import taken
from tests.unit.ingest.payroll_lines import payroll_text
from tests.unit.ingest.tiny_landing import (
    payroll_of,
    put,
    tiny_landing,
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tiny_landing(tmp_path / "raw")


Spoil = Callable[[Path], object]


def _replace(raw: Path, *names: str) -> None:
    (raw / "payroll/eindkomst_2019-06.csv").unlink()
    for number, name in enumerate(names, start=1):
        put(raw, f"payroll/eindkomst_2019-06{name}", payroll_of("2019-06", number))


INCOMPLETE: dict[str, Spoil] = {
    "no file": lambda raw: _replace(raw),
    "part 001 missing": lambda raw: _replace(raw, "_002.csv"),
    "part 002 missing": lambda raw: _replace(raw, "_001.csv", "_003.csv"),
    "numbered and unnumbered": lambda raw: _replace(raw, ".csv", "_001.csv"),
    "one number twice": lambda raw: _replace(raw, "_001.csv", "_001.csv.gz"),
    "unnumbered twice": lambda raw: _replace(raw, ".csv", ".csv.gz"),
    "a part refused": lambda raw: (_replace(raw, "_001.csv"), put(raw, "payroll/eindkomst_2019-06_002.csv", "")),
    "a copy of another month alone": lambda raw: shutil.copy(
        raw / "payroll/eindkomst_2019-05.csv", raw / "payroll/eindkomst_2019-06.csv"
    ),
    "a copy fills the gap": lambda raw: (
        _replace(raw, "_001.csv", "_003.csv"),
        shutil.copy(raw / "payroll/eindkomst_2019-06_001.csv", raw / "payroll/eindkomst_2019-06_002.csv"),
    ),
}
COMPLETE: dict[str, Spoil] = {
    "three parts": lambda raw: _replace(raw, "_001.csv", "_002.csv.gz", "_003.csv"),
    "the next number a copy": lambda raw: (
        _replace(raw, "_001.csv"),
        shutil.copy(raw / "payroll/eindkomst_2019-06_001.csv", raw / "payroll/eindkomst_2019-06_002.csv"),
    ),
    "csv and csv.gz of one content": lambda raw: put(
        raw, "payroll/eindkomst_2019-06.csv.gz", (raw / "payroll/eindkomst_2019-06.csv").read_text()
    ),
    "trailer alone": lambda raw: put(raw, "payroll/eindkomst_2019-06.csv", payroll_text()),
}


@pytest.mark.parametrize("case", INCOMPLETE)
def test_a_month_is_incomplete_when(tmp_path: Path, raw: Path, case: str) -> None:
    """Months after it would be observed with people's pay missing. All its files count all the same."""
    INCOMPLETE[case](raw)
    decision = taken(tmp_path).decision
    assert list(decision.incomplete_months) == [date(2019, 6, 1)]
    assert decision.payroll_through == date(2019, 5, 1)
    assert decision.observed_through == date(2019, 3, 1)
    assert any("2019-06" in problem.message for problem in decision.warnings if problem.rule == "payroll_month")
    assert not any(d.outcome == "superseded" for d in decision.deliveries)


@pytest.mark.parametrize("case", COMPLETE)
def test_a_month_is_complete_when(tmp_path: Path, raw: Path, case: str) -> None:
    """Months that are whole must be observed."""
    COMPLETE[case](raw)
    assert taken(tmp_path).decision.payroll_through == date(2019, 12, 1)


def test_the_cut_offs_own_month_is_complete_only_on_its_last_day(tmp_path: Path, raw: Path) -> None:
    """What is reported later in the month is still to come."""
    assert taken(tmp_path, date(2019, 12, 30)).decision.payroll_through == date(2019, 11, 1)


def test_months_and_weeks_are_counted_by_the_calendar() -> None:
    """A week belongs to the month of its Thursday; a month counts when all of its weeks are there."""
    assert add_months(date(2019, 11, 1), 3) == date(2020, 2, 1)
    assert add_months(date(2019, 1, 1), -1) == date(2018, 12, 1)
    assert complete_through(date(2019, 1, 1), {date(2019, 1, 1), date(2019, 3, 1)}) == date(2019, 1, 1)
    assert complete_through(date(2019, 1, 1), {date(2019, 3, 1)}) is None
    first_of_january, second_of_january = date(2019, 1, 3), date(2019, 1, 10)
    last_of_january = date(2019, 1, 31)
    assert whole_months(first_of_january, last_of_january) == (date(2019, 1, 1), date(2019, 1, 1))
    assert whole_months(second_of_january, last_of_january) == (date(2019, 2, 1), date(2019, 1, 1))
    assert whole_months(first_of_january, date(2019, 1, 24)) == (date(2019, 1, 1), date(2018, 12, 1))
