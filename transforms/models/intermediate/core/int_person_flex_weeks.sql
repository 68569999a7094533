{# One row per person and observed month with weeks of flex-job or skånejob code whose Thursday lies in no flex-job activity of the person. #}
with runs as (
    select * from {{ ref('int_benefit_runs') }}
    where benefit_group in ('flex_job', 'skaane_job')
),

activities as (
    select * from {{ ref('int_activities') }}
    where instrument = 'flex_job'
),

months as (
    select * from {{ ref('int_months') }}
    where is_observed
),

activity_periods as (
    {{ join_periods('activities', ['person_key'], 'start_date', 'effective_end_date') | indent(4) }}
),

run_months as (
    select
        runs.person_key,
        months.month,
        greatest(runs.first_week, months.first_week) as first_week,
        least(runs.last_week, months.last_week) as last_week
    from runs
    inner join months
        on runs.first_week <= months.last_week and runs.last_week >= months.first_week
),

weeks_with_code as (
    select
        person_key,
        month,
        {{ weeks_from_to('first_week', 'last_week') }} as weeks
    from run_months
),

activity_overlaps as (
    select
        run_months.person_key,
        run_months.month,
        greatest(run_months.first_week, activity_periods.valid_from) as overlap_from,
        least(run_months.last_week, activity_periods.valid_to) as overlap_to
    from run_months
    inner join activity_periods
        on
            run_months.person_key = activity_periods.person_key
            and run_months.first_week <= activity_periods.valid_to
            and run_months.last_week >= activity_periods.valid_from
),

{# From the first Thursday of the overlap to its last: none when the overlap holds no Thursday. #}
weeks_in_activity as (
    select
        person_key,
        month,
        -{{ weeks_from_to(thursday_on_or_after('overlap_from'), thursday_on_or_before('overlap_to')) }} as weeks
    from activity_overlaps
    where {{ thursday_on_or_after('overlap_from') }} <= {{ thursday_on_or_before('overlap_to') }}
),

counted_weeks as (
    select * from weeks_with_code
    union all
    select * from weeks_in_activity
),

final as (
    select
        person_key,
        month,
        cast(sum(weeks) as integer) as flex_weeks
    from counted_weeks
    group by person_key, month
    having sum(weeks) > 0
)

select * from final
