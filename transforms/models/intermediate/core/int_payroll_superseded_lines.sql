{# One row per accepted line up to the cut-off that is left out because another line of its identity counts. #}
with lines as (
    select * from {{ ref('stg_payroll__lines') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

lines_up_to_cut_off as (
    select
        lines.delivery_id,
        lines.line_number,
        lines.file_rank,
        lines.report_id,
        lines.line_id,
        lines.reported_at,
        lines.content_hash,
        {{ identity_hash(['lines.report_id', 'lines.line_id']) }} as identity_key
    from lines
    cross join build
    where cast(lines.reported_at as date) <= build.as_of
),

{# Nearly every identity stands once: windows run on the few that do not. #}
repeated_keys as (
    select identity_key
    from lines_up_to_cut_off
    group by identity_key
    having count(*) > 1
),

candidate_lines as (
    select lines_up_to_cut_off.*
    from lines_up_to_cut_off
    inner join repeated_keys
        on lines_up_to_cut_off.identity_key = repeated_keys.identity_key
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
