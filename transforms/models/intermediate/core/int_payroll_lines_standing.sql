{# One row per line of wage work that stands at the cut-off, of the warehouse's people (a view: the lines that fell are few). #}
{{ config(materialized='view') }}
with lines as (
    select * from {{ ref('int_payroll_lines_of_people') }}
),

final as (
    select
        delivery_id,
        line_number,
        person_key,
        enterprise_cvr,
        period_from,
        period_to,
        wage_amount,
        hours_amount,
        is_imputed,
        reported_month
    from lines
    where is_standing
)

select * from final
