with used_rows as (
    {{ used_rows(source('lake', 'person_rejected'), 'personer') | indent(4) }}
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
        municipality_code,
        residence_from,
        residence_to,
        status,
        status_date,
        broken_rules,
        has_right_fields
    from used_rows
)

select * from final
