with cells as (
    select * from {{ published('fct_target_persons_yearly') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        cells.year,
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        coalesce(municipalities.region, 'Ukendt') as region,
        coalesce(municipalities.municipality_group_label, 'Ukendt') as municipality_group,
        {{ label('cells.benefit_group') }} as benefit_group,
        cells.persons
    from cells
    left join municipalities
        on cells.municipality_code = municipalities.municipality_code
    {{ join_labels('benefit_group', 'cells.benefit_group') }}
)

select * from final
