"""The stages of a build, without Dagster: what the assets call, and what `build_bare` calls one after another.

Belongs here: the order of the parts and what each leaves behind. Not here: the parts themselves (assets/ingest, transforms, expectations, assets/publishing).
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.ingest.code_version import code_fingerprint
from assets.ingest.keys import read_key
from assets.ingest.landing import KINDS, scan
from assets.ingest.problems import BuildStopped, Problem
from assets.ingest.run import Context, read_kind, require_files
from assets.publishing.audit import Finding, audit
from assets.publishing.publish import Published, publish
from pipelines import dbt_runner
from pipelines.fingerprint import fingerprint
from pipelines.lock import one_build
from pipelines.results import Decided, SourceResult, Taken
from pipelines.settings import Settings
from pipelines.timings import TIMINGS

if TYPE_CHECKING:
    from assets.ingest.build_inputs import Account
    from assets.ingest.decide import Decision
    from expectations.marts import Figure, TableResult
    from pipelines.effect import Estimated

EFFECT = "tag:effect"  # what dbt can only make once the estimates are there
NodeListener = Callable[[dbt_runner.NodeResult], None]


class Ingest:
    """What the stages before dbt share in one build: the landing zone as it stood, the key, the memory of hashes."""

    def __init__(self, settings: Settings) -> None:
        """Looks at the landing zone and reads the key.

        Raises:
            BuildStopped: when the landing zone is empty or there is no key.
        """
        self.settings = settings
        self.context = Context.open(settings.warehouse)
        self.landing = scan(settings.raw, settings.as_of, self.context.code_lists)
        require_files(self.landing)
        self.decision: Decision | None = None
        self.context.lake.tidy()
        remove_half_made(settings.warehouse)


def remove_half_made(warehouse: Path) -> None:
    """Takes away what a killed build left beside the quarantine: the one place where a leftover would hold person numbers."""
    for path in warehouse.glob(".quarantine*.*"):
        shutil.rmtree(path, ignore_errors=True)


def parquet_rows(path: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    import pyarrow.parquet as parquet

    return int(parquet.read_metadata(path).num_rows)


def take_in(ingest: Ingest, kind: str, anew: Sequence[str] = ()) -> Taken:
    """Reads what is new of a kind into the lake; `anew` names periods to read again whatever the cache says."""
    settings = ingest.settings
    with TIMINGS.step(f"ingest {kind}"):
        report = read_kind(
            settings.raw, settings.warehouse, ingest.landing, kind, anew=set(anew), context=ingest.context
        )
    files = {period: partition.files for period, partition in report.partitions.items()}
    used = {period: [file for file in found if not file.refusal] for period, found in files.items()}
    return Taken(
        kind,
        made=tuple(sorted(report.made)),
        removed=tuple(sorted(report.removed)),
        rows={
            period: sum((file.rows_delivered or 0) - (file.rows_rejected or 0) for file in found)
            for period, found in used.items()
        },
        rejected={period: sum(file.rows_rejected or 0 for file in found) for period, found in used.items()},
        files={period: len(found) for period, found in files.items()},
        refused=len(report.refused),
    )


def decide(ingest: Ingest) -> Decided:
    """Writes the inputs of dbt; stops when a rule of level stop is broken."""
    from assets.ingest.decide import OUTCOMES
    from assets.ingest.decide import decide as decide_at_cut_off

    with TIMINGS.step("decide"):
        # Before the decision: a file that changes after this makes the decision stop, or counts as new next time.
        stamp = _stamp(ingest)
        decision = ingest.decision = decide_at_cut_off(ingest.landing, ingest.settings.warehouse, ingest.context)
    ingest.settings.stamp.write_text(json.dumps(stamp), encoding="utf-8")
    rows = {
        name: parquet_rows(ingest.settings.inputs / f"{name}.parquet")
        for name in ("deliveries", "rule_counts", "file_counters", "build")
    }
    shown = (
        "as_of",
        "payroll_first_month",
        "payroll_through",
        "placement_first_month",
        "observed_from",
        "observed_through",
        "register_day",
    )
    return Decided(
        rows,
        {outcome: len(decision.with_outcome(outcome)) for outcome in OUTCOMES},
        {name: str(getattr(decision, name) or "–") for name in shown},
        tuple(str(warning) for warning in decision.warnings),
    )


def _stamp(ingest: Ingest) -> dict[str, str]:
    """What this build is made of: what arrives while tables are built must count as new next time."""
    code = code_fingerprint()
    return {"code": code, "fingerprint": fingerprint(ingest.settings, ingest.landing, ingest.context.hashes, code)}


def _stamped(settings: Settings) -> str | None:
    """The fingerprint of the build, unless the code has changed under it."""
    try:
        words = json.loads(settings.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(words["fingerprint"]) if words.get("code") == code_fingerprint() else None


def account(ingest: Ingest) -> Account:
    """Counts the lake's rows of every used file against what was delivered."""
    from assets.ingest.build_inputs import account as count
    from assets.ingest.decide import outcomes

    if ingest.decision is None:
        ingest.decision = outcomes(ingest.landing, ingest.context)
    return count(ingest.decision, ingest.settings.warehouse)


def quarantine(settings: Settings) -> int:
    """Fetches the rejected lines again; returns how many."""
    from assets.ingest.quarantine import write_quarantine

    with TIMINGS.step("quarantine"):
        return write_quarantine(settings.raw, settings.warehouse, settings.build_file).rows


def transform(settings: Settings, on_node: NodeListener | None = None, with_tests: bool = True) -> dbt_runner.DbtRun:
    """Builds every table but the effect's anew in the build file; with data tests a table that fails one stops what stands behind it."""
    for path in (settings.build_file, settings.build_file.with_name(settings.build_file.name + ".wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.build_file.with_name(settings.build_file.name + ".tmp"), ignore_errors=True)
    return _dbt_step(settings, "dbt", ["--exclude", EFFECT], on_node, with_tests)


def transform_effect(
    settings: Settings, on_node: NodeListener | None = None, with_tests: bool = True
) -> dbt_runner.DbtRun:
    """The second step of dbt: what the estimators wrote becomes the schema `effect` of the same build file."""
    # The manifest is the one of the first step: writing it again took half of this step's time.
    return _dbt_step(settings, "dbt effect", ["--select", EFFECT, "--no-write-json"], on_node, with_tests)


def _dbt_step(
    settings: Settings, name: str, selection: list[str], on_node: NodeListener | None, with_tests: bool
) -> dbt_runner.DbtRun:
    left_out = ["unit_test"] if with_tests else ["unit_test", "test"]
    command = ["build", *selection, *(word for kind in left_out for word in ("--exclude-resource-type", kind))]
    with TIMINGS.step(name):
        outcome = dbt_runner.run_dbt(settings, command, on_node)
    for result in outcome.results:
        TIMINGS.add(result.unique_id, result.seconds)
    return outcome


def estimate(settings: Settings, full: bool = False, say: Callable[[str], None] | None = None) -> Estimated:
    """Between the two steps: the cohorts of the build file become estimates in the lake, unless these cohorts are estimated already."""
    from pipelines.effect import estimate as estimate_cohorts

    with TIMINGS.step("estimates"):
        return estimate_cohorts(settings, full, say)


def check_source(settings: Settings, kind: str) -> SourceResult:
    """Holds the accepted rows of a kind and the shares of its rejected rows to the catalogue."""
    from expectations.catalogue import read_catalogue
    from expectations.lake import check_kind
    from expectations.shares import exceeded_shares

    memory = settings.warehouse / "checks"
    with TIMINGS.step(f"expectations {kind}"):
        rows = check_kind(settings.lake, kind, memory)
        shares = exceeded_shares(settings.lake, kind, memory)
    result = SourceResult(rows.periods, rows.looked_through_now, rows.rows)
    for category, tests in rows.tests.items():
        result.rules[category] = tests + shares.rules.get(category, 0)
        broken: dict[str, int] = {}
        for _, outcome in rows.broken.get(category, []):
            broken[outcome.rule] = broken.get(outcome.rule, 0) + (outcome.broken or 1)
        result.broken[category] = broken
        result.exceeded[category] = shares.exceeded.get(category, {})
    result.remedies = {rule.rule: rule.remedy for rule in read_catalogue()}
    return result


def check_marts(settings: Settings, tables: list[str]) -> dict[str, TableResult]:
    """Holds the finished tables to what their columns promise."""
    from expectations.marts import check_tables

    with TIMINGS.step("expectations marts"):
        return check_tables(settings.build_file, tables)


def check_published_figures(settings: Settings) -> list[Figure]:
    """Holds the register to figures that others have published."""
    from expectations.marts import compare_with_published

    with TIMINGS.step("expectations published figures"):
        return compare_with_published(settings.build_file)


def check_rule_shares(settings: Settings) -> dict[str, float]:
    """Rules above their limit over all used files, those decided in the build included."""
    from expectations.shares import exceeded_in_build

    with TIMINGS.step("expectations limits"):
        return exceeded_in_build(settings.build_file)


def audit_and_publish(settings: Settings, with_audit: bool = True) -> tuple[Published | None, list[Finding]]:
    """Publishes the build file unless the audit finds a reason not to."""
    from pipelines.manifest import comments, contracts

    manifest = dbt_runner.read_manifest(settings)
    findings: list[Finding] = []
    if with_audit:
        with TIMINGS.step("audit"):
            findings = audit(settings.build_file, contracts(manifest), read_key().value)
    if findings:
        return None, findings
    with TIMINGS.step("publish"):
        # What was not audited must not pass for current.
        facts = _facts(settings) | {"fingerprint": _stamped(settings) if with_audit else None}
        published = publish(settings.build_file, settings.warehouse, comments(manifest), facts)
    TIMINGS.save(settings.build_folder)
    return published, []


def _facts(settings: Settings) -> dict[str, Any]:
    """What LATEST.json says about the build besides its tables."""
    from assets.publishing.audit import connect

    with connect() as connection:
        cursor = connection.execute("select * from read_parquet(?)", [str(settings.inputs / "build.parquet")])
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone() or ()
    facts = {name: _plain(value) for name, value in zip(names, row, strict=True)}
    shown = ("as_of", "code_version", "observed_from", "observed_through", "is_sample_key")
    return {name: facts.get(name) for name in shown}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _require(outcome: dbt_runner.DbtRun) -> None:
    if not outcome.is_success:
        raise BuildStopped(
            Problem(None, None, "dbt", problem, "Look at the model's SQL in transforms/.")
            for problem in outcome.problems()
        )


def build_bare(raw: Path, warehouse: Path, as_of: datetime.date | str | None = None) -> Path:
    """The whole way without Dagster, data tests, expectations and audit, for tests: returns the published link.

    Raises:
        BuildStopped: when a rule of level stop is broken, or a table cannot be built.
    """
    from pipelines.settings import read_settings

    settings = read_settings(raw, warehouse, as_of)
    with one_build(settings.warehouse):
        ingest = Ingest(settings)
        for kind in KINDS:
            take_in(ingest, kind)
        decide(ingest)
        _require(transform(settings, with_tests=False))
        estimate(settings)
        _require(transform_effect(settings, with_tests=False))
        audit_and_publish(settings, with_audit=False)
    return settings.published
