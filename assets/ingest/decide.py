"""What every delivered file becomes at the cut-off, which months are complete, and what of time is observed.

Belongs here: outcomes and their reasons. Not here: what stops a build (`stops.py`), reading files (`run.py` and the readers), arithmetic of months (`months.py`), writing the
inputs of a build (`build_inputs.py`). Decided from names, contents and reports alone, anew in every build.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from assets.ingest import months
from assets.ingest.decision import OUTCOMES, Decision, Delivery
from assets.ingest.landing import (
    KINDS,
    PAYROLL_KIND,
    PLACEMENT_KIND,
    REGISTRY_KINDS,
    LandedFile,
    Landing,
    last_day_of_month,
)
from assets.ingest.problems import BuildStopped, Problem
from assets.ingest.reports import FileReport, PartitionReport
from assets.ingest.run import Context, require_files
from assets.ingest.selection import first_of_content, monthly_partitions, snapshots
from assets.ingest.stops import collect_stops, collect_warnings

__all__ = ["OUTCOMES", "Decision", "Delivery", "decide", "outcomes", "parameters", "why_incomplete"]


def decide(landing: Landing, warehouse: Path, context: Context | None = None) -> Decision:
    """Decide, write the inputs of a build, and return the decision.

    Raises:
        BuildStopped: with every reason, each with file, rule and remedy; the inputs are not written then.
    """
    from assets.ingest import build_inputs

    context = context or Context.open(warehouse)
    decision = outcomes(landing, context)
    build_inputs.note_taken_away(decision, warehouse)
    if decision.stops:
        raise BuildStopped(decision.stops)
    build_inputs.write(decision, warehouse, context.key)
    context.hashes.save()
    return decision


def outcomes(landing: Landing, context: Context) -> Decision:
    """Return what every file becomes, with stops and warnings collected. The lake must hold what is read at this cut-off."""
    as_of = require_files(landing)
    decision = Decision(as_of, [])
    for kind in KINDS:
        decide_kind = _registry if kind in REGISTRY_KINDS else _log
        decision.deliveries += decide_kind(landing, kind, context)
    for file in landing.unrecognised:
        decision.deliveries.append(Delivery(file, context.hashes.sha256(file), "unrecognised"))
    _decide_months(decision)
    collect_stops(decision, context.key.is_sample_key)
    collect_warnings(decision, landing)
    return decision


def _registry(landing: Landing, kind: str, context: Context) -> list[Delivery]:
    """The newest snapshot that is not refused is used; newer ones were refused, older ones are superseded."""
    reports: dict[str, FileReport] = {}
    used: str | None = None
    for files in snapshots(landing, kind):
        partition = _there(context.snapshot(kind, files), kind, files)
        reports |= {report.file_name: report for report in partition.files}
        used = next((report.file_name for report in partition.files[::-1] if not report.refusal), None)
        if used:
            break
    deliveries = []
    for delivery in _delivered(landing, kind, context):
        if delivery.outcome != "after_cut_off":
            report = reports.get(delivery.file.name)
            if delivery.file.name == used or (report and report.refusal):
                delivery.outcome, delivery.report = ("used" if delivery.file.name == used else "refused"), report
            else:
                delivery.outcome = "superseded"
        deliveries.append(delivery)
    return deliveries


def _log(landing: Landing, kind: str, context: Context) -> list[Delivery]:
    """Every file counts but a copy with data lines; a copy without takes the report of the first name."""
    reports: dict[str, FileReport] = {}
    for files in monthly_partitions(landing, kind, context.hashes).values():
        partition = _there(context.month(kind, files), kind, files)
        reports |= {report.file_name: report for report in partition.files}
    first = first_of_content(landing.inside(kind), context.hashes)
    deliveries = []
    for delivery in _delivered(landing, kind, context):
        if delivery.outcome != "after_cut_off":
            name = delivery.file.name
            original = reports[first[name].name]
            if first[name].name != name and original.has_data_lines:
                delivery.outcome, delivery.because = "duplicate", first[name].name
            else:
                delivery.report = dataclasses.replace(original, file_name=name)
                delivery.outcome = "refused" if original.refusal else "used"
        deliveries.append(delivery)
    return deliveries


def _delivered(landing: Landing, kind: str, context: Context) -> Iterable[Delivery]:
    for rank, file in enumerate(landing.of_kind(kind), start=1):
        is_inside = landing.as_of is not None and file.is_inside(landing.as_of)
        yield Delivery(file, context.hashes.sha256(file), "" if is_inside else "after_cut_off", rank)


def _there(found: PartitionReport | None, kind: str, files: list[LandedFile]) -> PartitionReport:
    if found is None:
        # Not a matter of the data: the stages were called out of order, or the landing zone changed between them.
        problem = "the lake does not hold what the landing zone delivers"
        remedy = f"take in {kind} first, and let nobody change the landing zone during a build"
        raise BuildStopped([Problem(files[0].name, None, "lake", problem, remedy)])
    return found


def why_incomplete(month: date, files: list[Delivery], as_of: date) -> str | None:
    """Return why a payroll month is not complete, None when it is. `files` are all of the month; duplicates neither help nor harm."""
    counted = [delivery for delivery in files if delivery.outcome != "duplicate"]
    numbered = [delivery for delivery in counted if delivery.file.part is not None]
    refused = [delivery.file.name for delivery in counted if delivery.outcome == "refused"]
    contents: dict[int | None, set[str]] = {}
    for delivery in counted:
        contents.setdefault(delivery.file.part, set()).add(delivery.sha256)
    if not counted:
        return "no file of it counts" if files else "no file of it was delivered"
    if refused:
        return f"refused: {', '.join(refused)}"
    if numbered and len(numbered) != len(counted):
        return "numbered parts and an unnumbered file"
    twice = [part for part, different in contents.items() if len(different) > 1]
    if twice:
        return f"two contents under one number: {', '.join(f'{part:03d}' if part else 'unnumbered' for part in twice)}"
    missing = (
        sorted(set(range(1, max((part or 0 for part in contents), default=0) + 1)) - set(contents)) if numbered else []
    )
    if missing:
        return f"part numbers missing: {', '.join(f'{part:03d}' for part in missing)}"
    if last_day_of_month(month) > as_of:
        return "its last day is later than the cut-off"
    return None


def _decide_months(decision: Decision) -> None:
    payroll = [d for d in decision.deliveries if d.file.kind == PAYROLL_KIND and d.outcome != "after_cut_off"]
    by_month: dict[date, list[Delivery]] = {}
    for delivery in payroll:
        assert delivery.file.period is not None
        by_month.setdefault(delivery.file.period, []).append(delivery)
    if by_month:
        decision.payroll_first_month = min(by_month)
        for month in months.months_between(min(by_month), decision.as_of):
            reason = why_incomplete(month, by_month.get(month, []), decision.as_of)
            if reason:
                decision.incomplete_months[month] = reason
        complete = set(by_month) - set(decision.incomplete_months)
        decision.payroll_through = months.complete_through(decision.payroll_first_month, complete)
    placement = [delivery.file.period for delivery in decision.used(PLACEMENT_KIND)]
    decision.placement_first_month = min((month for month in placement if month), default=None)
    decision.register_day = next((d.file.period for d in decision.used("cvr_virksomheder")), None)
    for delivery in decision.used("dream"):
        assert delivery.report is not None
        decision.dream_first_week = _day(delivery.report.facts.get("first_week"))
        decision.dream_last_week = _day(delivery.report.facts.get("last_week"))
    if decision.payroll_first_month and decision.dream_first_week and decision.dream_last_week:
        decision.observed_from, decision.observed_through = months.observed(
            decision.payroll_first_month,
            decision.payroll_through,
            decision.dream_first_week,
            decision.dream_last_week,
            int(parameters()["maturity_lag_months"]),
        )


def parameters() -> dict[str, Any]:
    """Return the parameters of `measures.md` as the dbt project has them."""
    import yaml

    project = Path(__file__).resolve().parents[2] / "transforms" / "dbt_project.yml"
    return dict(yaml.safe_load(project.read_text(encoding="utf-8"))["vars"])


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
