"""What a build would find, said before it is made: files new, gone, refused, missing; partitions made anew; months that move.

Belongs here: the same reading and deciding as a build's, into a folder that is gone afterwards. Not here: printing (`pipelines/`). The
lake is not written; what it still holds is not read again.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from assets.ingest.build_inputs import inputs_folder
from assets.ingest.decide import Decision, outcomes
from assets.ingest.engine import connect
from assets.ingest.keys import ProjectKey
from assets.ingest.lake import REPORT, Lake
from assets.ingest.landing import KINDS, PAYROLL_KIND, PLACEMENT_KIND, scan
from assets.ingest.months import months_between
from assets.ingest.run import Context, Progress, read_kind, require_files
from expectations.code_lists import CodeLists

# What a partition's rows may move: the earliest month that a line speaks of.
_EARLIEST = {PAYROLL_KIND: "min(period_from)", PLACEMENT_KIND: "min(start_date)"}


@dataclass
class DryRun:
    """What a build of these files at this cut-off would find. `before` are the deliveries of the build before, if there was one."""

    decision: Decision
    made: dict[str, list[str]] = field(default_factory=dict)  # kind -> partitions that would be read
    removed: dict[str, list[str]] = field(default_factory=dict)  # kind -> partitions that would go
    new_files: list[str] = field(default_factory=list)
    replaced_files: list[str] = field(default_factory=list)
    gone_files: list[str] = field(default_factory=list)
    missing_payroll_months: list[date] = field(default_factory=list)
    missing_placement: dict[date, list[str]] = field(
        default_factory=dict
    )  # month -> municipalities without a used file
    first_month_that_moves: date | None = None  # results from this month on may change; None: none does

    @property
    def is_nothing_new(self) -> bool:
        """Whether a build would find the same files as the one before."""
        return not (self.new_files or self.replaced_files or self.gone_files or any(self.made.values()))


def dry_run(
    raw: Path,
    warehouse: Path,
    as_of: date | None = None,
    key: ProjectKey | None = None,
    code_lists: CodeLists | None = None,
    progress: Progress | None = None,
) -> DryRun:
    """Return what a build would find.

    Raises:
        BuildStopped: when the landing zone is empty or there is no key; reasons to stop a build stand in `decision.stops` instead.
    """
    real = Context.open(warehouse, key, code_lists)
    landing = scan(raw, as_of, real.code_lists)
    require_files(landing)
    with tempfile.TemporaryDirectory(prefix="fodfaeste-dry-run-") as folder:
        trial = Context(Lake(Path(folder)), real.hashes, real.key, real.code_lists)
        _copy_reports(real.lake, trial.lake)
        real.hashes.path = (
            trial.lake.folder / real.hashes.path.name
        )  # hashes found now are remembered for this run only
        reports = {kind: read_kind(raw, Path(folder), landing, kind, progress, context=trial) for kind in KINDS}
        result = DryRun(outcomes(landing, trial))
        result.made = {kind: report.made for kind, report in reports.items() if report.made}
        result.removed = {
            kind: sorted(set(real.lake.periods(kind)) - set(report.partitions)) for kind, report in reports.items()
        }
        result.removed = {kind: periods for kind, periods in result.removed.items() if periods}
        _compare_with_before(result, warehouse)
        _find_missing(result, real.code_lists)
        result.first_month_that_moves = _first_month_that_moves(result, real.lake, trial.lake)
    return result


def _copy_reports(real: Lake, trial: Lake) -> None:
    """Let the trial know what the lake holds: reports alone, so nothing that stands is read again."""
    for kind in KINDS:
        for period in real.periods(kind):
            report = real.partition(kind, period) / REPORT
            if report.is_file():
                trial.partition(kind, period).mkdir(parents=True)
                shutil.copyfile(report, trial.partition(kind, period) / REPORT)


def _compare_with_before(result: DryRun, warehouse: Path) -> None:
    before: dict[tuple[str, str], str] = {}
    try:
        rows = parquet.read_table(inputs_folder(warehouse) / "deliveries.parquet").to_pylist()
        before = {(row["folder"], row["file_name"]): row["sha256"] for row in rows}
    except (OSError, pa.ArrowException, KeyError):
        pass  # no build before: every file is new
    now = {(delivery.file.folder, delivery.file.name): delivery.sha256 for delivery in result.decision.deliveries}
    result.new_files = [name for (folder, name) in now if (folder, name) not in before]
    result.replaced_files = [name for (folder, name), sha in now.items() if before.get((folder, name), sha) != sha]
    result.gone_files = [name for (folder, name) in before if (folder, name) not in now]


def _find_missing(result: DryRun, code_lists: CodeLists) -> None:
    decision = result.decision
    if decision.payroll_first_month:
        there = {d.file.period for d in decision.deliveries if d.file.kind == PAYROLL_KIND}
        expected = months_between(decision.payroll_first_month, decision.as_of)
        result.missing_payroll_months = [month for month in expected if month not in there]
    if decision.placement_first_month:
        delivered: dict[date, set[str]] = {}
        for delivery in decision.used(PLACEMENT_KIND):
            assert delivery.file.period is not None and delivery.file.municipality is not None
            delivered.setdefault(delivery.file.period, set()).add(delivery.file.municipality)
        for month in months_between(decision.placement_first_month, decision.as_of):
            missing = sorted(code_lists.municipalities - delivered.get(month, set()))
            if missing:
                result.missing_placement[month] = missing


def _first_month_that_moves(result: DryRun, real: Lake, trial: Lake) -> date | None:
    """Return the earliest month of which a changed partition speaks, before or after; a changed snapshot speaks of all."""
    changed = {kind: {*result.made.get(kind, []), *result.removed.get(kind, [])} for kind in KINDS}
    if any(changed[kind] for kind in KINDS if kind not in _EARLIEST):
        return result.decision.observed_from
    found: list[date] = []
    with connect() as connection:
        for kind, earliest in _EARLIEST.items():
            paths = [
                str(lake.partition(kind, period) / "rows.parquet") for lake in (real, trial) for period in changed[kind]
            ]
            paths = [path for path in paths if Path(path).is_file()]
            row = connection.execute(f"select {earliest} from read_parquet(?)", [paths]).fetchone() if paths else None
            if row and row[0]:
                found.append(row[0].replace(day=1))
    return min(found, default=None)
