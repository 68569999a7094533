{# One row per line that does not stand: superseded by another of its identity, or reversed. #}
with superseded_lines as (
    select * from {{ ref('int_payroll_superseded_lines') }}
),

reversed_lines as (
    select * from {{ ref('int_payroll_reversed_lines') }}
),

final as (
    select
        delivery_id,
        line_number
    from superseded_lines
    union
    select
        delivery_id,
        line_number
    from reversed_lines
)

select * from final
