with used_rows as (
    {{ used_rows(source('lake', 'benefit_runs'), 'dream') | indent(4) }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

final as (
    select
        delivery_id,
        file_name,
        file_rank,
        person_key,
        birth_date,
        first_week,
        last_week,
        code,
        is_unknown
    from used_rows
    cross join build
    where birth_date is null or birth_date <= as_of
)

select * from final
