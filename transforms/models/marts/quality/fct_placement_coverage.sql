with coverage as (
    select * from {{ ref('int_placement_coverage') }}
),

final as (
    select
        municipality_code,
        month,
        is_delivered
    from coverage
)

select * from final
