with cells as (
    select * from {{ published('fct_event_month_cells') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        {{ label('cells.baseline_band') }} as baseline_band,
        cells.event_month,
        cells.spells,
        cells.persons,
        cells.mean_hours,
        (cells.band_1 + cells.band_2 + cells.band_3 + cells.band_4) / nullif(cells.spells, 0) as employed_share,
        cells.band_0,
        cells.band_1,
        cells.band_2,
        cells.band_3,
        cells.band_4,
        cells.band_0 / nullif(cells.spells, 0) as band_0_share,
        cells.band_1 / nullif(cells.spells, 0) as band_1_share,
        cells.band_2 / nullif(cells.spells, 0) as band_2_share,
        cells.band_3 / nullif(cells.spells, 0) as band_3_share,
        cells.band_4 / nullif(cells.spells, 0) as band_4_share,
        cells.exited,
        cells.exited / nullif(cells.spells, 0) as exited_share,
        cells.enterprises
    from cells
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
    {{ join_labels('baseline_band', 'cells.baseline_band') }}
)

select * from final
