"""The protocol: what it says is what is done, and what it may not say is named."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.dbt_runner import run_dbt
from pipelines.settings import Settings
from transforms.evaluation.protocol import PROTOCOL_FILE, ProtocolError, load_protocol, read_protocol
from transforms.evaluation.protocol_schema import INSTRUMENTS, MUNICIPALITY_GROUPS

TRANSFORMS = PROTOCOL_FILE.parent
EFFECT_MACROS = TRANSFORMS / "macros" / "effect.sql"
MODELS = TRANSFORMS / "models" / "intermediate" / "effect"


def changed(path: str, value: Any) -> bytes:
    """The project's protocol with one value changed; a value of `...` takes the key away."""
    protocol = yaml.safe_load(PROTOCOL_FILE.read_text(encoding="utf-8"))
    place = protocol
    *keys, last = path.split(".")
    for key in keys:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return yaml.safe_dump(protocol, sort_keys=False).encode()


def mistakes(content: bytes) -> tuple[str, ...]:
    """What is wrong with a protocol."""
    with pytest.raises(ProtocolError) as caught:
        read_protocol(content)
    assert all(line in str(caught.value) for line in caught.value.mistakes)
    return caught.value.mistakes


def test_the_protocol_of_the_project_is_valid_and_named_by_its_bytes() -> None:
    """Results under a hash that nobody can find a file for."""
    protocol = load_protocol()
    assert protocol.sha256 == hashlib.sha256(PROTOCOL_FILE.read_bytes()).hexdigest()
    assert read_protocol(PROTOCOL_FILE.read_bytes() + b"\n# a comment\n").sha256 != protocol.sha256


def test_the_protocol_asks_the_question_that_the_design_names() -> None:
    """A default that somebody changed without saying so: employed in month 12, work trial and wage subsidy, family A."""
    protocol = load_protocol()
    primary = protocol.primary
    assert (primary.contrast, primary.family, primary.instrument_family, primary.outcome, primary.horizon) == (
        "RO", "A", "work_trial_and_wage_subsidy", "employed", 12,
    )  # fmt: skip
    assert protocol.horizons.reported == (3, 6, 12, 24)
    assert (protocol.eligibility.age_from, protocol.eligibility.age_to, protocol.eligibility.months_before) == (
        18,
        64,
        3,
    )
    assert (protocol.small_job_hours, protocol.controls_per_treated) == (78, 20)
    limits = protocol.diagnostics
    assert (limits.largest_difference, limits.equipoise, limits.largest_weight, limits.largest_weight_of_equal) == (
        0.1,
        0.2,
        0.02,
        2.0,
    )
    assert limits.placebo_size == (0.02, 0.08)
    assert protocol.estimators.least_treated == 30
    groups = protocol.subgroups
    assert (groups.least_treated, groups.least_enterprises, groups.least_effective_enterprises) == (50, 10, 10)


def test_dbt_by_hand_takes_the_values_of_the_protocol() -> None:
    """A build by hand under other rules than the file beside it states: the defaults of the macro are the file's own values."""
    text = EFFECT_MACROS.read_text(encoding="utf-8")
    defaults = re.search(r"set defaults = (\{.*?\n    \}) -%\}", text, re.DOTALL)
    assert defaults is not None
    assert yaml.safe_load(defaults.group(1)) == load_protocol().dbt_variables()["effect"]


def test_every_value_that_the_models_take_is_one_that_the_protocol_gives() -> None:
    """A model that asks for a name nobody passes, or a value that is passed and heeded by nobody."""
    asked = set()
    for path in MODELS.glob("int_effect_*.sql"):
        asked |= set(re.findall(r"protocol\('(\w+)'\)", path.read_text(encoding="utf-8")))
    assert asked == set(load_protocol().dbt_variables()["effect"])


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("eligibility.age_form", 18, "eligibility.age_form: found an unknown key, allowed is one of age_from, age_to, months_before"),
        ("surprise", 1, "surprise: found an unknown key"),
        ("eligibility.age_from", "eighteen", "eligibility.age_from: found 'eighteen', allowed is a whole number from 16 to 100"),
        ("eligibility.age_from", True, "eligibility.age_from: found True"),
        ("eligibility.age_to", 17, "eligibility.age_to: found 17, allowed is an age of at least age_from (18)"),
        ("eligibility.months_before", 2, "eligibility.months_before: found 2, allowed is a whole number from 3 to 12"),
        ("families.A.most_hours", 1, "families.A.most_hours: found 1, allowed is a number from 0 to 0"),
        ("families", {}, "families: found {}, allowed is at least one of A, B"),
        ("arms.O.enterprise_kinds", ["private", "rsv"], "arms.O.enterprise_kinds[1]: found 'rsv', allowed is one of private, nonprofit, public"),
        ("arms.O.enterprise_kinds", ["private", "private"], "arms.O.enterprise_kinds[1]: found 'private', allowed is each name once"),
        ("contrasts.RN.folds_by", "enterprise", "contrasts.RN.folds_by: found 'enterprise', allowed is one of person"),
        ("instrument_families.guidance_and_upskilling", ["work_trial"], "instrument_families.guidance_and_upskilling: found work_trial, allowed is an instrument in one family"),
        ("instrument_families.guidance_and_upskilling", ["guidance"], "instrument_families.guidance_and_upskilling[0]: found 'guidance'"),
        ("cells", ["instrument", "quarter"], "cells: found ['instrument', 'quarter'], allowed is all of"),
        ("town_groups", [1, 2], "town_groups[0]: found 1, allowed is one of 1, 2, 3, 4, 5"),
        ("outcomes.happiness", {"kind": "share", "smallest_effect": 0.1}, "outcomes.happiness: found 'happiness', allowed is one of employed"),
        ("outcomes.employed.kind", "amount", "outcomes.employed.kind: found 'amount', allowed is one of share"),
        ("outcomes.employed.smallest_effect", 0, "outcomes.employed.smallest_effect: found 0, allowed is a number from 1e-06 to 1"),
        ("horizons.reported", [3, 12, 6], "horizons.reported: found [3, 12, 6], allowed is a list of whole numbers from 1 to 24, each greater"),
        ("horizons.reported", [3, 25], "horizons.reported: found [3, 25]"),
        ("horizons.curves", ["ordinary"], "horizons.curves[0]: found 'ordinary'"),
        ("primary.horizon", 9, "primary.horizon: found 9, allowed is one of horizons.reported (3, 6, 12, 24)"),
        ("primary.outcome", "employment", "primary.outcome: found 'employment'"),
        ("primary.beside", ["employed"], "primary.beside: found ['employed'], allowed is outcomes other than the primary one"),
        ("covariates.continuous", ["x_age", "x_hours_0"], "covariates.continuous[1]: found 'x_hours_0', allowed is one of x_age"),
        ("covariates.linear", ["x_age"], "covariates.linear: found ['x_age'], allowed is covariates that continuous does not name (x_age)"),
        ("covariates.categories.RN", ["target_group"], "covariates.categories.RN[0]: found 'target_group'"),
        ("estimators.aipw.folds", 1, "estimators.aipw.folds: found 1, allowed is a whole number from 2 to 20"),
        ("estimators.least_treated", 1, "estimators.least_treated: found 1, allowed is a whole number from 2 to 1000000"),
        ("exits.dead", "ignored", "exits.dead: found 'ignored', allowed is one of zero_hours"),
        ("diagnostics.placebo_size", [0.08, 0.02], "diagnostics.placebo_size: found [0.08, 0.02]"),
        ("diagnostics.equipoise", ..., "diagnostics.equipoise: found nothing, allowed is a number from 0 to 1"),
        ("placebo.enterprises.draws", 999, "placebo.enterprises.draws: found 999, allowed is a whole number from 1000"),
        ("sensitivity", ["first_starts", "none"], "sensitivity[1]: found 'none'"),
        ("sensitivity", ["all_starts"], "sensitivity: found ['all_starts'], allowed is runs that change something: all_starts is what primary.first_start_only says already"),
        ("registration", ..., "registration: found nothing, allowed is a mapping of keys to values"),
        ("registration", "later", "registration: found 'later', allowed is a mapping of keys to values"),
        ("registration.least_breakdown", 3, "registration.least_breakdown: found 3, allowed is at most the largest of relative_magnitudes (2)"),
        ("seeds.folds", -1, "seeds.folds: found -1"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_key_with_what_was_found_and_what_is_allowed(
    path: str, value: Any, named: str
) -> None:
    """A protocol that is half followed: a misspelt key that changes nothing, a value that nobody can mean."""
    found = mistakes(changed(path, value))
    assert any(line.startswith(named) for line in found), found
    # What follows from it may be named too, never more than a few lines.
    assert len(found) <= 4


def test_all_mistakes_are_named_at_once() -> None:
    """One mistake a build would take a researcher an afternoon."""
    both = changed("eligibility.age_from", 3).replace(b"folds: 5", b"folds: 0")
    assert [line.split(":")[0] for line in mistakes(both)] == ["eligibility.age_from", "estimators.aipw.folds"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"version: 1\nversion: 1\n", "the key 'version' stands twice"),
        (PROTOCOL_FILE.read_bytes().replace(b"  folds: 20170101", b"  folds: 1\n  folds: 2"), "the key 'folds' stands twice"),
        (b"outcomes: [unclosed", "the file"),
        (b"12: 3", "the key 12 is not a word"),
        ("titel: æ".encode("latin-1"), "is not UTF-8"),
        (b"", "the file: found nothing"),
        (b"- a list", "the file: found ['a list'], allowed is a mapping"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_protocol_says_so(content: bytes, words: str) -> None:
    """The plain loader keeps the last of two equal keys without a word."""
    assert words in mistakes(content)[0]


def test_dbt_does_not_run_under_a_protocol_with_mistakes(tmp_path: Path) -> None:
    """Cohorts made by defaults while the file says something else."""
    file = tmp_path / "protocol.yml"
    file.write_bytes(changed("eligibility.age_from", 3))
    outcome = run_dbt(Settings(warehouse=tmp_path, protocol=file), ["parse"])
    assert not outcome.is_success
    assert "eligibility.age_from: found 3" in outcome.problems()[0]
    missing = run_dbt(Settings(warehouse=tmp_path, protocol=tmp_path / "none.yml"), ["parse"])
    assert "none.yml" in missing.problems()[0]


def test_names_of_the_schema_are_those_of_the_code_lists() -> None:
    """An instrument that the code lists have and no protocol may name."""
    for name, column, names in (("instruments", 1, INSTRUMENTS), ("municipalities", 4, MUNICIPALITY_GROUPS)):
        lines = (TRANSFORMS / "seeds" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
        assert {line.split(";")[column] for line in lines} == set(names)
