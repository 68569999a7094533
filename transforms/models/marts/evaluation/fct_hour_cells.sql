{%- set dimensions = {
    'kind': 'enterprise_kind', 'spell_instrument': 'instrument', 'spell_target_group': 'target_group', 'home_group': 'municipality_group', 'home_code': 'municipality_code',
} -%}
{%- set margins = [['cube(kind, spell_instrument, spell_target_group)'], ['cube(kind)', 'rollup(home_group, home_code)']] -%}
{%- set always = ['start_year', 'horizon'] -%}
{%- set keys = always + dimensions.values() | list -%}
with spells as (
    select * from {{ ref('int_progression_spells') }}
),

placement_spells as (
    select * from {{ ref('fct_placement_spells') }}
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

{# Not employed in the month before the start, and that month in the panel. #}
spells_without_work as (
    select spell_id from {{ ref('int_spell_event_months') }}
    where event_month = -1 and not is_employed
),

spell_horizons as (
    select * from {{ ref('fct_progression_horizons') }}
),

outcomes as (
    select
        cast(extract(year from spells.start_date) as integer) as spell_year,
        spells.spell_id,
        spells.person_key,
        spells.enterprise_cvr,
        spells.cluster_name,
        case when spells.enterprise_kind = 'rsv' then 'rsv' else 'other' end as kind,
        spells.instrument as spell_instrument,
        spells.target_group as spell_target_group,
        municipalities.municipality_group as home_group,
        placement_spells.municipality_code as home_code,
        spell_horizons.horizon,
        case when spell_horizons.status <> 'observed' then 1 else 0 end as is_exited,
        case when coalesce(spell_horizons.is_employed, false) then 1 else 0 end as is_employed,
        case when coalesce(spell_horizons.is_small_job, false) then 1 else 0 end as is_small_job,
        case when spell_horizons.hour_band = 0 then 1 else 0 end as is_band_0,
        case when spell_horizons.hour_band = 1 then 1 else 0 end as is_band_1,
        case when spell_horizons.hour_band = 2 then 1 else 0 end as is_band_2,
        case when spell_horizons.hour_band = 3 then 1 else 0 end as is_band_3,
        case when spell_horizons.hour_band = 4 then 1 else 0 end as is_band_4
    from spell_horizons
    inner join spells
        on spell_horizons.spell_id = spells.spell_id
    inner join placement_spells
        on spells.spell_id = placement_spells.spell_id
    inner join spells_without_work
        on spell_horizons.spell_id = spells_without_work.spell_id
    inner join municipalities
        on placement_spells.municipality_code = municipalities.municipality_code
),

outcomes_by_year as (
    {{ in_own_year_and_in_all('outcomes') | indent(4) }}
),

cells as (
    {{ marginal_counts('outcomes_by_year', always, dimensions, margins, [
        'count(distinct person_key) as persons',
        'count(*) as spells',
        sum_whole('is_employed') ~ ' as employed',
        sum_whole('is_small_job') ~ ' as small_jobs',
        sum_whole('is_band_0') ~ ' as band_0',
        sum_whole('is_band_1') ~ ' as band_1',
        sum_whole('is_band_2') ~ ' as band_2',
        sum_whole('is_band_3') ~ ' as band_3',
        sum_whole('is_band_4') ~ ' as band_4',
        sum_whole('is_exited') ~ ' as exited',
    ]) | indent(4) }}
),

outcomes_at_enterprises as (
    select * from outcomes_by_year
    where enterprise_cvr is not null
),

at_enterprises as (
    {{ marginal_counts('outcomes_at_enterprises', always + ['enterprise_cvr'], dimensions, margins, ['count(distinct person_key) as persons']) | indent(4) }}
),

{{ persons_by_enterprise('cells', 'at_enterprises', keys) | indent(0) }},

clusters as (
    {{ marginal_counts('outcomes_by_year', always + ['cluster_name'], dimensions, margins, ['count(*) as spells', sum_whole('is_employed') ~ ' as events']) | indent(4) }}
),

{{ left_out_shares('with_enterprises', 'clusters', keys, 'employed') | indent(0) }},

{{ leave_one_out_errors('estimates') }},

final as (
    select
        start_year,
        enterprise_kind,
        instrument,
        target_group,
        municipality_group,
        municipality_code,
        horizon,
        persons,
        spells,
        employed,
        small_jobs,
        band_0,
        band_1,
        band_2,
        band_3,
        band_4,
        exited,
        estimate as share,
        ci_lower,
        ci_upper,
        enterprises,
        largest_persons,
        second_persons
    from with_errors
)

select * from final
