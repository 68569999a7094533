"""The catalogue of rules as an asset: what every source is held to.

Belongs here: wiring the catalogue to Dagster. Not here: the rules (expectations/catalogue.csv), how dbt reads them (transforms).
"""

from collections import Counter

import dagster as dg

from assets.source import held
from expectations.catalogue import read_catalogue
from pipelines.fingerprint import ingest_version
from pipelines.story import told
from pipelines.translator import OWNERS


@dg.asset(
    key=["expectations", "catalogue"],
    group_name="kilder",
    owners=OWNERS,
    kinds={"csv"},
    description=told(
        "expectations/catalogue",
        "kilder",
        "expectations/catalogue.csv: one row per rule of the delivery contract; kept by hand.",
    ),
    code_version=ingest_version(),
)
def catalogue() -> dg.MaterializeResult:
    """Reads it as a build does and tells how many rules there are; one that cannot be read stops the build here."""
    rules = held(read_catalogue)
    levels = Counter(rule.level for rule in rules)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(rules),
            "datasæt": len({rule.dataset for rule in rules}),
            **{f"regler på niveau {level}": count for level, count in sorted(levels.items())},
        }
    )
