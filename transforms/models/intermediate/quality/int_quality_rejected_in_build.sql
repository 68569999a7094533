{# One row per file with rows that it accepted and a build rejects: rules that need other files or the cut-off. #}
with rejected_rows as (
    select * from {{ ref('int_rejected_rows') }}
    where not is_rejected_by_file
),

final as (
    select
        file_name,
        count(distinct line_number) as rows_rejected
    from rejected_rows
    group by file_name
)

select * from final
