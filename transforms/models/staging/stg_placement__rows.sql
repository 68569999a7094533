with used_rows as (
    {{ used_rows(source('lake', 'placement_rows'), 'forloeb') | indent(4) }}
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
        activity_id,
        handling,
        registered_at,
        target_group_number,
        benefit,
        instrument_code,
        cvr,
        p_number,
        start_date,
        end_date,
        planned_hours,
        planned_minutes,
        municipality_code,
        end_reason
    from used_rows
)

select * from final
