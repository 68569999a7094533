"""Suites from the catalogue: what the accepted rows of a kind must show, and how large a share of rows may be rejected.

Belongs here: the translation of the catalogue's `expectation` column. Not here: running a suite (`validation.py`), reading the lake.

| catalogue | means |
|---|---|
| `not_null` | every row has the fields |
| `not_null_unless:column=value` | every row but those |
| `in_set:a,b` | one of these, or missing |
| `between:low:high` | number within the limits, or missing |
| `between_dates:low:high` | day within the limits (either may be left out), or missing |
| `regex:form` | the text has this form, or is missing |
| `municipality` | one of the 98 codes |
| `not_after:column`, `not_above:column` | the field is not later (larger) than the other column, where both are known |
| `unique_with:column` | the field stands once for each value of the column |
"""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

from expectations.catalogue import Rule, rules_of
from expectations.validation import Expectation

# A share of few rows says little: below this a month is judged only together with the others.
MIN_ROWS_OF_A_SHARE = 1_000
SHARE = "share"
TABLES = Path(__file__).with_name("lake_tables.csv")


def rows_suite(kind: str, category: str, municipalities: frozenset[str]) -> list[Expectation]:
    """What every accepted row of a kind must show in one category."""
    suite: list[Expectation] = []
    for rule in rules_of(kind):
        if rule.category == category and rule.expectation and rule.kind == kind:
            for column in rule.fields:
                suite += _translate(rule, column, municipalities)
    if category == "conformance":
        suite.append(
            Expectation.of(
                f"{kind}.one_row_a_line",
                "ExpectCompoundColumnsToBeUnique",
                column_list=["period", "delivery_id", "line_number"],
            )
        )
    return suite


def tables_suite(kind: str) -> list[Expectation]:
    """Which columns of which types each table of a kind has (docs/lake.md): on a frame of one row a file, one column a table."""
    with TABLES.open(encoding="utf-8", newline="") as file:
        return [
            Expectation.of(
                f"{kind}.columns_of_{row['table']}",
                "ExpectColumnValuesToBeInSet",
                column=row["table"],
                value_set=[row["columns"]],
            )
            for row in csv.DictReader(file, delimiter=";")
            if row["kind"] == kind
        ]


def shares_suite(kind: str, category: str) -> list[Expectation]:
    """Within which share of the rows each rule may be broken: on a frame of one row a rule and period (`rule`, `share`)."""
    return [
        Expectation.of(
            rule.rule,
            "ExpectColumnValuesToBeBetween",
            condition=("rule", "==", rule.rule),
            column=SHARE,
            min_value=0.0,
            max_value=rule.threshold,
        )
        for rule in rules_of(kind)
        if rule.category == category and rule.level not in ("stop", "check")
    ]


def _translate(rule: Rule, column: str, municipalities: frozenset[str]) -> list[Expectation]:
    name, _, text = rule.expectation.partition(":")
    make = Expectation.of
    if name == "not_null":
        return [make(rule.rule, "ExpectColumnValuesToNotBeNull", column=column)]
    if name == "not_null_unless":
        other, value = text.split("=")
        return [
            make(rule.rule, "ExpectColumnValuesToNotBeNull", condition=(other, "!=", value), column=column),
        ]
    if name == "in_set":
        return [make(rule.rule, "ExpectColumnValuesToBeInSet", column=column, value_set=text.split(","))]
    if name == "municipality":
        return [make(rule.rule, "ExpectColumnValuesToBeInSet", column=column, value_set=sorted(municipalities))]
    if name == "between":
        low, high = text.split(":")
        return [
            make(rule.rule, "ExpectColumnValuesToBeBetween", column=column, min_value=int(low), max_value=int(high))
        ]
    if name == "between_dates":
        low, high = text.split(":")
        limits: dict[str, Any] = {}
        if low:
            limits["min_value"] = datetime.datetime.fromisoformat(low)
        if high:
            limits["max_value"] = datetime.datetime.fromisoformat(high)
        return [make(rule.rule, "ExpectColumnValuesToBeBetween", column=column, **limits)]
    if name == "regex":
        return [make(rule.rule, "ExpectColumnValuesToMatchRegex", column=column, regex=text)]
    if name in ("not_after", "not_above"):
        return [
            make(
                rule.rule,
                "ExpectColumnPairValuesAToBeGreaterThanB",
                column_A=text,
                column_B=column,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            )
        ]
    if name == "unique_with":
        return [
            make(
                rule.rule,
                "ExpectCompoundColumnsToBeUnique",
                column_list=["period", text, column],
                ignore_row_if="any_value_is_missing",
            )
        ]
    raise ValueError(
        f"{rule.rule}: the catalogue's expectation {rule.expectation!r} is not known; see expectations/suites.py"
    )
