with cells as (
    select * from {{ published('fct_rsv_register_monthly') }}
),

final as (
    select
        cells.month,
        cells.rsv_registered,
        cells.rsv_active,
        cells.rsv_with_spells,
        cells.rsv_with_company_based_spells,
        cells.municipalities_with_rsv,
        cells.employees,
        cells.citizens_unpaid,
        cells.citizens_supported,
        cells.ordinary_share,
        cells.guidance_share
    from cells
)

select * from final
