"""One build at a time. Belongs here: the lock alone. Not here: whole builds (tests/fault)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.lock import BuildRunningError, one_build
from pipelines.settings import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.lock import one_build
with one_build(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(warehouse: Path) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(warehouse)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_build_says_which_process_and_since_when(tmp_path: Path) -> None:
    """Two builds at once would write one file; who waits must know for whom."""
    process = hold(tmp_path)
    try:
        with (
            pytest.raises(BuildRunningError, match=rf"process {process.pid} .*since \d{{4}}-\d\d-\d\dT"),
            one_build(tmp_path),
        ):
            pass
    finally:
        process.kill()
        process.wait()


def test_a_killed_build_leaves_no_lock(tmp_path: Path) -> None:
    """After kill -9 nobody should have to remove a file by hand."""
    process = hold(tmp_path)
    process.kill()
    process.wait()
    with one_build(tmp_path):
        assert (tmp_path / "build.lock").exists()


def test_the_same_process_may_enter_again(tmp_path: Path) -> None:
    """The command line holds the lock when Dagster's run asks for it."""
    with one_build(tmp_path), one_build(tmp_path):
        pass
    with one_build(tmp_path):
        pass


def test_a_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A worker that outlives a killed build must not lock the warehouse for ever."""
    script = HOLDER.replace(
        'print("held", flush=True)',
        'import subprocess; subprocess.Popen(["sleep", "60"], close_fds=False); print("held", flush=True)',
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        process.kill()
        process.wait()
        with one_build(tmp_path):
            pass
    finally:
        os.killpg(process.pid, 9)
