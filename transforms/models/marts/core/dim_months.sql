with months as (
    select * from {{ ref('int_months') }}
),

final as (
    select
        month,
        year,
        quarter,
        days,
        weeks,
        is_observed
    from months
)

select * from final
