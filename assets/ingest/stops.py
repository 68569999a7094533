"""Why a build may not go on, and what it says when it does: problems with file, line, rule and remedy.

Belongs here: the rules of level `stop` and the warnings about deliveries. Not here: outcomes and months (`decide.py`), remedies (the catalogue).
Never a person's data.
"""

from __future__ import annotations

from assets.ingest.decision import Decision
from assets.ingest.landing import KINDS, PAYROLL_KIND, Landing, last_day_of_month
from assets.ingest.problems import Problem
from expectations import catalogue

MOST_CODES_TOLD = 40


def collect_stops(decision: Decision, is_sample_key: bool) -> None:
    """Add every reason why the build may not go on, with file, rule and remedy."""
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


def collect_warnings(decision: Decision, landing: Landing) -> None:
    """Add what the build says without stopping: refused and unrecognised files, payroll months that are not complete."""
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
