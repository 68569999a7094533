"""Primary suppression: each rule at its edge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.disclosure.limits import Limits
from transforms.disclosure.primary import broken_rules, first_reason

CELL = {"persons": 40.0, "spells": 50.0, "enterprises": 5.0, "largest": 10.0, "second": 10.0, "is_protected": True}


def reason(limits: Limits | None = None, **changes: object) -> str:
    cells = pd.DataFrame([{**CELL, **changes}], index=["x"])
    return str(first_reason(broken_rules(cells, limits or Limits())).iloc[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"persons": 4.0, "largest": 1.0, "second": 1.0}, "few_persons"),
        ({"persons": 5.0, "largest": 2.0, "second": 1.0}, ""),
        ({"persons": 1.0, "largest": 1.0, "second": np.nan}, "few_persons"),
        ({"persons": 0.0, "spells": 0.0, "enterprises": 0.0, "largest": np.nan, "second": np.nan}, ""),
        ({"enterprises": 2.0}, "few_enterprises"),
        ({"enterprises": 3.0}, ""),
        ({"enterprises": np.nan, "largest": np.nan, "second": np.nan}, ""),
        ({"largest": 35.0, "second": 1.0}, "one_enterprise_dominates"),
        ({"largest": 34.0, "second": 0.0}, ""),
        ({"largest": 20.0, "second": 15.0}, "two_enterprises_dominate"),
        ({"largest": 20.0, "second": 14.0}, ""),
        ({"is_uniform": True}, "all_do_the_same"),
        ({"is_uniform": False}, ""),
        ({"percentile_sharing": 4.0}, "percentile_of_few"),
        ({"percentile_sharing": np.nan}, ""),
        ({"persons": 2.0, "is_protected": False}, ""),
        ({"employed": 1.0}, "small_count"),
        ({"employed": 0.0}, ""),
    ],
)
def test_each_rule_holds_at_its_edge(changes: dict[str, object], expected: str) -> None:
    """A limit off by one publishes four persons, or hides what need not be. Empty cells and public facts are never suppressed."""
    assert reason(**changes) == expected


def test_small_counts_can_be_published() -> None:
    """A row of 40 that says that 1 of them is in work is refused as jobindsats does; a house may decide otherwise."""
    assert reason(Limits(small_count=0), employed=1.0) == ""
