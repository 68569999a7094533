{# One row per accepted line up to the cut-off that is left out because another line of its identity counts. #}
with build as (
    select as_of from {{ ref('stg_build') }}
),

{# Nearly every identity stands once: windows run on the few that do not. The lines are read twice, first for nothing but a hash of their identity: kept for both
   uses they would fill the memory. #}
repeated_keys as (
    select {{ identity_hash(['lines.report_id', 'lines.line_id']) }} as identity_key
    from {{ ref('stg_payroll__lines') }} as lines
    cross join build
    where cast(lines.reported_at as date) <= build.as_of
    group by {{ identity_hash(['lines.report_id', 'lines.line_id']) }}
    having count(*) > 1
),

candidate_lines as (
    select
        lines.delivery_id,
        lines.line_number,
        lines.file_rank,
        lines.report_id,
        lines.line_id,
        lines.reported_at,
        lines.content_hash
    from {{ ref('stg_payroll__lines') }} as lines
    cross join build
    inner join repeated_keys
        on {{ identity_hash(['lines.report_id', 'lines.line_id']) }} = repeated_keys.identity_key
    where cast(lines.reported_at as date) <= build.as_of
),

ranked_lines as (
    select
        delivery_id,
        line_number,
        content_hash,
        row_number() over (
            partition by report_id, line_id order by reported_at desc, file_rank desc, line_number desc
        ) as version_rank,
        first_value(content_hash) over (
            partition by report_id, line_id order by reported_at desc, file_rank desc, line_number desc
        ) as counting_content_hash
    from candidate_lines
),

final as (
    select
        delivery_id,
        line_number,
        content_hash = counting_content_hash as is_same_content
    from ranked_lines
    where version_rank > 1
)

select * from final
