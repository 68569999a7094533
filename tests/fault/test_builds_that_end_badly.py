"""Builds that are killed, doubled or refused: what is published stands, the next build needs no hand, and the error says what to do."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from assets.ingest.keys import FILE_VARIABLE, KEY_VARIABLE, SAMPLE_KEY
from pipelines.lock import one_build
from tests.golden.delivery import write
from tests.support.build import CALL, build

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("fodfaeste")


def environment(key: str | None = SAMPLE_KEY.hex()) -> dict[str, str]:
    """The environment of a build, with this key or with none."""
    kept = {name: value for name, value in os.environ.items() if name not in (KEY_VARIABLE, FILE_VARIABLE)}
    return kept | ({KEY_VARIABLE: key} if key else {})


def fodfaeste(*arguments: object, key: str | None = SAMPLE_KEY.hex()) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user does."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)], env=environment(key), capture_output=True, text=True, timeout=600
    )


def spells(connection: duckdb.DuckDBPyConnection) -> int:
    """How many spells a reader sees."""
    row = connection.execute("select count(*) from core.fct_placement_spells").fetchone()
    assert row is not None
    return int(row[0])


def test_a_killed_build_disturbs_no_reader_and_the_next_one_needs_no_hand(tmp_path: Path) -> None:
    """Prevents a half written file being published, a lock or a write-ahead log left over, and a reader that loses what it had open."""
    raw, warehouse = write(tmp_path / "raw"), tmp_path / "warehouse"
    published = build(raw, warehouse, None, SAMPLE_KEY)
    before = published.resolve()
    with duckdb.connect(str(published), read_only=True) as reader:
        seen = spells(reader)
        changed = raw / "placement" / "forloeb_0101_2019-01.csv"
        second = "BENT-9;6501801001;3;;VPK;31000106;;2021-01-07;2021-02-03;20;0;0101;;2019-01-07T09:00:00;O\n"
        changed.write_text(changed.read_text(encoding="utf-8") + second, encoding="utf-8")
        (warehouse / "build" / "outcome.duckdb").unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-c", CALL, str(raw), str(warehouse), ""],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 300
        while not (warehouse / "build" / "outcome.duckdb").exists():
            assert process.poll() is None and time.monotonic() < deadline, "the build ended before it could be killed"
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert published.resolve() == before
        assert spells(reader) == seen
        build(raw, warehouse, None, SAMPLE_KEY)
        assert spells(reader) == seen
    with duckdb.connect(str(published), read_only=True) as reader:
        assert spells(reader) == seen + 1
    assert not list(warehouse.rglob("*.wal"))


def test_a_second_build_at_the_same_time_is_told_who_builds(tmp_path: Path) -> None:
    """Prevents two writers in one build file, and a message that leaves nobody the wiser."""
    raw, warehouse = write(tmp_path / "raw"), tmp_path / "warehouse"
    with one_build(warehouse):
        second = fodfaeste("build", "--raw", raw, "--warehouse", warehouse)
    assert second.returncode == 1
    assert str(os.getpid()) in second.stderr


def test_without_a_key_nothing_is_built_and_the_remedy_is_named(tmp_path: Path) -> None:
    """Prevents pseudonyms under a key that nobody chose."""
    outcome = fodfaeste("build", "--raw", write(tmp_path / "raw"), "--warehouse", tmp_path / "warehouse", key=None)
    assert outcome.returncode == 1
    assert KEY_VARIABLE in outcome.stderr and FILE_VARIABLE in outcome.stderr
    assert not (tmp_path / "warehouse" / "outcome.duckdb").exists()


@pytest.mark.parametrize("case", ["empty", "real_number", "truncated"])
def test_a_delivery_that_may_not_be_built_stops_with_rule_and_remedy_and_without_a_person(
    case: str, tmp_path: Path
) -> None:
    """Prevents a warehouse of half a delivery, and a message that shows whose number it was."""
    raw, real = tmp_path / "raw", "0101801002"
    if case == "empty":
        (raw / "registry").mkdir(parents=True)
        rule = "landing_zone"
    else:
        write(raw)
        persons = raw / "registry" / "personer_2022-06-30.csv"
        if case == "real_number":
            persons.write_text(persons.read_text(encoding="utf-8") + f"{real};0101;2000-01-01;;01;\n", encoding="utf-8")
            rule = "build.real_number_with_sample_key"
        else:
            packed = gzip.compress(persons.read_bytes())
            persons.with_suffix(".csv.gz").write_bytes(packed[: len(packed) // 2])
            persons.unlink()
            rule = "build.kind_missing"
    outcome = fodfaeste("build", "--raw", raw, "--warehouse", tmp_path / "warehouse")
    said = outcome.stdout + outcome.stderr
    assert outcome.returncode == 1
    assert rule in said and "Remedy" in said
    assert real not in said
    assert not (tmp_path / "warehouse" / "outcome.duckdb").exists()
