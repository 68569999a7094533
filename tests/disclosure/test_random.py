"""Random linked tables against an attacker written another way."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.disclosure.made import linked
from tests.disclosure.oracle import Oracle
from transforms.disclosure import Limits, audit, protect
from transforms.disclosure.primary import broken_rules

LIMITS = Limits(seconds_per_block=5.0, search_programmes=60)
ABOUT_ENTERPRISES = ["few_enterprises", "one_enterprise_dominates", "two_enterprises_dominate"]


def spells(seed: int, size: int) -> pd.DataFrame:
    """Spells of unequal places, tools and enterprises; every fifth at an RSV."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "person": random.integers(0, size, size),
            "enterprise": random.integers(0, 12, size),
            "kind": np.where(random.random(size) < 0.25, "rsv", "other"),
            "place": random.choice(list("abcd"), size, p=[0.5, 0.3, 0.15, 0.05]),
            "tool": random.choice(list("xyz"), size, p=[0.6, 0.3, 0.1]),
        }
    )


@settings(max_examples=6, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), size=st.integers(20, 160))
def test_no_suppressed_count_can_be_worked_out(seed: int, size: int) -> None:
    """The promise of the release: what is hidden stays hidden, from 0 to the limit where it is sensitive."""
    cells, relations = linked(spells(seed, size))
    done = protect(cells, relations, LIMITS)
    broken = broken_rules(cells, LIMITS)
    hidden = set(cells.index[done.status != "ok"])
    assert set(cells.index[broken.any(axis=1)]) == set(cells.index[done.status == "suppressed_primary"])
    oracle = Oracle(cells, relations, hidden)
    for cell in sorted(hidden):
        for count in ("persons", "spells"):
            low, high = oracle.interval(cell, count)
            value = cells.at[cell, count]
            assert low - 1e-4 <= value <= high + 1e-4
            is_sensitive = broken.loc[cell].any() and (count == "persons" or value < LIMITS.persons)
            if is_sensitive or broken.loc[cell, ABOUT_ENTERPRISES].any():
                assert low < 1e-4 and high > LIMITS.persons - 1e-4
            assert high - low > min(value, LIMITS.persons) - 1e-4


@settings(max_examples=6, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), size=st.integers(20, 120), share=st.floats(0.05, 0.6))
def test_the_audit_of_any_pattern_agrees_with_the_oracle(seed: int, size: int, share: float) -> None:
    """The check that blocks a release must see every leak, in patterns that no search would choose, and give the true interval."""
    cells, relations = linked(spells(seed, size))
    broken = broken_rules(cells, LIMITS)
    chosen = np.random.default_rng(seed).random(len(cells)) < share
    status = pd.Series(np.where(chosen | broken.any(axis=1), "suppressed_secondary", "ok"), index=cells.index)
    hidden = set(cells.index[status != "ok"])
    quick = audit(cells, relations, status, LIMITS).set_index(["cell", "count"])["is_safe"]
    exact = audit(cells, relations, status, LIMITS, exact=True)
    oracle = Oracle(cells, relations, hidden)
    for row in exact.itertuples():
        low, high = oracle.interval(row.cell, row.count)
        assert abs(row.low - low) < 1e-3 and (row.high == high or abs(row.high - high) < 1e-3)
        value = cells.at[row.cell, row.count]
        needs_all = broken.loc[row.cell, ABOUT_ENTERPRISES].any() or (
            broken.loc[row.cell].any() and (row.count == "persons" or value < LIMITS.persons)
        )
        reaches = low < 1e-4 and high > LIMITS.persons - 1e-4
        is_safe = reaches if needs_all else high - low > min(value, LIMITS.persons) - 1e-4
        assert row.is_safe == is_safe == quick[row.cell, row.count]


@settings(max_examples=3, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_totals_stay_published_where_others_can_be_suppressed(seed: int) -> None:
    """The country's number is what everyone quotes: it goes last. And row order decides nothing about safety."""
    cells, relations = linked(spells(seed, 160))
    done = protect(cells, relations, LIMITS)
    if not broken_rules(cells, LIMITS).loc["all|all"].any():
        assert done.status["all|all"] == "ok"
    shuffled = protect(cells.sample(frac=1.0, random_state=seed), relations.sample(frac=1.0, random_state=seed), LIMITS)
    assert shuffled.audit["is_safe"].all()
    assert (protect(cells, relations, LIMITS).status == done.status).all()


def carried(work: Callable[[Any], Any], tasks: Iterable[Any]) -> list[Any]:
    """As a pool of processes does it: everything goes through a pickle, and the last is done first."""
    done = [pickle.dumps(pickle.loads(pickle.dumps(work))(pickle.loads(pickle.dumps(task)))) for task in [*tasks][::-1]]
    return [pickle.loads(one) for one in done[::-1]]


def test_processes_side_by_side_choose_what_one_chooses() -> None:
    """A release made on a machine with more processors would hide other cells."""
    blocks = [linked(spells(seed, 80)) for seed in (1, 2, 3)]
    named = [(f"{number} ", *block) for number, block in enumerate(blocks)]
    cells = pd.concat([cells.rename(index=lambda name, at=at: at + name) for at, cells, _ in named])
    relations = pd.concat(
        [one.assign(relation=at + one["relation"].astype(str), cell=at + one["cell"]) for at, _, one in named]
    )
    alone, side_by_side = protect(cells, relations, LIMITS), protect(cells, relations, LIMITS, run=carried)
    assert (alone.status != "ok").any()
    pd.testing.assert_series_equal(alone.status, side_by_side.status)
    pd.testing.assert_frame_equal(alone.audit, side_by_side.audit)
