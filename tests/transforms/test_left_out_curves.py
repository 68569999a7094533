"""The jackknife of a curve, held to plain loops. Belongs here: the function of lists that models call. Not here: which spells are at risk."""

from __future__ import annotations

import random
from fractions import Fraction

import duckdb
import numpy as np
import pytest

from transforms.plugins import curves

Outcome = tuple[int, str, int]  # cluster, status, month


def plain_curve(outcomes: list[Outcome], months: list[int]) -> list[Fraction]:
    """Aalen-Johansen at `months`, in fractions; flat where nobody is at risk."""
    survival, incidence, found = Fraction(1), Fraction(0), []
    for month in range(1, max(months) + 1):
        at_risk = sum(1 for _, _, end in outcomes if end >= month)
        events, exits = (
            sum(1 for _, status, end in outcomes if end == month and status == kind) for kind in ("event", "competing")
        )
        if at_risk:
            incidence += survival * Fraction(events, at_risk)
            survival *= Fraction(at_risk - events - exits, at_risk)
        if month in months:
            found.append(incidence)
    return found


def deviations(outcomes: list[Outcome]) -> np.ndarray:
    """The function's answer for one cell, its lists made as the model makes them."""
    steps = sorted({month for _, status, month in outcomes if status != "censored"})
    last = {month: sum(step <= month for step in steps) for _, _, month in outcomes}
    counts = [
        (
            number,
            sum(1 for _, _, end in outcomes if end >= step),
            *(
                sum(1 for _, status, end in outcomes if (status, end) == (kind, step))
                for kind in ("event", "competing")
            ),
        )
        for number, step in enumerate(steps, start=1)
    ]
    taken: dict[tuple[int, int], list[int]] = {}
    for cluster, status, month in outcomes:
        one = taken.setdefault((cluster, last[month]), [0, 0, 0])
        one[0] += 1
        one[1] += status == "event"
        one[2] += status == "competing"
    connection = duckdb.connect()
    curves.Plugin.configure_connection(None, connection)  # type: ignore[arg-type]
    connection.execute(f"create table cells (steps {curves.STEPS}, contributions {curves.CONTRIBUTIONS})")
    connection.execute(
        "insert into cells values (?, ?)",
        [
            [dict(zip(("step", "at_risk", "events", "competing"), row, strict=True)) for row in counts],
            [
                {"cluster_id": cluster, "step": step, "leaving": one[0], "events": one[1], "competing": one[2]}
                for (cluster, step), one in taken.items()
            ],
        ],
    )
    rows = connection.execute(
        "select one.* from (select unnest(left_out_curve_deviations(steps, contributions)) as one from cells)"
    ).fetchall()
    return np.asarray(rows, dtype=float)


def invented(seed: int) -> list[Outcome]:
    """A cell of some enterprises of unequal size, months and outcomes by chance."""
    chance = random.Random(seed)
    clusters = chance.randint(2, 12)
    return [
        (chance.randrange(1, clusters + 1), chance.choice(("event", "competing", "censored")), chance.randint(1, 9))
        for _ in range(chance.randint(clusters, 60))
    ] + [(0, "event", 3)]


@pytest.mark.parametrize("seed", range(20170101, 20170121))
def test_each_enterprise_left_out_gives_the_curve_of_the_others(seed: int) -> None:
    """A standard error from curves that leave out something else than one enterprise would be no jackknife."""
    outcomes = invented(seed)
    months = sorted({month for _, status, month in outcomes if status != "censored"})
    whole = plain_curve(outcomes, months)
    found = deviations(outcomes)
    left_out = [
        plain_curve([outcome for outcome in outcomes if outcome[0] != cluster], months)
        for cluster in sorted({cluster for cluster, _, _ in outcomes})
    ]
    for row, (number, total, squares, smallest, largest) in enumerate(found):
        apart = [float(curve[row] - whole[row]) for curve in left_out]
        assert number == row + 1
        assert (total, squares) == pytest.approx((sum(apart), sum(one * one for one in apart)), abs=1e-12)
        assert (smallest, largest) == pytest.approx((min(apart), max(apart)), abs=1e-14)


def test_the_order_and_the_names_of_enterprises_change_no_digit() -> None:
    """A last digit that depends on the order of rows would make two builds of one delivery differ."""
    outcomes = invented(7)
    renamed = [(1_000 - cluster, status, month) for cluster, status, month in reversed(outcomes)]
    assert (deviations(outcomes) == deviations(renamed)).all()


def test_no_cells_give_no_curves() -> None:
    """The first month of a country has nobody at risk: the build must not stop at it."""
    connection = duckdb.connect()
    curves.Plugin.configure_connection(None, connection)  # type: ignore[arg-type]
    connection.execute(f"create table cells (steps {curves.STEPS}, contributions {curves.CONTRIBUTIONS})")
    assert connection.execute("select left_out_curve_deviations(steps, contributions) from cells").fetchall() == []
