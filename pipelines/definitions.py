"""What Dagster loads. Importing it needs no data, no key and no network.

Belongs here: putting the parts together. Not here: the parts.
"""

from __future__ import annotations

import dagster as dg

from assets import (
    catalogue,
    cvr_produktionsenheder,
    cvr_virksomheder,
    deliveries,
    dream,
    eindkomst,
    estimates,
    evaluation,
    evaluation_release,
    forloeb,
    freshness,
    personer,
    quarantine,
    se_numre,
)
from assets.contracts import mart_checks
from assets.dbt_models import dbt_models
from assets.outcome import outcome
from pipelines.jobs import jobs
from pipelines.manifest import load_manifest
from pipelines.resources import Folders, House
from pipelines.schedules import every_morning, monthly
from pipelines.sensors import failure_message, landing_zone
from pipelines.settings import read_settings

SOURCES = (cvr_virksomheder, cvr_produktionsenheder, se_numre, personer, dream, forloeb, eindkomst)


def build_definitions() -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors."""
    manifest = load_manifest(read_settings())
    return dg.Definitions(
        assets=[
            *(getattr(module, module.__name__.rpartition(".")[2]) for module in SOURCES),
            catalogue.catalogue,
            deliveries.inputs,
            *dbt_models(manifest),
            estimates.estimates(manifest),
            quarantine.rejected_lines,
            outcome(manifest),
            evaluation.preview,
            evaluation_release.release,
        ],
        asset_checks=[
            *(getattr(module, f"{module.__name__.rpartition('.')[2]}_checks") for module in SOURCES),
            freshness.freshness_checks,
            deliveries.rows_add_up,
            mart_checks(manifest),
            estimates.gate_check,
            evaluation.official_check,
        ],
        jobs=jobs(),
        schedules=[monthly(), every_morning()],
        sensors=[landing_zone, failure_message],
        resources={"house": House(), "folders": Folders()},
        executor=dg.in_process_executor,
    )


defs = build_definitions()
