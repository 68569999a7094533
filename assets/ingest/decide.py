"""What every delivered file becomes at the cut-off, which months are complete, and whether a build may go on.

Belongs here: outcomes, reasons, stops. Not here: reading files (`run.py` and the readers), arithmetic of months (`months.py`), writing the
inputs of a build (`build_inputs.py`). Decided from names, contents and reports alone, anew in every build.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assets.ingest import months
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
from assets.ingest.reports import FileReport, PartitionReport, delivery_id
from assets.ingest.run import Context, require_files
from assets.ingest.selection import first_of_content, monthly_partitions, snapshots
from expectations import catalogue

OUTCOMES = ("used", "refused", "duplicate", "superseded", "after_cut_off", "unrecognised")
MOST_CODES_TOLD = 40


@dataclass
class Delivery:
    """One file of the landing zone and what became of it. `report` is there when the file was used or refused."""

    file: LandedFile
    sha256: str
    outcome: str
    file_rank: int | None = None
    report: FileReport | None = None
    because: str | None = None  # duplicate: the name that counts

    @property
    def delivery_id(self) -> int:
        """The lake's identity of the content."""
        return delivery_id(self.sha256, self.file.municipality)

    @property
    def refusal_reason(self) -> str | None:
        """The first file rule that failed."""
        return self.report.refusal if self.report and self.outcome == "refused" else None


@dataclass
class Decision:
    """A build's view of its deliveries. Months are first days; None when there is none."""

    as_of: date
    deliveries: list[Delivery]
    payroll_first_month: date | None = None
    payroll_through: date | None = None
    placement_first_month: date | None = None
    dream_first_week: date | None = None
    dream_last_week: date | None = None
    observed_from: date | None = None
    observed_through: date | None = None
    register_day: date | None = None
    incomplete_months: dict[date, str] = field(default_factory=dict)  # payroll month inside the cut-off -> why
    stops: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def with_outcome(self, *outcomes: str) -> list[Delivery]:
        """Return the deliveries that became one of these."""
        return [delivery for delivery in self.deliveries if delivery.outcome in outcomes]

    def used(self, kind: str) -> list[Delivery]:
        """Return the used deliveries of a kind."""
        return [delivery for delivery in self.with_outcome("used") if delivery.file.kind == kind]


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
    _collect_stops(decision, context.key.is_sample_key)
    _collect_warnings(decision, landing)
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


def _collect_stops(decision: Decision, is_sample_key: bool) -> None:
    for kind in KINDS:
        if not decision.used(kind):
            tried = [d.file.name for d in decision.with_outcome("refused") if d.file.kind == kind]
            message = f"no file of the kind {kind} is used inside the cut-off {decision.as_of}"
            message += f" (refused: {', '.join(tried)})" if tried else ""
            decision.stops.append(problem_of("build.kind_missing", message))
    first = decision.payroll_first_month
    if first in decision.incomplete_months:
        message = f"the first payroll month {first:%Y-%m} is not complete: {decision.incomplete_months[first]}"
        name = next(d.file.name for d in decision.deliveries if d.file.kind == PAYROLL_KIND)
        decision.stops.append(problem_of("build.first_payroll_month_incomplete", message, file=name))
    for delivery in decision.with_outcome("used", "refused"):
        report = delivery.report
        if is_sample_key and report is not None and report.real_numbers:
            message = f"{report.real_numbers} rows have a CPR number that is not constructed, but the project key is the sample's, which is public"
            rule = "build.real_number_with_sample_key"
            decision.stops.append(problem_of(rule, message, file=report.file_name, line=report.first_real_line))
    for delivery in decision.used("dream"):
        assert delivery.report is not None
        coded, unknown = delivery.report.rules.get("dream.unknown_code", (0, 0))
        if unknown * 1000 > coded:
            codes = _codes_told(delivery.report.facts.get("unknown_codes", {}))
            message = (
                f"{unknown} of {coded} coded weeks have a code outside benefit_codes.csv, more than 0.1 %: {codes}"
            )
            decision.stops.append(problem_of("dream.unknown_code_share", message, file=delivery.file.name))


def _codes_told(counts: dict[str, int]) -> str:
    """Return unknown codes with their counts, the most frequent first; a text that is no short code might be a person's and is not shown."""
    short = {code: count for code, count in counts.items() if len(code) <= 4}
    ordered = sorted(short.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{code!r} {count}" for code, count in ordered[:MOST_CODES_TOLD]]
    rest = sum(counts.values()) - sum(count for _, count in ordered[:MOST_CODES_TOLD])
    return ", ".join([*told, *([f"other texts {rest}"] if rest else [])])


def _collect_warnings(decision: Decision, landing: Landing) -> None:
    decision.warnings += landing.problems
    for delivery in decision.with_outcome("refused"):
        rule = delivery.refusal_reason or "file.unreadable"
        decision.warnings.append(problem_of(rule, "the file is refused and not used at all", file=delivery.file.name))
    for delivery in decision.with_outcome("unrecognised"):
        remedy = "rename it as the delivery contract says, or take it away"
        message = "the name fits no kind of the contract: the file counts as nothing"
        decision.warnings.append(Problem(delivery.file.name, None, "unrecognised", message, remedy))
    for month, reason in decision.incomplete_months.items():
        if last_day_of_month(month) <= decision.as_of and month != decision.payroll_first_month:
            remedy = "deliver what is missing; months from this one on are not observed"
            message = f"payroll month {month:%Y-%m} is not complete: {reason}"
            decision.warnings.append(Problem(None, None, "payroll_month", message, remedy))


def problem_of(rule: str, message: str, file: str | None = None, line: int | None = None) -> Problem:
    """Return a problem with the catalogue's remedy for its rule."""
    remedy = next((known.remedy for known in catalogue.read_catalogue() if known.rule == rule), "")
    return Problem(file, line, rule, message, remedy)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
