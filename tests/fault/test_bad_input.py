"""Bad input: a clear error that names file, line, rule and remedy, and nothing lost.

Belongs here: what stops a build or a file before anything is published. Not here: single row rules (tests/unit/ingest), killed builds (test_interruption.py).
"""

from __future__ import annotations

import gzip
import re
import shutil
import time
from pathlib import Path

import pytest

from assets.ingest.problems import BuildStopped
from pipelines.build import build
from pipelines.settings import read_settings
from pipelines.stages import Ingest, account, decide, take_in
from tests.conftest import SAMPLE, SAMPLE_KEY, SampleBuild, fodfaeste


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "raw"))


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("OUTCOME_PSEUDONYM_KEY_FILE", raising=False)
    monkeypatch.setenv("OUTCOME_PSEUDONYM_KEY", SAMPLE_KEY)
    return SAMPLE_KEY


def taken_in(raw: Path, warehouse: Path) -> Ingest:
    from assets.ingest.landing import KINDS

    ingest = Ingest(read_settings(raw, warehouse))
    for kind in KINDS:
        take_in(ingest, kind)
    return ingest


def truncate(path: Path) -> Path:
    """Leaves half of the packed bytes, as a broken transfer does."""
    packed = gzip.compress(path.read_bytes()) if path.suffix != ".gz" else path.read_bytes()
    path.unlink()
    target = path if path.suffix == ".gz" else path.with_name(path.name + ".gz")
    target.write_bytes(packed[: len(packed) // 2])
    return target


def test_a_truncated_gz_is_refused_by_name_rule_and_remedy_and_the_rest_is_used(
    landing: Path, tmp_path: Path, key: str
) -> None:
    """A broken transfer must cost its own rows and nobody else's."""
    broken = truncate(landing / "payroll" / "eindkomst_2020-01.csv")
    ingest = taken_in(landing, tmp_path / "warehouse")
    decided = decide(ingest)
    [told] = [warning for warning in decided.warnings if warning.startswith(broken.name)]
    assert "[file.unreadable]" in told and "Remedy: Send the file again" in told
    assert any("payroll month 2020-01 is not complete" in warning for warning in decided.warnings)
    counted = account(ingest)
    assert counted.wrong == () and counted.delivered == counted.accepted + counted.rejected


def test_an_empty_landing_zone_says_where_files_belong(tmp_path: Path) -> None:
    """The first thing a new user does wrong."""
    (tmp_path / "raw").mkdir()
    done = fodfaeste("build", "--raw", tmp_path / "raw", "--warehouse", tmp_path / "warehouse")
    assert done.returncode == 1
    assert "[landing_zone] Remedy: put the extracts into registry/, placement/, payroll/" in done.stderr


def test_a_landing_zone_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A mistyped path must not look like an empty delivery."""
    done = fodfaeste("build", "--raw", tmp_path / "gone", "--warehouse", tmp_path / "warehouse")
    assert done.returncode == 1 and str(tmp_path / "gone") in done.stderr and "Remedy:" in done.stderr


@pytest.mark.parametrize(
    ("value", "what"), [(None, "there is no project key"), ("zz", "something else than hexadecimal"), ("0011", "bytes")]
)
def test_a_missing_or_unusable_key_is_told_without_its_value(tmp_path: Path, value: str | None, what: str) -> None:
    """A build without the project's key would make pseudonyms that match nothing."""
    done = fodfaeste("build", "--raw", SAMPLE, "--warehouse", tmp_path / "warehouse", key=value)
    assert done.returncode == 1 and what in done.stderr and "Remedy: set OUTCOME_PSEUDONYM_KEY" in done.stderr
    assert value is None or value not in done.stderr


def test_a_cut_off_that_is_no_date_is_told(tmp_path: Path) -> None:
    """A cut-off read wrongly gives numbers that look right."""
    done = fodfaeste("build", "--raw", SAMPLE, "--warehouse", tmp_path, "--as-of", "22-06-2022")
    assert done.returncode == 2 and "2022-06-22" in done.stderr


def test_a_real_looking_cpr_number_with_the_samples_key_stops_the_build(
    landing: Path, tmp_path: Path, key: str
) -> None:
    """The sample's key is public: whoever has the warehouse could find the person."""
    people = max((landing / "registry").glob("personer_*.csv"), key=lambda path: path.stat().st_size)
    lines = people.read_text(encoding="utf-8").split("\n")
    real = "0101701234"
    lines[1] = real + lines[1][lines[1].index(";") :]
    people.write_text("\n".join(lines), encoding="utf-8")
    ingest = taken_in(landing, tmp_path / "warehouse")
    with pytest.raises(BuildStopped) as stopped:
        decide(ingest)
    [problem] = stopped.value.problems
    assert (problem.file, problem.line, problem.rule) == (people.name, 1, "build.real_number_with_sample_key")
    assert "OUTCOME_PSEUDONYM_KEY" in problem.remedy
    assert not re.search(r"\d{10}", str(problem))


def test_a_kind_without_a_file_stops_the_build_and_is_named(landing: Path, tmp_path: Path, key: str) -> None:
    """Without people every number would be a count of nobody."""
    for path in (landing / "registry").glob("personer_*"):
        path.unlink()
    ingest = taken_in(landing, tmp_path / "warehouse")
    with pytest.raises(BuildStopped, match="no file of the kind personer") as stopped:
        decide(ingest)
    assert "build.kind_missing" in {problem.rule for problem in stopped.value.problems}


def test_a_file_that_the_system_refuses_is_named(
    landing: Path, tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack trace about a file handle tells a data engineer nothing."""
    locked = landing / "payroll" / "eindkomst_2020-01.csv"
    original = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == locked.name:
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(
        "pipelines.build._run", lambda settings, started: taken_in(settings.raw, settings.warehouse) and 0
    )
    assert build(read_settings(landing, tmp_path / "warehouse")) == 1
    said = capsys.readouterr().err
    assert f"{locked.name}: Permission denied [system] Remedy: give the account that builds rights" in said


def test_a_supplier_is_told_what_is_wrong_without_a_key(landing: Path, tmp_path: Path) -> None:
    """A fault found before sending costs a minute, after sending a month."""
    broken = truncate(landing / "payroll" / "eindkomst_2020-01.csv")
    good = landing / "payroll" / "eindkomst_2020-02.csv"
    before = sorted(landing.rglob("*"))
    done = fodfaeste("check", broken, good, key=None)
    assert done.returncode == 1 and f"{broken.name}: not good" in done.stdout and "file.unreadable" in done.stdout
    assert fodfaeste("check", good, key=None).returncode in (0, 1)
    assert sorted(landing.rglob("*")) == before


def test_nothing_new_is_said_in_seconds_and_changes_nothing(sample_build: SampleBuild) -> None:
    """A nightly job must not make a new version of the same numbers."""
    before = {path: path.lstat().st_mtime_ns for path in sample_build.warehouse.rglob("*") if path.is_file()}
    started = time.monotonic()
    done = fodfaeste("build", "--raw", sample_build.raw, "--warehouse", sample_build.warehouse)
    assert done.returncode == 0 and "Nothing new" in done.stdout
    assert time.monotonic() - started < 10
    after = {path: path.lstat().st_mtime_ns for path in sample_build.warehouse.rglob("*") if path.is_file()}
    changed = {path.name for path in after if after[path] != before.get(path)} | {
        path.name for path in before.keys() - after.keys()
    }
    assert changed <= {"build.lock", "hashes.json"}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(sample_build: SampleBuild, landing: Path) -> None:
    """Who looks before a build must not have built."""
    (landing / "payroll" / "eindkomst_2018-07.csv").unlink()
    before = sorted(path for path in sample_build.warehouse.rglob("*"))
    done = fodfaeste("build", "--dry-run", "--raw", landing, "--warehouse", sample_build.warehouse)
    assert "Taken away (1): eindkomst_2018-07.csv" in done.stdout
    assert "Months that may move" in done.stdout
    assert sorted(path for path in sample_build.warehouse.rglob("*")) == before
