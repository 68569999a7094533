"""The effect: estimates out of the cohorts, and the gate that a stakeholder reads first.

Belongs here: wiring between the two steps of dbt. Not here: estimating (transforms/evaluation), reading and writing (pipelines/effect.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from pipelines.effect import COHORTS
from pipelines.gate import read_gate
from pipelines.resources import House
from pipelines.stages import estimate
from pipelines.story import told
from pipelines.translator import ESTIMATES, OWNERS

GATE = "port"
DIAGNOSTICS = dg.AssetKey(["effect", "fct_effect_diagnostics"])


def estimates(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """The asset between the cohorts and the schema `effect`."""
    made = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model"}

    @dg.asset(
        key=ESTIMATES,
        group_name="effekt",
        owners=OWNERS,
        kinds={"python", "parquet"},
        description=told(
            "/".join(ESTIMATES),
            "effekt",
            "Reads the build file read-only, estimates what transforms/protocol.yml names, writes five Parquet "
            "files to warehouse/lake/estimates; the same cohorts, protocol and code are not estimated again. Reported horizons and curves; all else: fodfaeste effect --full.",
        ),
        deps=[
            # No finished table: their contracts are checked together with those of the effect, which wait for the estimates.
            dg.AssetKey(["intermediate", "int_spells"]),
            *(dg.AssetKey(["intermediate", name]) for name in COHORTS if name in made),
        ],
    )
    def make(context: dg.AssetExecutionContext, house: House) -> dg.MaterializeResult:
        made = estimate(house.settings())
        context.log.info("estimated" if made.is_new else "the same cohorts, protocol and code: nothing to estimate")
        return dg.MaterializeResult(
            metadata={
                "estimater": made.rows.get("estimates", 0),
                "dagster/row_count": sum(made.rows.values()),
                "nyt": made.is_new,
                "sekunder": round(made.seconds, 1),
            }
        )

    return make


@dg.asset_check(
    asset=DIAGNOSTICS,
    name=GATE,
    blocking=True,
    description=(
        "Om det primære estimat kan bære at blive læst.\n\nThe gate of the primary estimate: every diagnostic within the limits of transforms/protocol.yml. "
        "Warns when one is not and stops nothing; the estimate is published with its gate all the same."
    ),
)
def gate_check(house: House) -> dg.AssetCheckResult:
    """Sums the gate up in a Danish sentence; a failed gate warns and hides nothing."""
    gate = read_gate(house.settings().build_file)
    return dg.AssetCheckResult(
        passed=gate.is_open,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "port": gate.sentence,
            "primært estimat": _list(gate.own),
            "andre estimater": _list(gate.others),
            "alle tal": "effect.fct_effect_diagnostics",
        },
    )


def _list(lines: Sequence[str]) -> dg.MetadataValue:
    """Lines below each other; the webserver would run plain text together."""
    return dg.MetadataValue.md("\n".join(f"- {line}" for line in lines)) if lines else dg.MetadataValue.text("–")
