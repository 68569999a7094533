{# One row per person, observed month and benefit group, the weeks without benefit and the unknown ones as rows of their own (group null).
   Every week of an observed month is counted: those of which DREAM says nothing are unknown. An exit changes nothing here. #}
with people as (
    select person_key from {{ ref('int_people') }}
),

runs as (
    select * from {{ ref('int_benefit_runs') }}
),

months as (
    select
        *,
        {{ month_number('month') }} as month_number
    from {{ ref('int_months') }}
    where is_observed
),

groups as (
    select distinct
        group_number,
        benefit_group,
        is_benefit,
        is_target,
        is_censoring
    from {{ ref('int_benefit_codes') }}
),

observed_weeks as (
    select
        min(first_week) as first_week,
        max(last_week) as last_week
    from months
),

observed_runs as (
    select
        runs.person_key,
        {# No group: an empty week (0) or an unknown one (-1). #}
        coalesce(runs.group_number, case when runs.is_unknown then -1 else 0 end) as group_number,
        runs.group_order,
        greatest(runs.first_week, observed_weeks.first_week) as first_week,
        least(runs.last_week, observed_weeks.last_week) as last_week
    from runs
    inner join observed_weeks
        on runs.first_week <= observed_weeks.last_week and runs.last_week >= observed_weeks.first_week
),

{# The week before the observed ones bounds what is unknown before the first run, or all of it for people without a row in DREAM. #}
bounds as (
    select
        person_key,
        last_week,
        {{ add_days('lead(first_week) over (partition by person_key order by first_week)', -7) }} as week_before_next
    from (
        select
            person_key,
            first_week,
            last_week
        from observed_runs
        union all
        select
            people.person_key,
            {{ add_days('observed_weeks.first_week', -7) }} as first_week,
            {{ add_days('observed_weeks.first_week', -7) }} as last_week
        from people
        cross join observed_weeks
    )
),

gaps as (
    select
        bounds.person_key,
        -1 as group_number,
        cast(null as integer) as group_order,
        {{ add_days('bounds.last_week', 7) }} as first_week,
        coalesce(bounds.week_before_next, observed_weeks.last_week) as last_week
    from bounds
    cross join observed_weeks
    where {{ add_days('bounds.last_week', 7) }} <= coalesce(bounds.week_before_next, observed_weeks.last_week)
),

complete_runs as (
    select * from observed_runs
    union all
    select * from gaps
),

run_months as (
    select
        *,
        {{ unnest_numbers(month_number('first_week'), month_number('last_week')) }} as month_number
    from complete_runs
),

weeks_by_code as (
    select
        run_months.person_key,
        months.month,
        run_months.group_number,
        run_months.group_order,
        {{ weeks_from_to('greatest(run_months.first_week, months.first_week)', 'least(run_months.last_week, months.last_week)') }} as weeks,
        run_months.first_week <= months.first_week and run_months.last_week >= months.last_week as is_whole_month
    from run_months
    inner join months
        on run_months.month_number = months.month_number
),

{# Most months lie in one run, since runs do not overlap: only the others are added up. #}
weeks_by_group as (
    select
        person_key,
        month,
        group_number,
        group_order,
        cast(weeks as integer) as weeks
    from weeks_by_code
    where is_whole_month
    union all
    select
        person_key,
        month,
        group_number,
        min(group_order) as group_order,
        cast(sum(weeks) as integer) as weeks
    from weeks_by_code
    where not is_whole_month
    group by person_key, month, group_number
),

final as (
    select
        weeks_by_group.person_key,
        weeks_by_group.month,
        groups.benefit_group,
        weeks_by_group.group_number = -1 as is_unknown,
        coalesce(groups.is_benefit, false) as is_benefit,
        coalesce(groups.is_target, false) as is_target,
        coalesce(groups.is_censoring, false) as is_censoring,
        weeks_by_group.group_order,
        weeks_by_group.weeks
    from weeks_by_group
    left join groups
        on weeks_by_group.group_number = groups.group_number
)

select * from final
