{# One row per line that a replacement or a reversal ever touched, and run of months at whose end it stands: what the log says when it is read up to that month's
   last day. Lines that nothing ever touched stand from the month in which they were reported, and have no row here. #}
with payroll_lines as (
    select * from {{ ref('stg_payroll__lines') }}
    where line_kind = 'I'
),

version_months as (
    select * from {{ ref('int_quality_payroll_version_months') }}
),

reversal_months as (
    select * from {{ ref('int_quality_reversal_months') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

hits as (
    select
        payroll_lines.delivery_id,
        payroll_lines.line_number,
        reversal_months.valid_from,
        reversal_months.valid_to
    from payroll_lines
    inner join reversal_months
        on
            payroll_lines.report_id = reversal_months.reference_id
            and coalesce(payroll_lines.person_key = reversal_months.person_key, true)
),

reversed_months as (
    {{ join_periods('hits', ['delivery_id', 'line_number']) | indent(4) }}
),

touched as (
    select
        delivery_id,
        line_number
    from version_months
    union
    select
        delivery_id,
        line_number
    from reversed_months
),

counting_months as (
    select
        payroll_lines.delivery_id,
        payroll_lines.line_number,
        {{ month_of('cast(payroll_lines.reported_at as date)') }} as valid_from,
        coalesce(version_months.valid_to, {{ last_day() }}) as valid_to
    from payroll_lines
    cross join build
    inner join touched
        on payroll_lines.delivery_id = touched.delivery_id and payroll_lines.line_number = touched.line_number
    left join version_months
        on payroll_lines.delivery_id = version_months.delivery_id and payroll_lines.line_number = version_months.line_number
    where cast(payroll_lines.reported_at as date) <= build.as_of
),

standing_months as (
    {{ subtract_periods('counting_months', 'reversed_months', ['delivery_id', 'line_number']) | indent(4) }}
),

{# A line that stands at no month's end keeps a row with an empty run, so that nobody takes it for untouched. #}
final as (
    select
        touched.delivery_id,
        touched.line_number,
        standing_months.valid_from,
        standing_months.valid_to
    from touched
    left join standing_months
        on touched.delivery_id = standing_months.delivery_id and touched.line_number = standing_months.line_number
)

select * from final
