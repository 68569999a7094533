with file_counters as (
    select * from {{ source('inputs', 'file_counters') }}
),

final as (
    select
        file_name,
        counter,
        value
    from file_counters
)

select * from final
