"""Runs dbt in this process on a warehouse's build file.

In this process, not as a child: a killed build must not leave a dbt behind that still holds the file, and an interpreter less is started.
Belongs here: calling dbt and turning its events into plain results. Not here: Dagster, SQL.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.settings import TRANSFORMS, Settings


@dataclass(frozen=True)
class NodeResult:
    """How one model, seed or test went. `failures` is the number of rows a test found, None for the rest."""

    unique_id: str
    status: str
    seconds: float
    message: str
    failures: int | None

    @property
    def kind(self) -> str:
        """model, seed, test or unit_test."""
        return self.unique_id.split(".", 1)[0]

    @property
    def is_failed(self) -> bool:
        """True when it stops what stands behind it."""
        return self.status in ("error", "fail", "runtime error", "partial success")


@dataclass(frozen=True)
class DbtRun:
    """One call of dbt."""

    is_success: bool
    results: tuple[NodeResult, ...] = ()
    error: str | None = None
    manifest: Any = field(default=None, repr=False)

    def problems(self) -> list[str]:
        """One sentence for each node that failed."""
        found = [
            f"{result.unique_id}: {result.status}: {result.message}" for result in self.results if result.is_failed
        ]
        return found or ([self.error] if self.error else [])


@contextlib.contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """These environment variables, and afterwards those that were."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_dbt(
    settings: Settings,
    command: Sequence[str],
    on_node: Callable[[NodeResult], None] | None = None,
) -> DbtRun:
    """Runs a dbt command (`["build"]`, `["run"]`, `["parse"]`) on the warehouse of the settings.

    The cohorts take their values from the protocol, never from dbt's own defaults; a protocol with mistakes is the error of the run.
    `on_node` hears of each node as it ends, from dbt's threads. The build file is closed when this returns.
    """
    from transforms.evaluation.protocol import ProtocolError, load_protocol

    try:
        variables = load_protocol(settings.protocol).dbt_variables()
    except ProtocolError as problem:
        return DbtRun(False, error=str(problem))

    from dbt.cli.main import dbtRunner

    settings.dbt_target.mkdir(parents=True, exist_ok=True)
    settings.build_folder.mkdir(parents=True, exist_ok=True)

    def listen(event: Any) -> None:
        if on_node is not None and event.info.name == "NodeFinished":
            on_node(_from_event(event.data))

    arguments = [
        *command,
        *("--project-dir", str(TRANSFORMS), "--profiles-dir", str(TRANSFORMS)),
        *("--target-path", str(settings.dbt_target), "--log-path", str(settings.dbt_target / "logs")),
        *("--vars", json.dumps(variables)),
        *("--log-level", "none", "--no-use-colors", "--no-version-check", "--no-send-anonymous-usage-stats"),
    ]
    with environment(settings.variables()):
        try:
            outcome = dbtRunner(callbacks=[listen]).invoke(arguments)
        finally:
            close_build_file()
    results = tuple(_from_result(result) for result in getattr(outcome.result, "results", None) or ())
    error = str(outcome.exception) if outcome.exception else None
    return DbtRun(bool(outcome.success), results, error, outcome.result if command[0] == "parse" else None)


def close_build_file() -> None:
    """Closes the connection that dbt keeps open, so that publish can read the file."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        with contextlib.suppress(Exception):
            DuckDBConnectionManager._ENV.close()
    DuckDBConnectionManager.close_all_connections()


def read_manifest(settings: Settings) -> dict[str, Any]:
    """dbt's manifest of this warehouse as plain JSON.

    Raises:
        FileNotFoundError: when dbt has not run or parsed here yet.
    """
    return json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))


def _from_event(data: Any) -> NodeResult:
    status = data.run_result.status or data.node_info.node_status
    failures = data.run_result.num_failures if data.node_info.resource_type in ("test", "unit_test") else None
    return NodeResult(
        data.node_info.unique_id, status, data.run_result.execution_time, data.run_result.message or "", failures
    )


def _from_result(result: Any) -> NodeResult:
    return NodeResult(
        result.node.unique_id,
        str(getattr(result.status, "value", result.status)),
        float(result.execution_time),
        result.message or "",
        result.failures if result.node.resource_type in ("test", "unit_test") else None,
    )


def manifest_path(settings: Settings) -> Path:
    """Where dbt writes its manifest."""
    return settings.dbt_target / "manifest.json"
