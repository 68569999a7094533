"""A row of the restricted tier, followed to its lines by who may."""

from __future__ import annotations

import re

import pytest

from assets.ingest.keys import read_key
from assets.publishing.audit import connect
from assets.release.restricted_rows import key_maker, release_key
from tests.conftest import SAMPLE_KEY, SampleBuild
from tests.release.traced import KEY, NAME, PROJECT_KEY, RESTRICTED, Traced, lines_of, once, words_of


@pytest.fixture(scope="module")
def traced(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    return once(sample_build, tmp_path_factory)


def test_the_lines_of_a_spell_are_its_activities(traced: Traced) -> None:
    """A row of a researcher's file followed to the lines of another spell."""
    rows = traced.table("spells")
    place = int((rows["activities"] > 1).to_numpy().argmax())
    words = words_of(traced, "spells", place)
    made = key_maker(release_key(PROJECT_KEY, NAME))
    with connect(traced.warehouse / "build" / "outcome.duckdb") as connection:
        spells = connection.execute("select spell_id, list(activity_id) from core.fct_placement_activities group by spell_id").fetchall()  # fmt: skip
    (expected,) = [activities for spell, activities in spells if f"spell_key={made('spell_key', spell)}" in words]
    assert len(expected) == rows["activities"].iloc[place] > 1
    assert sorted(one["aktivitet_id"] for one in lines_of(traced, "forloeb", "spells", *words)) == sorted(expected)


def test_the_pay_of_a_month_is_in_its_lines(traced: Traced) -> None:
    """Pay of another person or month shown as where a row comes from."""
    rows = traced.table("person_months")
    place = int(((rows["wage_dkk"] > 0) & (rows["employers"] == 1)).to_numpy().argmax())
    words, row = words_of(traced, "person_months", place), rows.iloc[place]
    records = lines_of(traced, "eindkomst", "person_months", *words)
    made, key = key_maker(release_key(PROJECT_KEY, NAME)), read_key(KEY)
    people = {str(key.person_key(one["cpr"].strip("'").replace("-", "").zfill(10))) for one in records}
    assert [made("person_key", person) for person in people] == [row["person_key"]]
    assert all(one["periode_fra"][:7] <= f"{row['month']:%Y-%m}" <= one["periode_til"][:7] for one in records)
    assert "the same" in traced.trace("person_months", *words, *RESTRICTED).stdout


@pytest.mark.parametrize(
    ("words", "key", "rule"),
    [
        (["spells", "spell_key=0", *RESTRICTED], SAMPLE_KEY, "row_missing"),
        (["spells", "person_key=0", *RESTRICTED], SAMPLE_KEY, "dimension_unknown"),
        (["person_months", "person_key=0", *RESTRICTED], SAMPLE_KEY, "dimension_missing"),
        (["spells"], SAMPLE_KEY, "tier"),
        (["spells", *RESTRICTED], "ab" * 32, "key_other"),
        (["spells", *RESTRICTED], "", "project_key"),
    ],
)
def test_a_row_of_a_person_is_refused_who_may_not_or_cannot_have_it(
    words: list[str], key: str, rule: str, traced: Traced
) -> None:
    """A row of the restricted tier shown to who asked for the public one, or another person's for a wrong key."""
    if rule in ("tier", "key_other", "project_key"):
        words = [*words, *words_of(traced, "spells", 0)]
    done = traced.trace(*words, key=key)
    assert done.exit_code == 1 and done.stdout == "" and f"{rule}]" in done.stderr and "Remedy:" in done.stderr
    assert not set(re.findall(r"[0-9a-f]{32}", done.stderr))
