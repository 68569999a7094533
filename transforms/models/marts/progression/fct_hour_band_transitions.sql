with spells as (
    select * from {{ ref('int_progression_spells') }}
    where baseline_band is not null
),

spell_horizons as (
    select * from {{ ref('fct_progression_horizons') }}
),

{# The baseline band is the spell's: the dead are not left out. #}
spells_with_status as (
    select
        spells.spell_id,
        spells.person_key,
        spells.enterprise_kind as kind,
        spells.instrument as spell_instrument,
        spells.target_group as spell_target_group,
        spell_horizons.horizon,
        spells.baseline_band,
        spell_horizons.status,
        spell_horizons.hour_band
    from spell_horizons
    inner join spells
        on spell_horizons.spell_id = spells.spell_id
),

final as (
    select
        {{ each_with_all('kind') }} as enterprise_kind,
        {{ each_with_all('spell_instrument') }} as instrument,
        {{ each_with_all('spell_target_group') }} as target_group,
        horizon,
        baseline_band,
        status,
        hour_band,
        count(*) as spells,
        count(distinct person_key) as persons
    from spells_with_status
    group by
        cube(kind, spell_instrument, spell_target_group),
        horizon,
        baseline_band,
        status,
        hour_band
)

select * from final
