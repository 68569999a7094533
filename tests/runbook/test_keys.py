"""The project key. Belongs here: every way in which it is wrong, told without its value, and gone after the remedy. Not here: the pseudonym (tests/unit/ingest)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.ingest.dry_run import dry_run
from assets.ingest.run import ingest
from pipelines.settings import Settings
from tests.conftest import SAMPLE_KEY
from tests.runbook.book import quoted, sections
from tests.unit.ingest.landed import KEY
from tests.unit.ingest.tiny_landing import persons_text, put

DIRECT, FILE = "OUTCOME_PSEUDONYM_KEY", "OUTCOME_PSEUDONYM_KEY_FILE"


def test_every_trouble_of_the_key_is_told_and_gone_after_the_remedy(
    settings: Settings, doctor: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A build with a wrong key makes pseudonyms that match nobody, and looks like any other."""
    told = []
    monkeypatch.delenv(DIRECT)
    told += quoted(doctor(), "project_key")
    for name, value in ((FILE, str(tmp_path / "gone")), (DIRECT, "zz"), (DIRECT, "0011"), (DIRECT, SAMPLE_KEY)):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            told += quoted(doctor(), "project_key")
            assert value not in doctor() or name == FILE
    with monkeypatch.context() as patched:
        patched.setenv(DIRECT, KEY.value.hex())
        patched.setenv(FILE, "somewhere")
        told += quoted(doctor(), "project_key")
    # The commands of the runbook, with a folder of this test.
    [section] = [section for section in sections() if "project_key" in section.alarms]
    made = tmp_path / "key.hex"
    for line in section.commands[:2]:
        words = line.replace("/secure/key.hex", str(made)).replace("python -c", f"{sys.executable} -c")
        subprocess.run(words, shell=True, check=True)
        if line.startswith("python"):
            made.chmod(0o644)
            monkeypatch.setenv(FILE, str(made))
            told += quoted(doctor(), "project_key")
    assert doctor() == "" and section.commands[2] == f"export {FILE}=/secure/key.hex"
    monkeypatch.delenv(FILE)
    monkeypatch.setenv(DIRECT, KEY.value.hex())
    ingest(settings.raw, settings.warehouse, settings.as_of)
    with monkeypatch.context() as patched:
        patched.setenv(DIRECT, "ab" * 32)
        told += quoted(doctor(), "project_key")
    assert doctor() == ""
    assert {line for line in section.seen if "[project_key]" in line} == set(told)


def test_a_real_number_with_the_samples_key_stops_until_the_key_is_ones_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample's key is public: whoever has the warehouse could find the person."""
    put(settings.raw, "registry/personer_2019-12-01.csv", persons_text("0101701234", "6101801234", "6202901235"))

    def stops() -> str:
        return "\n".join(map(str, dry_run(settings.raw, settings.warehouse, settings.as_of).decision.stops))

    with monkeypatch.context() as patched:
        patched.setenv(DIRECT, SAMPLE_KEY)
        assert quoted(stops(), "build.real_number_with_sample_key") and "0101701234" not in stops()
    assert stops() == ""
