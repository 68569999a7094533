"""Protocol and cohorts in, the five result tables out.

Belongs here: which samples are fitted and in which order. Not here: one fit and its rows (fits.py), the gate (gate.py), placebos (placebo.py), reading and writing.

Order within a group (arm, family, instrument): one fit a horizon for all outcomes together, one on the fixed cohort for the curves; subgroups use the fit of their horizon again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from transforms.evaluation import curves, gate, placebo
from transforms.evaluation.balance import balance_rows
from transforms.evaluation.cohort_table import cohort_rows
from transforms.evaluation.fits import Fit, fit, refused, rows_of
from transforms.evaluation.frames import SCHEMAS, conform
from transforms.evaluation.other_models import other_models
from transforms.evaluation.plan import AIPW, ALL, MAIN, Group, Plan, Specification, is_defined
from transforms.evaluation.registration_rows import EnterpriseMonths, registration_rows
from transforms.evaluation.samples import Cohorts, sample_at, select
from transforms.evaluation.subgroups import subgroup_rows

Frames = dict[str, pd.DataFrame]


def run(plan: Plan, cohorts: Cohorts, *, full: bool = False, made: Iterable[Frames] | None = None) -> Frames:
    """The five frames of `frames.SCHEMAS`, conformed: every estimate that the plan names has its row.

    `full`: sensitivity runs, every horizon, every outcome's curve and the placebo enterprises too; else the reported horizons and the curves of the plan.
    `made`: what `run_group` gave for each group of the plan, in its order, where somebody has run them already (side by side).
    """
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in SCHEMAS}
    for frames in (run_group(plan, group, cohorts, full=full) for group in plan.groups) if made is None else made:
        for name, frame in frames.items():
            parts[name].append(frame)
    if isinstance(cohorts, EnterpriseMonths):
        for name, frame in registration_rows(plan, cohorts).items():
            parts[name].append(frame)
    frames = {name: _stack(found) for name, found in parts.items()}
    frames["estimates"] = gate.close(plan, frames["estimates"], frames["diagnostics"])
    return {name: conform(frame.assign(protocol_hash=plan.protocol_hash), name) for name, frame in frames.items()}


def run_group(plan: Plan, group: Group, cohorts: Cohorts, *, full: bool) -> Frames:
    """The rows of one group, not yet conformed."""
    trials = cohorts.trials(group)
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in SCHEMAS}
    for specification in specifications_of(plan, group, full=full):
        chosen = select(trials, specification)
        if specification.outcome_model != "ridge":
            fitted = other_models(plan, group, specification, cohorts, chosen)
            (horizon,) = plan.horizons_of(specification)
            rows = rows_of(plan, group, specification, ALL, fitted)
            found["estimates"].append(rows)
            found["diagnostics"].append(gate.diagnostics_of(plan, group, specification, fitted, horizon, rows))
        elif specification.name != MAIN:
            _horizons(plan, group, specification, cohorts, chosen, plan.horizons_of(specification), found, full=False)
        else:
            horizons = tuple(range(1, plan.last_month + 1)) if full else plan.horizons
            placebo_fit = _horizons(plan, group, specification, cohorts, chosen, horizons, found, full=full)
            drawn = curves.curves_of(plan, group, specification, cohorts, chosen, full=full)
            found["event_study"].append(drawn.event_study)
            found["estimates"] = [curves.with_bands(plan, _stack(found["estimates"]), drawn), drawn.break_even]
            rows, diagnosed = placebo.in_time(plan, group, specification, cohorts, chosen)
            found["estimates"].append(rows)
            found["diagnostics"].append(diagnosed)
            found["diagnostics"].append(placebo.enterprises(plan, group, specification, placebo_fit))
    stacked = {name: _stack(frames) for name, frames in found.items()}
    # What bands are made with is no column of a result.
    return stacked | {"estimates": stacked["estimates"].drop(columns="freedom", errors="ignore")}


def specifications_of(plan: Plan, group: Group, *, full: bool) -> tuple[Specification, ...]:
    """All of the plan, or main and, for the primary question, what stands beside it in every build."""
    if full:
        return plan.specifications
    arm, family, instrument, _, horizon = plan.primary
    if (group.arm, group.family, group.instrument) != (arm, family, instrument):
        return (plan.main,)
    beside = [one for one in plan.specifications if one.is_always_beside]
    return (plan.main, *(replace(one, outcomes=plan.beside, horizons=(horizon,)) for one in beside))


def _horizons(
    plan: Plan,
    group: Group,
    specification: Specification,
    cohorts: Cohorts,
    chosen: pd.DataFrame,
    horizons: Sequence[int],
    found: dict[str, list[pd.DataFrame]],
    *,
    full: bool,
) -> Fit | None:
    """One fit a horizon and estimator; returns the one that the placebo enterprises take their nuisances from."""
    is_main = specification.name == MAIN
    # A cohort that bears no estimate is read for its counts alone.
    read = plan.outcomes_of(specification) if refused(plan, AIPW, chosen, ()) is None else ()
    observed = cohorts.outcomes(group, chosen["trial_id"], horizons, read)
    if is_main:
        found["cohort"].append(cohort_rows(group, chosen, specification, observed))
    of_placebo = None
    small: pd.DataFrame | None = None
    for horizon in horizons:
        pairs = [(name, horizon) for name in plan.outcomes_of(specification) if is_defined(name, horizon)]
        is_refused = refused(plan, AIPW, chosen, pairs) is not None
        sample = chosen if is_refused else sample_at(chosen, observed, horizon, pairs)
        for estimator in specification.estimators:
            fitted = refused(plan, estimator, chosen, pairs) or fit(
                plan, group, specification, estimator, sample, pairs
            )
            rows = rows_of(plan, group, specification, ALL, fitted)
            found["estimates"].append(rows)
            found["diagnostics"].append(gate.diagnostics_of(plan, group, specification, fitted, horizon, rows))
            if is_main and horizon == plan.placebo_horizon:
                found["balance"].append(balance_rows(plan, group, specification, fitted))
                of_placebo = fitted if estimator == AIPW else of_placebo
            if not (is_main and estimator == AIPW and horizon in plan.horizons):
                continue
            if is_refused and small is not None:
                # Counts of a cohort that is not looked at do not hang on the horizon.
                found["estimates"].append(small.assign(horizon=horizon) if len(small) else small)
                continue
            rows, diagnosed = subgroup_rows(plan, group, specification, fitted, sample, horizon, full=full)
            found["estimates"].append(rows)
            found["diagnostics"].append(diagnosed)
            small = rows[rows["outcome"].isin(plan.beside)] if is_refused and len(rows) else pd.DataFrame()
    return of_placebo


def _stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
