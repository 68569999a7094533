"""Quarantine: every rejected row with its file, line, rules and content, for the supplier to correct.

Belongs here: which rows (the lake's rejected ones and those a build rejects) and writing them, readable by their owner alone. The only files
of the pipeline that hold personal numbers. Not here: finding a record in a file (`raw_records.py`), why a row is rejected.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from assets.ingest.build_inputs import inputs_folder
from assets.ingest.engine import connect
from assets.ingest.lake import Lake
from assets.ingest.landing import REGISTRY_KINDS
from assets.ingest.problems import BuildStopped, Problem
from assets.ingest.raw_records import fetch
from assets.ingest.rules import bits_of

COLUMNS = ("file", "line", "rule", "content")
DOCUMENTS = ("cvr_virksomheder", "cvr_produktionsenheder")
BUILD_TABLE = "intermediate.int_rejected_rows"


@dataclass(frozen=True)
class Quarantined:
    """What was written: rejected rows, refused files."""

    rows: int
    files: int


def write_quarantine(raw: Path, warehouse: Path, build_file: Path | None = None) -> Quarantined:
    """Write `warehouse/quarantine/<kind>/<period>.csv` anew, all of it or nothing, from the inputs of the build and the build file.

    One record a rejected row (`rule`: every rule it breaks, separated by commas) and one a refused file (without line and content: the
    file itself stands in the landing zone).

    Raises:
        BuildStopped: when a row cannot be found again: the landing zone was changed during the build.
    """
    deliveries = parquet.read_table(inputs_folder(warehouse) / "deliveries.parquet").to_pylist()
    deliveries = [row for row in deliveries if row["outcome"] in ("used", "refused")]
    broken = _broken_rules(warehouse, build_file, deliveries)
    target = warehouse / "quarantine"
    beside = warehouse / f".quarantine.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700, parents=True)
    lost: list[Problem] = []
    rows = files = 0
    try:
        for (kind, period), of_period in _by_partition(deliveries).items():
            records: list[tuple[Any, ...]] = []
            for delivery in of_period:
                name = delivery["file_name"]
                if delivery["outcome"] == "refused":
                    records.append((name, "", delivery["refusal_reason"], ""))
                    files += 1
                    continue
                found = list(_records(raw, delivery, broken.get((kind, name), {}), lost))
                rows += len(found)
                records += found
            if records:
                _write(beside / kind / f"{period}.csv", records)
        if lost:
            raise BuildStopped(lost)
        _swap(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Quarantined(rows, files)


def _by_partition(deliveries: list[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for delivery in sorted(deliveries, key=lambda row: (row["kind"], row["period"], row["file_name"])):
        found.setdefault((delivery["kind"], _period(delivery)), []).append(delivery)
    return found


def _period(delivery: dict[str, Any]) -> str:
    return f"{delivery['period']:%Y-%m-%d}" if delivery["kind"] in REGISTRY_KINDS else f"{delivery['period']:%Y-%m}"


def _broken_rules(
    warehouse: Path, build_file: Path | None, deliveries: list[dict[str, Any]]
) -> dict[tuple[str, str], dict[int, list[str]]]:
    """Return (kind, file) -> line -> rules, in the catalogue's order."""
    found: dict[tuple[str, str], dict[int, set[str]]] = {}
    lake = Lake(warehouse)
    names = {
        (row["kind"], _period(row), row["delivery_id"]): row["file_name"]
        for row in deliveries
        if row["outcome"] == "used"
    }
    with connect() as connection:
        for kind in {row["kind"] for row in deliveries}:
            bits = bits_of(kind)
            for period in lake.periods(kind):
                path = lake.partition(kind, period) / "rejected.parquet"
                if parquet.read_metadata(path).num_rows == 0:
                    continue
                rows = connection.execute(
                    "select delivery_id, line_number, broken_rules from read_parquet(?)", [str(path)]
                ).fetchall()
                for delivery, line, mask in rows:
                    name = names.get((kind, period, delivery))
                    if name is not None:
                        rules = {rule for rule, bit in bits.items() if mask >> bit & 1}
                        found.setdefault((kind, name), {}).setdefault(line, set()).update(rules)
    if build_file is not None:
        used = {(row["kind"], row["file_name"]) for row in deliveries if row["outcome"] == "used"}
        with connect(build_file) as connection:
            rows = connection.execute(f"select kind, file_name, line_number, rule from {BUILD_TABLE}").fetchall()
        for kind, name, line, rule in rows:
            if (kind, name) in used:
                found.setdefault((kind, name), {}).setdefault(line, set()).add(rule)
    orders = {kind: bits_of(kind) for kind in {kind for kind, _ in found}}
    return {
        key: {line: sorted(rules, key=lambda rule: orders[key[0]].get(rule, 99)) for line, rules in lines.items()}
        for key, lines in found.items()
    }


def _records(
    raw: Path, delivery: dict[str, Any], broken: dict[int, list[str]], lost: list[Problem]
) -> Iterator[tuple[str, int, str, str]]:
    name = delivery["file_name"]
    try:
        content = fetch(raw / delivery["folder"] / name, broken, is_csv=delivery["kind"] not in DOCUMENTS)
    except OSError:
        content = {}
    for line in sorted(broken):
        if line not in content:
            message, remedy = (
                "a rejected row is no longer in the file",
                "build again when the landing zone stands still",
            )
            lost.append(Problem(name, line, broken[line][0], message, remedy))
            continue
        yield name, line, ",".join(broken[line]), content[line]


def _write(path: Path, records: list[tuple[Any, ...]]) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(records)


def _swap(beside: Path, target: Path) -> None:
    """Put the new folder where the old one was; the old one is gone only when the new one stands."""
    away = target.with_name(f".quarantine-old.{os.getpid()}")
    shutil.rmtree(away, ignore_errors=True)
    if target.exists():
        target.rename(away)
    beside.rename(target)
    os.chmod(target, 0o700)
    shutil.rmtree(away, ignore_errors=True)
