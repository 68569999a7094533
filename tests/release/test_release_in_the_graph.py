"""Frozen releases in the graph: one partition each, made by the command or by a run."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.evaluation_release import PARTS, RELEASES, record, release
from assets.release.freeze import Frozen
from pipelines.resources import House
from tests.conftest import SAMPLE_KEY
from tests.release.sample import NAME, Released


def made(released: Released) -> Frozen:
    """The release as `freeze` gives it."""
    manifest = released.manifest
    return Frozen(released.folder, manifest["rows"], manifest["information_loss"], 200, manifest["unfilled"])


def test_a_release_of_the_command_is_a_partition_with_all_its_parts(released: Released) -> None:
    """A release that the graph does not know of is made a second time under another name."""
    with dg.DagsterInstance.ephemeral() as instance:
        record(instance, made(released))
        assert instance.get_dynamic_partitions(str(RELEASES.name)) == [NAME]
        for part in PARTS:
            key = dg.AssetKey(["release", part])
            assert instance.get_materialized_partitions(key) == {NAME}


def test_a_run_for_a_release_that_exists_fails_with_the_reason(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click on a partition that is there must not change what was given away."""
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", SAMPLE_KEY)
    sums = (released.folder / "SHA256SUMS").read_bytes()
    house = House(raw=str(tmp_path), warehouse=str(released.warehouse))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(RELEASES.name), [NAME])
        result = dg.materialize(
            [release], instance=instance, resources={"house": house}, partition_key=NAME, raise_on_error=False
        )
    [failure] = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert failure.user_failure_data is not None and "a release is frozen" in str(failure.user_failure_data.description)
    assert (released.folder / "SHA256SUMS").read_bytes() == sums
