with enterprises as (
    select * from {{ published('dim_enterprises') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

final as (
    select
        enterprises.enterprise_cvr,
        enterprises.name as enterprise_name,
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        coalesce(municipalities.region, 'Ukendt') as region,
        coalesce(municipalities.municipality_group_label, 'Ukendt') as municipality_group,
        enterprises.industry_code,
        enterprises.legal_form,
        enterprises.is_rsv,
        enterprises.valid_from,
        enterprises.valid_to
    from enterprises
    left join municipalities
        on enterprises.municipality_code = municipalities.municipality_code
)

select * from final
