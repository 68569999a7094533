"""Two builds into one warehouse: the second is told, and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.lock import one_build
from tests.conftest import SAMPLE, fodfaeste


def test_a_second_build_at_the_same_time_is_told_which_process_builds(tmp_path: Path) -> None:
    """Prevents two writers in one build file, and a message that leaves nobody the wiser."""
    with one_build(tmp_path):
        second = fodfaeste("build", "--raw", SAMPLE, "--warehouse", tmp_path)
    assert second.returncode == 1
    assert str(os.getpid()) in second.stderr
    assert not (tmp_path / "outcome.duckdb").exists()
