with used_rows as (
    {{ used_rows(source('lake', 'unit_rejected'), 'cvr_produktionsenheder') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        p_number,
        broken_rules,
        has_right_fields
    from used_rows
)

select * from final
