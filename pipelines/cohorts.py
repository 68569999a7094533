"""The cohorts of the effect as they stand in a build file.

Belongs here: reading trials, outcomes and enterprise months, a group at a time. Not here: choosing samples, estimating (transforms/evaluation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from transforms.evaluation.plan import Group


@dataclass(frozen=True)
class BuildCohorts:
    """The cohorts of a build file, read a group at a time: a country's outcomes do not fit into memory at once."""

    connection: duckdb.DuckDBPyConnection

    def trials(self, group: Group) -> pd.DataFrame:
        """The treated and the comparators of a group, in order of `trial_id`."""
        return self.connection.execute(
            f"select * from intermediate.int_effect_trials where {_WHERE} order by trial_id", _values(group)
        ).df()

    def sizes(self, groups: Sequence[Group]) -> list[int]:
        """Trials of each group."""
        asked = [
            self.connection.execute(
                f"select count(*) from intermediate.int_effect_trials where {_WHERE}", _values(group)
            ).fetchone()
            for group in groups
        ]
        return [int(row[0]) if row else 0 for row in asked]

    def outcomes(
        self, group: Group, trial_ids: pd.Series, months: Sequence[int], columns: Sequence[str]
    ) -> pd.DataFrame:
        """Outcomes of these trials at these months."""
        names = "".join(f", outcomes.{name}" for name in columns)
        self.connection.register("wanted_trials", trial_ids.to_frame("trial_id"))
        try:
            return self.connection.execute(
                f"select outcomes.trial_id, outcomes.h, outcomes.is_censored{names} from intermediate.int_effect_outcomes as outcomes "
                "semi join wanted_trials on outcomes.trial_id = wanted_trials.trial_id where outcomes.h in (select unnest(?)) order by all",
                [[int(month) for month in months]],
            ).df()
        finally:
            self.connection.unregister("wanted_trials")

    def enterprise_months(self, family: str, instruments: Sequence[str], outcome: str, horizon: int) -> pd.DataFrame:
        """Starts at registered enterprises and elsewhere, by enterprise and month, and when the enterprise first was registered. A public enterprise is no nonprofit and left out."""
        return self.connection.execute(
            f"""
            with registrations as (
                select enterprise_cvr, min(valid_from) as first_registered from intermediate.int_enterprise_rsv_periods group by enterprise_cvr
            ),
            starts as (
                select trials.enterprise_cvr, trials.month, outcomes.{outcome} as outcome, registrations.first_registered
                from intermediate.int_effect_trials as trials
                inner join intermediate.int_effect_outcomes as outcomes
                    on trials.trial_id = outcomes.trial_id and outcomes.h = ? and not outcomes.is_censored
                left join registrations on trials.enterprise_cvr = registrations.enterprise_cvr
                where trials.family = ? and trials.instrument in (select unnest(?)) and trials.arm in ('R', 'O')
                    and (trials.enterprise_kind in ('rsv', 'nonprofit') or registrations.first_registered is not null)
            )
            select
                enterprise_cvr as enterprise, month, avg(outcome) as outcome, count(*)::double as citizens, first_registered, 'nonprofit' as enterprise_kind
            from starts group by enterprise_cvr, month, first_registered order by all
            """,
            [horizon, family, list(instruments)],
        ).df()


_WHERE = "family = ? and instrument in (select unnest(?)) and arm in ('R', ?)"


def _values(group: Group) -> list[Any]:
    from transforms.evaluation.samples import COMPARATOR

    return [group.family, list(group.instruments), COMPARATOR[group.arm]]
