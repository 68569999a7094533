"""The published warehouse.

Belongs here: audit, then swap, as an asset. Not here: how (assets/publishing).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.manifest import contracts
from pipelines.resources import House
from pipelines.stages import audit_and_publish
from pipelines.story import told
from pipelines.translator import OWNERS


def outcome(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Behind every table and the quarantine; only the evaluation reads what it publishes."""

    @dg.asset(
        key=["published", "outcome"],
        group_name="evaluering",
        owners=OWNERS,
        kinds={"duckdb"},
        description=told(
            "published/outcome",
            "evaluering",
            "Audited, then a new file and a swap of warehouse/outcome.duckdb; "
            "readers are never disturbed. Readable by DuckDB clients from 1.2 on.",
        ),
        deps=[
            *(dg.AssetKey(table.split(".")) for table in sorted(contracts(dict(manifest)))),
            dg.AssetKey(["quarantine", "rejected_lines"]),
        ],
    )
    def publish(context: dg.AssetExecutionContext, house: House) -> dg.MaterializeResult:
        published, findings = audit_and_publish(house.settings())
        if published is None:
            raise dg.Failure(
                description="Not published:\n" + "\n".join(str(finding) for finding in findings),
                metadata={"findings": len(findings)},
                allow_retries=False,
            )
        context.log.info(f"published {published.file.name}")
        return dg.MaterializeResult(
            metadata={
                "fil": published.file.name,
                "tabeller": len(published.rows),
                "dagster/row_count": sum(published.rows.values()),
                "megabyte": round(published.file.stat().st_size / 1e6, 2),
            }
        )

    return publish
