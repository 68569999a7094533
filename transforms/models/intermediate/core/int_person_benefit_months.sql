{# One row per person, observed month and benefit group, the weeks without benefit and the unknown ones as rows of their own (group null).
   An exit changes nothing here. People without a row in DREAM have no row: their weeks are unknown. #}
with runs as (
    select * from {{ ref('int_benefit_runs') }}
),

months as (
    select * from {{ ref('int_months') }}
    where is_observed
),

weeks_by_code as (
    select
        runs.person_key,
        months.month,
        runs.benefit_group,
        runs.is_unknown,
        runs.is_benefit,
        runs.is_target,
        runs.is_censoring,
        runs.group_order,
        {{ weeks_from_to('greatest(runs.first_week, months.first_week)', 'least(runs.last_week, months.last_week)') }} as weeks
    from runs
    inner join months
        on runs.first_week <= months.last_week and runs.last_week >= months.first_week
),

final as (
    select
        person_key,
        month,
        benefit_group,
        is_unknown,
        is_benefit,
        is_target,
        is_censoring,
        min(group_order) as group_order,
        cast(sum(weeks) as integer) as weeks
    from weeks_by_code
    group by person_key, month, benefit_group, is_unknown, is_benefit, is_target, is_censoring
)

select * from final
