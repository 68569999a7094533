"""The build that several rooms of tests look at. Belongs here: fixtures that are dear and shared. Not here: tests."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "raw" / "sample"
SAMPLE_KEY = hashlib.sha256(b"fodfaeste-sample").hexdigest()


def command(*words: str | Path) -> list[str]:
    """`fodfaeste` with these words, in this interpreter."""
    return [sys.executable, "-m", "pipelines.cli", *map(str, words)]


def environment(key: str | None = SAMPLE_KEY) -> dict[str, str]:
    """The environment without anything of ours but the key."""
    ours = ("FODFAESTE_", "OUTCOME_PSEUDONYM_", "DAGSTER_HOME")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return bare | ({"OUTCOME_PSEUDONYM_KEY": key} if key else {})


def fodfaeste(*words: str | Path, key: str | None = SAMPLE_KEY, seconds: int = 900) -> subprocess.CompletedProcess[str]:
    """Runs the command line to its end."""
    return subprocess.run(
        command(*words), cwd=ROOT, env=environment(key), capture_output=True, text=True, timeout=seconds, check=False
    )


@dataclass(frozen=True)
class SampleBuild:
    """The tracked sample, built whole through Dagster by the command line."""

    raw: Path
    warehouse: Path
    said: str


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> SampleBuild:
    warehouse = tmp_path_factory.mktemp("sample") / "warehouse"
    done = fodfaeste("build", "--raw", SAMPLE, "--warehouse", warehouse)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return SampleBuild(SAMPLE, warehouse, done.stdout + done.stderr)
