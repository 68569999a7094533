"""The runbook has every alarm and no other. Belongs here: what needs the definitions. Not here: provoking alarms, the document's form (tests/runbook)."""

from __future__ import annotations

import ast
import csv

import dagster as dg
import pytest

from tests.conftest import ROOT
from tests.runbook.alarms import COMMANDS, DAGSTERS_OWN, REFUSALS, rules_in_code
from tests.runbook.book import sections

SCENARIOS = ROOT / "tests" / "runbook" / "scenarios.csv"


@pytest.fixture(scope="module")
def alarms(definitions: dg.Definitions) -> set[str]:
    """Rules of problems and findings, names of checks, schedules and sensors, refusals of commands, and Dagster's daemon."""
    checks = {key.name for key in definitions.resolve_asset_graph().asset_check_keys}
    by_itself = {part.name for part in [*(definitions.schedules or []), *(definitions.sensors or [])]}
    return rules_in_code() | checks | by_itself | set(REFUSALS) | set(COMMANDS) | DAGSTERS_OWN


def test_every_alarm_has_a_section_and_no_section_is_about_one_that_cannot_occur(alarms: set[str]) -> None:
    """The alarm of tonight is the one that nobody wrote down; one that cannot occur sends people searching."""
    told = [alarm for section in sections() for alarm in section.alarms]
    assert set(told) == alarms
    assert [alarm for alarm in sorted(set(told)) if told.count(alarm) > 1] == ["warehouse"]


def test_every_alarm_is_provoked_and_mended_by_a_test_that_exists(alarms: set[str]) -> None:
    """A remedy that nobody tried."""
    with SCENARIOS.open(encoding="utf-8", newline="") as file:
        named = {row["alarm"]: row["provoked_and_mended_by"] for row in csv.DictReader(file, delimiter=";")}
    assert set(named) == alarms
    for alarm, test in named.items():
        path, _, name = test.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in functions, (alarm, test)
