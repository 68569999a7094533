"""A build's view of its deliveries: what each became, and the months and days that follow.

Belongs here: plain data. Not here: how it is decided (`decide.py`), what stops a build (`stops.py`), how it is written (`build_inputs.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from assets.ingest.landing import LandedFile
from assets.ingest.problems import Problem
from assets.ingest.reports import FileReport, delivery_id

OUTCOMES = ("used", "refused", "duplicate", "superseded", "after_cut_off", "unrecognised")


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
