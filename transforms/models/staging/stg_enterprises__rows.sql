with used_rows as (
    {{ used_rows(source('lake', 'enterprise_rows'), 'cvr_virksomheder') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        enterprise_cvr,
        is_advertising_protected
    from used_rows
)

select * from final
