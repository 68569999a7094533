with used_rows as (
    {{ used_rows(source('lake', 'enterprise_headcounts'), 'cvr_virksomheder') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        enterprise_cvr,
        month,
        employees,
        list,
        position
    from used_rows
)

select * from final
