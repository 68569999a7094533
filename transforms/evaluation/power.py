"""How small an effect could be seen, before any outcome is looked at.

Belongs here: counts, the spread of outcomes before the start, a rehearsal of the estimator, the smallest detectable effect of each group and horizon. Not here: outcomes after a start, files, plots.

The rehearsal: the estimator of the protocol (its sample, cells, propensity weights, outcome model, clusters, errors) on outcomes that are drawn, not looked at:

    y = sqrt(v) (sqrt(r) u_enterprise + sqrt(1 - r) e),   u, e standard normal
    smallest detectable effect = (t(1 - alpha/2; G* - 1) + t(0.8; G* - 1)) sqrt(mean of se^2 over the draws)

v: variance of the outcome among comparators, in the month before the start that is as far from the months the family is defined by as the horizon is (as far back as there are months); r: its intra-class correlation by enterprise within the arms (one-way analysis of variance; Donner and Koval 1980), G*: effective enterprises of the
treated (Bloom 1995). So weights that count few comparators, large enterprises and errors by leaving one out cost what they will cost; a formula of counts said 7 percentage points where the estimate could see 10 (20,000 people).

What remains different once outcomes are read: the spread after the start (treated who work more vary more; nobody works just before a start in family A, and there is no month before it as far as 24 is after), enterprises that differ in their effect, what covariates explain of the outcome (drawn ones hang on none), who
emigrates, and the luck of one draw: se itself varies by about 1 / sqrt(2 (G* - 1)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from transforms.estimators import smallest_detectable_effect
from transforms.evaluation.fits import Fit, Pair, cell_of, fit
from transforms.evaluation.plan import AIPW, Group, Plan
from transforms.evaluation.samples import TREATED, WEIGHT, Cohorts, column, effective, select

DRAWS = 50  # the error of a study with 40 effective enterprises is then known to 2 %
COLUMNS = (
    "arm",
    "family",
    "instrument",
    "outcome",
    "horizon",
    "treated",
    "comparators",
    "enterprises",
    "effective_enterprises",
    "effective_comparators",
    "variance",
    "intraclass_correlation",
    "standard_error",
    "smallest_detectable_effect",
    "smallest_effect_that_matters",
    "reason",
)
Spread = tuple[float, float, str | None]  # variance, correlation, why not


def power_table(
    plan: Plan, cohorts: Cohorts, outcomes: Sequence[str] | None = None, say: Callable[[str], None] | None = None
) -> pd.DataFrame:
    """One row per group, outcome and reported horizon. Asks the cohorts for months before the start alone. `say` hears the name of each group that is begun."""
    rows: list[dict[str, Any]] = []
    for group in plan.groups:
        if say is not None:
            say(f"{group.arm} {group.family} {group.instrument}")
        chosen = select(cohorts.trials(group), plan.main)
        names = outcomes or (plan.primary[3], "ordinary_hours")
        past = cohorts.outcomes(group, chosen["trial_id"], range(plan.first_month, -3), names)
        for horizon in plan.horizons:
            spreads = {name: _spread(plan, chosen, past, name, horizon) for name in names}
            rehearsed = _rehearsal(plan, group, chosen, horizon, spreads)
            rows += [_row(plan, group, rehearsed, name, horizon, *spread) for name, spread in spreads.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["arm", "family", "instrument", "outcome"], kind="stable", key=_as_they_come)


def _as_they_come(values: pd.Series) -> pd.Series:
    return pd.Series(pd.factorize(values)[0], index=values.index)


def _spread(plan: Plan, chosen: pd.DataFrame, past: pd.DataFrame, outcome: str, horizon: int) -> Spread:
    """Variance among comparators, and intra-class correlation within the arms, in the month before the start that is as far from the months the family is defined by (-3 to -1) as the horizon is.

    One month a trial: months of a trial are no new people. Where that month is not known, the next one that is.
    """
    known = past[past[outcome].notna() & (past["h"] >= max(plan.first_month, -4 - horizon))]
    first = known.loc[known.groupby("trial_id")["h"].idxmin()].set_index("trial_id")
    values = first[outcome].astype(float)
    trials = chosen.loc[values.index]
    others = values[trials[TREATED] == 0]
    if len(others) < 10:
        return np.nan, np.nan, "fewer than 10 comparators have months before their start"
    variance = float(others.var(ddof=1))
    if not variance > 0:
        return np.nan, np.nan, "the outcome does not vary among comparators before their start"
    within = values - values.groupby(trials[TREATED]).transform("mean")
    return variance, intraclass_correlation(within, trials["cluster_id"]), None


def intraclass_correlation(values: pd.Series, clusters: pd.Series) -> float:
    """One-way analysis of variance: (MSB - MSW) / (MSB + (n0 - 1) MSW), not below 0; 0 where no cluster has two."""
    known = clusters.notna()
    values, clusters = values[known], clusters[known]
    sizes = values.groupby(clusters).size().to_numpy(dtype=float)
    total, groups = sizes.sum(), len(sizes)
    if groups < 2 or total <= groups:
        return 0.0
    means = values.groupby(clusters).transform("mean")
    within = float(((values - means) ** 2).sum()) / (total - groups)
    between = float(((means - values.mean()) ** 2).sum()) / (groups - 1)
    size = (total - (sizes**2).sum() / total) / (groups - 1)
    divisor = between + (size - 1) * within
    return max(0.0, (between - within) / divisor) if divisor > 0 else 0.0


def _rehearsal(plan: Plan, group: Group, chosen: pd.DataFrame, horizon: int, spreads: dict[str, Spread]) -> Fit:
    """The fit of the drawn outcomes (variance 1, a set for each outcome's correlation) on the trials that are observed at the horizon."""
    sample = chosen[chosen["last_h"] >= horizon]
    random = np.random.default_rng(plan.seed)
    codes, clusters = pd.factorize(sample["cluster_id"])
    # A row without an enterprise stands alone.
    codes = np.where(codes < 0, len(clusters) + np.cumsum(codes < 0) - 1, codes)
    drawn: dict[Pair, np.ndarray] = {}
    for outcome, (_, correlation, reason) in spreads.items():
        if reason is None:
            shock = random.standard_normal((len(sample), DRAWS))[codes]
            own = random.standard_normal((len(sample), DRAWS))
            values = np.sqrt(correlation) * shock + np.sqrt(1 - correlation) * own
            drawn |= {(outcome, draw): values[:, draw] for draw in range(DRAWS)}
    columns = pd.DataFrame({column(*pair): values for pair, values in drawn.items()}, index=sample.index)
    weighted = pd.concat([sample.assign(**{WEIGHT: sample["sampling_weight"].astype(float)}), columns], axis=1)
    return fit(plan, group, plan.main, AIPW, weighted, [*drawn])


def _row(
    plan: Plan,
    group: Group,
    rehearsed: Fit,
    outcome: str,
    horizon: int,
    variance: float,
    correlation: float,
    reason: str | None,
) -> dict[str, Any]:
    seen = rehearsed.sample if rehearsed.effect is None else rehearsed.supported
    treated = seen[seen[TREATED] == 1]
    enterprises, effective_enterprises = effective(treated["cluster_id"].to_numpy())
    row: dict[str, Any] = {name: value for name, value in cell_of(group, plan.main).items() if name in COLUMNS} | {
        "outcome": outcome,
        "horizon": horizon,
        "treated": len(treated),
        "comparators": len(seen) - len(treated),
        "enterprises": enterprises,
        "effective_enterprises": effective_enterprises,
        "effective_comparators": np.nan,
        "variance": variance,
        "intraclass_correlation": correlation,
        "standard_error": np.nan,
        "smallest_detectable_effect": np.nan,
        "smallest_effect_that_matters": plan.limits.smallest_detectable.get(outcome),
    }
    if len(treated) < plan.least_of_group:
        return row | {
            "reason": f"{len(treated)} treated starts have a comparator: fewer than {plan.least_of_group} are not estimated at all"
        }
    if reason is not None or rehearsed.effect is None:
        return row | {"reason": reason or rehearsed.reason}
    found = rehearsed.effect.effects
    found = found[found["outcome"].isin([column(outcome, draw) for draw in range(DRAWS)])]
    errors, freedom = found["se"].to_numpy(dtype=float), float(found["effective_clusters"].iloc[0]) - 1
    row["effective_comparators"] = float(found["effective_comparators"].iloc[0])
    if not np.isfinite(errors).all() or not freedom > 0:
        return row | {"reason": found["reason"].iloc[0] or "no error can be estimated"}
    error = float(np.sqrt(variance * (errors**2).mean()))
    smallest = float(smallest_detectable_effect(error, alpha=plan.alpha, df=freedom))
    return row | {"standard_error": error, "smallest_detectable_effect": smallest, "reason": None}
