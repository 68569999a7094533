"""What the scenarios of the runbook share. Belongs here: a small landing zone, a key of one's own, the doctor's words. Not here: tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.doctor import examine
from pipelines.settings import Settings
from tests.unit.ingest.landed import KEY
from tests.unit.ingest.tiny_landing import AS_OF, placement_text, put, tiny_landing


@pytest.fixture(autouse=True)
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine, and the key of the small landing zone."""
    for name in [name for name in os.environ if name.startswith(("FODFAESTE_", "OUTCOME_PSEUDONYM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", KEY.value.hex())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A landing zone of 2019 with one good file of each kind, judged at its end."""
    raw = tiny_landing(tmp_path / "raw")
    for month in range(4, 12):
        put(raw, f"placement/forloeb_0101_2019-{month:02d}.csv", placement_text())
    return Settings(raw=raw, warehouse=tmp_path / "warehouse", as_of=AS_OF)


@pytest.fixture
def doctor(settings: Settings) -> Callable[[], str]:
    """What the doctor says now, a problem a line."""
    return lambda: "\n".join(str(problem) for problem in examine(settings))
