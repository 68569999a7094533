{# One row per line of an identity that was delivered more than once up to the cut-off, with the months at whose end it is the one that counts: until the next one by
   time, file name and line is reported. One that is replaced within its own month counts at no month's end (valid_to before valid_from). #}
with payroll_lines as (
    select * from {{ ref('stg_payroll__lines') }}
),

superseded_lines as (
    select * from {{ ref('int_payroll_superseded_lines') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

repeated_identities as (
    select distinct
        payroll_lines.report_id,
        payroll_lines.line_id
    from payroll_lines
    inner join superseded_lines
        on payroll_lines.delivery_id = superseded_lines.delivery_id and payroll_lines.line_number = superseded_lines.line_number
),

versions as (
    select
        payroll_lines.delivery_id,
        payroll_lines.line_number,
        cast(payroll_lines.reported_at as date) as reported_date,
        cast(
            lead(payroll_lines.reported_at) over (
                partition by payroll_lines.report_id, payroll_lines.line_id
                order by payroll_lines.reported_at, payroll_lines.file_rank, payroll_lines.line_number
            ) as date
        ) as replaced_date
    from payroll_lines
    cross join build
    inner join repeated_identities
        on payroll_lines.report_id = repeated_identities.report_id and payroll_lines.line_id = repeated_identities.line_id
    where cast(payroll_lines.reported_at as date) <= build.as_of
),

final as (
    select
        delivery_id,
        line_number,
        {{ month_of('reported_date') }} as valid_from,
        coalesce({{ add_days(month_of('replaced_date'), -1) }}, {{ last_day() }}) as valid_to
    from versions
)

select * from final
