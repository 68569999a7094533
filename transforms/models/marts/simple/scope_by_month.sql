with cells as (
    select * from {{ published('fct_scope_monthly') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        cells.month,
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        coalesce(municipalities.region, 'Ukendt') as region,
        coalesce(municipalities.municipality_group_label, 'Ukendt') as municipality_group,
        {{ label('cells.instrument') }} as instrument,
        {{ label('cells.target_group') }} as target_group,
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        cells.spells_started,
        cells.spells_ended,
        cells.spells_active,
        cells.persons_started,
        cells.persons_active
    from cells
    left join municipalities
        on cells.municipality_code = municipalities.municipality_code
    {{ join_labels('instrument', 'cells.instrument') }}
    {{ join_labels('target_group', 'cells.target_group') }}
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
)

select * from final
