"""Subgroups: the scores and weights of a fit again, renormalised within them; nothing is fitted anew.

Belongs here: which subgroups are large enough, their rows and diagnostics, how their errors hang together. Not here: the fit.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from transforms.estimators import TreatedEffect
from transforms.estimators.results import Floats
from transforms.estimators.summary import infer, subgroup_effects
from transforms.evaluation import gate
from transforms.evaluation.fits import Fit, cell_of, counts_of, narrowed, table_of, with_magnitudes
from transforms.evaluation.plan import Group, Plan, Specification
from transforms.evaluation.samples import TREATED, column


def subgroup_rows(
    plan: Plan,
    group: Group,
    specification: Specification,
    fitted: Fit,
    sample: pd.DataFrame,
    horizon: int,
    *,
    full: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of `estimates` and `diagnostics` for every level of every subgroup column that the treated have.

    Below the protocol's least numbers of treated, enterprises and effective enterprises there is no estimate, and the reason says how many there are. `full`: all outcomes, else those beside the primary.
    """
    rows, diagnosed = [], []
    outcomes = plan.outcomes if full else plan.beside
    pairs = [pair for pair in fitted.pairs if pair[0] in outcomes]
    small: list[dict[str, Any]] = []
    treated = sample[TREATED] == 1
    there = [column(*pair) for pair in pairs if pair not in fitted.unobserved]
    effect = None if fitted.effect is None or not there else narrowed(fitted.effect, there)
    on_support = pd.Series(True if effect is None else sample.index.isin(effect.rows), index=sample.index)
    for name in plan.subgroups:
        for level in sorted(sample.loc[treated, name].dropna().unique(), key=str):
            label = f"{name}={level}"
            flags = (sample[name] == level).fillna(False).astype(bool)
            mine = treated & flags & on_support
            counts = counts_of(sample, mine, int((flags & ~treated).sum()), int((treated & flags).sum() - mine.sum()))
            reason = (
                fitted.reason
                or _too_small(plan, counts)
                or (None if there else "the outcome is not observed for everybody in the sample")
            )
            shared = cell_of(group, specification) | {"subgroup": label, "estimator": fitted.estimator}
            if reason is None and effect is not None:
                table = subgroup_effects(
                    effect, {label: flags}, band_groups=[[name] for name in effect.effects["outcome"]]
                )
                found = table_of(plan, group, table.drop(columns="subgroup"), shared, pairs, fitted.unobserved)
                for key in ("enterprises", "effective_enterprises"):
                    found[key] = counts[key]
                found = with_magnitudes(plan, found, effect)
                rows.append(found)
                diagnosed.append(gate.diagnostics_of(plan, group, specification, fitted, horizon, found, label, flags))
            else:
                small += [
                    shared | counts | {"outcome": outcome, "horizon": month, "reason": reason, "is_primary": False}
                    for outcome, month in pairs
                ]
    rows += [pd.DataFrame(small)] if small else []
    return (
        pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(),
        pd.concat(diagnosed, ignore_index=True) if diagnosed else pd.DataFrame(),
    )


def covariance_within(effect: TreatedEffect, flags: pd.Series) -> Floats | None:
    """The outcomes' covariance (K x K) in a subgroup of a fit (`flags` over its sample's rows), as `subgroup_effects` has its errors; None where an arm or an error is missing."""
    rows = flags.reindex(effect.rows).to_numpy(dtype=bool)
    scores = effect.scores.within(rows)
    if not scores.treated_weight.sum() > 0 or not scores.comparator_weight.sum() > 0:
        return None
    errors = infer(
        scores,
        names=list(effect.effects["outcome"]),
        clusters=None if effect.cluster_codes is None else effect.cluster_codes[rows],
        labels=effect.cluster_labels,
        persons=None if effect.person_codes is None else effect.person_codes[rows],
        inference=effect.inference,
        alpha=effect.alpha,
    )
    return errors.covariance if errors.reason is None else None


def _too_small(plan: Plan, counts: dict[str, float]) -> str | None:
    for key, least, what in (
        ("treated", plan.least_treated, "treated starts"),
        ("enterprises", plan.least_enterprises, "enterprises"),
        ("effective_enterprises", plan.least_effective, "effective enterprises"),
    ):
        if counts[key] < least:
            return f"too small for a subgroup: {counts[key]:.4g} {what}, the protocol asks for at least {least:g}"
    return None
