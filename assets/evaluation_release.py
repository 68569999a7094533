"""Frozen releases: made when a person decides so, one partition a release, and recorded in the graph however they were made.

Belongs here: wiring. Not here: what a release is (assets/release), the preview of every build (evaluation.py).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import dagster as dg

from assets.evaluation import GROUP, PUBLISHED, refusable
from assets.evaluation_shown import codebook_shown, manifest_shown, pages_shown, restricted_shown, tables_shown
from assets.ingest.keys import read_key
from pipelines.resources import House
from pipelines.story import told
from pipelines.translator import OWNERS

if TYPE_CHECKING:
    from assets.release.freeze import Frozen

# Kept in the Dagster home, as the months are: a release is listed the moment it is made.
RELEASES: Final = dg.DynamicPartitionsDefinition(name="udgivelser")
PARTS: Final[dict[str, tuple[tuple[str, ...], set[str], str]]] = {
    "public_tier": ((), {"python", "parquet"}, "Twelve tables after disclosure control, audited, in every format, in public/."),
    "restricted_tier": ((), {"python", "parquet"}, "Six tables with keys of this release alone and the archives' submission package, in restricted/. Personal data."),
    "codebook": (("public_tier", "restricted_tier"), {"html"}, "HTML, XLSX, datapackage.json in either tier; DCAT-AP-DK in the public one."),
    "report": (("public_tier",), {"html"}, "Pages made of the public tier alone, in pages/."),
    "manifest": (("codebook", "report", "restricted_tier"), {"json"}, "manifest.json and SHA256SUMS: deliveries, parameters, versions, rows, hashes."),
}  # fmt: skip


def _key(part: str) -> dg.AssetKey:
    return dg.AssetKey(["release", part])


@dg.multi_asset(
    name="udgiv",
    specs=[
        dg.AssetSpec(
            _key(part),
            deps=[_key(other) for other in others] or [PUBLISHED],
            group_name=GROUP,
            owners=OWNERS,
            kinds=kinds,
            description=told(
                f"release/{part}",
                GROUP,
                f"{english} A partition is a release: its name. The same by command: fodfaeste release NAME.",
            ),
            partitions_def=RELEASES,
        )
        for part, (others, kinds, english) in PARTS.items()
    ],
    can_subset=False,
)
def release(context: dg.AssetExecutionContext, house: House) -> Iterator[dg.MaterializeResult]:
    """All parts or none, under `warehouse/evaluation/<partition>/`; a name that exists is refused."""
    from assets.release.freeze import freeze

    made = refusable(
        lambda: freeze(house.settings().warehouse, context.partition_key, read_key().value, context.log.info)
    )
    for part, metadata in shown(made).items():
        yield dg.MaterializeResult(asset_key=_key(part), metadata=metadata)


def shown(made: "Frozen") -> dict[str, dict[str, Any]]:
    """The metadata of every part of a release."""
    return {
        "public_tier": tables_shown(made),
        "restricted_tier": restricted_shown(made),
        "codebook": codebook_shown(made),
        "report": pages_shown(made),
        "manifest": manifest_shown(made, made.unfilled),
    }


def record(instance: dg.DagsterInstance, made: "Frozen") -> None:
    """Tells Dagster of a release that the command made."""
    name = made.folder.name
    instance.add_dynamic_partitions(str(RELEASES.name), [name])
    for part, metadata in shown(made).items():
        instance.report_runless_asset_event(dg.AssetMaterialization(_key(part), metadata=metadata, partition=name))
