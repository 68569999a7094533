with catalogue as (
    select * from {{ source('expectations', 'catalogue') }}
),

final as (
    select
        rule,
        dataset,
        level,
        cast(bit_position as integer) as bit_position,
        cast(threshold as double) as threshold
    from catalogue
)

select * from final
