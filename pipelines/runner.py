"""Runs a Dagster job in this process and tells its steps as they end.

Belongs here: starting a run on the warehouse's Dagster home, progress, what failed. Not here: what a step does.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.settings import Settings, ensure_dagster_home

if TYPE_CHECKING:
    from dagster import EventLogEntry

Say = Callable[[str], None]


@dataclass
class RunReport:
    """How a run went: the steps that failed with their reasons, and the checks that warned."""

    run_id: str
    job: str
    is_success: bool = False
    failed_steps: dict[str, str] = field(default_factory=dict)
    failed_checks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


MOST_WARNINGS = 5
LISTS = ("primært estimat", "andre estimater")  # of the gate: a line each
STEP_NAMES = {
    "expectations__catalogue": "regler",
    "inputs": "leverancer",
    "dbt": "tabeller",
    "lake__estimates": "estimater",
    "dbt_effekt": "tabeller om effekt",
    "frister_holdt": "frister",
    "kontrakter": "kontrakter",
    "inputs__deliveries_regnskab": "regnskab",
    "quarantine__rejected_lines": "karantæne",
    "published__outcome": "udgivelse",
}


def run_job(settings: Settings, job: str = "hele_vejen", say: Say = print) -> RunReport:
    """Runs a job of the definitions to its end.

    The run stands in the warehouse's Dagster home like every other. Nothing of a row is said: names, counts and reasons only.
    """
    ensure_dagster_home(settings)
    os.environ.update(settings.variables())
    warnings.filterwarnings("ignore", module="dagster.*")
    import dagster as dg

    from pipelines.definitions import defs

    report = RunReport(str(uuid.uuid4()), job)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        instance.add_event_listener(report.run_id, _Listener(report, say).hear)
        result = defs.resolve_job_def(job).execute_in_process(
            instance=instance,
            run_id=report.run_id,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        report.is_success = result.success and not report.failed_checks
    return report


class _Listener:
    """Turns Dagster's events into lines: one a step, and what it made."""

    def __init__(self, report: RunReport, say: Say) -> None:
        self.report, self.say = report, say
        self.started = time.monotonic()
        self.step_started: dict[str, float] = {}
        self.notes: dict[str, list[str]] = {}
        self.warned: dict[str, int] = {}

    def hear(self, entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            # Warnings of ours; Dagster's own errors about steps that are not reached say nothing new.
            if int(entry.level) == logging.WARNING and entry.step_key:
                self._warn(entry.step_key, entry.user_message)
            return
        step = event.step_key or ""
        kind = event.event_type_value
        if kind == "STEP_START":
            self.step_started[step] = time.monotonic()
            if step in ("dbt", "lake__estimates", "sider"):
                self.say(self._line(STEP_NAMES.get(step, step), "…"))
        elif kind == "ASSET_MATERIALIZATION" and event.partition is None:
            self._note(step, event.materialization.metadata)
        elif kind == "ASSET_CHECK_EVALUATION":
            self._check(step, event.event_specific_data)
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            seconds = time.monotonic() - self.step_started.get(step, self.started)
            name = STEP_NAMES.get(step, step.replace("lake__", "kilde ").replace("kontrol_", "kontrol "))
            unsaid = self.warned.get(step, 0) - MOST_WARNINGS
            if unsaid > 0:
                self.say(f"           ! … and {unsaid} more: quality.fct_deliveries, or fodfaeste doctor")
            if kind == "STEP_FAILURE":
                self.report.failed_steps[step] = _reason(event.step_failure_data)
                self.say(self._line(name, "FEJL"))
            else:
                self.say(self._line(name, f"{'; '.join(self.notes.get(step, []))} ({seconds:.1f} s)".strip()))

    def _line(self, name: str, text: str) -> str:
        return f"[{time.monotonic() - self.started:6.1f} s] {name:<30} {text}"

    def _note(self, step: str, metadata: Any) -> None:
        if step in ("dbt", "dbt_effekt"):
            tables = self.notes.setdefault(step, ["0 tabeller"])
            tables[0] = f"{int(tables[0].split()[0]) + 1} tabeller"
            return
        shown = []
        for label in (
            "filer",
            "dagster/row_count",
            "nye eller ændrede perioder",
            "afviste rækker",
            "afviste linjer",
            "fil",
            "sider",
        ):
            value = metadata.get(label)
            if value is not None and step != "inputs":
                shown.append(
                    f"{value.value:,} rækker"
                    if label == "dagster/row_count"
                    else f"{value.value} {label}"
                    if label != "fil"
                    else str(value.value)
                )
        self.notes.setdefault(step, []).extend(shown)

    def _warn(self, step: str, text: str) -> None:
        self.report.warnings.append(text)
        self.warned[step] = self.warned.get(step, 0) + 1
        if self.warned[step] <= MOST_WARNINGS:
            self.say(f"           ! {text}")

    def _check(self, step: str, data: Any) -> None:
        label = f"{'/'.join(data.asset_key.path)} {data.check_name}"
        notes = self.notes.setdefault(step, ["0 kontroller"])
        if notes and notes[0].endswith("kontroller"):
            notes[0] = f"{int(notes[0].split()[0]) + 1} kontroller"
        if not data.passed:
            text = "; ".join(
                f"{value.value}" if name == "port" else f"{name}: {value.value}"
                for name, value in data.metadata.items()
                if name
                in (
                    "port",
                    "over fristen",
                    "over grænsen",
                    "brudt",
                    "brudt af godkendte rækker",
                    "filer der ikke går op",
                    "which",
                )
                and value.value != "–"
            )
            if data.severity.value == "ERROR":
                self.report.failed_checks.append(f"{label}: {text}")
                self.say(f"           ! {label}: {text}")
            else:
                self._warn(step, f"{label}: {text}")
                for name in LISTS:
                    for line in str(data.metadata[name].value).splitlines() if name in data.metadata else ():
                        self.say(f"               {line}")


def _reason(data: Any) -> str:
    """The reason that a step gave itself, else the kind of error and where it was raised: its text could quote data."""
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return "unknown" if error is None else f"{error.cls_name}: {error.message.strip()}"
