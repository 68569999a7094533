{# One row per reversal (T line) that is left after identity. #}
with lines as (
    select * from {{ ref('stg_payroll__lines') }}
    where line_kind = 'T'
),

superseded_lines as (
    select * from {{ ref('int_payroll_superseded_lines') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

final as (
    select
        lines.delivery_id,
        lines.line_number,
        lines.reference_id,
        lines.person_key
    from lines
    cross join build
    left join superseded_lines
        on
            lines.delivery_id = superseded_lines.delivery_id
            and lines.line_number = superseded_lines.line_number
    where
        cast(lines.reported_at as date) <= build.as_of
        and superseded_lines.delivery_id is null
)

select * from final
