{# One row per reported line (I) and reversal target that deletes it. A target is what a reversal names: the report, and the person unless it means all of it. #}
with lines as (
    select * from {{ ref('stg_payroll__lines') }}
    where line_kind = 'I'
),

superseded_lines as (
    select * from {{ ref('int_payroll_superseded_lines') }}
),

reversals as (
    select * from {{ ref('int_payroll_reversals') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

targets as (
    select distinct
        reference_id,
        person_key
    from reversals
),

hit_lines as (
    select
        lines.delivery_id,
        lines.line_number,
        lines.reported_at,
        targets.reference_id,
        targets.person_key
    from lines
    inner join targets
        on
            lines.report_id = targets.reference_id
            and coalesce(lines.person_key = targets.person_key, true)
),

final as (
    select
        hit_lines.delivery_id,
        hit_lines.line_number,
        hit_lines.reference_id,
        hit_lines.person_key
    from hit_lines
    cross join build
    left join superseded_lines
        on
            hit_lines.delivery_id = superseded_lines.delivery_id
            and hit_lines.line_number = superseded_lines.line_number
    where
        cast(hit_lines.reported_at as date) <= build.as_of
        and superseded_lines.delivery_id is null
)

select * from final
