"""Holds the finished tables of a build file to what their columns mean, and to figures that others have published.

Belongs here: frames of values and pairs out of the build file, the outcome for each table. Not here: grain and keys (dbt's data tests), Dagster.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from expectations.validation import Expectation, Outcome, validate

RULES = Path(__file__).with_name("marts.csv")
FIGURES = Path(__file__).with_name("published.csv")
SIGNED_SHARES = ("quality.fct_reporting_triangle",)


@dataclass(frozen=True)
class ColumnRule:
    """What every value of the columns of a name must show."""

    table: str
    column: str
    expectation: str
    category: str
    why: str

    def fits(self, table: str, column: str) -> bool:
        """Whether it is about this column."""
        if self.column.endswith("rsv_share|guidance_share|ordinary_share") and table in SIGNED_SHARES:
            return False
        return bool(re.fullmatch(self.table, table) and re.fullmatch(self.column, column))


@dataclass
class TableResult:
    """What was found in one table, in numbers. A view is not read: `rows` is None."""

    table: str
    rows: int | None
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def broken(self, category: str) -> list[Outcome]:
        """The outcomes of a category that are not met."""
        return [outcome for outcome in self.outcomes.get(category, []) if not outcome.is_met]


@lru_cache(maxsize=1)
def column_rules() -> tuple[ColumnRule, ...]:
    """The rows of `marts.csv`."""
    with RULES.open(encoding="utf-8", newline="") as file:
        return tuple(ColumnRule(**row) for row in csv.DictReader(file, delimiter=";"))


def check_tables(build_file: Path, tables: list[str]) -> dict[str, TableResult]:
    """Holds `schema.table`s of a build file to the rules on their columns, all in one run of Great Expectations.

    The rows of a view are those of its tables, which are looked at here (a test holds the two together): reading a million of them again would find nothing new.
    """
    import pandas as pd

    results: dict[str, TableResult] = {}
    series: dict[str, Any] = {}
    planned: list[tuple[str, str, Expectation]] = []
    with duckdb.connect(str(build_file), read_only=True) as connection:
        views = {
            row[0]
            for row in connection.execute(
                "select schema_name || '.' || view_name from duckdb_views() where not internal and database_name = current_database()"
            ).fetchall()
        }
        for table in tables:
            if table in views:
                results[table] = TableResult(table, None)
                continue
            schema, name = table.split(".")
            kinds = dict(
                connection.execute(
                    "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? and database_name = current_database()",
                    [schema, name],
                ).fetchall()
            )
            results[table] = TableResult(table, _count(connection, schema, name))
            for column in kinds:
                for rule in column_rules():
                    if rule.fits(table, column):
                        expectation, frame = _plan(connection, table, column, rule, kinds)
                        series |= frame
                        planned.append((table, rule.category, expectation))
    if planned:
        frame = pd.concat(series, axis=1)
        outcomes = validate(frame, [expectation for _, _, expectation in planned])
        for (table, category, _), outcome in zip(planned, outcomes, strict=True):
            results[table].outcomes.setdefault(category, []).append(outcome)
    return results


def _count(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    row = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
    return int(row[0]) if row else 0


def _plan(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, rule: ColumnRule, kinds: dict[str, str]
) -> tuple[Expectation, dict[str, Any]]:
    """The expectation, and the values that decide it: extremes, distinct values, or distinct pairs."""
    schema, name = table.split(".")
    source = f'from "{schema}"."{name}"'
    test, _, text = rule.expectation.partition(":")
    label = f"{table}.{column}"
    identity = f"{label}:{rule.expectation}"
    if test == "between":
        low, high = text.split(":")
        frame = connection.execute(f'select unnest([min("{column}"), max("{column}")])::double as value {source}').df()[
            "value"
        ]
        limits: dict[str, Any] = {"min_value": float(low) if low else None, "max_value": float(high) if high else None}
        key = f"{identity} extremes"
        return Expectation.of(label, "ExpectColumnValuesToBeBetween", column=key, **limits), {key: frame}
    if test == "in_set":
        frame = connection.execute(
            f'select distinct "{column}"::varchar as value {source} where "{column}" is not null order by all'
        ).df()["value"]
        key = f"{identity} values"
        return Expectation.of(label, "ExpectColumnValuesToBeInSet", column=key, value_set=text.split(",")), {key: frame}
    if test in ("not_after", "not_above"):
        if text not in kinds:
            raise RuntimeError(f"expectations/marts.csv: {table} has no column {text}")
        cast = "::timestamp" if test == "not_after" else "::double"
        pairs = connection.execute(
            f'select distinct "{column}"{cast} as low, "{text}"{cast} as high {source} where "{column}" is not null and "{text}" is not null'
        ).df()
        low_key, high_key = f"{identity} low", f"{identity} high"
        expectation = Expectation.of(
            label,
            "ExpectColumnPairValuesAToBeGreaterThanB",
            column_A=high_key,
            column_B=low_key,
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        )
        return expectation, {low_key: pairs["low"], high_key: pairs["high"]}
    raise ValueError(f"expectations/marts.csv: {rule.expectation!r} is not known")


@dataclass(frozen=True)
class Figure:
    """A published figure beside the warehouse's own; `outcome` is pass, warn or not applicable."""

    as_of: str
    column: str
    published: float
    found: float | None
    outcome: str
    why: str


def compare_with_published(build_file: Path) -> list[Figure]:
    """Holds the register's months to `published.csv`; a date before the placements or after the register is not applicable."""
    import pandas as pd

    with FIGURES.open(encoding="utf-8", newline="") as file:
        figures = list(csv.DictReader(file, delimiter=";"))
    found: list[float | None] = []
    with duckdb.connect(str(build_file), read_only=True) as connection:
        for figure in figures:
            row = connection.execute(
                f"select \"{figure['column']}\"::double from scope.fct_rsv_register_monthly where month = date_trunc('month', ?::date)",
                [figure["as_of"]],
            ).fetchone()
            found.append(None if row is None else row[0])
    known = [(figure, value) for figure, value in zip(figures, found, strict=True) if value is not None]
    columns = {f"figure {number}": [value] for number, (_, value) in enumerate(known)}
    expectations = [
        Expectation.of(
            f"{figure['column']} {figure['as_of']}",
            "ExpectColumnValuesToBeBetween",
            column=f"figure {number}",
            min_value=float(figure["value"]) * float(figure["low"]),
            max_value=float(figure["value"]) * float(figure["high"]),
        )
        for number, (figure, _) in enumerate(known)
    ]
    outcomes = iter(validate(pd.DataFrame(columns), expectations))
    return [
        Figure(
            figure["as_of"],
            figure["column"],
            float(figure["value"]),
            value,
            "not applicable" if value is None else ("pass" if next(outcomes).is_met else "warn"),
            figure["why"],
        )
        for figure, value in zip(figures, found, strict=True)
    ]
