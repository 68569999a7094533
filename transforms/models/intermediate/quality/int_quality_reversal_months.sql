{# One row per reversal (T line) that ever stood, with the months at whose end it stands: from the month it was reported to the one before another line of its
   identity replaces it. What it names is its target. Months as days: the first of the first, the last of the last. #}
with payroll_lines as (
    select * from {{ ref('stg_payroll__lines') }}
    where line_kind = 'T'
),

version_months as (
    select * from {{ ref('int_quality_payroll_version_months') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

final as (
    select
        payroll_lines.delivery_id,
        payroll_lines.line_number,
        payroll_lines.reference_id,
        payroll_lines.person_key,
        {{ month_of('cast(payroll_lines.reported_at as date)') }} as valid_from,
        coalesce(version_months.valid_to, {{ last_day() }}) as valid_to
    from payroll_lines
    cross join build
    left join version_months
        on payroll_lines.delivery_id = version_months.delivery_id and payroll_lines.line_number = version_months.line_number
    where
        cast(payroll_lines.reported_at as date) <= build.as_of
        and {{ month_of('cast(payroll_lines.reported_at as date)') }} <= coalesce(version_months.valid_to, {{ last_day() }})
)

select * from final
