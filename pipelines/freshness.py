"""What is overdue in a landing zone: the delivered months by name and by the lake's memory of refusals, held to the due table.

Belongs here: what day it is, which files count as delivered, the words of a finding. Not here: due days and arithmetic (`expectations/due.py`), rows of files.
What is fresh or overdue is the delivered month, never the time at which an asset was made (docs/decisions/0013).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assets.ingest.contents import sha256_of
from assets.ingest.keys import read_key
from assets.ingest.landing import KINDS, PAYROLL_KIND, PLACEMENT_KIND, LandedFile, Landing, scan
from assets.ingest.problems import BuildStopped, Problem
from expectations.code_lists import CodeLists
from expectations.due import MONTHLY, Due, months_to, overdue_months, read_due, silent_municipalities
from pipelines.settings import Settings

RULE = "overdue"
NAME_OF = {PLACEMENT_KIND: "forloeb_<kkkk>_{month}.csv", PAYROLL_KIND: "eindkomst_{month}.csv"}


@dataclass(frozen=True)
class Freshness:
    """A kind at the clock. Months are first days; `newest` is the newest delivered month or snapshot, None when there is no file."""

    kind: str
    clock: date
    newest: date | None
    last_due: date | None = None  # monthly kinds: the newest month whose due day is over
    due_date: date | None = None
    months: tuple[date, ...] = ()  # overdue
    municipalities: tuple[str, ...] = ()  # late with `last_due`: "0101 København"
    incomplete: tuple[str, ...] = ()  # why an overdue payroll month that has files does not count
    never_delivered: int = 0  # of the 98 municipalities
    older_holes: int = 0  # municipality-months before `last_due` that were not delivered

    @property
    def is_overdue(self) -> bool:
        """Whether something that was due has not come."""
        return bool(self.months or self.municipalities)

    @property
    def age_days(self) -> int | None:
        """Days from a snapshot to the clock; of a month, from its first day."""
        return None if self.newest is None else (self.clock - self.newest).days

    def problems(self) -> list[Problem]:
        """The findings as the doctor tells them: file or kind, rule, what, remedy."""
        found = []
        if self.months:
            name = NAME_OF[self.kind].format(month=f"{self.months[0]:%Y-%m}")
            message = (
                f"{self.kind}: {spans(self.months)} overdue at {self.clock}; due was {self._due_of(self.months[0])}"
            )
            message += f" ({'; '.join(self.incomplete)})" if self.incomplete else ""
            remedy = f"have {len(self.months)} month{'s' if len(self.months) > 1 else ''} delivered; who stands still at a day gives it: --as-of"
            found.append(Problem(name, None, RULE, message, remedy))
        if self.municipalities:
            assert self.last_due is not None
            name = NAME_OF[self.kind].format(month=f"{self.last_due:%Y-%m}")
            message = f"{self.kind}: {len(self.municipalities)} of the municipalities that deliver have not delivered {self.last_due:%Y-%m}, due {self.due_date}: "
            message += ", ".join(self.municipalities)
            remedy = "remind them; one with nothing to register sends the header line alone"
            found.append(Problem(name, None, RULE, message, remedy))
        return found

    def _due_of(self, month: date) -> date:
        return read_due()[self.kind].date_of(month)


def clock(settings: Settings, landing: Landing, today: date | None = None) -> date:
    """The day at which is judged: an explicit cut-off; else, with the public sample's key, the sample's own (it stands still); else today."""
    if settings.as_of is not None:
        return settings.as_of
    try:
        is_sample = read_key().is_sample_key
    except BuildStopped:
        is_sample = False
    if is_sample and landing.as_of is not None:
        return landing.as_of
    return today or date.today()


def look(settings: Settings, today: date | None = None) -> list[Freshness]:
    """Every kind at the clock, in the order of `KINDS`. Reads names, and the reports of the lake; of a refused file its content."""
    landing = scan(settings.raw, settings.as_of)
    now = clock(settings, landing, today)
    return [_look_at(settings, landing, read_due()[kind], now) for kind in KINDS]


def _look_at(settings: Settings, landing: Landing, due: Due, now: date) -> Freshness:
    files = [file for file in landing.of_kind(due.kind) if file.is_inside(now)]
    refused = refused_as_they_stand(settings, due.kind, files)
    good = [file for file in files if file.name not in refused]
    newest = max((file.period for file in good if file.period), default=None)
    if due.rhythm != MONTHLY:
        return Freshness(due.kind, now, newest)
    last = due.last_due(now)
    known: dict[str, object] = {"last_due": last, "due_date": due.date_of(last)}
    if due.kind == PAYROLL_KIND:
        whole, why = _whole_months(files, refused, now)
        late = overdue_months(due, whole, now)
        known |= {"months": tuple(late), "incomplete": tuple(why[month] for month in late if month in why)}
    else:
        delivered: dict[date, set[str]] = {}
        for file in good:
            assert file.period is not None and file.municipality is not None
            delivered.setdefault(file.period, set()).add(file.municipality)
        names = {row["kommune_kode"]: row["kommune_navn"] for row in CodeLists().rows("municipalities")}
        deliver = {code for month, codes in delivered.items() if month <= last for code in codes}
        spanned = months_to(min(delivered), last) if delivered else []
        known |= {
            "months": tuple(overdue_months(due, delivered, now)),
            "municipalities": tuple(f"{code} {names[code]}" for code in silent_municipalities(due, delivered, now)),
            "never_delivered": len(names) - len({code for codes in delivered.values() for code in codes}),
            "older_holes": sum(len(deliver - delivered.get(month, set())) for month in spanned if month != last),
        }
    return Freshness(due.kind, now, newest, **known)  # type: ignore[arg-type]


def _whole_months(files: Iterable[LandedFile], refused: set[str], now: date) -> tuple[set[date], dict[date, str]]:
    """The payroll months that stand whole by part numbers and refusals, and of the others with files why not. Contents are not compared."""
    from assets.ingest.decide import Delivery, why_incomplete

    by_month: dict[date, list[Delivery]] = {}
    for file in files:
        assert file.period is not None
        outcome = "refused" if file.name in refused else "used"
        by_month.setdefault(file.period, []).append(Delivery(file, "", outcome))
    reasons = {month: why_incomplete(month, found, now) for month, found in by_month.items()}
    whole = {month for month, reason in reasons.items() if reason is None}
    return whole, {month: f"{month:%Y-%m}: {reason}" for month, reason in reasons.items() if reason}


def refused_as_they_stand(settings: Settings, kind: str, files: Iterable[LandedFile]) -> set[str]:
    """Names of files that the lake knows as refused and that still have that content: one sent again counts at once, before it is read."""
    by_name = {file.name: file for file in files}
    found = set()
    for path in sorted((settings.lake / kind).glob("*/report.json")):
        text = path.read_text(encoding="utf-8")
        if '"refusal": "' not in text:
            continue
        try:
            reports = json.loads(text)["files"]
        except (ValueError, KeyError):
            continue  # a half-written lake is a cache like another: the names decide
        for report in reports:
            file = by_name.get(report["file_name"])
            if report["refusal"] and file is not None and _is_still(file, report["sha256"]):
                found.add(file.name)
    return found


def _is_still(file: LandedFile, sha256: str) -> bool:
    try:
        return sha256_of(file.path) == sha256
    except OSError:
        return True  # what cannot be read is not delivered


def spans(months: Iterable[date]) -> str:
    """Months as text, neighbours as a span: `2022-03, 2022-05 to 2022-07`."""
    runs: list[list[date]] = []
    for month in sorted(months):
        if runs and months_to(runs[-1][-1], month)[1:] == [month]:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(f"{run[0]:%Y-%m}" if len(run) == 1 else f"{run[0]:%Y-%m} to {run[-1]:%Y-%m}" for run in runs)
