"""What the seven source assets have in common: take in what is new, say for which months, and be held to the contract.

Belongs here: wiring of ingest and expectations to Dagster. Not here: reading files (assets/ingest), what is right (expectations).
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import dagster as dg

from assets.ingest.problems import BuildStopped
from expectations.catalogue import CATEGORIES
from pipelines.errors import problem_of_system, unforeseen
from pipelines.fingerprint import ingest_version
from pipelines.metadata import lake_schema, plot
from pipelines.partitions import EVERY_MONTH_IN_ONE_RUN, MONTHS, delivered_months, hold_months
from pipelines.resources import House
from pipelines.results import Taken
from pipelines.stages import check_source, take_in
from pipelines.story import told
from pipelines.translator import OWNERS

CATEGORY_WORDS = {
    "conformance": "Om værdierne har den rette form og ligger inden for listerne.",
    "completeness": "Om der mangler noget, og hvor stor en del der er afvist.",
    "plausibility": "Om værdierne er rimelige.",
}
Result = TypeVar("Result")
# What a disk or a network share answers once may be answered otherwise a little later.
RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)


def source(kind: str, english: str, form: str, is_monthly: bool = False) -> dg.AssetsDefinition:
    """The asset of one kind of files."""

    @dg.asset(
        key=["lake", kind],
        group_name="kilder",
        owners=OWNERS,
        kinds={form, "parquet"},
        description=told(f"lake/{kind}", "kilder", english),
        # Where the lineage of a column ends: what was accepted of the files, by name.
        metadata={"dagster/column_schema": lake_schema(kind)},
        code_version=ingest_version(),
        partitions_def=MONTHS if is_monthly else None,
        backfill_policy=EVERY_MONTH_IN_ONE_RUN if is_monthly else None,
        retry_policy=RETRY,
        name=None,
    )
    def take(context: dg.AssetExecutionContext, house: House) -> dg.MaterializeResult:
        anew = _asked_for(context) if is_monthly else None
        taken = held(lambda: take_in(house.ingest(), kind, anew or ()))
        if is_monthly:
            _mark_months(context, delivered_months(house.ingest().landing), taken, anew)
        if anew is None:
            return dg.MaterializeResult(metadata=_metadata(taken))
        for period in anew:
            context.add_asset_metadata(_of_period(taken, period), partition_key=period)
        return dg.MaterializeResult()

    return take


def _asked_for(context: dg.AssetExecutionContext) -> list[str] | None:
    """The months that a run with partition tags names; None for a run without, which takes what is new."""
    if context.has_partition_key_range:
        return list(context.partition_keys)
    return [context.partition_key] if context.has_partition_key else None


def _mark_months(context: dg.AssetExecutionContext, months: list[str], taken: Taken, anew: list[str] | None) -> None:
    """Makes the delivered months the partitions, and marks each that changed or was never marked; Dagster itself marks those of its tags.

    A month of which this source has no file is marked as well, with 0 files: the step has looked. A month that left the landing zone is no
    partition any more; a run with tags leaves it, for Dagster looks its range up again when the step has ended.
    """
    hold_months(context.instance, months, only_add=anew is not None)
    never_marked = set(months) - context.instance.get_materialized_partitions(context.asset_key)
    changed = {*taken.made, *taken.removed, *never_marked} & set(months)
    for period in sorted(changed - set(anew or ())):
        context.log_event(
            dg.AssetMaterialization(asset_key=context.asset_key, partition=period, metadata=_of_period(taken, period))
        )


def _of_period(taken: Taken, period: str) -> dict[str, int]:
    return {
        "dagster/row_count": taken.rows.get(period, 0),
        "filer": taken.files.get(period, 0),
        "afviste rækker": taken.rejected.get(period, 0),
    }


def _metadata(taken: Taken) -> dict[str, dg.MetadataValue | int | str]:
    periods = sorted(taken.rows)
    found: dict[str, dg.MetadataValue | int | str] = {
        "dagster/row_count": sum(taken.rows.values()),
        "filer": sum(taken.files.values()),
        "nye eller ændrede perioder": len(taken.made),
        "fjernede perioder": len(taken.removed),
        "afviste rækker": sum(taken.rejected.values()),
        "afviste filer": taken.refused,
    }
    if len(periods) > 2:
        found["rækker pr. periode"] = plot([float(taken.rows[period]) for period in periods], "rækker pr. periode")
        found["perioder"] = f"{periods[0]} – {periods[-1]}"
    return found


def source_checks(kind: str) -> dg.AssetChecksDefinition:
    """One check a category: what the accepted rows must show, and how large a share may be rejected."""
    key = dg.AssetKey(["lake", kind])

    @dg.multi_asset_check(
        name=f"kontrol_{kind}",
        specs=[
            dg.AssetCheckSpec(
                category,
                asset=key,
                blocking=True,
                description=f"{CATEGORY_WORDS[category]}\n\nGreat Expectations on the accepted rows of {kind}, and shares of rejected rows within the catalogue's limits.",
            )
            for category in CATEGORIES
        ],
    )
    def check(context: dg.AssetCheckExecutionContext, house: House) -> Iterator[dg.AssetCheckResult]:
        settings = house.settings()
        result = held(lambda: check_source(settings, kind))
        for category in CATEGORIES:
            broken, exceeded = result.broken.get(category, {}), result.exceeded.get(category, {})
            # An accepted row that breaks its contract is an error of ours: it blocks. A large share rejected is the supplier's: it warns.
            is_error = bool(broken) or (bool(exceeded) and settings.strict)
            yield dg.AssetCheckResult(
                asset_key=key,
                check_name=category,
                passed=not broken and not exceeded,
                severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
                metadata={
                    "perioder": result.periods,
                    "perioder set igennem nu": result.looked_through_now,
                    "rækker": result.rows,
                    "regler": result.rules.get(category, 0),
                    "brudt af godkendte rækker": ", ".join(f"{rule}: {count}" for rule, count in broken.items()) or "–",
                    "over grænsen": ", ".join(f"{rule}: {share:.2%}" for rule, share in exceeded.items()) or "–",
                    "gør": " ".join(dict.fromkeys(result.remedies.get(rule, "") for rule in [*broken, *exceeded]))
                    or "–",
                },
            )

    return check


def held(work: Callable[[], Result]) -> Result:
    """Does `work` and turns what goes wrong while delivered files are read into a Dagster failure: collected, without a person's data.

    An error that nobody foresaw is told by its kind and place alone: its own text may quote a row, and Dagster would keep it. So the failure is
    raised outside the handler, where it has no context that Dagster could write down.
    """
    try:
        return work()
    except BuildStopped as stopped:
        failure = dg.Failure(
            description=str(stopped), metadata={"problems": len(stopped.problems)}, allow_retries=False
        )
    except OSError as problem:
        failure = dg.Failure(description=str(problem_of_system(problem)))
    except Exception as problem:
        failure = dg.Failure(description=unforeseen(problem), allow_retries=False)
    raise failure
