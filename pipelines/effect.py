"""The estimates between the two steps of dbt: read-only out of the build file, Parquet into the lake, nothing twice.

Belongs here: the fingerprint that says whether the cohorts are estimated already, processes side by side, writing. Not here: reading cohorts (cohorts.py), estimating
(transforms/evaluation), Dagster.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.publishing.audit import connect
from pipelines.cohorts import BuildCohorts
from pipelines.settings import TRANSFORMS, Settings

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from transforms.evaluation.plan import Group, Plan
    from transforms.evaluation.run import Frames

COHORTS = ("int_effect_trials", "int_effect_outcomes")
READ = (*COHORTS, "int_enterprise_rsv_periods")  # the third design takes registrations from there
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "duckdb")
CODE = ("estimators", "evaluation")
LEAST_TRIALS = 20_000  # of all groups together, for which a second process is worth the seconds of its start


@dataclass(frozen=True)
class Estimated:
    """What stands in the lake: rows of each table, whether it was made now, how long that took."""

    rows: dict[str, int] = field(default_factory=dict)
    is_new: bool = True
    seconds: float = 0.0


def folder(settings: Settings) -> Path:
    """Where the five result tables stand."""
    return settings.lake / "estimates"


def estimate(settings: Settings, full: bool = False, say: Callable[[str], None] | None = None) -> Estimated:
    """Writes the five result tables of the cohorts in the build file, unless those in the lake are of the same cohorts, protocol, code and scope."""
    from transforms.evaluation.frames import SCHEMAS, write_frames

    started = time.monotonic()
    place = folder(settings)
    stamp = place / "stamp.json"
    with connect(settings.build_file) as connection:
        words = fingerprint(connection, settings.protocol, full)
        remembered = _read(stamp)
        if remembered.get("fingerprint") == words["fingerprint"] and all(
            (place / f"{name}.parquet").is_file() for name in SCHEMAS
        ):
            return Estimated(remembered["rows"], is_new=False, seconds=time.monotonic() - started)
    frames = _run(settings, full, say)
    # What is half written must not pass for whole.
    stamp.unlink(missing_ok=True)
    write_frames(frames, place)
    rows = {name: len(frame) for name, frame in frames.items()}
    beside = stamp.with_name(f".{stamp.name}.{os.getpid()}")
    beside.write_text(json.dumps(words | {"rows": rows}, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, stamp)
    return Estimated(rows, is_new=True, seconds=time.monotonic() - started)


def fingerprint(connection: duckdb.DuckDBPyConnection, protocol: Path, full: bool) -> dict[str, Any]:
    """What the estimates are a function of: protocol, cohorts, code, libraries, scope. Equal numbers mean equal estimates."""
    parts = {
        "protocol": hashlib.sha256(protocol.read_bytes()).hexdigest(),
        "code": code_hash(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "cohorts": {table: content_hash(connection, table) for table in READ},
        "scope": "full" if full else "reported",
    }
    return {"fingerprint": hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(), **parts}


def _run(settings: Settings, full: bool, say: Callable[[str], None] | None) -> dict[str, pd.DataFrame]:
    from transforms.evaluation.plan import plan_of
    from transforms.evaluation.protocol import load_protocol
    from transforms.evaluation.run import run

    plan = plan_of(load_protocol(settings.protocol))
    with connect(settings.build_file) as connection:
        cohorts = BuildCohorts(connection)
        made = groups_in_workers(plan, settings.build_file, cohorts.sizes(plan.groups), settings.threads, full, say)
        return run(plan, cohorts, full=full, made=made)


def groups_in_workers(
    plan: Plan, build_file: Path, sizes: Sequence[int], workers: int, full: bool, say: Callable[[str], None] | None
) -> list[Frames]:
    """The rows of every group of the plan, in its order, estimated by so many processes side by side, the largest group first; by this one where there is little to estimate.

    Processes change no number: a group is estimated by one of them, as it would be here.
    """
    order = sorted(range(len(plan.groups)), key=lambda place: -sizes[place])
    told = say or (lambda line: None)
    found: dict[int, Frames] = {}
    if workers < 2 or sum(sizes) < LEAST_TRIALS:
        for place in order:
            found[place] = _group(plan, place, build_file, full)
            told(_name(plan.groups[place]))
    else:
        with ProcessPoolExecutor(min(workers, len(order)), mp_context=get_context("spawn")) as pool:
            waiting = {pool.submit(_group, plan, place, build_file, full): place for place in order}
            for done in as_completed(waiting):
                found[waiting[done]] = done.result()
                told(_name(plan.groups[waiting[done]]))
    return [found[place] for place in range(len(plan.groups))]


def _group(plan: Plan, place: int, build_file: Path, full: bool) -> Frames:
    from transforms.evaluation.run import run_group

    with connect(build_file) as connection:
        return run_group(plan, plan.groups[place], BuildCohorts(connection), full=full)


def _name(group: Group) -> str:
    return f"{group.arm} {group.family} {group.instrument}"


def content_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Rows of a table of schema `intermediate`, whatever their order: count, sum and exclusive-or of their hashes."""
    row = connection.execute(
        f"select count(*), coalesce(sum(hash(rows)::hugeint), 0), coalesce(bit_xor(hash(rows)), 0) from intermediate.{table} as rows"
    ).fetchone()
    columns = connection.execute(f"describe intermediate.{table}").fetchall()
    return hashlib.sha256(repr((row, [column[:2] for column in columns])).encode()).hexdigest()


def code_hash() -> str:
    """The code that estimates are a function of: every file of estimators and evaluation."""
    digest = hashlib.sha256()
    for name in CODE:
        for path in sorted((TRANSFORMS / name).rglob("*.py")):
            digest.update(f"{path.relative_to(TRANSFORMS)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
