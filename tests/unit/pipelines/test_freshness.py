"""What is overdue in a landing zone. Belongs here: the clock, which files count, the words. Not here: arithmetic (tests/unit/expectations/test_due.py)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assets.ingest.contents import sha256_of
from pipelines.doctor import _overdue
from pipelines.freshness import Freshness, look
from pipelines.settings import Settings
from tests.conftest import SAMPLE, SAMPLE_KEY

TODAY = date(2024, 6, 20)


@pytest.fixture(autouse=True)
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTCOME_PSEUDONYM_KEY_FILE", raising=False)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", "ab" * 32)


def landing(folder: Path, *names: str) -> Settings:
    for name in names:
        place = folder / "raw" / ("payroll" if name.startswith("eindkomst") else "placement") / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(name, encoding="utf-8")
    return Settings(raw=folder / "raw", warehouse=folder / "warehouse")


def of(kind: str, settings: Settings, today: date = TODAY) -> Freshness:
    return next(found for found in look(settings, today) if found.kind == kind)


def refuse(settings: Settings, kind: str, period: str, name: str) -> None:
    """What the lake remembers of a file that was refused."""
    folder = settings.lake / kind / period
    folder.mkdir(parents=True)
    path = next(settings.raw.glob(f"*/{name}"))
    report = {"file_name": name, "refusal": "file.encoding", "sha256": sha256_of(path)}
    (folder / "report.json").write_text(json.dumps({"files": [report]}), encoding="utf-8")


def test_the_clock_is_the_given_day_else_the_samples_own_else_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The synthetic country stands still: without its own clock it would be overdue for ever; with it real extracts would never be."""
    sample = Settings(raw=SAMPLE)
    assert of("eindkomst", sample).clock == TODAY
    assert of("eindkomst", Settings(raw=SAMPLE, as_of=date(2021, 3, 31))).clock == date(2021, 3, 31)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", SAMPLE_KEY)
    assert of("eindkomst", sample).clock == date(2021, 12, 31)
    assert [found.kind for found in look(sample, TODAY) if found.is_overdue] == []
    monkeypatch.delenv("OUTCOME_PSEUDONYM_KEY")
    assert of("eindkomst", sample).clock == TODAY


def test_files_later_than_the_clock_do_not_count(tmp_path: Path) -> None:
    """A build of last year must not be called fresh by what came since."""
    settings = landing(tmp_path, "eindkomst_2024-03.csv", "eindkomst_2024-06.csv")
    assert of("eindkomst", settings, date(2024, 5, 20)).months == (date(2024, 4, 1),)


def test_a_payroll_month_counts_when_it_is_whole(tmp_path: Path) -> None:
    """A part that is missing is a month that is not observed."""
    settings = landing(tmp_path, "eindkomst_2024-04.csv", "eindkomst_2024-05_001.csv", "eindkomst_2024-05_003.csv")
    found = of("eindkomst", settings)
    assert found.months == (date(2024, 5, 1),) and found.incomplete == ("2024-05: part numbers missing: 002",)
    landing(tmp_path, "eindkomst_2024-05_002.csv")
    assert not of("eindkomst", settings).is_overdue


def test_a_refused_file_is_no_delivery_until_it_is_sent_again(tmp_path: Path) -> None:
    """A broken transfer looks like a delivery by its name; what comes anew must end the alarm before it has been read."""
    settings = landing(tmp_path, "eindkomst_2024-04.csv", "eindkomst_2024-05.csv")
    refuse(settings, "eindkomst", "2024-05", "eindkomst_2024-05.csv")
    found = of("eindkomst", settings)
    assert found.months == (date(2024, 5, 1),) and found.newest == date(2024, 4, 1)
    [problem] = found.problems()
    assert str(problem) == (
        "eindkomst_2024-05.csv: eindkomst: 2024-05 overdue at 2024-06-20; due was 2024-06-10 (2024-05: refused: eindkomst_2024-05.csv) "
        "[overdue] Remedy: have 1 month delivered; who stands still at a day gives it: --as-of"
    )
    (settings.raw / "payroll" / "eindkomst_2024-05.csv").write_text("sent again", encoding="utf-8")
    assert not of("eindkomst", settings).is_overdue


def test_a_silent_municipality_is_named_and_older_holes_are_counted(tmp_path: Path) -> None:
    """The engineer must know whom to call."""
    names = [f"forloeb_{code}_2024-{month}.csv" for month in ("03", "04", "05") for code in ("0101", "0147", "0751")]
    names.remove("forloeb_0147_2024-05.csv")
    names.remove("forloeb_0751_2024-04.csv")
    found = of("forloeb", landing(tmp_path, *names))
    assert found.months == () and found.municipalities == ("0147 Frederiksberg",)
    assert found.older_holes == 1 and found.never_delivered == 95
    [problem] = found.problems()
    assert problem.file == "forloeb_<kkkk>_2024-05.csv" and problem.rule == "overdue"
    assert (
        "1 of the municipalities that deliver have not delivered 2024-05, due 2024-06-10: 0147 Frederiksberg"
        in problem.message
    )


def test_many_months_are_one_line(tmp_path: Path) -> None:
    """The doctor of a landing zone left alone for years must not print a line a month."""
    settings = landing(tmp_path, "eindkomst_2024-01.csv", "eindkomst_2024-04.csv")
    [problem] = of("eindkomst", settings, date(2024, 8, 11)).problems()
    assert "2024-02 to 2024-03, 2024-05 to 2024-07 overdue at 2024-08-11" in problem.message


def test_the_doctor_tells_a_kind_without_files_as_missing_and_not_as_late(tmp_path: Path) -> None:
    """The same trouble told twice is two troubles to the reader."""
    settings = landing(tmp_path, "eindkomst_2020-01.csv")
    assert of("forloeb", settings).months == (date(2024, 5, 1),)
    assert [problem.rule for problem in _overdue(settings)] == ["overdue"]
    assert _overdue(settings)[0].message.startswith("eindkomst: ")
    assert _overdue(Settings(raw=tmp_path / "gone")) == []


def test_a_register_is_never_overdue_and_its_age_is_known(tmp_path: Path) -> None:
    """Registers come when asked; their age is what a reader must see."""
    found = of("personer", Settings(raw=SAMPLE))
    assert not found.is_overdue and found.age_days == (TODAY - date(2021, 12, 31)).days
