"""Who is in the comparison: counts by quarter of the start.

Belongs here: rows of `cohort`. Not here: who is eligible (dbt).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from transforms.evaluation.fits import cell_of
from transforms.evaluation.plan import ALL, Group, Specification
from transforms.evaluation.samples import CELL, TREATED, effective


def cohort_rows(
    group: Group, chosen: pd.DataFrame, specification: Specification, observed: pd.DataFrame
) -> pd.DataFrame:
    """A row a quarter with treated or comparators, and one for all."""
    kept = observed.loc[~observed["is_censored"].astype(bool), ["trial_id", "h"]]
    seen = {horizon: set(kept.loc[kept["h"] == horizon, "trial_id"]) for horizon in (3, 6, 12, 24)}
    cells = set(chosen.loc[chosen[TREATED] == 0, CELL])
    parts = [(ALL, chosen), *((str(quarter), part) for quarter, part in chosen.groupby("quarter", sort=True))]
    return pd.DataFrame(
        [cell_of(group, specification) | {"quarter": quarter} | _counts(part, cells, seen) for quarter, part in parts]
    )


def _counts(part: pd.DataFrame, cells: set[str], seen: dict[int, set[Any]]) -> dict[str, Any]:
    treated, others = part[part[TREATED] == 1], part[part[TREATED] == 0]
    leaves = treated["exit_h"].notna() & (treated["exit_h"] <= 24)
    emigrated = treated["exit_reason"] == "emigrated"
    return {
        "treated": len(treated),
        "treated_persons": int(treated["person_key"].nunique()),
        "comparators": len(others),
        "comparator_persons": int(others["person_key"].nunique()),
        "off_support": int((~treated[CELL].isin(cells)).sum()),
        "enterprises": int(treated["cluster_id"].nunique()),
        "effective_enterprises": effective(treated["cluster_id"]),
        "comparator_enterprises": int(others["cluster_id"].nunique()),
        **{f"observed_{horizon}": int(treated["trial_id"].isin(ids).sum()) for horizon, ids in seen.items()},
        "emigrated": int((leaves & emigrated).sum()),
        "died_or_retired": int((leaves & ~emigrated).sum()),
        "rsv_later": int(others["is_rsv_later"].fillna(False).astype(bool).sum()),
        "mean_age": float(treated["age"].mean()) if len(treated) else None,
    }
