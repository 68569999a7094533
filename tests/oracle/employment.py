"""How many and which target groups came into employment (`progression.fct_employment_by_target_group`)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import error_and_limits
from .progression import Horizon, cells, horizons

if TYPE_CHECKING:
    from .world import World

FCT_EMPLOYMENT_BY_TARGET_GROUP = [
    "target_group",
    "enterprise_kind",
    "instrument",
    "horizon",
    "spells",
    "persons",
    "exited",
    "employed",
    "persons_employed",
    "share",
    "small_job_share",
    "standard_error",
    "ci_lower",
    "ci_upper",
]


def _is_employed(at: Horizon) -> bool:
    return at.row is not None and at.row.is_employed


def _errors(own: list[Horizon]) -> tuple[float | None, float | None, float | None]:
    by_cluster: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for at in own:
        by_cluster[at.spell.cluster][0] += _is_employed(at)
        by_cluster[at.spell.cluster][1] += 1
    if len(by_cluster) < 2:
        return None, None, None
    employed, spells = np.array(list(by_cluster.values())).T
    left_out = (employed.sum() - employed) / (spells.sum() - spells)
    return error_and_limits(employed.sum() / spells.sum(), left_out)


def fct_employment_by_target_group(world: World) -> list[tuple[Any, ...]]:
    """One row a cell and horizon; spells not employed in the month before their start."""
    found: dict[tuple[str, str, str, int], list[Horizon]] = defaultdict(list)
    for at in horizons(world):
        before = world.month(at.spell.person, at.spell.start_month - 1)
        if before is None or before.is_employed:
            continue
        for kind, instrument, target_group in cells(at.spell):
            found[target_group, kind, instrument, at.horizon].append(at)
    rows = []
    for key, own in sorted(found.items()):
        employed = [at for at in own if _is_employed(at)]
        rows.append(
            (
                *key,
                len(own),
                len({at.spell.person for at in own}),
                sum(at.row is None for at in own),
                len(employed),
                len({at.spell.person for at in employed}),
                len(employed) / len(own),
                sum(at.row is not None and at.row.is_small_job for at in own) / len(own),
                *_errors(own),
            )
        )
    return rows
