"""The evaluation in every build: the public tables and the pages as an internal preview, and official figures beside ours.

Belongs here: wiring. Not here: making tables and pages (assets/release, assets/report), the comparison (pipelines/compare_official.py), frozen releases (evaluation_release.py).
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import dagster as dg

from assets.evaluation_shown import pages_shown, tables_shown
from assets.source import held
from pipelines.resources import House
from pipelines.story import told
from pipelines.translator import OWNERS

GROUP = "evaluering"
STEP = "sider"  # no job may have the name of a step
PUBLISHED = dg.AssetKey(["published", "outcome"])
PREVIEW = dg.AssetKey(["evaluation", "preview_tables"])
PAGES = dg.AssetKey(["evaluation", "report"])
OFFICIAL = "officielle_tal"
UNTOUCHED = "Nothing is made of this step; the published warehouse stands, and older pages are as they were."
Result = TypeVar("Result")


def refusable(make: Callable[[], Result]) -> Result:
    """What `make` gives; a refusal becomes a failure that says its reasons.

    Raises:
        dg.Failure: what is released cannot be protected, described or read back, or something nobody foresaw, which is told without its text.
    """
    from assets.formats.readback import ReadBackError
    from assets.release.rules import ReleaseError
    from assets.report.tier import TierError
    from transforms.disclosure.system import DisclosureError

    reasons: list[str] = []

    def attempt() -> Result:
        try:
            return make()
        except (ReleaseError, DisclosureError, TierError, ReadBackError) as refusal:
            reasons.append(str(refusal))
            raise

    try:
        return held(attempt)
    except dg.Failure as failure:
        told = failure
        if reasons:
            told = dg.Failure(description="\n".join([*reasons, UNTOUCHED]), allow_retries=False)
    raise told


@dg.multi_asset(
    name=STEP,
    specs=[
        dg.AssetSpec(
            PREVIEW,
            deps=[PUBLISHED],
            group_name=GROUP,
            owners=OWNERS,
            kinds={"python", "parquet"},
            description=told(
                "evaluation/preview_tables",
                GROUP,
                "The twelve public tables of the published warehouse after disclosure control, audited, with a codebook, in warehouse/report/public. "
                "For the house alone: tables protected anew each month show by difference what each of them hides.",
            ),
        ),
        dg.AssetSpec(
            PAGES,
            deps=[PREVIEW],
            group_name=GROUP,
            owners=OWNERS,
            kinds={"html"},
            description=told(
                "evaluation/report",
                GROUP,
                "Pages made of the preview's tables alone, marked as internal on every page, in warehouse/report/pages. The same by command: fodfaeste report.",
            ),
        ),
    ],
    can_subset=False,
)
def preview(context: dg.AssetExecutionContext, house: House) -> Iterator[dg.MaterializeResult]:
    """Both or neither: old pages beside new tables would link to other figures than they show."""
    from assets.release.freeze import preview as make_preview

    made = refusable(lambda: make_preview(house.settings().warehouse, context.log.info))
    yield dg.MaterializeResult(asset_key=PREVIEW, metadata=tables_shown(made))
    yield dg.MaterializeResult(asset_key=PAGES, metadata=pages_shown(made))


@dg.asset_check(
    asset=PUBLISHED,
    name=OFFICIAL,
    blocking=True,
    description=(
        "Om opgørelsen ligner de officielle tal, når de er lagt ved.\n\nExports of Jobindsats (OTIJ01, Y14D03) in the folder official/ of the landing zone beside the published warehouse. "
        "Warns when cells differ more than their tolerance or a file cannot be read; stops nothing."
    ),
)
def official_check(house: House) -> dg.AssetCheckResult:
    """Passes where no file is supplied."""
    from pipelines.compare_official import INCOMING, verdicts

    settings = house.settings()
    found = held(lambda: verdicts(settings.raw, settings.published))
    metadata: dict[str, dg.MetadataValue | str] = {
        "filer": ", ".join(verdict.file for verdict in found) or f"ingen fil lagt ved ({INCOMING}/)"
    }
    for verdict in found:
        metadata[verdict.file] = dg.MetadataValue.md(f"{verdict.sentence}\n\n{verdict.markdown}")
    broken = [f"{verdict.file}: {verdict.sentence}" for verdict in found if not verdict.passes]
    return dg.AssetCheckResult(
        passed=not broken,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=metadata | {"brudt": "; ".join(broken) or "–"},
    )
