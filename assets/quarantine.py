"""The rejected lines, fetched again from the delivered files for the supplier to correct.

Belongs here: wiring. Not here: which lines (dbt decides the last of them), how they are fetched (assets/ingest). The only place that holds person numbers.
"""

import dagster as dg

from assets.source import held
from pipelines.resources import House
from pipelines.stages import quarantine
from pipelines.story import told
from pipelines.translator import OWNERS


@dg.asset(
    key=["quarantine", "rejected_lines"],
    group_name="kvalitet",
    owners=OWNERS,
    kinds={"python", "csv"},
    description=told(
        "quarantine/rejected_lines",
        "kvalitet",
        "File, line, rule and content of every rejected row, in warehouse/quarantine; read by nobody but the supplier's contact.",
    ),
    deps=[dg.AssetKey(["inputs", "deliveries"]), dg.AssetKey(["quality", "fct_rule_results"])],
)
def rejected_lines(house: House) -> dg.MaterializeResult:
    """Numbers only: the content stays in the quarantine folder."""
    lines = held(lambda: quarantine(house.settings()))
    return dg.MaterializeResult(metadata={"afviste linjer": lines})
