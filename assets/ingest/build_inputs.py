"""The inputs of a build: `warehouse/build/inputs/*.parquet` (docs/lake.md), written from a decision, and the account of its rows.

Belongs here: a decision as tables, and whether the lake holds as many rows as were delivered. Not here: deciding (`decide.py`).
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as parquet

from assets.ingest.code_version import code_fingerprint
from assets.ingest.engine import connect
from assets.ingest.keys import ProjectKey
from assets.ingest.lake import Lake
from assets.ingest.problems import Problem

if TYPE_CHECKING:
    from assets.ingest.decide import Decision, Delivery

DELIVERIES = pa.schema(
    [
        ("delivery_id", pa.int64()),
        ("file_name", pa.string()),
        ("folder", pa.string()),
        ("kind", pa.string()),
        ("period", pa.date32()),
        ("part_number", pa.int32()),
        ("municipality_code", pa.string()),
        ("sha256", pa.string()),
        ("outcome", pa.string()),
        ("refusal_reason", pa.string()),
        ("rows_delivered", pa.int64()),
        ("rows_rejected_by_file", pa.int64()),
        ("file_rank", pa.int32()),
    ]
)
RULE_COUNTS = pa.schema(
    [("file_name", pa.string()), ("rule", pa.string()), ("rows_looked_at", pa.int64()), ("rows_failed", pa.int64())]
)
FILE_COUNTERS = pa.schema([("file_name", pa.string()), ("counter", pa.string()), ("value", pa.int64())])
BUILD = pa.schema(
    [
        ("as_of", pa.date32()),
        ("code_version", pa.string()),
        ("parameters", pa.string()),
        ("payroll_first_month", pa.date32()),
        ("payroll_through", pa.date32()),
        ("placement_first_month", pa.date32()),
        ("dream_first_week", pa.date32()),
        ("dream_last_week", pa.date32()),
        ("observed_from", pa.date32()),
        ("observed_through", pa.date32()),
        ("register_day", pa.date32()),
        ("key_fingerprint", pa.string()),
        ("is_sample_key", pa.bool_()),
    ]
)
ROWS_ADD_UP = "file.rows_add_up"
CODE_LIST_SHARE = "dream.unknown_code_share"


@dataclass(frozen=True)
class Account:
    """Delivered = accepted + rejected over the used files, counted in the lake, and the names of the files where it does not hold."""

    files: int
    delivered: int
    accepted: int
    rejected: int
    wrong: tuple[str, ...]


def inputs_folder(warehouse: Path) -> Path:
    """Return where dbt reads the inputs of a build."""
    return warehouse / "build" / "inputs"


def write(decision: Decision, warehouse: Path, key: ProjectKey) -> None:
    """Write the four tables beside and put them into place together."""
    from assets.ingest.decide import parameters

    wrong = set(account(decision, warehouse).wrong)
    tables = {
        "deliveries": pa.Table.from_pylist([_delivery(delivery) for delivery in decision.deliveries], DELIVERIES),
        "rule_counts": pa.Table.from_pylist(
            [row for delivery in decision.with_outcome("used", "refused") for row in _rule_counts(delivery, wrong)],
            RULE_COUNTS,
        ),
        "file_counters": pa.Table.from_pylist(
            [row for delivery in decision.with_outcome("used") for row in _counters(delivery)], FILE_COUNTERS
        ),
        "build": pa.Table.from_pylist(
            [
                {
                    **{name: getattr(decision, name) for name in BUILD.names if hasattr(decision, name)},
                    "code_version": code_fingerprint()[:12],
                    "parameters": json.dumps(parameters(), sort_keys=True),
                    "key_fingerprint": key.fingerprint,
                    "is_sample_key": key.is_sample_key,
                }
            ],
            BUILD,
        ),
    }
    target = inputs_folder(warehouse)
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name, table in tables.items():
        parquet.write_table(table, beside / f"{name}.parquet")
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)


def account(decision: Decision, warehouse: Path) -> Account:
    """Count the rows of every used file in the lake. A kind of documents keeps the last of several with one number, so at most its accepted."""
    lake = Lake(warehouse)
    counted = {kind: _lake_counts(lake, kind) for kind in {d.file.kind for d in decision.with_outcome("used")} if kind}
    delivered = accepted = rejected = 0
    wrong = []
    for delivery in decision.with_outcome("used"):
        report = delivery.report
        assert report is not None and report.rows_delivered is not None and report.rows_rejected is not None
        assert delivery.file.kind is not None
        key = (delivery.file.partition, delivery.delivery_id)
        rows = counted[delivery.file.kind]["rows"].get(key, 0)
        refused = counted[delivery.file.kind]["rejected"].get(key, 0)
        expected = report.rows_delivered - report.rows_rejected
        is_document = delivery.file.kind.startswith("cvr_")
        if refused != report.rows_rejected or (rows > expected if is_document else rows != expected):
            wrong.append(delivery.file.name)
        delivered += report.rows_delivered
        accepted += expected if is_document else rows
        rejected += refused
    return Account(len(decision.with_outcome("used")), delivered, accepted, rejected, tuple(wrong))


def note_taken_away(decision: Decision, warehouse: Path) -> None:
    """Warn of every file that the build before knew and the landing zone no longer holds, and of every one replaced under its name."""
    path = inputs_folder(warehouse) / "deliveries.parquet"
    if not path.is_file():
        return
    try:
        before = parquet.read_table(path, columns=["file_name", "folder", "sha256"]).to_pylist()
    except (OSError, pa.ArrowException, KeyError):
        return
    now = {(delivery.file.folder, delivery.file.name): delivery.sha256 for delivery in decision.deliveries}
    for row in before:
        sha256 = now.get((row["folder"], row["file_name"]))
        if sha256 is None:
            message, remedy = (
                "the file was taken away since the build before: what it held is gone",
                "put it back if it shall count",
            )
        elif sha256 != row["sha256"]:
            message, remedy = (
                "the file was replaced under its own name since the build before",
                "nothing, if that was meant",
            )
        else:
            continue
        decision.warnings.append(Problem(row["file_name"], None, "landing_zone", message, remedy))


def _lake_counts(lake: Lake, kind: str) -> dict[str, dict[tuple[str, int], int]]:
    """Return table -> (partition, delivery) -> rows."""
    counts: dict[str, dict[tuple[str, int], int]] = {}
    with connect() as connection:
        for table in ("rows", "rejected"):
            files = {period: str(lake.partition(kind, period) / f"{table}.parquet") for period in lake.periods(kind)}
            periods = {file: period for period, file in files.items()}
            found = connection.execute(
                "select filename, delivery_id, count(*) from read_parquet(?, filename = true) group by all",
                [list(periods)],
            ).fetchall()
            counts[table] = {(periods[file], delivery): rows for file, delivery, rows in found}
    return counts


def _delivery(delivery: Delivery) -> dict[str, Any]:
    file, report = delivery.file, delivery.report
    return {
        "delivery_id": delivery.delivery_id,
        "file_name": file.name,
        "folder": file.folder,
        "kind": file.kind,
        "period": file.period,
        "part_number": file.part,
        "municipality_code": file.municipality,
        "sha256": delivery.sha256,
        "outcome": delivery.outcome,
        "refusal_reason": delivery.refusal_reason,
        "rows_delivered": report.rows_delivered if report else None,
        "rows_rejected_by_file": report.rows_rejected if report else None,
        "file_rank": delivery.file_rank,
    }


def _rule_counts(delivery: Delivery, wrong: set[str]) -> list[dict[str, Any]]:
    """The pass's counts, completed by the two rules that need the lake and all of the file: they look at a used file once."""
    assert delivery.report is not None
    counts = dict(delivery.report.rules)
    if delivery.outcome == "used":
        counts[ROWS_ADD_UP] = (1, int(delivery.file.name in wrong))
        if delivery.file.kind == "dream":
            coded, unknown = counts.get("dream.unknown_code", (0, 0))
            counts[CODE_LIST_SHARE] = (1, int(unknown * 1000 > coded))
    return [
        {"file_name": delivery.file.name, "rule": rule, "rows_looked_at": looked_at, "rows_failed": failed}
        for rule, (looked_at, failed) in counts.items()
    ]


def _counters(delivery: Delivery) -> list[dict[str, Any]]:
    assert delivery.report is not None
    return [
        {"file_name": delivery.file.name, "counter": counter, "value": value}
        for counter, value in delivery.report.counters.items()
        if counter == "unknown_extra_columns"
    ]
