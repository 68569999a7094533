"""Machine, disk, rights, lock. Belongs here: alarm, quoted words, remedy, silence. Not here: whole builds that are killed (tests/fault)."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines import doctor as doctors
from pipelines.build import build
from pipelines.settings import Settings
from tests.runbook.book import quoted
from tests.unit.pipelines.test_lock import hold


def test_a_held_lock_is_told_with_its_holder_and_gone_when_that_is_ended(
    settings: Settings, doctor: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Who waits must know for whom; who ends it must not have to delete a file."""
    process = hold(settings.warehouse)
    assert build(settings) == 1
    assert quoted(capsys.readouterr().err, "BuildRunningError") and quoted(doctor(), "BuildRunningError")
    assert f"process {process.pid} " in doctor()
    process.send_signal(signal.SIGTERM)  # kill PID, as the runbook says
    process.wait()
    assert doctor() == "" and (settings.warehouse / "build.lock").exists()


def test_a_link_without_its_words_is_told_and_gone_after_publishing(
    settings: Settings, doctor: Callable[[], str]
) -> None:
    """A process that dies between the link and its words leaves a whole file and a wrong date."""
    from assets.publishing.publish import publish
    from tests.runbook.test_audit import make

    settings.build_folder.mkdir(parents=True)
    make(settings.build_file)
    publish(settings.build_file, settings.warehouse)
    assert doctor() == ""
    settings.latest.unlink()
    assert quoted(doctor(), "warehouse") == [
        "outcome.duckdb and LATEST.json do not speak of the same file [warehouse] Remedy: build again: fodfaeste build"
    ]
    publish(settings.build_file, settings.warehouse)
    assert doctor() == ""


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_is_told_by_name_and_the_next_try_succeeds(
    number: int, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the system refuses must say which file, and leave nothing that needs a hand."""
    from assets.ingest.run import ingest

    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.is_dir():
            raise OSError(number, os.strerror(number), str(path))
        return rename(path, target)

    def take_in(settings: Settings, _: float) -> int:
        ingest(settings.raw, settings.warehouse, settings.as_of)
        return 0

    monkeypatch.setattr("pipelines.build._run", take_in)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        patched.setattr(os, "replace", refuse_with(number))
        assert build(settings) == 1
    said = capsys.readouterr().err
    assert quoted(said, "system"), said
    assert build(settings) == 0


def refuse_with(number: int) -> Callable[..., None]:
    def refuse(source: object, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(source))

    return refuse


def test_too_little_room_or_no_rights_are_seen_before_a_build(
    settings: Settings, doctor: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full in an hour is cheaper to hear of now."""
    settings.warehouse.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000_000))
        assert "<n> GB are free where the warehouse lies" in quoted(doctor(), "warehouse")[0]
    with monkeypatch.context() as patched:
        access = os.access
        patched.setattr(os, "access", lambda path, mode: path != settings.warehouse and access(path, mode))
        assert quoted(doctor(), "warehouse")[0].startswith("<path> cannot be written")

    @contextmanager
    def refused(_: Path) -> Iterator[None]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        yield

    with monkeypatch.context() as patched:
        patched.setattr(doctors, "one_build", refused)
        assert quoted(doctor(), "warehouse")[0].startswith("the lock cannot be taken")
    assert doctor() == ""


def test_another_python_or_another_package_is_told(
    settings: Settings, doctor: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers are promised for the versions of the lock file alone: an upgrade of dbt below it must be seen before a build."""
    versions = doctors._locked()
    assert set(doctors.PINNED) <= set(versions)
    with monkeypatch.context() as patched:
        patched.setattr(doctors, "_locked", lambda: versions | {"dbt-core": "1.0.0", "great-expectations": "1.0.0"})
        said = doctor()
        assert quoted(said, "packages") and "dbt-core is " in said and "great-expectations is " in said
    with monkeypatch.context() as patched:
        patched.setattr(doctors, "PINNED", ("no-such-package",))
        assert any("is not installed" in line for line in quoted(doctor(), "packages"))
    with monkeypatch.context() as patched:
        patched.setattr(sys, "version_info", (3, 9, 0, "final", 0))
        assert quoted(doctor(), "python")
    assert doctor() == ""
