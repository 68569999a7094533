"""What was delivered and what became of it: the inputs of a build, decided from names, contents and the cut-off.

Belongs here: wiring of ingest's decision to Dagster, and the account that nothing is lost. Not here: the decision (assets/ingest).
"""

from collections.abc import Iterator

import dagster as dg

from assets.ingest.landing import KINDS
from assets.source import held
from pipelines.fingerprint import ingest_version
from pipelines.resources import House
from pipelines.stages import account, decide
from pipelines.story import told
from pipelines.translator import OWNERS

TABLES = {
    "deliveries": "One row per file of the landing zone: what it is and what became of it.",
    "rule_counts": "One row per file used or refused and rule, as the pass over the file knows it.",
    "file_counters": "One row per file and counted oddity.",
    "build": "One row: the cut-off, the parameters and what they make observable.",
}
ACCOUNT = "regnskab"


@dg.multi_asset(
    name="inputs",
    specs=[
        dg.AssetSpec(
            ["inputs", table],
            group_name="kilder",
            owners=OWNERS,
            kinds={"python", "parquet"},
            description=told(f"inputs/{table}", "kilder", english),
            code_version=ingest_version(),
            deps=[dg.AssetKey(["lake", kind]) for kind in KINDS],
        )
        for table, english in TABLES.items()
    ],
    can_subset=False,
)
def inputs(context: dg.AssetExecutionContext, house: House) -> Iterator[dg.MaterializeResult]:
    """Decides what counts at the cut-off; stops the build when a rule of level stop is broken."""
    decided = held(lambda: decide(house.ingest()))
    for warning in decided.warnings:
        context.log.warning(warning)
    for table in TABLES:
        shown: dict[str, int | str] = {"dagster/row_count": decided.rows[table]}
        if table == "deliveries":
            shown |= decided.outcomes
        if table == "build":
            shown |= decided.facts
        yield dg.MaterializeResult(asset_key=dg.AssetKey(["inputs", table]), metadata=shown)


@dg.asset_check(
    asset=dg.AssetKey(["inputs", "deliveries"]),
    name=ACCOUNT,
    blocking=True,
    description="Om hver fils godkendte og afviste rækker tilsammen er de leverede.\n\nDelivered = accepted + rejected, counted in the lake, per file.",
)
def rows_add_up(house: House) -> dg.AssetCheckResult:
    """Nothing delivered is ever lost (file.rows_add_up)."""
    result = held(lambda: account(house.ingest()))
    return dg.AssetCheckResult(
        passed=not result.wrong,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "filer": result.files,
            "leveret": result.delivered,
            "godkendt": result.accepted,
            "afvist": result.rejected,
            "filer der ikke går op": ", ".join(result.wrong) or "–",
        },
    )
