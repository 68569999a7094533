"""Who is counted in an estimate of the effect: the trials that the evaluation's own code selects.

Belongs here: rows of the public tables of effect -> trials, the proof that they add up. Not here: selecting them (transforms/evaluation), where they come from (trace_lines.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from assets.release.trace_build import Build
from assets.release.trace_figure import Figure, refuse
from assets.release.trace_lines import MONTHS
from assets.release.trace_members import MEMBERS, Proof
from transforms.evaluation.fits import refused, too_little
from transforms.evaluation.plan import AIPW, ALL, BREAK_EVEN, Group, Plan, Specification
from transforms.evaluation.registration_rows import DESIGN as REGISTRATION
from transforms.evaluation.samples import CELL, TREATED, Cohorts, sample_at, select

TABLES: Final = {
    "effect_estimates": "effect.fct_effect_estimates",
    "effect_curves": "effect.fct_effect_event_study",
}
COUNTS: Final = ("treated", "comparators", "enterprises")
# Subgroups of which nothing was estimated count comparators that nobody is compared with, too.
WHOLE: Final = ("too small for a subgroup", "the outcome is not observed for everybody")
# Who is in a family: the months before the start.
BEFORE: Final = (-3, -2, -1)


def take_trials(build: Build, plan: Plan, cohorts: Cohorts, figure: Figure) -> tuple[str, list[Proof]]:
    """Keeps the treated of a row (with `comparators` asked for, those) and the months of its outcome in the temporary tables; gives the count whose members these are, and the proofs.

    Raises:
        TraceError: a row of a design whose members are not known.
    """
    key = {name: str(value) for name, value in figure.key.items()}
    table = TABLES[figure.table.name]
    if key["arm"] == REGISTRATION:
        refuse(f"{figure.table.name}.parquet", "registration", "a row of the design registration counts enterprises over half-years: their months are not followed to lines", "trace the public tier, or a row of arm RO or RN")  # fmt: skip
    group = next(
        (
            one
            for one in plan.groups
            if (one.arm, one.family, one.instrument) == (key["arm"], key["family"], key["instrument"])
        ),
        None,
    )
    specification = next((one for one in plan.specifications if one.name == key.get("specification", plan.main.name)), None)  # fmt: skip
    if group is None or specification is None:
        refuse("protocol.yml", "not_in_protocol", "the protocol of this code has no such comparison or analysis", "trace a release with the protocol that it was made by")  # fmt: skip
    counted, reason = _counted(build, table, key)
    treated, others = trials_of(
        plan, group, specification, cohorts, key, has_counts=counted["treated"] is not None, reason=reason
    )
    members = {
        "treated": len(treated),
        "comparators": len(others),
        "enterprises": treated["cluster_id"].nunique(),
    }
    proofs = [Proof(table, name, counted[name], float(members[name])) for name in COUNTS]
    column = "comparators" if figure.asked == "comparators" else "treated"
    _keep(build, others if column == "comparators" else treated, _months(figure, plan))
    return column, proofs


def trials_of(
    plan: Plan,
    group: Group,
    specification: Specification,
    cohorts: Cohorts,
    key: Mapping[str, str],
    *,
    has_counts: bool,
    reason: str | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The treated and the comparators that a row of estimates counts.

    Args:
        key: `outcome`, `horizon` or `event_month`, and `subgroup_by` and `subgroup` where there are any.
        has_counts: whether the row has any. reason: what it says of itself.
    """
    sample = _sample(plan, group, specification, cohorts, key)
    by = key.get("subgroup_by", ALL)
    mine = (
        pd.Series(True, index=sample.index)
        if by == ALL
        else sample[by].astype("string").eq(key["subgroup"]).fillna(False).astype(bool)
    )
    is_treated = sample[TREATED] == 1
    treated, others = sample[mine & is_treated], sample[mine & ~is_treated]
    # Where nothing was estimated all are counted, else those alone that have somebody to be compared with.
    if has_counts and too_little(plan, sample) is None:
        treated = treated[treated[CELL].isin(sample.loc[~is_treated, CELL])]
        if not (reason or "").startswith(WHOLE):
            others = others[others[CELL].isin(sample.loc[is_treated, CELL])]
    return treated, others


def _counted(build: Build, table: str, key: Mapping[str, str]) -> tuple[dict[str, float | None], str | None]:
    """The counts of the row before disclosure control, and what it says of itself in words."""
    names = {name: value for name, value in key.items() if name not in ("subgroup_by", "subgroup")}
    names.setdefault("specification", "main")
    if "subgroup" in key:
        names["subgroup"] = ALL if key["subgroup_by"] == ALL else f"{key['subgroup_by']}={key['subgroup']}"
    where = " and ".join(f"cast({name} as varchar) = ?" for name in names)
    row = build.connection.execute(f"select {', '.join(COUNTS)}, reason from {table} where {where}", [*names.values()]).fetchone()  # fmt: skip
    *counts, reason = row or [None] * (len(COUNTS) + 1)
    return {name: None if value is None else float(value) for name, value in zip(COUNTS, counts, strict=True)}, reason


def _sample(plan: Plan, group: Group, specification: Specification, cohorts: Cohorts, key: Mapping[str, str]) -> pd.DataFrame:  # fmt: skip
    """The trials that an estimate looks at: observed at its horizon, or all of a cohort that bears no estimate, as the run has it."""
    chosen = select(cohorts.trials(group), specification)
    if refused(plan, AIPW, chosen, ()) is not None:
        return chosen
    if "event_month" not in key and key["outcome"] != BREAK_EVEN:
        horizon = int(key["horizon"])
        return sample_at(chosen, cohorts.outcomes(group, chosen["trial_id"], [horizon], []), horizon, ())
    # Curves: one cohort, of which the first and the last month are observed.
    eligible = chosen[chosen["last_h"] >= plan.last_month]
    observed = cohorts.outcomes(group, eligible["trial_id"], [plan.first_month, plan.last_month], [])
    first = observed.loc[observed["h"] == plan.first_month, "trial_id"]
    return sample_at(eligible[eligible["trial_id"].isin(first)], observed, plan.last_month, ())


def _months(figure: Figure, plan: Plan) -> list[int]:
    """The months before the start by which a person is in the cohort, and those of the outcome."""
    outcome = str(figure.key["outcome"])
    last = int(figure.key.get("event_month", figure.key.get("horizon", plan.last_month)))
    if outcome.startswith(("cumulative", "break_even")) or outcome.endswith("_by"):
        return [*BEFORE, *range(1, last + 1)]
    if outcome == "months_employed_13_24":
        return [*BEFORE, *range(13, 25)]
    return sorted({*BEFORE, last})


def _keep(build: Build, trials: pd.DataFrame, months: list[int]) -> None:
    connection = build.connection
    connection.register("trace_trials", trials[["trial_id"]].reset_index(drop=True))
    chosen = (
        "from intermediate.int_effect_trials as trials where trials.trial_id in (select trial_id from trace_trials)"
    )
    connection.execute(f"create or replace temp table {MEMBERS} as select distinct trials.spell_id, trials.person_key, trials.enterprise_cvr {chosen}")  # fmt: skip
    connection.execute(
        f"""
        create or replace temp table {MONTHS} as
        select distinct trials.person_key, cast(trials.month + to_months(event_months.number) as date) as month
        from intermediate.int_effect_trials as trials
        cross join (select cast(unnest(?::integer[]) as integer) as number) as event_months
        where trials.trial_id in (select trial_id from trace_trials)
        """,
        [months],
    )
    connection.unregister("trace_trials")
