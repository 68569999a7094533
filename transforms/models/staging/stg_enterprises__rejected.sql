with used_rows as (
    {{ used_rows(source('lake', 'enterprise_rejected'), 'cvr_virksomheder') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        enterprise_cvr,
        broken_rules,
        has_right_fields
    from used_rows
)

select * from final
