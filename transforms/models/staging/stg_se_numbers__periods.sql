with used_rows as (
    {{ used_rows(source('lake', 'se_number_rows'), 'se_numre') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        se_number,
        enterprise_cvr,
        valid_from,
        valid_to
    from used_rows
)

select * from final
