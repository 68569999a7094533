"""The graph after a build. Belongs here: what a stakeholder sees at once, green or not. Not here: what a check finds (the sample has planted defects)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tests.conftest import SampleBuild

OF_A_MONTH = re.compile(r"(?:forloeb_\d{4}|eindkomst)_(\d{4}-(?:0[1-9]|1[0-2]))(?:_(?!000)\d{3})?\.csv(?:\.gz)?")
MAIN_JOB = "hele_vejen"
BY_DECISION = "release"  # the keys of frozen releases: a person makes one, no build does


@pytest.fixture(scope="module")
def after_a_build(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """A copy of what the build left in its Dagster home: looking must not change it for other tests."""
    home = shutil.copytree(sample_build.warehouse / "dagster", tmp_path_factory.mktemp("home") / "dagster")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def made_by_a_build(definitions: dg.Definitions) -> list[dg.AssetKey]:
    """Every asset but those of a frozen release."""
    return [spec.key for spec in definitions.resolve_all_asset_specs() if spec.key.path[0] != BY_DECISION]


def test_every_asset_but_those_of_a_frozen_release_belongs_to_the_main_job(definitions: dg.Definitions) -> None:
    """An asset that no run makes stays grey for ever."""
    made = set(definitions.resolve_job_def(MAIN_JOB).asset_layer.executable_asset_keys)
    assert set(made_by_a_build(definitions)) == made


def test_every_asset_is_materialised_after_a_build(
    definitions: dg.Definitions, after_a_build: dg.DagsterInstance
) -> None:
    """A grey or amber box in the filled graph is the first thing anybody would ask about."""
    assets = made_by_a_build(definitions)
    assert len(assets) > 100
    grey = [key.to_user_string() for key in assets if after_a_build.get_latest_materialization_event(key) is None]
    assert grey == []


def test_every_partition_is_a_delivered_month_and_materialised_after_a_build(
    definitions: dg.Definitions, after_a_build: dg.DagsterInstance, sample_build: SampleBuild
) -> None:
    """A month that nobody delivered can never turn green; an amber source beside green ones looks broken."""
    folders = [sample_build.raw / folder for folder in ("placement", "payroll")]
    names = [OF_A_MONTH.fullmatch(path.name) for folder in folders for path in Path(folder).iterdir()]
    delivered = sorted({name[1] for name in names if name})
    partitioned = {
        spec.key: spec.partitions_def
        for spec in definitions.resolve_all_asset_specs()
        if spec.partitions_def is not None and spec.key.path[0] != BY_DECISION
    }
    assert len(partitioned) == 2
    for key, partitions in partitioned.items():
        assert partitions.get_partition_keys(dynamic_partitions_store=after_a_build) == delivered
        assert set(delivered) <= after_a_build.get_materialized_partitions(key)


def test_every_check_has_been_made_after_a_build(
    definitions: dg.Definitions, after_a_build: dg.DagsterInstance
) -> None:
    """A check that is never made shows as unknown and protects nothing."""
    checks = sorted(definitions.resolve_asset_graph().asset_check_keys, key=str)
    made = after_a_build.event_log_storage.get_latest_asset_check_execution_by_key(checks)
    assert len(checks) > 60
    unmade = [
        check.to_user_string()
        for check in checks
        if check not in made or made[check].status.value not in ("SUCCEEDED", "FAILED")
    ]
    assert unmade == []
