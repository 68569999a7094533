"""The estimates between the two steps of dbt: read-only out of the build file, Parquet into the lake, nothing twice.

Belongs here: reading the cohorts, the fingerprint that says whether they are estimated already, writing. Not here: estimating (transforms/evaluation), Dagster.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.publishing.audit import connect
from pipelines.settings import TRANSFORMS, Settings

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from transforms.evaluation.plan import Group

COHORTS = ("int_effect_trials", "int_effect_outcomes")
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "duckdb")
CODE = ("estimators", "evaluation")


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
        frames = _run(connection, settings.protocol, full, say)
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
        "code": _code(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "cohorts": {table: content_hash(connection, table) for table in COHORTS},
        "scope": "full" if full else "reported",
    }
    return {"fingerprint": hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(), **parts}


def _run(
    connection: duckdb.DuckDBPyConnection, protocol: Path, full: bool, say: Callable[[str], None] | None
) -> dict[str, pd.DataFrame]:
    from transforms.evaluation.plan import plan_of
    from transforms.evaluation.protocol import load_protocol
    from transforms.evaluation.run import run

    return run(plan_of(load_protocol(protocol)), BuildCohorts(connection), full=full, say=say)


@dataclass(frozen=True)
class BuildCohorts:
    """The cohorts of a build file, read a group at a time: a country's outcomes do not fit into memory at once."""

    connection: duckdb.DuckDBPyConnection

    def trials(self, group: Group) -> pd.DataFrame:
        """The treated and the comparators of a group, in order of `trial_id`."""
        return self.connection.execute(
            f"select * from intermediate.int_effect_trials where {_WHERE} order by trial_id", _values(group)
        ).df()

    def outcomes(
        self, group: Group, trial_ids: pd.Series, months: Sequence[int], columns: Sequence[str]
    ) -> pd.DataFrame:
        """Outcomes of these trials at these months."""
        names = "".join(f", outcomes.{name}" for name in columns)
        self.connection.register("wanted_trials", trial_ids.to_frame("trial_id"))
        try:
            return self.connection.execute(
                f"select outcomes.trial_id, outcomes.h, outcomes.is_censored{names} from intermediate.int_effect_outcomes as outcomes "
                "semi join wanted_trials on outcomes.trial_id = wanted_trials.trial_id where outcomes.h in (select unnest(?)) order by all",
                [[int(month) for month in months]],
            ).df()
        finally:
            self.connection.unregister("wanted_trials")

    def enterprise_months(self, family: str, instruments: Sequence[str], outcome: str, horizon: int) -> pd.DataFrame:
        """Starts at registered enterprises and elsewhere, by enterprise and month, and when the enterprise first was registered. A public enterprise is no nonprofit and left out."""
        return self.connection.execute(
            f"""
            with registrations as (
                select enterprise_cvr, min(valid_from) as first_registered from intermediate.int_enterprise_rsv_periods group by enterprise_cvr
            ),
            starts as (
                select trials.enterprise_cvr, trials.month, outcomes.{outcome} as outcome, registrations.first_registered
                from intermediate.int_effect_trials as trials
                inner join intermediate.int_effect_outcomes as outcomes
                    on trials.trial_id = outcomes.trial_id and outcomes.h = ? and not outcomes.is_censored
                left join registrations on trials.enterprise_cvr = registrations.enterprise_cvr
                where trials.family = ? and trials.instrument in (select unnest(?)) and trials.arm in ('R', 'O')
                    and (trials.enterprise_kind in ('rsv', 'nonprofit') or registrations.first_registered is not null)
            )
            select
                enterprise_cvr as enterprise, month, avg(outcome) as outcome, count(*)::double as citizens, first_registered, 'nonprofit' as enterprise_kind
            from starts group by enterprise_cvr, month, first_registered order by all
            """,
            [horizon, family, list(instruments)],
        ).df()


_WHERE = "family = ? and instrument in (select unnest(?)) and arm in ('R', ?)"


def _values(group: Group) -> list[Any]:
    from transforms.evaluation.samples import COMPARATOR

    return [group.family, list(group.instruments), COMPARATOR[group.arm]]


def content_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Rows of a table of schema `intermediate`, whatever their order: count, sum and exclusive-or of their hashes."""
    row = connection.execute(
        f"select count(*), coalesce(sum(hash(rows)::hugeint), 0), coalesce(bit_xor(hash(rows)), 0) from intermediate.{table} as rows"
    ).fetchone()
    columns = connection.execute(f"describe intermediate.{table}").fetchall()
    return hashlib.sha256(repr((row, [column[:2] for column in columns])).encode()).hexdigest()


def _code() -> str:
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
