with cells as (
    select * from {{ published('fct_hour_band_transitions') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        {{ label('cells.instrument') }} as instrument,
        {{ label('cells.target_group') }} as target_group,
        cells.horizon,
        {{ label('cells.baseline_band') }} as baseline_band,
        cells.baseline_band as baseline_band_number,
        {{ label('cells.status') }} as status,
        {{ label('cells.hour_band') }} as hour_band,
        cells.hour_band as hour_band_number,
        case
            when cells.hour_band is null then 'Ophørt'
            when cells.hour_band > cells.baseline_band then 'Flere timer'
            when cells.hour_band < cells.baseline_band then 'Færre timer'
            else 'Samme timebånd'
        end as direction,
        cells.spells,
        cells.persons
    from cells
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
    {{ join_labels('instrument', 'cells.instrument') }}
    {{ join_labels('target_group', 'cells.target_group') }}
    {{ join_labels('hour_band', 'cells.baseline_band') }}
    {{ join_labels('status', 'cells.status') }}
    {{ join_labels('hour_band', 'cells.hour_band') }}
)

select * from final
