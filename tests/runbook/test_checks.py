"""Checks of sources and tables. Belongs here: the line that a build prints, quoted by the runbook, and its end after the remedy. Not here: what each check looks at."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from assets.ingest.run import ingest
from pipelines.dbt_runner import DbtRun, NodeResult
from pipelines.runner import RunReport, _Listener
from pipelines.settings import Settings
from tests.runbook.book import quoted

RULES = {
    "conformance": "payroll.kind_unknown",
    "completeness": "payroll.report_id_missing",
    "plausibility": "payroll.period_reversed",
}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def run(parts: Any, settings: Settings, instance: dg.DagsterInstance) -> tuple[bool, str]:
    """Runs checks or an asset as a build does; whether it ended well, and the lines it printed with the reasons of failed steps."""
    from pipelines.resources import House

    house = House(raw=str(settings.raw), warehouse=str(settings.warehouse), as_of=str(settings.as_of))
    is_check = isinstance(parts, dg.AssetChecksDefinition)
    job = dg.Definitions(
        assets=[] if is_check else [parts],
        asset_checks=[parts] if is_check else [],
        resources={"house": house},
        jobs=[
            dg.define_asset_job("look", dg.AssetSelection.all_asset_checks() if is_check else dg.AssetSelection.all())
        ],
    ).resolve_job_def("look")
    report = RunReport(str(uuid.uuid4()), "look")
    said: list[str] = []
    instance.add_event_listener(report.run_id, _Listener(report, said.append).hear)
    result = job.execute_in_process(instance=instance, run_id=report.run_id, raise_on_error=False)
    return result.success, "\n".join([*said, *report.failed_steps.values()])


def test_a_share_above_its_limit_is_told_and_gone_when_the_rows_are_good(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """The supplier's data has changed: it warns, and an accepted row that breaks its contract, which is ours, stops the build."""
    from assets.eindkomst import eindkomst_checks

    ingest(settings.raw, settings.warehouse, settings.as_of)
    folder = settings.lake / "eindkomst" / "2019-05"
    whole = shutil.copytree(folder, settings.warehouse / "kept")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    for rule in RULES.values():
        report["files"][0]["rules"][rule] = [1000, 500]
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    is_good, said = run(eindkomst_checks, settings, instance)
    assert is_good, said
    for category in RULES:
        assert f"<source> {category}: over grænsen: <rule>: <share>" in lines(said, category), said
    rows = folder / "rows.parquet"
    duckdb.execute(
        f"copy (select * replace ('X' as line_kind) from read_parquet('{rows}')) to '{rows}.new' (format parquet)"
    )
    Path(f"{rows}.new").replace(rows)
    shutil.rmtree(settings.warehouse / "checks")
    is_good, said = run(eindkomst_checks, settings, instance)
    assert not is_good and "<source> conformance: brudt af godkendte rækker: <rule>: <n>" in lines(said, "conformance")
    # The remedy: what was found is remembered by content, so the memory goes with the lake.
    shutil.rmtree(settings.lake)
    shutil.rmtree(settings.warehouse / "checks")
    ingest(settings.raw, settings.warehouse, settings.as_of)
    is_good, said = run(eindkomst_checks, settings, instance)
    assert is_good and not any(lines(said, category) for category in RULES), said
    assert (whole / "rows.parquet").exists()


def lines(said: str, category: str) -> list[str]:
    """The quoted lines, of any category, that stand in what was said of this one."""
    of_category = "\n".join(line for line in said.splitlines() if f" {category}: " in line)
    return [
        line.replace("conformance", category)
        for line in quoted(of_category.replace(f" {category}: ", " conformance: "), "conformance")
    ]


def test_a_limit_that_only_a_build_can_know_is_told(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Persons whom the register lacks are known when the whole is built."""
    from assets import contracts as checks

    monkeypatch.setattr(checks, "contracts", lambda _: {"quality.fct_rule_results": {}})
    settings.build_folder.mkdir(parents=True)
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.fct_rule_results as select 'placement.cpr_changed' as rule, 1000 as rows_looked_at, 500 as rows_failed"
        )
    _, said = run(checks.mart_checks({}), settings, instance)
    assert quoted(said, "graenser"), said
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute("update quality.fct_rule_results set rows_failed = 0")
    _, said = run(checks.mart_checks({}), settings, instance)
    assert not quoted(said, "graenser")


MART, TEST = "model.fodfaeste.fct_scope_monthly", "test.fodfaeste.unique_fct_scope_monthly_key.1"
MANIFEST = {"nodes": {MART: {"resource_type": "model"}, TEST: {"resource_type": "test", "attached_node": MART}}}


def models(failed: list[NodeResult], monkeypatch: pytest.MonkeyPatch) -> dg.AssetsDefinition:
    """The step of dbt over one table with one test, with results as they are given instead of a run."""
    from assets import dbt_models

    key = dg.AssetKey(["scope", "fct_scope_monthly"])
    monkeypatch.setattr(dbt_models, "Translator", lambda _: SimpleNamespace(get_asset_key=lambda _: key))
    monkeypatch.setattr(dbt_models, "build_dbt_asset_specs", lambda **_: [dg.AssetSpec(key)])
    monkeypatch.setattr(dbt_models, "contracts", lambda _: {"scope.fct_scope_monthly": {}})
    monkeypatch.setattr(dbt_models, "is_of_effect", lambda _: False)
    monkeypatch.setattr(dbt_models, "column_lineage", lambda *_: {})
    lost = {result.unique_id for result in failed}
    made = [NodeResult(MART, "success", 0.1, "", None)] if MART not in lost else []
    return dbt_models._step("dbt", MANIFEST, lambda *_, **__: DbtRun(not failed, (*made, *failed)), of_effect=False)


def test_a_model_that_fails_is_named_and_one_that_runs_is_not(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`dbt failed` sends the engineer through a hundred models."""
    broken = NodeResult(MART, "error", 0.1, "Binder Error: no such column", None)
    is_good, said = run(models([broken], monkeypatch), settings, instance)
    assert not is_good and "dbt: <model>: error: <message>" in quoted(said, "dbt"), said
    with monkeypatch.context() as patched:
        patched.setattr(DbtRun, "problems", lambda _: [])
        _, said = run(models([broken], patched), settings, instance)
        assert any("stopped without a reason" in line for line in quoted(said, "dbt")), said
    is_good, said = run(models([], monkeypatch), settings, instance)
    assert is_good and not quoted(said, "dbt")


def test_a_data_test_that_fails_is_named_and_blocks(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is not unique counts somebody twice."""
    broken = NodeResult(TEST, "fail", 0.1, "Got 3 results", 3)
    is_good, said = run(models([broken], monkeypatch), settings, instance)
    assert not is_good and quoted(said, "datatest") and TEST.split(".")[2] in said, said
    is_good, said = run(models([], monkeypatch), settings, instance)
    assert is_good and not quoted(said, "datatest")
