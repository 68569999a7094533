"""Two builds at once, and a build that is killed: readers are undisturbed, the next build needs no hand.

Belongs here: processes that meet or die. Not here: bad files (test_bad_input.py).
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, SampleBuild, command, environment, fodfaeste

COUNT = "select count(*) from core.fct_person_months"


@pytest.fixture
def warehouse(sample_build: SampleBuild, tmp_path: Path) -> Path:
    """A copy of the built warehouse, so that what happens to it here is not seen elsewhere."""
    return Path(shutil.copytree(sample_build.warehouse, tmp_path / "warehouse", symlinks=True))


def start_until(warehouse: Path, raw: Path, word: str) -> subprocess.Popen[str]:
    """Starts a build and returns when it has said `word`."""
    process = subprocess.Popen(
        command("build", "--force", "--raw", raw, "--warehouse", warehouse),
        cwd=ROOT,
        env=environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            return process
    raise AssertionError(f"the build ended before it said {word!r}:\n{said[-3000:]}")


def test_a_killed_build_disturbs_no_reader_and_the_next_succeeds_without_a_hand(
    sample_build: SampleBuild, warehouse: Path
) -> None:
    """Power goes, memory runs out, somebody restarts the machine: nobody should have to clean up; meanwhile a second build is told to wait."""
    reader = duckdb.connect(str(warehouse / "outcome.duckdb"), read_only=True)
    before = reader.execute(COUNT).fetchone()
    process = start_until(warehouse, sample_build.raw, "tabeller")
    try:
        second = fodfaeste("build", "--force", "--raw", sample_build.raw, "--warehouse", warehouse)
        assert second.returncode == 1
        assert f"process {process.pid}" in second.stderr and "since 20" in second.stderr and "Wait" in second.stderr
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (warehouse / "build").exists()
    assert reader.execute(COUNT).fetchone() == before
    with duckdb.connect(str(warehouse / "outcome.duckdb"), read_only=True) as fresh:
        assert fresh.execute(COUNT).fetchone() == before
    for leftover in (".outcome-20200101T000000Z.duckdb.part", ".outcome-20200101T000000Z.duckdb.part.wal"):
        (warehouse / "published" / leftover).write_bytes(b"half")
    (warehouse / ".quarantine.1").mkdir()
    done = fodfaeste("build", "--raw", sample_build.raw, "--warehouse", warehouse, "--force")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert reader.execute(COUNT).fetchone() == before
    reader.close()
    with duckdb.connect(str(warehouse / "outcome.duckdb"), read_only=True) as fresh:
        assert fresh.execute(COUNT).fetchone() == before
    assert len(list((warehouse / "published").iterdir())) == 2
    assert not list(warehouse.glob(".*"))
