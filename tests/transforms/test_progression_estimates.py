"""Milestones, curves, shares and their errors, held to plain loops over the table before them, cell by cell and enterprise by enterprise."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from math import sqrt
from typing import Any

import duckdb
import pytest
from scipy import stats

from tests.transforms.progression_inputs import Rows, build_progression, make_rows

SEED = 20170101
FOLLOW_UP = 36
MARTS = (
    "fct_progression_months",
    "fct_progression_horizons",
    "fct_hour_band_transitions",
    "fct_pathways",
    "fct_employment_by_target_group",
    "fct_milestones",
    "fct_milestone_curves",
)
CELL = "enterprise_kind, instrument, target_group"
Cell = tuple[str, ...]


@pytest.fixture(scope="module")
def inputs() -> Rows:
    """One invented country for all tests of the module."""
    return make_rows(SEED)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, inputs: Rows) -> Iterator[duckdb.DuckDBPyConnection]:
    """Progression of that country."""
    with build_progression(tmp_path_factory.mktemp("progression"), inputs) as connection:
        yield connection


def cells_of(kind: str, instrument: str, group: str) -> Iterator[Cell]:
    """The eight cells that a spell is in."""
    yield from product((kind, "all"), (instrument, "all"), (group, "all"))


def spells(built: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """The spells by id."""
    cursor = built.execute("select * from core.fct_placement_spells")
    names = [column[0] for column in cursor.description or ()]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def cluster(spell: dict[str, Any]) -> str:
    """The enterprise, or the spell itself when it has none."""
    return spell["enterprise_cvr"] or f"spell {spell['spell_id']}"


def limits(estimate: float, left_out: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Error and 95 % limits as the contract says them."""
    number = len(left_out)
    if number == 1:
        return None, None, None
    if max(left_out) - min(left_out) <= 1e-12:
        events = round(estimate * number, 9)
        lower = 0.0 if events == 0 else float(stats.beta.ppf(0.025, events, number - events + 1))
        upper = 1.0 if events == number else float(stats.beta.ppf(0.975, events + 1, number - events))
        return 0.0, lower, upper
    mean = sum(left_out) / number
    error = sqrt((number - 1) / number * sum((one - mean) ** 2 for one in left_out))
    reach = float(stats.t.ppf(0.975, number - 1)) * error
    return error, max(0.0, estimate - reach), min(1.0, estimate + reach)


def curve(outcomes: Sequence[tuple[str, int]]) -> list[float]:
    """Aalen-Johansen by month 1 to FOLLOW_UP; flat where nobody is at risk."""
    survival, reached, values = 1.0, 0.0, []
    for month in range(1, FOLLOW_UP + 1):
        at_risk = sum(1 for _, months in outcomes if months >= month)
        events = sum(1 for status, months in outcomes if months == month and status == "event")
        exits = sum(1 for status, months in outcomes if months == month and status == "competing")
        if at_risk:
            reached += survival * events / at_risk
            survival *= 1 - (events + exits) / at_risk
        values.append(reached)
    return values


def assert_close(found: Sequence[float | None], expected: Sequence[float | None], where: object) -> None:
    """Holds numbers to numbers within 1e-9 and null to null."""
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None), (where, found, expected)
        assert one is None or other is None or abs(one - other) < 1e-9, (where, found, expected)


def test_curves_equal_those_drawn_anew_without_each_enterprise(built: duckdb.DuckDBPyConnection) -> None:
    """Enterprises counted together that leave different curves behind, or steps where a left-out curve moves and the whole does not."""
    known = spells(built)
    members: dict[Cell, list[tuple[str, str, int]]] = defaultdict(list)
    for spell_id, milestone, status, months in built.execute(
        "select spell_id, milestone, status, months from progression.fct_milestones"
    ).fetchall():
        spell = known[spell_id]
        if spell["is_first_of_instrument"]:
            for cell in cells_of(spell["enterprise_kind"], spell["instrument"], spell["target_group"]):
                members[(*cell, milestone)].append((cluster(spell), status, months))
    found = {
        tuple(row[:5]): row[5:]
        for row in built.execute(
            f"select {CELL}, milestone, months, at_risk, clusters, cumulative_incidence, standard_error, ci_lower, ci_upper"
            " from progression.fct_milestone_curves"
        ).fetchall()
    }
    rows = 0
    for cell, own in members.items():
        clusters = sorted({name for name, _, _ in own})
        whole = curve([(status, months) for _, status, months in own])
        left_out = [curve([(status, months) for name, status, months in own if name != out]) for out in clusters]
        for month in range(1, max(months for _, _, months in own) + 1):
            at_risk, number, *numbers = found[(*cell, month)]
            assert (at_risk, number) == (sum(months >= month for _, _, months in own), len(clusters))
            estimate = whole[month - 1]
            expected = (estimate, *limits(estimate, [one[month - 1] for one in left_out]))
            assert_close(numbers, expected, (SEED, cell, month))
            rows += 1
    assert rows == len(found) > 1000


def test_shares_in_work_equal_those_without_each_enterprise(built: duckdb.DuckDBPyConnection) -> None:
    """An error taken over spells where the contract takes it over enterprises."""
    known = spells(built)
    without_work = {
        row[0]
        for row in built.execute(
            "select spell_id from progression.fct_progression_months where event_month = -1 and not is_employed"
        ).fetchall()
    }
    members: dict[Cell, list[tuple[str, bool]]] = defaultdict(list)
    for spell_id, horizon, employed in built.execute(
        "select spell_id, horizon, coalesce(is_employed, false) from progression.fct_progression_horizons"
    ).fetchall():
        spell = known[spell_id]
        if spell_id in without_work:
            for cell in cells_of(spell["enterprise_kind"], spell["instrument"], spell["target_group"]):
                members[(*cell, horizon)].append((cluster(spell), employed))
    found = {
        tuple(row[:4]): row[4:]
        for row in built.execute(
            f"select {CELL}, horizon, clusters, share, standard_error, ci_lower, ci_upper"
            " from progression.fct_employment_by_target_group"
        ).fetchall()
    }
    assert set(found) == set(members)
    for cell, own in members.items():
        clusters = sorted({name for name, _ in own})
        assert found[cell][0] == len(clusters)
        share = sum(employed for _, employed in own) / len(own)
        left_out = []
        for out in clusters if len(clusters) > 1 else ():
            rest = [employed for name, employed in own if name != out]
            left_out.append(sum(rest) / len(rest))
        assert_close(found[cell][1:], (share, *limits(share, left_out or [share])), (SEED, cell))


def first_completion(months: dict[int, dict[str, Any]], milestone: str) -> tuple[int, int] | None:
    """The month that completes a milestone and the month in which its run began, looking only back."""
    window, need, condition = {
        "first_ordinary_hour": (1, 1, "is_employed"),
        "half_time": (1, 1, "is_half_time"),
        "self_support_six_months": (6, 6, "is_self_supporting"),
        "lasting_six_in_row": (6, 6, "is_employed"),
        "lasting_six_of_twelve": (12, 6, "is_employed"),
    }[milestone]
    for t in range(1, FOLLOW_UP + 1):
        named = range(t - window + 1, t + 1)
        if named[0] < 1 or any(month not in months for month in named):
            continue
        fulfilled = [month for month in named if months[month][condition]]
        if len(fulfilled) >= need and t in fulfilled:
            return t, fulfilled[0]
    return None


def test_milestones_equal_a_walk_month_by_month(built: duckdb.DuckDBPyConnection) -> None:
    """A window that begins before month 1 or reaches outside the panel, or an event dated when its run began."""
    known = spells(built)
    people = {
        row[0]: row[1:] for row in built.execute("select person_key, exit_month from core.dim_persons").fetchall()
    }
    through = built.execute("select observed_through from intermediate.int_build").fetchall()[0][0]
    panel: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for spell_id, number, hours, employed, supporting in built.execute(
        "select spell_id, event_month, ordinary_hours, is_employed, is_self_supporting from progression.fct_progression_months"
    ).fetchall():
        panel[spell_id][number] = {
            "is_employed": employed,
            "is_half_time": hours >= 78,
            "is_self_supporting": supporting,
        }
    expected = set()
    conditions = {
        "first_ordinary_hour": "is_employed",
        "half_time": "is_half_time",
        "self_support_six_months": "is_self_supporting",
        "lasting_six_in_row": "is_employed",
        "lasting_six_of_twelve": "is_employed",
    }
    for (spell_id, spell), (milestone, condition) in product(known.items(), conditions.items()):
        months = panel[spell_id]
        if -1 not in months or months[-1][condition]:
            continue
        if milestone == "first_ordinary_hour" and spell["instrument"] == "small_job":
            continue
        leaving = people[spell["person_key"]][0]
        start = spell["start_date"]
        exit_at = None if leaving is None else (leaving.year - start.year) * 12 + leaving.month - start.month
        seen = [number for number in months if 1 <= number <= FOLLOW_UP]
        completed = first_completion(months, milestone)
        if completed:
            expected.add((spell_id, milestone, "event", *completed))
        elif exit_at is not None and exit_at <= FOLLOW_UP and leaving <= through:
            expected.add((spell_id, milestone, "competing", max(exit_at, 1), None))
        elif seen:
            expected.add((spell_id, milestone, "censored", max(seen), None))
    found = set(
        built.execute(
            "select spell_id, milestone, status, months, onset_months from progression.fct_milestones"
        ).fetchall()
    )
    assert found == expected
    assert {row[2] for row in found} == {"event", "competing", "censored"}


def test_order_of_rows_and_threads_change_no_digit(
    built: duckdb.DuckDBPyConnection, inputs: Rows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A floating sum whose order follows the rows: two builds of the same files would differ in the last digit."""
    shuffled = {table: random.Random(SEED).sample(rows, len(rows)) for table, rows in inputs.items()}
    with build_progression(tmp_path_factory.mktemp("shuffled"), shuffled, threads=1) as other:
        for mart in MARTS:
            question = f"select * from progression.{mart} order by all"
            assert other.execute(question).fetchall() == built.execute(question).fetchall(), mart
