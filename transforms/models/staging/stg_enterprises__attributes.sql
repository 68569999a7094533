with used_rows as (
    {{ used_rows(source('lake', 'enterprise_attributes'), 'cvr_virksomheder') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        enterprise_cvr,
        attribute,
        value,
        valid_from,
        valid_to,
        position
    from used_rows
)

select * from final
