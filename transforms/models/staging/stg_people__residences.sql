with used_rows as (
    {{ used_rows(source('lake', 'person_rows'), 'personer') | indent(4) }}
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
        municipality_code,
        residence_from,
        residence_to,
        status,
        status_date
    from used_rows
    cross join build
    where birth_date is null or birth_date <= as_of
)

select * from final
