"""Every alarm that the code can raise, read from the code.

Belongs here: finding them. Not here: which of them the runbook has (test_the_runbook_is_whole.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from expectations.catalogue import read_catalogue
from tests.conftest import ROOT

ROOMS = ("pipelines", "assets/ingest", "assets/publishing", "expectations")
# Where a call says the rule: the place of the argument, or its name.
RULE_AT = {"Problem": (2, "rule"), "problem_of": (0, "rule"), "Finding": (1, "rule"), "_leak": (4, "rule")}
# A text that ends `[rule] Remedy: ...` without a Problem.
MARKED = {"unforeseen": "pipelines/errors.py"}
# What is caught where a command or a step ends, and told by its own text.
REFUSALS = {
    "ReleaseError": "pipelines/release.py",
    "DisclosureError": "pipelines/release.py",
    "TierError": "pipelines/release.py",
    "ReadBackError": "pipelines/release.py",
    "BuildRunningError": "pipelines/build.py",
    "SettingsError": "pipelines/cli.py",
    "ProtocolError": "pipelines/dbt_runner.py",
}
COMMANDS = {"EffectCommand": "pipelines/effect_command.py"}
DAGSTERS_OWN = {"daemon"}


def rules_in_code() -> set[str]:
    """The rule of every problem and finding that is written as a text in the code, and every rule of the catalogue about more than a row."""
    found = {rule.rule for rule in read_catalogue() if rule.level in ("file", "stop", "check")}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            found |= set(_rules(path))
    return found | set(MARKED)


def _rules(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    places = dict(RULE_AT)
    if path.name == "doctor.py":
        places["_problem"] = (0, "rule")
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in places:
            place, name = places[call.func.id]
            given = [keyword.value for keyword in call.keywords if keyword.arg == name] or call.args[place : place + 1]
            for value in given:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value
                elif isinstance(value, ast.Name) and value.id in texts:
                    yield texts[value.id]


def texts_in_code() -> list[str]:
    """Every text that stands in the code: constants, and the fixed parts of f-strings; the catalogue's remedies too."""
    found = [rule.remedy for rule in read_catalogue()] + [rule.rule for rule in read_catalogue()]
    for room in ("pipelines", "assets", "expectations", "transforms"):
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
    return found
