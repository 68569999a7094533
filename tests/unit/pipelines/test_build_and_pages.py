"""What a build says and does about the pages. Belongs here: the command's decisions. Not here: making pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import build as building
from pipelines import runner
from pipelines.settings import Settings

FILE = "published/outcome-1.duckdb"


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that are run; each fails. The landing zone and the key are as they should be, the published file is FILE."""
    ran: list[str] = []

    def run(settings: Settings, job: str, **_: object) -> runner.RunReport:
        ran.append(job)
        return runner.RunReport("run-1", job, failed_steps={"sider": "no safe pattern"})

    monkeypatch.setattr(runner, "run_job", run)
    monkeypatch.setattr(building, "read_key", lambda: None)
    monkeypatch.setattr(building, "scan", lambda *_: None)
    monkeypatch.setattr(building, "require_files", lambda *_: None)
    monkeypatch.setattr(building, "read_latest", lambda *_: {"file": FILE, "as_of": "2021-12-31"})
    return ran


def pages_of(warehouse: Path, published: str) -> None:
    """Pages of a published file."""
    (warehouse / "report").mkdir()
    (warehouse / "report" / "manifest.json").write_text(json.dumps({"published": published}), encoding="utf-8")


@pytest.mark.parametrize(
    ("published", "job"), [(None, ["evaluering"]), ("outcome-0.duckdb", ["evaluering"]), ("outcome-1.duckdb", [])]
)
def test_pages_that_are_missing_or_of_an_older_file_are_made_though_nothing_is_new(
    published: str | None, job: list[str], jobs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preview that failed once would be missing until the next delivery, and the command would say that all is well."""
    monkeypatch.setattr(building, "is_current", lambda _: True)
    if published:
        pages_of(tmp_path, published)
    assert building.build(Settings(raw=tmp_path, warehouse=tmp_path)) == len(job)
    assert jobs == job


@pytest.mark.parametrize(
    ("latest", "said"),
    [
        ([FILE, FILE], "The published warehouse is as it was before."),
        (["published/outcome-0.duckdb", FILE], f"Published {FILE}, cut-off 2021-12-31; the pages in"),
    ],
)
def test_a_failure_says_whether_the_warehouse_was_published(
    latest: list[str],
    said: str,
    jobs: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who reads that nothing changed goes on with the figures of the month before."""
    monkeypatch.setattr(building, "is_current", lambda _: False)
    monkeypatch.setattr(building, "read_latest", lambda _: {"file": latest.pop(0), "as_of": "2021-12-31"})
    assert building.build(Settings(raw=tmp_path, warehouse=tmp_path)) == 1
    assert jobs == ["hele_vejen"] and said in capsys.readouterr().err
