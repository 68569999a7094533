"""The check `friskhed` in Dagster. Belongs here: severities, what is shown, the job of every morning. Not here: what is late (tests/unit/pipelines/test_freshness.py)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import dagster as dg
import pytest

from tests.conftest import SAMPLE, SAMPLE_KEY

LATE = "2022-02-11"  # the sample's last month is December 2021


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("FODFAESTE_", "OUTCOME_PSEUDONYM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", SAMPLE_KEY)


def evaluated(raw: Path, warehouse: Path, as_of: str = "") -> dict[str, dg.AssetCheckEvaluation]:
    """The job of every morning on these folders."""
    from assets.freshness import freshness_checks
    from pipelines.resources import Folders

    parts = dg.Definitions(
        asset_checks=[freshness_checks],
        resources={"folders": Folders(raw=str(raw), warehouse=str(warehouse), as_of=as_of)},
        jobs=[dg.define_asset_job("look", dg.AssetSelection.all_asset_checks())],
    )
    result = parts.resolve_job_def("look").execute_in_process()
    return {check.asset_key.path[-1]: check for check in result.get_asset_check_evaluations()}


def test_the_sample_is_in_time_at_its_own_day(tmp_path: Path) -> None:
    """An example that is amber from the first day teaches people to look away."""
    found = evaluated(SAMPLE, tmp_path)
    assert len(found) == 7 and all(check.passed for check in found.values())
    assert found["forloeb"].metadata["kommuner der aldrig har leveret"].value == 94
    assert found["personer"].metadata["alder i dage"].value == 0


def test_what_has_not_come_warns_in_danish_and_is_gone_when_it_comes(tmp_path: Path) -> None:
    """Nothing arrives, nothing runs, nothing is red: only the clock can tell."""
    raw = shutil.copytree(SAMPLE, tmp_path / "raw")
    (raw / "placement" / "forloeb_0101_2022-01.csv").write_text("", encoding="utf-8")
    found = evaluated(raw, tmp_path, LATE)
    late = {kind for kind, check in found.items() if not check.passed}
    assert late == {"forloeb", "eindkomst"}
    assert {found[kind].severity for kind in late} == {dg.AssetCheckSeverity.WARN}
    assert found["forloeb"].metadata["over fristen"].value == "3 kommuner mangler 2022-01"
    assert "0461 Odense" in str(found["forloeb"].metadata["kommuner der mangler"].value)
    assert found["eindkomst"].metadata["skal være leveret til og med"].value == "2022-01 (frist 2022-02-10)"
    for code in ("0461", "0751", "0851"):
        shutil.copy(raw / "placement" / "forloeb_0101_2022-01.csv", raw / "placement" / f"forloeb_{code}_2022-01.csv")
    shutil.copy(raw / "payroll" / "eindkomst_2021-07.csv", raw / "payroll" / "eindkomst_2022-01.csv")
    for month in (raw / "payroll").glob("eindkomst_2021-12*"):
        month.unlink()
    shutil.copy(raw / "payroll" / "eindkomst_2021-07.csv", raw / "payroll" / "eindkomst_2021-12.csv")
    assert [kind for kind, check in evaluated(raw, tmp_path, LATE).items() if not check.passed] == []


def test_every_morning_looks_while_a_build_runs_and_makes_nothing(
    definitions: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alarm that waits for a lock, or that has to be switched on first, is no alarm."""
    [morning] = [schedule for schedule in definitions.schedules or [] if schedule.name == "hver_morgen"]
    assert isinstance(morning, dg.ScheduleDefinition)
    assert morning.job_name == "frister" and morning.default_status == dg.DefaultScheduleStatus.RUNNING
    job = definitions.resolve_job_def("frister")
    assert job.asset_layer.executable_asset_keys == set()
    monkeypatch.setenv("FODFAESTE_RAW", str(SAMPLE))
    monkeypatch.setenv("FODFAESTE_WAREHOUSE", str(tmp_path))
    monkeypatch.setattr("pipelines.resources.one_build", None)  # who takes the lock stumbles
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance)
    assert len(result.get_asset_check_evaluations()) == 7
    assert list(tmp_path.iterdir()) == []
