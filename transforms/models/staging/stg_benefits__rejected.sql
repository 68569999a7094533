with used_rows as (
    {{ used_rows(source('lake', 'benefit_rejected'), 'dream') | indent(4) }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        line_number,
        person_key,
        birth_date,
        sex,
        is_constructed,
        has_modulus_11,
        is_repaired,
        coded_weeks,
        unknown_code_weeks,
        broken_rules,
        has_right_fields
    from used_rows
)

select * from final
