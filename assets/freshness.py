"""Whether what should have been delivered by now has been: one check a source, in every build and every morning.

Belongs here: wiring of pipelines/freshness.py to Dagster, the Danish words. Not here: due days (expectations/due.csv), which files count as delivered.
It warns and stops nothing: a build of what there is is worth having while a municipality is reminded.
"""

from collections.abc import Iterator

import dagster as dg

from assets.ingest.landing import KINDS
from assets.source import held
from pipelines.freshness import Freshness, look, spans
from pipelines.resources import Folders

FRESHNESS = "friskhed"
STEP = "frister_holdt"  # no job may have the name of a step
MONTHLY_WORDS = "Om de måneder er leveret, som skulle være leveret nu."
REGISTER_WORDS = "Hvor gammelt registerudtrækket er; det hentes efter behov og har ingen frist."
ENGLISH = (
    "The delivered months against expectations/due.csv, at the cut-off when one is given or the country is the synthetic one, else today. "
    "Looks at names and refusals in the landing zone, in every build and each morning; never at when an asset was made."
)


@dg.multi_asset_check(
    name=STEP,
    can_subset=True,
    specs=[
        dg.AssetCheckSpec(
            FRESHNESS,
            asset=dg.AssetKey(["lake", kind]),
            description=f"{MONTHLY_WORDS if kind in ('forloeb', 'eindkomst') else REGISTER_WORDS}\n\n{ENGLISH}",
        )
        for kind in KINDS
    ],
)
def freshness_checks(context: dg.AssetCheckExecutionContext, folders: Folders) -> Iterator[dg.AssetCheckResult]:
    """Takes no lock: it reads names and may look while a build runs."""
    asked = {key.asset_key.path[-1] for key in context.selected_asset_check_keys}
    for found in held(lambda: look(folders.settings())):
        if found.kind in asked:
            yield dg.AssetCheckResult(
                asset_key=dg.AssetKey(["lake", found.kind]),
                check_name=FRESHNESS,
                passed=not found.is_overdue,
                severity=dg.AssetCheckSeverity.WARN,
                metadata=shown(found),
            )


def shown(found: Freshness) -> dict[str, dg.MetadataValue | int | str]:
    """What a person reads beside the check: numbers, months and names of municipalities."""
    if found.last_due is None:
        return {
            "opgjort": f"{found.clock}",
            "nyeste udtræk": f"{found.newest or '–'}",
            "alder i dage": "–" if found.age_days is None else found.age_days,
        }
    told: dict[str, dg.MetadataValue | int | str] = {
        "opgjort": f"{found.clock}",
        "over fristen": _late(found) or "–",
        "nyeste måned": "–" if found.newest is None else f"{found.newest:%Y-%m}",
        "skal være leveret til og med": f"{found.last_due:%Y-%m} (frist {found.due_date})",
    }
    if found.incomplete:
        told["ufuldstændige"] = "; ".join(found.incomplete)
    if found.kind == "forloeb":
        told |= {
            "kommuner der mangler": ", ".join(found.municipalities) or "–",
            "kommuner der aldrig har leveret": found.never_delivered,
            "ældre huller (kommuner gange måneder)": found.older_holes,
        }
    if found.is_overdue:
        told["gør"] = (
            "Ryk leverandøren. En kommune uden noget at registrere sender filen med overskriften alene."
            if found.kind == "forloeb"
            else "Ryk leverandøren efter de måneder, der mangler."
        )
    return told


def _late(found: Freshness) -> str:
    parts = []
    if found.months:
        parts.append(f"{spans(found.months).replace(' to ', ' til ')}")
    if found.municipalities:
        parts.append(f"{len(found.municipalities)} kommuner mangler {found.last_due:%Y-%m}")
    return "; ".join(parts)
