"""The job for the whole way, and one for each stage.

Belongs here: which assets run together. Not here: what they do.
"""

from __future__ import annotations

import dagster as dg

from assets.ingest.landing import KINDS

ESTIMATES = dg.AssetSelection.assets(dg.AssetKey(["lake", "estimates"]))
SOURCES = dg.AssetSelection.key_prefixes(["expectations"], ["lake"]) - ESTIMATES
INPUTS = dg.AssetSelection.key_prefixes(["inputs"])
QUARANTINE = dg.AssetSelection.key_prefixes(["quarantine"])
PUBLISHED = dg.AssetSelection.key_prefixes(["published"])
PREVIEW = dg.AssetSelection.assets(dg.AssetKey(["evaluation", "preview_tables"]), dg.AssetKey(["evaluation", "report"]))
# A frozen release is a person's decision, so no run but its own makes one.
RELEASES = dg.AssetSelection.key_prefixes(["release"])
WHOLE = dg.AssetSelection.all() - RELEASES
TABLES = WHOLE - SOURCES - INPUTS - QUARANTINE - PUBLISHED - PREVIEW

DUE = dg.AssetSelection.checks(*(dg.AssetCheckKey(dg.AssetKey(["lake", kind]), "friskhed") for kind in KINDS))

# A build takes minutes; one that takes six hours hangs. One process: DuckDB has one writer.
TAGS = {"dagster/max_runtime": str(6 * 3600)}
LOOK_TAGS = {"dagster/max_runtime": str(600)}


def jobs() -> list[dg.UnresolvedAssetJobDefinition]:
    """Whole, then stage by stage in the order of the data."""
    make = dg.define_asset_job
    return [
        make(
            "hele_vejen",
            WHOLE,
            tags=TAGS,
            description="Hele vejen fra leverancer til det færdige datavarehus og siderne om det.",
        ),
        make("kilder", SOURCES, tags=TAGS, description="Læser nye leverancer ind og holder dem op mod kontrakten."),
        make(
            "frister",
            DUE,
            tags=LOOK_TAGS,
            description="Ser efter, om det er leveret, som skulle være leveret nu. Ændrer intet.",
        ),
        make("leverancer", INPUTS, tags=TAGS, description="Afgør, hvilke leverancer der tæller på opgørelsesdatoen."),
        make("tabeller", TABLES, tags=TAGS, description="Beregner alle tabeller, effekten med, og kontrollerer dem."),
        make("karantaene", QUARANTINE, tags=TAGS, description="Henter de afviste linjer frem til leverandørerne."),
        make("udgivelse", PUBLISHED, tags=TAGS, description="Udgiver det færdige datavarehus."),
        make("evaluering", PREVIEW, tags=TAGS, description="Laver de beskyttede tabeller og siderne, til huset selv."),
        make(
            "evaluering_udgivelse",
            RELEASES,
            tags=TAGS,
            description="Fryser en udgivelse under det navn, som man vælger.",
        ),
    ]
