with used_rows as (
    {{ used_rows('unit_rows') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        p_number
    from used_rows
)

select * from final
