with used_rows as (
    {{ used_rows(source('lake', 'unit_attributes'), 'cvr_produktionsenheder') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        p_number,
        attribute,
        value,
        valid_from,
        valid_to,
        position
    from used_rows
)

select * from final
