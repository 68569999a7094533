with cells as (
    select * from {{ published('fct_pathways') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        {{ label('cells.from_instrument') }} as from_instrument,
        coalesce(next_labels.label_da, {{ label('cells.to_next') }}) as to_next,
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        cells.spells
    from cells
    {{ join_labels('to_next', 'cells.to_next', 'next_labels') }}
    {{ join_labels('instrument', 'cells.to_next') }}
    {{ join_labels('instrument', 'cells.from_instrument') }}
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
)

select * from final
