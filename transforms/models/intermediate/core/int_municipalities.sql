with municipalities as (
    select * from {{ ref('municipalities') }}
),

final as (
    select
        kommune_kode as municipality_code,
        kommune_navn as municipality,
        region_kode as region_code,
        region_navn as region,
        kommunegruppe_kode as municipality_group,
        kommunegruppe_navn as municipality_group_label
    from municipalities
)

select * from final
