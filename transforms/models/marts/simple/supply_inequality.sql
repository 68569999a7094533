with cells as (
    select * from {{ published('fct_supply_inequality_yearly') }}
),

final as (
    select
        cells.year,
        cells.observed_months,
        cells.rate_group_1,
        cells.rate_group_2,
        cells.rate_group_3,
        cells.rate_group_4,
        cells.rate_group_5,
        cells.rate_towns,
        cells.rate_outskirts,
        cells.ratio,
        cells.ratio_lower,
        cells.ratio_upper,
        cells.gini,
        cells.gini_by_chance
    from cells
)

select * from final
