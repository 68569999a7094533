"""The oracle and the random deliveries themselves: what holds the product must hold its own."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path

from tests.oracle import compute
from tests.oracle.rule_list import RULES
from tests.support.comparison import BY_FILE, KEYS, Tables, differences, from_csv, from_frames
from tests.support.dense import KEY, make_country
from tests.support.dense_files import add_duplicates, shuffled, write_country

# Rules that a random delivery cannot break and still give tables: these stop a build or are checks of the product's own sums.
NOT_IN_A_DELIVERY = {
    "file.rows_add_up",
    "build.kind_missing",
    "build.first_payroll_month_incomplete",
    "build.real_number_with_sample_key",
    "dream.unknown_code_share",
}


def _tables(folder: Path, seed: int, persons: int, ties: bool, messy: bool, defects: float = 0.03) -> Tables:
    country = make_country(seed, persons, ties, defects)
    write_country(folder, country, seed, messy)
    return from_frames(compute(folder, country.as_of, KEY))


def test_random_deliveries_break_every_rule_of_the_contract(tmp_path: Path) -> None:
    """A defect that no random delivery has is a rule that the property tests never try."""
    failed: Counter[str] = Counter()
    for seed in (1, 2):
        tables = _tables(tmp_path / str(seed), seed, 300, ties=True, messy=True, defects=0.15)
        for row in tables["quality.fct_rule_results"]:
            failed[row["rule"]] += row["rows_failed"]
    assert {rule for rule, _, _ in RULES} - {rule for rule, count in failed.items() if count} == NOT_IN_A_DELIVERY


def test_random_deliveries_reach_every_table_and_counter(tmp_path: Path) -> None:
    """An empty table or a counter at zero is compared without being tested."""
    tables = _tables(tmp_path, 7, 300, ties=True, messy=True)
    assert sorted(tables) == sorted(KEYS)
    assert [name for name, rows in tables.items() if not rows] == []
    assert [row["counter"] for row in tables["quality.fct_counters"] if not row["value"]] == []


def test_order_of_rows_splits_and_duplicates_change_nothing_for_the_oracle(tmp_path: Path) -> None:
    """An oracle that hangs on the order of rows would hold the product to an accident."""
    seed = 11
    expected = _tables(tmp_path / "one", seed, 150, ties=False, messy=False)
    country = shuffled(make_country(seed, 150, ties=False), seed + 1)
    other = write_country(tmp_path / "other", country, seed, messy=False, parts=3)
    assert add_duplicates(other, seed)
    assert differences(expected, from_frames(compute(other, country.as_of, KEY)), leave_out=BY_FILE) == []


def test_comparison_sees_a_changed_value_a_missing_row_and_a_row_too_many(tmp_path: Path) -> None:
    """A comparison that says equal whatever it reads makes every test above it empty."""
    expected = _tables(tmp_path, 3, 80, ties=True, messy=False)
    for name, rows in expected.items():
        if name == "quality.fct_builds":
            continue
        found: Tables = copy.deepcopy({name: rows})
        found[name].pop()
        assert len(differences({name: rows}, found)) == 1, name
        assert len(differences(found, {name: rows})) == 1, name
    months = expected["core.fct_person_months"]
    for column in set(months[0]) - set(KEYS["core.fct_person_months"]):
        found = copy.deepcopy({"core.fct_person_months": months})
        value = found["core.fct_person_months"][0][column]
        found["core.fct_person_months"][0][column] = (
            not value if isinstance(value, bool) else "x" if value is None or isinstance(value, str) else value + 1
        )
        assert len(differences({"core.fct_person_months": months}, found)) == 1, column


def test_tables_read_back_from_their_files_are_the_same(tmp_path: Path) -> None:
    """What the benchmark writes, and what stands in a folder of expected tables, must read as it was meant."""
    from tests.oracle import dump

    country = make_country(5, 80, ties=True)
    frames = compute(write_country(tmp_path / "raw", country, 5, messy=True), country.as_of, KEY)
    dump(frames, tmp_path / "tables")
    assert differences(from_csv(tmp_path / "tables"), from_frames(frames)) == []
