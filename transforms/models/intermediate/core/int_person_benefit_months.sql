{# One row per person, observed month and benefit group, the weeks without benefit and the unknown ones as rows of their own (group null).
   An exit changes nothing here. People without a row in DREAM have no row: their weeks are unknown. #}
with runs as (
    select * from {{ ref('int_benefit_runs') }}
),

months as (
    select * from {{ ref('int_months') }}
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

weeks_by_code as (
    select
        runs.person_key,
        months.month,
        {# No group: an empty week (0) or an unknown one (-1). #}
        coalesce(runs.group_number, case when runs.is_unknown then -1 else 0 end) as group_number,
        runs.group_order,
        {{ weeks_from_to('greatest(runs.first_week, months.first_week)', 'least(runs.last_week, months.last_week)') }} as weeks
    from runs
    inner join months
        on runs.first_week <= months.last_week and runs.last_week >= months.first_week
),

weeks_by_group as (
    select
        person_key,
        month,
        group_number,
        min(group_order) as group_order,
        cast(sum(weeks) as integer) as weeks
    from weeks_by_code
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
