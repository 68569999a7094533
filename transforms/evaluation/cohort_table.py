"""Who is in the comparison: counts by quarter of the start.

Belongs here: rows of `cohort`. Not here: who is eligible (dbt).
"""

from __future__ import annotations

import pandas as pd

from transforms.evaluation.fits import cell_of
from transforms.evaluation.plan import ALL, Group, Specification
from transforms.evaluation.samples import CELL, TREATED, effective


def cohort_rows(
    group: Group, chosen: pd.DataFrame, specification: Specification, observed: pd.DataFrame
) -> pd.DataFrame:
    """A row a quarter with treated or comparators, and one for all."""
    kept = observed.loc[~observed["is_censored"].astype(bool), ["trial_id", "h"]]
    seen = {horizon: kept.loc[kept["h"] == horizon, "trial_id"] for horizon in (3, 6, 12, 24)}
    is_treated = chosen[TREATED] == 1
    leaves = chosen["exit_h"].notna() & (chosen["exit_h"] <= 24)
    is_emigrated = chosen["exit_reason"] == "emigrated"
    marked = pd.DataFrame(
        {
            "quarter": chosen["quarter"].astype(str),
            "person_key": chosen["person_key"],
            "cluster_id": chosen["cluster_id"],
            "age": chosen["age"].astype(float),
            "off_support": ~chosen[CELL].isin(chosen.loc[~is_treated, CELL]),
            **{f"observed_{horizon}": chosen["trial_id"].isin(ids) for horizon, ids in seen.items()},
            "emigrated": leaves & is_emigrated,
            "died_or_retired": leaves & ~is_emigrated,
            "rsv_later": chosen["is_rsv_later"].fillna(False).astype(bool),
        }
    )
    parts = [marked.assign(quarter=ALL), marked]
    treated, others = (pd.concat([part[rows] for part in parts]) for rows in (is_treated, ~is_treated))
    table = pd.DataFrame(index=pd.Index([ALL, *sorted(marked["quarter"].unique())], name="quarter"))
    by_quarter, of_others = treated.groupby("quarter"), others.groupby("quarter")
    table["treated"], table["comparators"] = by_quarter.size(), of_others.size()
    table["treated_persons"], table["comparator_persons"] = (
        part["person_key"].nunique() for part in (by_quarter, of_others)
    )
    table["enterprises"], table["comparator_enterprises"] = (
        part["cluster_id"].nunique() for part in (by_quarter, of_others)
    )
    counted = ["off_support", "emigrated", "died_or_retired", *(f"observed_{horizon}" for horizon in seen)]
    table[counted] = by_quarter[counted].sum()
    table["rsv_later"] = of_others["rsv_later"].sum()
    table = table.fillna(0).astype(int)
    table["effective_enterprises"] = [
        effective(treated.loc[treated["quarter"] == quarter, "cluster_id"].to_numpy())[1] for quarter in table.index
    ]
    table["mean_age"] = by_quarter["age"].mean()
    return table.reset_index().assign(**cell_of(group, specification))
