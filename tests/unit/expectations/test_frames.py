"""Frames of different cases. Belongs here: that they decide as the rows themselves do. Not here: the suites of the catalogue."""

from pathlib import Path

import duckdb
import pytest

from expectations.frames import cases, whole
from expectations.validation import Expectation, validate

ROWS = """
    select * from (values
        ('I', 'x1', 5, date '2020-01-01', date '2020-01-31', 1),
        ('I', 'x1', 5, date '2020-01-01', date '2020-01-31', 2),
        ('T', null, null, null, null, 3)
    ) as lines (kind, name, hours, first, last, line)
"""
SUITE = [
    Expectation.of("a.present", "ExpectColumnValuesToNotBeNull", ("kind", "!=", "T"), column="name"),
    Expectation.of("a.kind", "ExpectColumnValuesToNotBeNull", column="kind"),
    Expectation.of("a.set", "ExpectColumnValuesToBeInSet", column="kind", value_set=["I", "T"]),
    Expectation.of("a.form", "ExpectColumnValuesToMatchRegex", column="name", regex="^x[0-9]$"),
    Expectation.of("a.between", "ExpectColumnValuesToBeBetween", column="hours", min_value=0, max_value=9),
    Expectation.of("a.some", "ExpectColumnValuesToBeBetween", ("kind", "==", "I"), column="hours", min_value=0, max_value=9),
    Expectation.of(
        "a.order",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        column_A="last",
        column_B="first",
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    ),
    Expectation.of("a.unique", "ExpectCompoundColumnsToBeUnique", column_list=["period", "line"]),
]  # fmt: skip


def verdicts(folder: Path, frames) -> dict[str, bool]:
    files = [str(folder / "rows.parquet")]
    with duckdb.connect() as connection:
        return {
            outcome.rule: outcome.is_met
            for group, make in frames(SUITE)
            for outcome in validate(make(connection, files, group), group)
        }


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("('I', 'x1', 5, date '2020-01-01', date '2020-01-31', 4)", None),
        ("('I', null, 5, date '2020-01-01', date '2020-01-31', 4)", "a.present"),
        ("('T', null, 5, date '2020-01-01', null, 4)", None),
        ("(null, 'x1', 5, date '2020-01-01', date '2020-01-31', 4)", "a.kind"),
        ("('S', 'x1', 5, date '2020-01-01', date '2020-01-31', 4)", "a.set"),
        ("('I', 'y1', 5, date '2020-01-01', date '2020-01-31', 4)", "a.form"),
        ("('T', 'x1', 10, date '2020-01-01', date '2020-01-31', 4)", "a.between"),
        ("('I', 'x1', 5, date '2020-01-01', date '2019-12-31', 4)", "a.order"),
        ("('I', 'x1', 5, date '2020-01-01', date '2020-01-31', 3)", "a.unique"),
    ],
)
def test_cases_decide_as_rows_do(tmp_path: Path, line: str, rule: str | None) -> None:
    """What is looked at once for many rows must not hide the one row that breaks a rule."""
    folder = tmp_path / "2022-01"
    folder.mkdir()
    duckdb.execute(f"copy ({ROWS} union all values {line}) to '{folder / 'rows.parquet'}' (format parquet)")
    once, every = verdicts(folder, cases), verdicts(folder, whole)
    assert once == every
    assert {name for name, is_met in once.items() if not is_met} == ({rule} if rule else set())
