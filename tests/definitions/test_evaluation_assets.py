"""The evaluation in every build: the preview and the official figures. Belongs here: what the assets do of themselves. Not here: tables, pages, frozen releases (tests/release)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import dagster as dg
import pytest

from assets.evaluation import OFFICIAL, PAGES, PREVIEW, official_check, preview
from pipelines.resources import House
from tests.conftest import SampleBuild
from transforms.disclosure.system import DisclosureError

MARK = re.compile(r"Intern forhåndsvisning\.|Internal preview\.")
OLD = "pages of the month before"


@pytest.fixture
def house(sample_build: SampleBuild, tmp_path: Path) -> House:
    """A warehouse with the published sample, pages of the month before, an empty landing zone."""
    warehouse = tmp_path / "warehouse"
    (warehouse / "report" / "pages").mkdir(parents=True)
    (warehouse / "report" / "pages" / "index.html").write_text(OLD, encoding="utf-8")
    (warehouse / "outcome.duckdb").symlink_to((sample_build.warehouse / "outcome.duckdb").resolve())
    return House(raw=str(tmp_path / "raw"), warehouse=str(warehouse))


def failed(house: House, instance: dg.DagsterInstance) -> str:
    """The reason of a preview that fails; it must have made nothing."""
    result = dg.materialize([preview], instance=instance, resources={"house": house}, raise_on_error=False)
    assert not result.success and result.get_asset_materialization_events() == []
    warehouse = Path(house.warehouse)
    assert (warehouse / "report" / "pages" / "index.html").read_text(encoding="utf-8") == OLD
    assert sorted(path.name for path in warehouse.iterdir()) == ["build.lock", "outcome.duckdb", "report"]
    [failure] = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert failure.user_failure_data is not None
    return str(failure.user_failure_data.description)


def test_tables_that_cannot_be_protected_fail_the_preview_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warehouse that is gone, or pages half new, because one table cannot be protected."""

    def refuse(*_: object) -> None:
        raise DisclosureError("what is published determines a suppressed count")

    monkeypatch.setattr("assets.release.freeze.public_tables", refuse)
    with dg.DagsterInstance.ephemeral() as instance:
        told = failed(house, instance)
    assert "what is published determines a suppressed count" in told and "the published warehouse stands" in told


def test_what_nobody_foresaw_is_told_without_its_text(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library's message quotes the value it stumbled over, and Dagster keeps messages."""

    def stumble(*_: object) -> None:
        raise ValueError("6107701234")

    monkeypatch.setattr("assets.release.freeze.public_tables", stumble)
    with dg.DagsterInstance.ephemeral() as instance:
        told = failed(house, instance)
        events = "\n".join(
            str(entry.to_json()) for run in instance.get_runs() for entry in instance.all_logs(run.run_id)
        )
    assert "ValueError at assets/" in told and "6107701234" not in told + events


def test_a_build_leaves_pages_that_say_that_they_are_for_the_house(sample_build: SampleBuild) -> None:
    """Pages of every month that are given away show by difference what each of them hides."""
    report = sample_build.warehouse / "report"
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    published = (sample_build.warehouse / "outcome.duckdb").resolve().name
    assert manifest["is_preview"] and manifest["published"] == published
    pages = list((report / "pages").rglob("*.html"))
    assert len(pages) > 190
    assert [page.name for page in pages if not MARK.search(page.read_text(encoding="utf-8"))] == []
    assert (report / "public" / "codebook.html").is_file() and not (report / "public" / "dcat.jsonld").exists()
    assert not (report / "restricted").exists()


def test_the_assets_show_a_picture_that_is_safe(sample_build: SampleBuild) -> None:
    """What stands in the graph is seen by everybody: it comes from the protected tables."""
    with dg.DagsterInstance.from_config(str(sample_build.warehouse / "dagster")) as instance:
        for key, name in ((PREVIEW, "personer i forløb pr. år"), (PAGES, "varig tilknytning pr. måned")):
            event = instance.get_latest_materialization_event(key)
            assert event is not None and event.asset_materialization is not None
            assert event.asset_materialization.metadata[name].value is not None


@pytest.mark.parametrize(
    ("content", "passed", "said"),
    [(None, True, "ingen fil lagt ved"), ("Period;Area\n", False, "kan ikke sammenlignes")],
)
def test_official_figures_warn_when_they_are_supplied_and_pass_when_not(
    content: str | None, passed: bool, said: str, house: House
) -> None:
    """A check that fails for want of a file teaches everybody to look away."""
    if content is not None:
        folder = Path(house.raw) / "official"
        folder.mkdir(parents=True)
        (folder / "otij01.csv").write_text(content, encoding="utf-8")
    job = dg.Definitions(
        asset_checks=[official_check],
        resources={"house": house},
        jobs=[dg.define_asset_job("check", dg.AssetSelection.all_asset_checks())],
    )
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.resolve_job_def("check").execute_in_process(instance=instance)
    [check] = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed, check.severity) == (OFFICIAL, passed, dg.AssetCheckSeverity.WARN)
    assert said in " ".join(str(value.value) for value in check.metadata.values())
