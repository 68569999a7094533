{# One row a month, from the earlier of the first observed month and the first start to the cut-off's month; a week belongs to the month of its Thursday. #}
with build as (
    select * from {{ ref('stg_build') }}
),

activities as (
    select min(start_date) as first_start_date from {{ ref('int_activities') }}
),

{# Without an observed month and without a start: the first month delivered. #}
first_months as (
    select
        build.*,
        least(
            coalesce(build.observed_from, {{ month_of('activities.first_start_date') }}, build.placement_first_month, build.payroll_first_month),
            coalesce({{ month_of('activities.first_start_date') }}, build.observed_from, build.placement_first_month, build.payroll_first_month)
        ) as first_month
    from build
    cross join activities
),

months as (
    select
        {{ unnest_months('first_month', month_of('as_of')) }} as month,
        observed_from,
        observed_through
    from first_months
),

final as (
    select
        month,
        {{ month_end('month') }} as last_day_of_month,
        {{ thursday_on_or_after('month') }} as first_week,
        {{ thursday_on_or_before(month_end('month')) }} as last_week,
        cast(extract(year from month) as integer) as year,
        cast(extract(quarter from month) as integer) as quarter,
        cast(extract(day from {{ month_end('month') }}) as integer) as days,
        cast({{ weeks_from_to(thursday_on_or_after('month'), thursday_on_or_before(month_end('month'))) }} as integer) as weeks,
        coalesce(month between observed_from and observed_through, false) as is_observed
    from months
)

select * from final
