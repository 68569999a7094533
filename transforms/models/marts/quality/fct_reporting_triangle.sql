with hours_by_report_month as (
    select * from {{ ref('int_quality_hours_by_report_month') }}
),

headcounts as (
    select * from {{ ref('int_enterprise_headcounts') }}
),

build as (
    select * from {{ ref('int_build') }}
),

employers as (
    select distinct
        work_month,
        enterprise_cvr
    from hours_by_report_month
    where enterprise_cvr is not null
),

{# Employees as in the register: the latest month reported, not too old. #}
ranked_headcounts as (
    select
        employers.work_month,
        employers.enterprise_cvr,
        headcounts.employees,
        row_number() over (partition by employers.work_month, employers.enterprise_cvr order by headcounts.month desc) as headcount_rank
    from employers
    inner join headcounts
        on
            employers.enterprise_cvr = headcounts.enterprise_cvr
            and employers.work_month >= headcounts.month
            and employers.work_month <= {{ add_months('headcounts.month', var('employees_max_age_months')) }}
),

sized_hours as (
    select
        hours_by_report_month.work_month,
        {{ employer_size_band('ranked_headcounts.employees') }} as employer_size_band,
        {# Reading goes by whole months after the work month: what was reported before its end stands at lag 0. #}
        greatest({{ months_between('hours_by_report_month.work_month', 'hours_by_report_month.valid_from') }}, 0) as first_lag,
        case
            when hours_by_report_month.valid_to < {{ last_day() }}
                then {{ months_between('hours_by_report_month.work_month', 'hours_by_report_month.valid_to') }}
        end as final_lag,
        {{ months_between('hours_by_report_month.work_month', 'build.payroll_through') }} as lags,
        hours_by_report_month.hours_amount
    from hours_by_report_month
    cross join build
    left join ranked_headcounts
        on
            hours_by_report_month.work_month = ranked_headcounts.work_month
            and hours_by_report_month.enterprise_cvr = ranked_headcounts.enterprise_cvr
            and ranked_headcounts.headcount_rank = 1
),

{# Only what stands in a reading of the table, at one of its lags or at the cut-off. #}
read_hours as (
    select * from sized_hours
    where final_lag is null or (final_lag >= first_lag and first_lag <= lags)
),

banded_hours as (
    select * from read_hours
    union all
    select
        work_month,
        'all' as employer_size_band,
        first_lag,
        final_lag,
        lags,
        hours_amount
    from read_hours
),

totals as (
    select
        work_month,
        employer_size_band,
        max(lags) as lags,
        {{ sum_whole('case when final_lag is null then hours_amount else 0 end') }} as hours_now_amount
    from banded_hours
    group by work_month, employer_size_band
),

{# Hours come at the first lag at which they stand and go at the one after the last: a running sum reads the log at every lag. #}
changes as (
    select
        work_month,
        employer_size_band,
        first_lag as lag_months,
        hours_amount
    from banded_hours
    union all
    select
        work_month,
        employer_size_band,
        final_lag + 1 as lag_months,
        -hours_amount as hours_amount
    from banded_hours
    where final_lag is not null
),

changes_by_lag as (
    select
        work_month,
        employer_size_band,
        lag_months,
        {{ sum_whole('hours_amount') }} as hours_amount
    from changes
    group by work_month, employer_size_band, lag_months
),

grid as (
    select
        work_month,
        employer_size_band,
        unnest(generate_series(0, cast(lags as bigint))) as lag_months,
        hours_now_amount
    from totals
),

read_at_lags as (
    select
        grid.work_month,
        grid.lag_months,
        grid.employer_size_band,
        sum(coalesce(changes_by_lag.hours_amount, 0)) over (
            partition by grid.work_month, grid.employer_size_band
            order by grid.lag_months rows between unbounded preceding and current row
        ) as hours_reported_amount,
        grid.hours_now_amount
    from grid
    left join changes_by_lag
        on
            grid.work_month = changes_by_lag.work_month
            and grid.employer_size_band = changes_by_lag.employer_size_band
            and grid.lag_months = changes_by_lag.lag_months
),

final as (
    select
        work_month,
        cast(lag_months as integer) as lag_months,
        employer_size_band,
        {{ to_decimal('hours_reported_amount') }} as hours_reported,
        {{ to_decimal('hours_now_amount') }} as hours_now,
        {{ share('hours_reported_amount', 'hours_now_amount') }} as share
    from read_at_lags
)

select * from final
