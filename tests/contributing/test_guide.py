"""CONTRIBUTING.md names what exists. Belongs here: files, folders, targets. Not here: its examples (test_worked_examples.py), its commands."""

import re

from tests.support.build import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TOPS = ("tests", "transforms", "expectations", "assets", "pipelines", "raw", "docs", "warehouse")


def test_every_file_that_the_guide_names_exists() -> None:
    """A path that was moved sends a newcomer looking for a room that is gone."""
    quoted = [word for word in re.findall(r"`([\w./-]+)`", TEXT) if word.split("/")[0] in TOPS and "/" in word]
    linked = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    named = [word for word in {*quoted, *linked} if "..." not in word]
    assert len(named) > 40
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_table_column_and_target_that_the_guide_names_exists() -> None:
    """A name that nothing has is searched for in vain."""
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([\w-]+)`", TEXT)) <= set(targets)
    models = {path.stem for path in (ROOT / "transforms" / "models").rglob("*.sql")}
    assert set(re.findall(r"`(?:\w+\.)?((?:fct|dim|int|stg)_\w+[a-z])`", TEXT)) <= models
    modules = re.findall(r"`python -m ([\w.]+)", TEXT)
    assert modules and all((ROOT / (module.replace(".", "/") + ".py")).exists() for module in modules)


def test_every_rule_that_the_guide_names_is_in_the_catalogue() -> None:
    """The word that a newcomer greps for in the log."""
    catalogue = (ROOT / "expectations" / "catalogue.csv").read_text(encoding="utf-8")
    rules = re.findall(r"\b((?:file|dream|placement|payroll)\.[a-z]+(?:_[a-z]+)+)\b", TEXT)
    assert rules and [rule for rule in rules if f"\n{rule};" not in catalogue] == []
