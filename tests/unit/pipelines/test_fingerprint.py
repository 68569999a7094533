"""When nothing is new. Belongs here: what changes the fingerprint and what does not. Not here: whole builds (tests/fault)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from assets.ingest.code_version import code_fingerprint
from pipelines.fingerprint import fingerprint_now
from pipelines.settings import Settings, read_settings
from tests.conftest import SAMPLE, SAMPLE_KEY


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith(("FODFAESTE_", "OUTCOME_PSEUDONYM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", SAMPLE_KEY)
    return read_settings(shutil.copytree(SAMPLE, tmp_path / "raw"), tmp_path / "warehouse")


def test_looking_again_changes_nothing_nor_does_a_copy_of_the_same_bytes(settings: Settings) -> None:
    """A landing zone that is synchronised every night gets new times and the same content."""
    before = fingerprint_now(settings)
    path = settings.raw / "payroll" / "eindkomst_2019-04.csv"
    path.write_bytes(path.read_bytes())
    assert fingerprint_now(settings) == before


def test_one_changed_byte_a_new_name_and_a_file_taken_away_each_count(settings: Settings) -> None:
    """The warehouse is a function of the files: none of their changes may go unseen."""
    path = settings.raw / "payroll" / "eindkomst_2019-04.csv"
    seen = {fingerprint_now(settings)}
    content = path.read_bytes()
    path.write_bytes(content.replace(b"2019", b"2018", 1))
    seen.add(fingerprint_now(settings))
    path.rename(path.with_name("eindkomst_2019-04_001.csv"))
    seen.add(fingerprint_now(settings))
    path.with_name("eindkomst_2019-04_001.csv").unlink()
    seen.add(fingerprint_now(settings))
    assert len(seen) == 4


def test_cut_off_key_and_profile_count_and_the_default_cut_off_is_the_same_as_the_given(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same files, other question: another answer."""
    from assets.ingest.landing import scan

    default = scan(settings.raw).as_of
    before = fingerprint_now(settings)
    assert fingerprint_now(read_settings(settings.raw, settings.warehouse, default)) == before
    assert fingerprint_now(read_settings(settings.raw, settings.warehouse, "2020-01-31")) != before
    assert fingerprint_now(read_settings(settings.raw, settings.warehouse, strict=True)) != before
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", "ab" * 32)
    assert fingerprint_now(settings) != before


def test_a_changed_model_rule_or_code_list_counts(tmp_path: Path) -> None:
    """A corrected rule must not be answered with yesterday's numbers."""
    for name in (
        "pipelines/a.py",
        "transforms/models/b.sql",
        "transforms/seeds/c.csv",
        "expectations/d.csv",
        "requirements.lock",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    seen = {code_fingerprint(tmp_path)}
    for name in (
        "pipelines/a.py",
        "transforms/models/b.sql",
        "transforms/seeds/c.csv",
        "expectations/d.csv",
        "requirements.lock",
    ):
        (tmp_path / name).write_text("2")
        seen.add(code_fingerprint(tmp_path))
    assert len(seen) == 6
    (tmp_path / "transforms" / "target").mkdir()
    (tmp_path / "transforms" / "target" / "manifest.yml").write_text("made")
    assert code_fingerprint(tmp_path) in seen
