with cells as (
    select * from {{ published('fct_municipal_supply_yearly') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

final as (
    select
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        coalesce(municipalities.region, 'Ukendt') as region,
        coalesce(municipalities.municipality_group_label, 'Ukendt') as municipality_group,
        cells.year,
        cells.rsv_registered,
        cells.rsv_active,
        cells.industries,
        cells.target_persons,
        cells.observed_months,
        cells.persons_in_placement,
        cells.persons_in_rsv,
        cells.rsv_share,
        cells.placed_outside
    from cells
    left join municipalities
        on cells.municipality_code = municipalities.municipality_code
)

select * from final
