with progression_months as (
    select * from {{ published('fct_progression_months') }}
),

spells as (
    select * from {{ published('fct_placement_spells') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        progression_months.spell_id,
        spells.person_key,
        progression_months.event_month,
        cast(date_trunc('month', spells.start_date) + to_months(progression_months.event_month) as date) as month,
        spells.start_date,
        {{ label('spells.target_group') }} as target_group,
        {{ label('spells.instrument') }} as instrument,
        {{ label('spells.enterprise_kind') }} as enterprise_kind,
        coalesce(municipalities.municipality, 'Ukendt') as municipality,
        progression_months.ordinary_hours,
        progression_months.supported_hours,
        progression_months.same_enterprise_hours,
        {{ label('progression_months.hour_band') }} as hour_band,
        progression_months.hour_band as hour_band_number,
        progression_months.is_employed,
        progression_months.is_self_supporting,
        {{ label('progression_months.labour_state') }} as labour_state
    from progression_months
    left join spells
        on progression_months.spell_id = spells.spell_id
    left join municipalities
        on spells.municipality_code = municipalities.municipality_code
    {{ join_labels('target_group', 'spells.target_group') }}
    {{ join_labels('instrument', 'spells.instrument') }}
    {{ join_labels('kind_short', 'spells.enterprise_kind') }}
    {{ join_labels('hour_band', 'progression_months.hour_band') }}
    {{ join_labels('labour_state', 'progression_months.labour_state') }}
)

select * from final
