"""What public tables count, against the marts that say the same and a plain count of enterprises.

Belongs here: the cells before disclosure control. Not here: their protection (tests/release, tests/disclosure).
"""

from __future__ import annotations

import duckdb
import pytest

from tests.conftest import SampleBuild

SCOPE = """
    select count(*), count(*) filter (where cells.persons <> yearly.persons or cells.spells_started <> yearly.spells_started or cells.spells_active <> yearly.spells_active)
    from evaluation.fct_scope_cells as cells
    inner join scope.fct_scope_yearly as yearly
        on cells.year = yearly.year and cells.enterprise_kind = yearly.enterprise_kind
    where cells.enterprise_kind in ('rsv', 'all')
        and case yearly.breakdown
            when 'all' then concat_ws('|', municipality_group, municipality_code, instrument, target_group, age_band, sex) = 'all|all|all|all|all|all'
            when 'municipality' then municipality_code = level
            when 'municipality_group' then concat_ws('|', municipality_code, instrument, target_group) = 'all|all|all' and municipality_group = level
            when 'instrument' then municipality_group = 'all' and instrument = level
            when 'target_group' then municipality_group = 'all' and target_group = level
            when 'age_band' then sex = 'all' and age_band = level
            when 'sex' then age_band = 'all' and sex = level
            else false
        end
"""
HOURS = """
    select count(*), count(*) filter (
        where cells.spells <> marts.spells or cells.employed <> marts.employed or cells.exited <> marts.exited or cells.persons <> marts.persons
            or cells.share is distinct from marts.share or cells.ci_lower is distinct from marts.ci_lower or cells.ci_upper is distinct from marts.ci_upper
    )
    from evaluation.fct_hour_cells as cells
    inner join progression.fct_employment_by_target_group as marts using (enterprise_kind, instrument, target_group, horizon)
    where cells.start_year = 0 and cells.municipality_group = 'all' and cells.enterprise_kind in ('rsv', 'all')
"""
# The three largest numbers of persons at an enterprise, counted spell by spell.
ENTERPRISES = """
    with counted as (
        select cast(year(start_date) as integer) as start_year, enterprise_cvr, count(distinct spells.person_key) as persons
        from progression.fct_progression_horizons as horizons
        inner join core.fct_placement_spells as spells using (spell_id)
        inner join progression.fct_progression_months as months on months.spell_id = spells.spell_id and months.event_month = -1 and not months.is_employed
        where horizons.horizon = 12 and spells.enterprise_kind = 'rsv' and spells.enterprise_cvr is not null
        group by all
    ),
    plain as (
        select start_year, count(*) as enterprises, max(persons) as largest, coalesce(list_reverse_sort(list(persons))[2], 0) as second
        from counted
        group by start_year
    )
    select count(*), count(*) filter (where cells.enterprises <> plain.enterprises or cells.largest_persons <> plain.largest or cells.second_persons <> plain.second)
    from evaluation.fct_hour_cells as cells
    inner join plain on cells.start_year = plain.start_year
    where cells.horizon = 12 and cells.enterprise_kind = 'rsv' and concat_ws('|', instrument, target_group, municipality_group, municipality_code) = 'all|all|all|all'
"""


@pytest.mark.parametrize(
    ("query", "least"), [(SCOPE, 100), (HOURS, 50), (ENTERPRISES, 3)], ids=["scope", "hours", "enterprises"]
)
def test_cells_say_what_the_marts_say(query: str, least: int, sample_build: SampleBuild) -> None:
    """A public table that counts otherwise than the warehouse: two numbers for one question."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        rows, differing = connection.execute(query).fetchone() or (0, 1)
    assert rows >= least and differing == 0


def test_a_lasting_cell_waits_for_everybody_as_long(sample_build: SampleBuild) -> None:
    """Who completed early counted without those who are still waiting: a share that rises at the end of the data."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        found = connection.execute(
            """
            with plain as (
                select months.month, count(*) as spells, count(*) filter (where milestones.status = 'event' and milestones.months <= months.month) as events
                from progression.fct_milestones as milestones
                inner join core.fct_placement_spells as spells using (spell_id)
                cross join (values (12), (24), (36)) as months (month)
                cross join quality.fct_builds as builds
                where milestones.milestone = 'lasting_six_in_row' and spells.is_first_of_instrument
                    and (year(builds.observed_through) - year(spells.start_date)) * 12 + month(builds.observed_through) - month(spells.start_date) >= months.month
                group by months.month
            )
            select count(*), count(*) filter (where cells.spells <> plain.spells or cells.events <> plain.events)
            from evaluation.fct_lasting_cells as cells
            inner join plain using (month)
            where cells.start_year = 0 and cells.enterprise_kind = 'all' and cells.instrument = 'all' and cells.milestone = 'lasting_six_in_row'
            """
        ).fetchone()
    assert found is not None and found[0] >= 2 and found[1] == 0


def test_hours_by_event_month_are_of_the_same_spells_in_every_month(sample_build: SampleBuild) -> None:
    """A mean that rises because those with few hours are no longer followed would pass for progression."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        found = connection.execute(
            """
            with cohort as (
                select spells.spell_id, spells.person_key, case when spells.enterprise_kind = 'rsv' then 'rsv' else 'other' end as kind, spells.start_date
                from core.fct_placement_spells as spells
                inner join progression.fct_progression_months as months on months.spell_id = spells.spell_id and months.event_month between -12 and 0
                cross join quality.fct_builds as builds
                where spells.baseline_hours is not null and date_trunc('month', spells.start_date) + interval 24 months <= builds.observed_through
                group by all
                having count(*) = 13
            ),
            plain as (
                select
                    kind as enterprise_kind, event_month, (select count(*) from cohort as all_of where all_of.kind = cohort.kind) as spells,
                    count(*) filter (where ordinary_hours < 1) as band_0, count(*) filter (where ordinary_hours >= 117) as band_4, sum(ordinary_hours) as hours, count(*) as seen
                from cohort
                inner join progression.fct_progression_months as months using (spell_id)
                where event_month between -12 and 24
                group by all
            )
            select
                count(*), count(distinct cells.spells), count(*) filter (
                    where cells.spells <> plain.spells or cells.band_0 <> plain.band_0 or cells.band_4 <> plain.band_4 or cells.exited <> plain.spells - plain.seen
                        or abs(cells.mean_hours - plain.hours / plain.spells) > 0.05 + 1e-9
                )
            from evaluation.fct_event_month_cells as cells
            inner join plain on cells.enterprise_kind = plain.enterprise_kind and cells.event_month = plain.event_month and cells.baseline_band = 'all'
            """
        ).fetchone()
    assert found == (74, 2, 0)


def test_bands_before_the_start_add_up_to_all(sample_build: SampleBuild) -> None:
    """Transitions that leave some out would be read as everybody's."""
    with duckdb.connect(str(sample_build.warehouse / "outcome.duckdb"), read_only=True) as connection:
        rows, differing = connection.execute(
            """
            select count(*), count(*) filter (where whole.spells <> parts.spells or whole.band_3 <> parts.band_3 or whole.exited <> parts.exited)
            from evaluation.fct_event_month_cells as whole
            inner join (
                select enterprise_kind, event_month, sum(spells) as spells, sum(band_3) as band_3, sum(exited) as exited
                from evaluation.fct_event_month_cells where baseline_band <> 'all' group by all
            ) as parts using (enterprise_kind, event_month)
            where whole.baseline_band = 'all'
            """
        ).fetchone() or (0, 1)
    assert rows == 12 and differing == 0
