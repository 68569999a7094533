"""What is behind a figure in its build: members that add up, lines that are theirs, and nobody's name."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from assets.ingest.keys import read_key
from assets.ingest.raw_records import fetch
from assets.publishing.audit import connect
from assets.release.trace_build import Build
from assets.release.trace_effect import trials_of
from assets.release.trace_members import COUNTED, TARGETS, Rows
from tests.conftest import SampleBuild
from tests.effect.planted import GROUP, PLAN, country
from tests.release.traced import EVERY, KEY, RESTRICTED, Traced, lines_of, once, words_of
from transforms.evaluation.plan import ALL
from transforms.evaluation.run import run
from transforms.evaluation.samples import FrameCohorts
from transforms.release.design import read_design

DESIGN = read_design()
HOURS = ("hours_by_target_group", "horizon=12")
SHOWN = ("scope_by_municipality", "hours_by_target_group", "lasting_attachment")


@pytest.fixture(scope="module")
def traced(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    return once(sample_build, tmp_path_factory)


@pytest.fixture(scope="module")
def build(traced: Traced) -> Iterator[Build]:
    compiled = traced.warehouse / "dbt" / "compiled" / "fodfaeste" / "models" / "marts"
    with connect(traced.warehouse / "build" / "outcome.duckdb") as connection:
        yield Build(connection, traced.warehouse, compiled)


@pytest.mark.parametrize("rows", COUNTED, ids=lambda rows: f"{rows.model}-{rows.step}")
def test_members_of_every_cell_add_up_to_its_count(rows: Rows, build: Build) -> None:
    """A trace that names other people than the figure counts."""
    counts = ", ".join(f"counted.{name} as in_table_{name}, {count.sql('member')} as of_members_{name}" for name, count in rows.counts.items())  # fmt: skip
    # Who lives nowhere that is known is in no municipality's figure.
    where = "counted.benefit_group = 'all' and counted.municipality_code is not null" if rows is TARGETS else "true"
    grouped = ", ".join(f"counted.{name}" for name in (*rows.keys, *rows.counts))
    found = build.connection.execute(f"{rows.joined(build, counts, where)} group by {grouped}").df()
    assert len(found) == build.one(f"select count(*) from {rows.model} as counted where {where}") > 10
    for name in rows.counts:
        there = found[found[f"in_table_{name}"].notna()]
        assert there[f"in_table_{name}"].sum() > 0
        assert (there[f"in_table_{name}"] - there[f"of_members_{name}"]).abs().max() < 1e-9, name


def figures(traced: Traced) -> Iterator[tuple[str, list[str]]]:
    """A row of every table, a hidden one of most."""
    for table in DESIGN.tables:
        rows = traced.table(table.name)
        rows = rows[rows["arm"] != "registration"] if "arm" in rows else rows
        hidden = rows[rows["status"] != "ok"]
        part = hidden if len(hidden) and table.name not in SHOWN else rows[rows["status"] == "ok"]
        yield table.name, [f"{name}={part.iloc[len(part) // 2][name]}" for name in table.dimensions]


def test_no_number_key_or_name_of_anybody_is_told(traced: Traced, build: Build) -> None:
    """Lines and files lead who may see them to the person; a key in a terminal's history leads anybody."""
    shapes = itertools.cycle([[], ["--json"]])
    said = [
        traced.trace(table, *words, *RESTRICTED, "--lines", EVERY, *shape)
        for (table, words), shape in zip(figures(traced), shapes, strict=False)
    ]
    assert len(said) == len(DESIGN.tables)
    said += [traced.trace("spells", *words_of(traced, "spells", 0), *RESTRICTED)]
    assert all(one.exit_code == 0 for one in said)
    told = "\n".join(one.output for one in said)
    assert told.count("and its members counted again: the same") > 10
    words = set(re.findall(r"[0-9A-Za-zæøåÆØÅ-]+", told))
    for query in (
        "select distinct cast(person_key as varchar) from core.dim_persons",
        "select distinct activity_id from intermediate.int_activities",
        "select distinct enterprise_cvr from core.dim_enterprises",
    ):
        secrets = {row[0] for row in build.connection.execute(query).fetchall()}
        assert secrets and not secrets & words
    for name, key in (("spells", "spell_key"), ("person_months", "person_key"), ("spells", "enterprise_key")):
        assert not set(traced.table(name)[key].dropna()) & words
    numbers = {row["cpr"] for row in delivered(traced.raw / "registry" / "personer_2021-12-29.csv")}
    assert len(numbers) > 100 and not numbers & words


def delivered(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_lines_of_a_cell_are_the_activities_of_its_spells(traced: Traced, build: Build) -> None:
    """Line numbers that count from another place name the neighbour of who is meant."""
    records = lines_of(traced, "forloeb", "scope_by_municipality", "year=2020", "enterprise_kind=rsv")
    expected = build.connection.execute(
        """
        select activities.activity_id from core.fct_placement_activities as activities
        inner join intermediate.int_scope_spells as spells on activities.spell_id = spells.spell_id
        where spells.enterprise_kind = 'rsv' and spells.start_date <= date '2020-12-31' and spells.active_to >= date '2020-01-01'
        """
    ).fetchall()
    assert sorted(one["aktivitet_id"] for one in records) == sorted(row[0] for row in expected) != []


def test_the_payroll_lines_of_a_cell_are_of_its_persons_and_months(traced: Traced, build: Build) -> None:
    """Pay of another month, or of a namesake in the file, shown as the reason why somebody counts as in work."""
    records = lines_of(traced, "eindkomst", *HOURS, "--measure", "employed")
    rows = build.connection.execute(
        """
        select cast(spells.person_key as varchar), cast(spells.start_month + to_months(12) as date), cast(spells.start_month - to_months(1) as date)
        from progression.fct_progression_horizons as horizons
        inner join intermediate.int_progression_spells as spells on horizons.spell_id = spells.spell_id
        inner join intermediate.int_spell_event_months as before on horizons.spell_id = before.spell_id and before.event_month = -1 and not before.is_employed
        where horizons.horizon = 12 and horizons.is_employed
        """
    ).fetchall()
    months = {(person, f"{month:%Y-%m}") for person, *found in rows for month in found}
    key = read_key(KEY)
    named = [
        (str(key.person_key(one["cpr"].strip("'").replace("-", "").zfill(10))), one["periode_fra"], one["periode_til"])
        for one in records
    ]
    for person, first, last in named:
        spanned = {f"{month:%Y-%m}" for month in pd.period_range(first[:7], last[:7], freq="M").to_timestamp()}
        assert {(person, month) for month in spanned} & months
    # Everybody in work after twelve months has a line that says so.
    assert {person for person, *_ in rows} == {person for person, *_ in named}


def test_a_document_of_a_register_is_the_enterprise_s(traced: Traced, build: Build) -> None:
    """Documents are counted from 1, rows from the header: one off is another enterprise."""
    found = traced.found("register", "year=2020", *RESTRICTED, "--lines", EVERY)
    (file,) = found["behind"]["lines"][0]["shown"]
    texts = fetch(traced.raw / file["folder"] / file["name"], file["lines"], is_csv=False)
    numbers = {int(re.search(r'"cvrNummer": ?(\d+)', text).group(1)) for text in texts.values()}  # type: ignore[union-attr]
    expected = build.connection.execute("select distinct cast(enterprise_cvr as integer) from intermediate.int_scope_rsv_states where month = date '2020-12-01'").fetchall()  # fmt: skip
    assert numbers == {row[0] for row in expected}


def test_a_hidden_figure_is_told_as_not_public(traced: Traced) -> None:
    """A count that a release hides, copied from a screen into a report."""
    rows = traced.table("scope_by_instrument_and_target")
    row = rows[rows["status"] != "ok"].iloc[0]
    words = [
        f"{name}={row[name]}"
        for name in ("year", "enterprise_kind", "instrument", "target_group", "municipality_group")
    ]
    text = traced.trace("scope_by_instrument_and_target", *words, *RESTRICTED).stdout
    assert "Not public, and not to be passed on: persons, spells_active" in text.split("Behind it")[1]


def test_counts_that_the_release_rounds_are_told_as_not_public(traced: Traced, build: Build) -> None:
    """An exact count beside an estimate tells a group of few by subtraction: in a release it is rounded."""
    key = {"arm": "RN", "family": "A", "instrument": "guidance_upskilling", "outcome": "employed", "horizon": "6", "estimator": "aipw", "specification": "main", "subgroup": "all"}  # fmt: skip
    where = " and ".join(f"cast({name} as varchar) = ?" for name in key)
    exact = build.one(f"select comparators from effect.fct_effect_estimates where {where}", [*key.values()])
    words = [f"{name}={value}" for name, value in key.items()]
    found = traced.found("effect_estimates", *words, *RESTRICTED)
    assert found["measures"]["comparators"]["value"] == (exact + 2) // 5 * 5 != exact
    assert "comparators" in found["behind"]["not_public"]
    assert {"column": "comparators", "counted": exact, "members": exact, "table": "effect.fct_effect_estimates"} in found["behind"]["proofs"]  # fmt: skip


def test_as_many_lines_are_shown_as_asked_and_all_are_counted(traced: Traced) -> None:
    """A list that ends in silence looks complete."""
    whole, few = (traced.found(*HOURS, *RESTRICTED, "--lines", count)["behind"]["lines"] for count in (EVERY, "3"))
    for all_of, first in zip(whole, few, strict=True):
        shown = [(file["name"], line) for file in all_of["shown"] for line in file["lines"]]
        assert len(shown) == all_of["lines"] == first["lines"] and all_of["files"] == first["files"]
        assert [(file["name"], line) for file in first["shown"] for line in file["lines"]] == shown[:3]
    assert "more (--lines)" in traced.trace(*HOURS, *RESTRICTED, "--lines", "3").stdout


def test_registration_is_refused_and_not_taken_for_starts(traced: Traced) -> None:
    """Enterprises over half-years are counted there, not spells."""
    rows = traced.table("effect_estimates")
    row = rows[rows["arm"] == "registration"].iloc[0]
    done = traced.trace("effect_estimates", *[f"{name}={row[name]}" for name in DESIGN.tables[-2].dimensions], *RESTRICTED)  # fmt: skip
    assert done.exit_code == 1 and "[trace.registration]" in done.stderr


def test_trials_of_an_estimate_are_those_that_it_counts() -> None:
    """Starts without anybody to be compared with, which no estimate is of, shown as its members."""
    cohorts = country(treated=120, others=200)
    trials = cohorts.all_trials.copy()
    starts = trials.index[trials["arm"] == "R"][:9]
    trials.loc[starts, "cell"] = "nobody else"
    trials.loc[trials.index[trials["arm"] == "O"][:5], "cell"] = "no start"
    trials.loc[trials.index[::20], "age_band"] = "60+"
    main = replace(PLAN.main, estimators=("aipw",))
    plan = replace(PLAN, groups=(GROUP,), specifications=(main,), subgroups=("age_band",), horizons=(12,), draws=1)
    shortened = FrameCohorts(trials, cohorts.all_outcomes)
    estimates = run(plan, shortened)["estimates"]
    estimates = estimates[estimates["specification"] == "main"]
    assert {ALL, "age_band=30-39"} <= set(estimates["subgroup"]) and estimates["estimate"].notna().any()
    assert estimates["reason"].fillna("").str.startswith("too small").any()
    for row in estimates.to_dict("records"):
        by, _, level = row["subgroup"].partition("=")
        key = {"outcome": row["outcome"], "horizon": str(row["horizon"]), "subgroup_by": by, "subgroup": level or ALL}
        treated, others = trials_of(
            plan, GROUP, main, shortened, key, has_counts=pd.notna(row["treated"]), reason=row["reason"]
        )
        assert (len(treated), len(others)) == (row["treated"], row["comparators"]), key
