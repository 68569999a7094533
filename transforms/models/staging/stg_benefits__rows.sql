with used_rows as (
    {{ used_rows(source('lake', 'benefit_rows'), 'dream') | indent(4) }}
),

build as (
    select as_of from {{ ref('stg_build') }}
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
        unknown_code_weeks
    from used_rows
    cross join build
    where birth_date is null or birth_date <= as_of
)

select * from final
