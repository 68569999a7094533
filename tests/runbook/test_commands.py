"""Commands that refuse. Belongs here: what they say, quoted, and that they go on after the remedy. Not here: releases as such (tests/release)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner

from assets.formats.readback import ReadBackError
from assets.ingest.code_version import code_fingerprint
from assets.release.rules import ReleaseError
from assets.report.tier import TierError
from pipelines import effect_command, power
from pipelines.effect import READ
from pipelines.release import _made, command
from pipelines.settings import Settings, SettingsError, read_settings
from tests.runbook.book import quoted
from transforms.disclosure.system import DisclosureError

REFUSALS = [
    ReleaseError("warehouse/evaluation/2026-1 exists: a release is frozen"),
    DisclosureError("what is published determines a suppressed count"),
    TierError("No pages can be made: a table is missing"),
    ReadBackError(Path("register.csv"), "rows", "3 of the 4 rows written"),
]


def test_estimates_without_a_build_or_of_other_code_are_refused(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Estimates of other cohorts under this protocol's name would be wrong numbers."""
    assert effect_command.run(settings, False) == 1 and power.run(settings) == 1
    assert capsys.readouterr().err.count("no cohorts yet. Build first: fodfaeste build --force.") == 2
    settings.build_folder.mkdir(parents=True)
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute("create schema intermediate")
        for table in READ:
            connection.execute(f"create table intermediate.{table} (person_key varchar)")
    assert effect_command.run(settings, False) == 1
    assert quoted(capsys.readouterr().err, "EffectCommand") == [
        "The code or the protocol has changed since this build. Build first: fodfaeste build."
    ]
    settings.stamp.write_text(json.dumps({"code": code_fingerprint()}), encoding="utf-8")
    assert effect_command.is_of_this_code(settings) and power.has_cohorts(settings)


def refuse(refusal: Exception) -> Callable[[], Any]:
    def make() -> Any:
        raise refusal

    return make


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_a_refused_release_says_why_and_leaves_nothing(
    refusal: Exception, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack trace where a reason should stand; in a build, a warehouse that waits for its pages."""
    from assets.evaluation import UNTOUCHED, refusable

    for what in ("No release is made", "No pages are made"):
        with pytest.raises(SystemExit):
            _made(what, settings, refuse(refusal))
        assert f"{what}: <reason>" in quoted(capsys.readouterr().err, type(refusal).__name__)
    with pytest.raises(dg.Failure) as failed:
        refusable(refuse(refusal))
    assert str(failed.value.description).splitlines()[-1] == UNTOUCHED
    assert UNTOUCHED in quoted(str(failed.value.description), type(refusal).__name__)
    assert _made("No release is made", settings, lambda: "made") == "made"  # type: ignore[arg-type,return-value,comparison-overlap]


def test_a_release_of_nothing_is_refused_with_what_to_do(settings: Settings) -> None:
    """The first release is tried before the first build."""
    done = CliRunner().invoke(command, ["2026-1", "--warehouse", str(settings.warehouse)])
    assert done.exit_code == 1 and "is not there: build first (fodfaeste build)" in done.output
    assert quoted(done.output, "ReleaseError") and not settings.warehouse.exists()


def test_a_setting_that_cannot_be_read_is_named_with_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut-off read wrongly gives numbers that look right."""
    with pytest.raises(SettingsError) as told:
        read_settings(as_of="30-06-2022")
    assert quoted(str(told.value), "SettingsError")
    with monkeypatch.context() as patched:
        patched.setenv("FODFAESTE_DBT_THREADS", "many")
        with pytest.raises(SettingsError) as told:
            read_settings()
        assert quoted(str(told.value), "SettingsError")
    assert str(read_settings(as_of="2022-06-30").as_of) == "2022-06-30"
