"""A build stops where the contract stops it, for the rules that the oracle names, and says every one of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.ingest.problems import BuildStopped
from tests.oracle import BuildStops, compute
from tests.oracle.identifiers import SAMPLE_KEY
from tests.support.build import build
from tests.support.dense import KEY, make_country
from tests.support.dense_files import Country, payroll_file, table, write, write_country

SEED = 31


def _no_se_numbers(raw: Path, country: Country) -> None:
    for path in (raw / "registry").glob("se_numre_*"):
        path.unlink()


def _no_readable_people(raw: Path, country: Country) -> None:
    for path in (raw / "registry").glob("personer_*"):
        path.unlink()
    write(raw / "registry" / f"personer_{country.register_day}.csv", "cpr;kommunekode\n")


def _first_month_without_a_part(raw: Path, country: Country) -> None:
    for path in (raw / "payroll").glob("eindkomst_2018-01*"):
        path.unlink()
    write(raw / "payroll" / "eindkomst_2018-01_002.csv", payroll_file([]))


def _first_month_refused(raw: Path, country: Country) -> None:
    write(raw / "payroll" / "eindkomst_2017-12.csv", payroll_file([], wrong="felt_0013"))


def _many_unknown_codes(raw: Path, country: Country) -> None:
    for path in (raw / "registry").glob("dream_*"):
        path.unlink()
    rows = [row | {country.people.week_columns[20]: "119"} for row in country.people.weeks]
    write(raw / "registry" / f"dream_{country.register_day}.csv", table(["cpr", *country.people.week_columns], rows))


def _two_at_once(raw: Path, country: Country) -> None:
    _many_unknown_codes(raw, country)
    _first_month_refused(raw, country)


def _placements_after_the_cut_off_only(raw: Path, country: Country) -> None:
    for path in (raw / "placement").iterdir():
        path.rename(path.with_name(path.name.replace("_20", "_21", 1)))


def _as_it_is(raw: Path, country: Country) -> None:
    """Some numbers of the country are not constructed."""


@pytest.mark.parametrize(
    ("change", "key", "rules"),
    [
        (_no_se_numbers, KEY, {"build.kind_missing"}),
        (_no_readable_people, KEY, {"build.kind_missing"}),
        (_first_month_without_a_part, KEY, {"build.first_payroll_month_incomplete"}),
        (_first_month_refused, KEY, {"build.first_payroll_month_incomplete"}),
        (_many_unknown_codes, KEY, {"dream.unknown_code_share"}),
        (_two_at_once, KEY, {"dream.unknown_code_share", "build.first_payroll_month_incomplete"}),
        (_placements_after_the_cut_off_only, KEY, {"build.kind_missing"}),
        (_as_it_is, SAMPLE_KEY, {"build.real_number_with_sample_key"}),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_build_stops_for_the_rules_of_the_contract(
    change: Callable[[Path, Country], None], key: bytes, rules: set[str], tmp_path: Path
) -> None:
    """Tables made of a landing zone that cannot carry them, or an error that hides the second reason behind the first."""
    country = make_country(SEED, 60, ties=False)
    raw = write_country(tmp_path / "raw", country, SEED, messy=False)
    change(raw, country)
    with pytest.raises(BuildStops) as expected:
        compute(raw, country.as_of, key)
    with pytest.raises(BuildStopped) as found:
        build(raw, tmp_path / "warehouse", country.as_of, key)
    said = {problem.rule for problem in found.value.problems}
    assert set(expected.value.rules) == rules, f"seed {SEED}: the oracle"
    assert said == rules, f"seed {SEED}: {found.value}"
    assert not (tmp_path / "warehouse" / "outcome.duckdb").exists()
