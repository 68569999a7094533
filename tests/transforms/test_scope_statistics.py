"""Functions and macros that the tables of scope take their coefficients and limits from."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from scipy import stats

from transforms.plugins import statistics

MACROS = Path(__file__).resolve().parents[2] / "transforms" / "macros"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """An engine with the plugin's functions, as dbt opens it."""
    opened = duckdb.connect()
    statistics.Plugin.configure_connection(None, opened)  # type: ignore[arg-type]
    return opened


def rendered(call: str) -> str:
    """The SQL of a call to a macro of `statistics.sql`."""
    template = "{% import 'statistics.sql' as macros with context %}{{ macros." + call + " }}"
    return Environment(loader=FileSystemLoader(MACROS)).from_string(template).render()


def mean_difference_gini(values: list[float]) -> float:
    """The definition, pair by pair: no sorting, no ranks."""
    pairs = sum(abs(one - other) for one in values for other in values)
    return pairs / (2 * len(values) ** 2 * (sum(values) / len(values)))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40).filter(any))
def test_gini_is_half_the_relative_mean_difference(values: list[int]) -> None:
    """A small-sample factor, or ranks from 0, would move every year's coefficient."""
    assert statistics.gini([float(value) for value in values]) == pytest.approx(mean_difference_gini(values), abs=1e-12)


@pytest.mark.parametrize("values", [None, [], [0.0], [0.0, 0.0]])
def test_gini_of_nothing_is_null(values: list[float] | None) -> None:
    """A country without social enterprises is not an equal one."""
    assert statistics.gini(values) is None


def test_chance_draws_anew_for_every_year_in_order_of_code() -> None:
    """A generator that goes on from year to year would make a year's level depend on the years before it."""
    weights = [30, 5, 12, 1, 70]
    generator = np.random.default_rng(20170101)
    draws = generator.multinomial(9, np.array(weights) / sum(weights), size=999)
    expected = np.mean([mean_difference_gini(list(draw / np.array(weights))) for draw in draws])
    statistics._gini_by_chance.cache_clear()
    first = statistics.gini_by_chance(9, weights)
    assert statistics.gini_by_chance(4, weights) != first
    statistics._gini_by_chance.cache_clear()
    assert statistics.gini_by_chance(9, weights) == first == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("events", "weights"), [(None, [1]), (0, [1]), (3, None), (3, [])])
def test_chance_without_events_or_persons_is_null(events: int | None, weights: list[int] | None) -> None:
    """A level of chance beside a coefficient that is null would be read as a finding."""
    assert statistics.gini_by_chance(events, weights) is None


@pytest.mark.parametrize(("events", "trials"), [(1, 2), (3, 17), (16, 17), (40, 400)])
def test_exact_limits_leave_a_fortieth_on_each_side(
    connection: duckdb.DuckDBPyConnection, events: int, trials: int
) -> None:
    """Limits with the two parameters of the beta distribution changed round look plausible and are wrong."""
    lower, upper = connection.execute(
        f"select {rendered(f'exact_share_lower({events}, {trials})')}, {rendered(f'exact_share_upper({events}, {trials})')}"
    ).fetchone()  # type: ignore[misc]
    assert stats.binom.sf(events - 1, trials, lower) == pytest.approx(0.025, abs=1e-9)
    assert stats.binom.cdf(events, trials, upper) == pytest.approx(0.025, abs=1e-9)


def test_exact_limits_at_the_ends_are_nothing_all_or_unknown(connection: duckdb.DuckDBPyConnection) -> None:
    """A beta quantile with a parameter of zero is no number: it would stand in the table as NaN."""
    calls = [
        f"exact_share_{side}({events}, {trials})"
        for events, trials in ((0, 9), (9, 9), (0, 0))
        for side in ("lower", "upper")
    ]
    found = connection.execute(f"select {', '.join(rendered(call) for call in calls)}").fetchone()
    assert found is not None
    assert found[0] == 0 and 0 < found[1] < 1
    assert 0 < found[2] < 1 and found[3] == 1
    assert found[4:] == (None, None)


def test_gini_in_sql_leaves_out_rows_without_a_value_and_takes_them_in_order(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Rows in the order in which a thread delivers them would change the draws, and the last digit."""
    places = "(values ('b', 4.0, 40), ('a', 1.0, 10), ('c', null, 0)) as places (code, rate, persons)"
    gini, chance = connection.execute(
        f"select {rendered('gini(`rate`, `code`)'.replace('`', chr(34)))},"
        f" {rendered('gini_by_chance(`5`, `persons`, `code`)'.replace('`', chr(34)))} from {places}"
    ).fetchone()  # type: ignore[misc]
    assert gini == pytest.approx(mean_difference_gini([1.0, 4.0]))
    assert chance == statistics.gini_by_chance(5, [10, 40])
