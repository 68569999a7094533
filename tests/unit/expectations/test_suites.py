"""Suites and their outcome. Belongs here: that a broken row is found and only numbers are kept. Not here: the rules of ingest."""

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.ingest.landing import KINDS
from expectations.catalogue import CATEGORIES, read_catalogue
from expectations.code_lists import CodeLists
from expectations.lake import check_kind, suites_of
from expectations.marts import check_tables, compare_with_published
from expectations.shares import exceeded_shares
from expectations.suites import shares_suite
from expectations.validation import Expectation, validate

SECRET = "6107701234"


def partition(lake: Path, kind: str, period: str, rows: str, key: str = "1", rules: dict | None = None) -> None:
    folder = lake / kind / period
    folder.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"copy ({rows}) to '{folder / 'rows.parquet'}' (format parquet)")
    rejected = f"select *, 1::bigint as broken_rules, true as has_right_fields from ({rows}) limit 0"
    duckdb.execute(f"copy ({rejected}) to '{folder / 'rejected.parquet'}' (format parquet)")
    report = {"cache_key": key, "files": [{"rules": rules or {}}]}
    (folder / "report.json").write_text(json.dumps(report))


def se_numbers(number: str = "10000009", line: int = 1) -> str:
    return (
        f"select 1::bigint as delivery_id, {line}::integer as line_number, '{number}' as se_number, "
        "'10000009' as enterprise_cvr, null::date as valid_from, null::date as valid_to"
    )


def test_every_rule_has_category_limit_reason_and_remedy() -> None:
    """A limit without a reason is changed by whoever it disturbs."""
    for rule in read_catalogue():
        assert rule.category in CATEGORIES and rule.why and rule.remedy and 0 <= rule.threshold <= 1, rule.rule


def test_every_expectation_of_the_catalogue_is_understood() -> None:
    """A misspelt expectation would test nothing."""
    assert {kind for kind in KINDS if sum(map(len, suites_of(kind).values())) > 0} == set(KINDS)


def test_every_rule_that_rejects_has_a_limit_to_its_share() -> None:
    """A rule without a limit can reject everything unseen."""
    limited = {one.rule for kind in KINDS for category in CATEGORIES for one in shares_suite(kind, category)}
    assert {rule.rule for rule in read_catalogue() if rule.level in ("hard", "soft", "file")} <= limited


def test_an_accepted_row_that_breaks_its_contract_is_found_in_its_period_alone(tmp_path: Path) -> None:
    """Periods are held together for speed: one bad month must not blame the others."""
    partition(tmp_path / "lake", "se_numre", "2022-01-01", se_numbers())
    partition(tmp_path / "lake", "se_numre", "2022-02-01", se_numbers(number="0000000X"))
    result = check_kind(tmp_path / "lake", "se_numre", tmp_path / "checks")
    assert [(period, outcome.rule) for period, outcome in result.broken["conformance"]] == [
        ("2022-02-01", "se_numre.se_invalid")
    ]


def test_what_breaks_a_rule_is_counted_in_rows(tmp_path: Path) -> None:
    """A different case is looked at once for speed: a thousand rows with one wrong number must not be told as one."""
    rows = " union all ".join(se_numbers(number="0000000X", line=line) for line in range(1, 8))
    partition(tmp_path / "lake", "se_numre", "2022-01-01", f"{rows} union all {se_numbers(line=8)}")
    result = check_kind(tmp_path / "lake", "se_numre", tmp_path / "checks")
    ((_, outcome),) = result.broken["conformance"]
    assert (outcome.rule, outcome.looked_at, outcome.broken) == ("se_numre.se_invalid", 8, 7)


def test_two_rows_of_one_line_are_found(tmp_path: Path) -> None:
    """A reader that cuts a file twice would count everything double."""
    partition(tmp_path / "lake", "se_numre", "2022-01-01", f"{se_numbers()} union all {se_numbers()}")
    result = check_kind(tmp_path / "lake", "se_numre", tmp_path / "checks")
    assert [outcome.rule for _, outcome in result.broken["conformance"]] == ["se_numre.one_row_a_line"]


def test_a_period_is_looked_through_once_and_again_when_its_content_changes(tmp_path: Path) -> None:
    """Ninety-six months must not be tested again for one new one; a changed one must be."""
    lake, memory = tmp_path / "lake", tmp_path / "checks"
    partition(lake, "se_numre", "2022-01-01", se_numbers())
    assert check_kind(lake, "se_numre", memory).looked_through_now == 1
    assert check_kind(lake, "se_numre", memory).looked_through_now == 0
    partition(lake, "se_numre", "2022-01-01", se_numbers(number="0000000X"), key="2")
    again = check_kind(lake, "se_numre", memory)
    assert again.looked_through_now == 1 and again.broken["conformance"]


def test_shares_are_held_to_the_limit_all_together_and_a_month_by_itself(tmp_path: Path) -> None:
    """A month that is all wrong drowns in ten years that are right; three wrong rows of five say nothing."""
    lake, memory = tmp_path / "lake", tmp_path / "checks"
    good, bad, few = (
        {"payroll.se_invalid": [1_000_000, 0]},
        {"payroll.se_invalid": [1_000, 500]},
        {"payroll.se_invalid": [5, 3]},
    )
    partition(lake, "eindkomst", "2022-01", se_numbers(), rules=good)
    partition(lake, "eindkomst", "2022-02", se_numbers(), rules=few)
    assert exceeded_shares(lake, "eindkomst", memory).exceeded["conformance"] == {}
    partition(lake, "eindkomst", "2022-03", se_numbers(), rules=bad)
    assert exceeded_shares(lake, "eindkomst", memory).exceeded["conformance"] == {"payroll.se_invalid": 0.5}


def test_no_value_of_a_row_is_kept(tmp_path: Path) -> None:
    """Great Expectations' default result carries twenty values: they would land in the Dagster home."""
    partition(tmp_path / "lake", "se_numre", "2022-01-01", se_numbers(number=SECRET))
    result = check_kind(tmp_path / "lake", "se_numre", tmp_path / "checks")
    assert result.broken["conformance"]
    assert SECRET not in repr(result)
    assert all(SECRET not in path.read_text() for path in (tmp_path / "checks").iterdir())


def test_a_test_that_cannot_be_carried_out_is_an_error() -> None:
    """A missing column must not pass for lack of values."""
    with pytest.raises(RuntimeError, match="could not be carried out"):
        validate(pd.DataFrame({"a": [1]}), [Expectation.of("x.y", "ExpectColumnValuesToNotBeNull", column="b")])


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    path = tmp_path / "outcome.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core; create schema scope")
        connection.execute("create table core.dim_persons as select 'woman' as sex, 1980 as birth_year")
        connection.execute(
            "create table scope.fct_rsv_register_monthly as select date '2017-09-01' as month, 234 as rsv_registered, 118 as rsv_active, "
            "0.29::double as ordinary_share, 0.2::double as guidance_share, 5 as rsv_with_spells, 4 as rsv_with_company_based_spells"
        )
    return path


def test_sound_tables_break_nothing(build_file: Path) -> None:
    """A contract that nothing can meet is switched off."""
    results = check_tables(build_file, ["core.dim_persons", "scope.fct_rsv_register_monthly"])
    assert all(not result.broken(category) for result in results.values() for category in CATEGORIES)
    assert results["core.dim_persons"].outcomes


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("update core.dim_persons set sex = 'kvinde'", "core.dim_persons.sex"),
        ("update core.dim_persons set birth_year = 3000", "core.dim_persons.birth_year"),
        (
            "update scope.fct_rsv_register_monthly set ordinary_share = 1.5",
            "scope.fct_rsv_register_monthly.ordinary_share",
        ),
        ("update scope.fct_rsv_register_monthly set rsv_active = 235", "scope.fct_rsv_register_monthly.rsv_active"),
        (
            "update scope.fct_rsv_register_monthly set rsv_registered = -1",
            "scope.fct_rsv_register_monthly.rsv_registered",
        ),
    ],
)
def test_a_value_that_a_column_cannot_have_is_found(build_file: Path, change: str, rule: str) -> None:
    """A wrong number in a finished table is the worst defect."""
    with duckdb.connect(str(build_file)) as connection:
        connection.execute(change)
    results = check_tables(build_file, ["core.dim_persons", "scope.fct_rsv_register_monthly"])
    assert rule in {outcome.rule for result in results.values() for outcome in result.broken("conformance")}


def test_a_view_is_not_read_again(build_file: Path) -> None:
    """A million rows read twice for the same finding; a view that cannot be read at all says whether it was."""
    with duckdb.connect(str(build_file)) as connection:
        connection.execute("create schema simple; create view simple.persons as select sex, error('read') as ordinary_share from core.dim_persons")  # fmt: skip
    results = check_tables(build_file, ["core.dim_persons", "simple.persons"])
    assert results["simple.persons"].rows is None
    assert results["simple.persons"].outcomes == {}
    assert results["core.dim_persons"].outcomes


def test_published_figures_pass_warn_or_are_not_applicable(build_file: Path) -> None:
    """A date that the warehouse does not cover must not count as agreement."""
    outcomes = {(figure.as_of, figure.column): figure.outcome for figure in compare_with_published(build_file)}
    assert outcomes["2017-09-30", "rsv_registered"] == "pass"
    assert outcomes["2017-09-30", "guidance_share"] == "warn"
    assert outcomes["2021-07-05", "rsv_registered"] == "not applicable"


def test_code_lists_and_suites_agree_on_the_municipalities() -> None:
    """A suite with a list of its own would reject what ingest accepts."""
    assert len(CodeLists().municipalities) == 98


def test_a_table_of_other_columns_or_types_is_found_and_nothing_else_is_asked_of_it(tmp_path: Path) -> None:
    """A reader that changes a type in silence breaks every model behind it."""
    lake, memory = tmp_path / "lake", tmp_path / "checks"
    partition(
        lake, "se_numre", "2022-01-01", f"select * exclude (valid_to), '2022-01-01' as valid_to from ({se_numbers()})"
    )
    result = check_kind(lake, "se_numre", memory)
    found = {outcome.rule for _, outcome in result.broken["conformance"]}
    assert found == {"se_numre.columns_of_rows", "se_numre.columns_of_rejected"}
