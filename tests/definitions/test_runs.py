"""Runs of parts of the graph, in this process on a small delivery. Belongs here: partitions, severities, sensors. Not here: whole builds (tests/fault)."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tests.conftest import SAMPLE, SAMPLE_KEY

MONTHS = ("2019-03", "2019-04")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    from pipelines.resources import House

    for name in [name for name in os.environ if name.startswith(("FODFAESTE_", "OUTCOME_PSEUDONYM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", SAMPLE_KEY)
    raw = shutil.copytree(SAMPLE, tmp_path / "raw")
    yield {"house": House(raw=str(raw), warehouse=str(tmp_path / "warehouse"))}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def marks(instance: dg.DagsterInstance, kind: str) -> list[str | None]:
    """The partitions of the materialisations of a source, None for the run's own."""
    found = instance.fetch_materializations(dg.AssetKey(["lake", kind]), limit=1000).records
    return sorted((record.partition_key for record in found), key=str)


def test_a_run_without_partition_tags_takes_what_is_new_and_marks_each_month_that_changed(
    house: dict[str, object], instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """A monthly job that asks for a partition key fails; one that marks nothing leaves the months empty for ever."""
    from assets.eindkomst import eindkomst

    assert dg.materialize([eindkomst], instance=instance, resources=house).success
    first = marks(instance, "eindkomst")
    assert "None" in map(str, first) and len(first) > 30
    assert dg.materialize([eindkomst], instance=instance, resources=house).success
    assert len(marks(instance, "eindkomst")) == len(first) + 1
    changed = tmp_path / "raw" / "payroll" / "eindkomst_2019-04.csv"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert dg.materialize([eindkomst], instance=instance, resources=house).success
    assert marks(instance, "eindkomst").count("2019-04") == 2


def test_a_backfill_of_months_is_one_run_that_reads_them_again(
    house: dict[str, object], instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """A repaired reader must be able to read chosen months anew."""
    from assets.eindkomst import eindkomst

    assert dg.materialize([eindkomst], instance=instance, resources=house).success
    reports = {
        month: tmp_path / "warehouse" / "lake" / "eindkomst" / month / "report.json" for month in (*MONTHS, "2019-05")
    }
    before = {month: path.stat().st_mtime_ns for month, path in reports.items()}
    tags = {"dagster/asset_partition_range_start": MONTHS[0], "dagster/asset_partition_range_end": MONTHS[-1]}
    assert dg.materialize([eindkomst], instance=instance, resources=house, tags=tags).success
    again = {month for month, path in reports.items() if path.stat().st_mtime_ns != before[month]}
    assert again == set(MONTHS)
    assert {month: marks(instance, "eindkomst").count(month) for month in reports} == {
        "2019-03": 2,
        "2019-04": 2,
        "2019-05": 1,
    }
    latest = instance.fetch_materializations(
        dg.AssetRecordsFilter(dg.AssetKey(["lake", "eindkomst"]), asset_partitions=[MONTHS[0]]), limit=1
    ).records[0]
    assert latest.asset_materialization is not None
    assert 0 < int(str(latest.asset_materialization.metadata["dagster/row_count"].value)) < 5_000


def partitions(instance: dg.DagsterInstance) -> list[str]:
    from pipelines.partitions import MONTHS

    return list(MONTHS.get_partition_keys(dynamic_partitions_store=instance))


def test_a_month_that_arrives_or_leaves_becomes_or_is_no_partition_without_a_restart(
    house: dict[str, object], instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """A month that is only known after a restart is missed; one that left stays amber; one in the wrong order breaks a backfill's range."""
    from assets.eindkomst import eindkomst
    from assets.forloeb import forloeb
    from pipelines.resources import House

    def run(**tags: str) -> None:
        # Another run looks at the landing zone anew, as a process of its own does.
        fresh = {"house": House(raw=str(tmp_path / "raw"), warehouse=str(tmp_path / "warehouse"))}
        assert dg.materialize([forloeb, eindkomst], instance=instance, resources=fresh, tags=tags).success

    run()
    first = partitions(instance)
    assert first[0] == "2018-07" and set(MONTHS) < set(first)
    payroll = tmp_path / "raw" / "payroll"
    late = payroll / "eindkomst_2018-05.csv"
    late.write_text((payroll / "eindkomst_2018-07.csv").read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    for path in [*payroll.glob("*_2019-03*"), *(tmp_path / "raw" / "placement").glob("*_2019-03*")]:
        path.unlink()
    run(**{"dagster/partition": "2019-04"})
    assert set(partitions(instance)) == {*first, "2018-05"}
    run()
    assert partitions(instance) == ["2018-05", *(month for month in first if month != "2019-03")]
    assert "2018-05" in marks(instance, "eindkomst")
    [nothing] = instance.fetch_materializations(
        dg.AssetRecordsFilter(dg.AssetKey(["lake", "forloeb"]), asset_partitions=["2018-05"]), limit=5
    ).records
    assert nothing.asset_materialization is not None and nothing.asset_materialization.metadata["filer"].value == 0


def test_months_are_marked_again_where_dagsters_memory_was_lost(
    house: dict[str, object], instance: dg.DagsterInstance
) -> None:
    """The lake remembers what it holds; a new Dagster home does not, and would stay empty for ever."""
    from assets.eindkomst import eindkomst

    assert dg.materialize([eindkomst], instance=instance, resources=house).success
    with dg.DagsterInstance.ephemeral() as other:
        assert dg.materialize([eindkomst], instance=other, resources=house).success
        assert partitions(other) == partitions(instance)
        assert marks(other, "eindkomst") == marks(instance, "eindkomst")
    with dg.DagsterInstance.ephemeral() as by_hand:
        by_hand.add_dynamic_partitions("maaneder", [MONTHS[0]])
        tags = {"dagster/partition": MONTHS[0]}
        assert dg.materialize([eindkomst], instance=by_hand, resources=house, tags=tags).success
        assert sorted(partitions(by_hand)) == partitions(instance)
        assert marks(by_hand, "eindkomst") == partitions(instance)


def shares_above_the_limit(warehouse: Path) -> None:
    """A lake in which half the SE numbers were rejected."""
    report = next((warehouse / "lake" / "se_numre").glob("*/report.json"))
    words = json.loads(report.read_text(encoding="utf-8"))
    for file in words["files"]:
        file["rules"]["se_numre.se_invalid"] = [1000, 500]
    report.write_text(json.dumps(words), encoding="utf-8")


def evaluate(house: dict[str, object], instance: dg.DagsterInstance, strict: bool) -> dg.ExecuteInProcessResult:
    from assets.se_numre import se_numre_checks

    job = dg.Definitions(
        asset_checks=[se_numre_checks],
        resources=house,
        jobs=[dg.define_asset_job("check", dg.AssetSelection.all_asset_checks())],
    )
    assert strict in (True, False)
    return job.resolve_job_def("check").execute_in_process(instance=instance, raise_on_error=False)


@pytest.mark.parametrize(("strict", "severity"), [(False, "WARN"), (True, "ERROR")])
def test_a_share_above_its_limit_warns_and_blocks_in_the_strict_profile(
    house: dict[str, object],
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    strict: bool,
    severity: str,
) -> None:
    """By default one careless municipality must not stop the country; who wants it strict gets it."""
    from assets.se_numre import se_numre

    monkeypatch.setenv("FODFAESTE_STRICT", "1" if strict else "")
    assert dg.materialize([se_numre], instance=instance, resources=house).success
    shares_above_the_limit(tmp_path / "warehouse")
    result = evaluate(house, instance, strict)
    found = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert not found["conformance"].passed and found["conformance"].severity.value == severity
    assert "se_numre.se_invalid: 50.00%" in str(found["conformance"].metadata["over grænsen"].value)
    assert result.success is not strict


def test_rows_that_do_not_add_up_stop_the_build(
    house: dict[str, object], instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """A lost row is the one fault that no later check can see."""
    import duckdb

    from assets.deliveries import inputs, rows_add_up
    from pipelines.definitions import SOURCES

    sources = [getattr(module, module.__name__.rpartition(".")[2]) for module in SOURCES]
    assert dg.materialize(
        [*sources, inputs, rows_add_up], instance=instance, resources=house, raise_on_error=False
    ).success
    rows = next((tmp_path / "warehouse" / "lake" / "personer").glob("*/rows.parquet"))
    duckdb.execute(f"copy (select * from read_parquet('{rows}') limit 5) to '{rows}.new' (format parquet)")
    Path(f"{rows}.new").replace(rows)
    job = dg.Definitions(
        asset_checks=[rows_add_up],
        resources=house,
        jobs=[dg.define_asset_job("check", dg.AssetSelection.all_asset_checks())],
    )
    result = job.resolve_job_def("check").execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    [check] = result.get_asset_check_evaluations()
    assert not check.passed and "personer_" in str(check.metadata["filer der ikke går op"].value)


def test_an_unforeseen_error_is_told_without_its_text(
    house: dict[str, object], instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library's message quotes the value it stumbled over, and Dagster keeps messages."""
    from assets.personer import personer

    def stumble(*_: object, **__: object) -> None:
        raise ValueError("cannot convert '6107701234'")

    monkeypatch.setattr("pipelines.stages.read_kind", stumble)
    result = dg.materialize([personer], instance=instance, resources=house, raise_on_error=False)
    assert not result.success
    told = "\n".join(str(entry.to_json()) for entry in instance.all_logs(result.run_id))
    assert "ValueError at assets/source.py" in told and "pipelines/stages.py" in told and "6107701234" not in told


def test_the_landing_zone_sensor_waits_until_files_stand_still_and_asks_once(
    house: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is still being copied is an incomplete transfer; the same files must not start a run every minute."""
    from pipelines.sensors import landing_zone

    monkeypatch.setenv("FODFAESTE_RAW", str(tmp_path / "raw"))
    assert isinstance(landing_zone(dg.build_sensor_context()), dg.SkipReason)
    now = time.time()
    monkeypatch.setattr("pipelines.sensors.time.time", lambda: now + 3600)
    asked = landing_zone(dg.build_sensor_context())
    assert isinstance(asked, dg.SensorResult) and asked.run_requests is not None and len(asked.run_requests) == 1
    assert asked.run_requests[0].partition_key is None
    assert isinstance(landing_zone(dg.build_sensor_context(cursor=asked.cursor)), dg.SkipReason)
    shutil.rmtree(tmp_path / "raw" / "payroll")
    again = landing_zone(dg.build_sensor_context(cursor=asked.cursor))
    assert isinstance(again, dg.SensorResult) and again.cursor != asked.cursor


def test_the_failure_sensor_tells_job_run_and_steps_and_no_message(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent out of the house must not quote what went wrong."""
    from pipelines.sensors import failure_message

    heard = tmp_path / "heard.json"
    code = f"import sys; open({str(heard)!r}, 'w').write(sys.stdin.read())"
    monkeypatch.setenv("FODFAESTE_ON_FAILURE_COMMAND", f'{sys.executable} -c "{code}"')

    @dg.op
    def stumbles() -> None:
        raise ValueError("6107701234")

    @dg.job
    def night() -> None:
        stumbles()

    result = night.execute_in_process(instance=instance, raise_on_error=False)
    event = result.get_run_failure_event()
    context = dg.build_run_status_sensor_context("fejlbesked", event, instance, result.dagster_run).for_run_failure()
    failure_message(context)
    assert json.loads(heard.read_text()) == {"job": "night", "run_id": result.run_id, "steps": ["stumbles"]}
