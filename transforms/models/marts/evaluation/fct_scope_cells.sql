{%- set dimensions = {
    'kind': 'enterprise_kind', 'home_group': 'municipality_group', 'home_code': 'municipality_code', 'spell_instrument': 'instrument',
    'spell_target_group': 'target_group', 'spell_age_band': 'age_band', 'spell_sex': 'sex',
} -%}
{%- set margins = [
    ['cube(kind)', 'rollup(home_group, home_code)'],
    ['cube(kind, spell_instrument, home_group)'],
    ['cube(kind, spell_target_group, home_group)'],
    ['cube(kind, spell_age_band, spell_sex)'],
] -%}
{%- set keys = ['year'] + dimensions.values() | list -%}
with spells as (
    select * from {{ ref('int_scope_spells') }}
),

years as (
    select * from {{ ref('int_scope_years') }}
),

municipalities as (
    select * from {{ ref('dim_municipalities') }}
),

spell_years as (
    select
        years.year,
        spells.spell_id,
        spells.person_key,
        spells.enterprise_cvr,
        case when spells.enterprise_kind = 'rsv' then 'rsv' else 'other' end as kind,
        municipalities.municipality_group as home_group,
        spells.municipality_code as home_code,
        spells.instrument as spell_instrument,
        spells.target_group as spell_target_group,
        spells.age_band as spell_age_band,
        spells.sex as spell_sex,
        spells.start_date between years.first_day and years.last_day as is_started,
        coalesce(spells.active_to >= years.first_day, false) as is_active
    from years
    inner join spells
        on
            years.last_day >= spells.start_date
            and years.first_day <= coalesce(spells.active_to, spells.start_date)
    inner join municipalities
        on spells.municipality_code = municipalities.municipality_code
),

cells as (
    {{ marginal_counts('spell_years', ['year'], dimensions, margins, [
        'count(distinct case when is_active then person_key end) as persons',
        'sum(case when is_started then 1 else 0 end) as spells_started',
        'sum(case when is_active then 1 else 0 end) as spells_active',
    ]) | indent(4) }}
),

spell_years_at_enterprises as (
    select * from spell_years
    where enterprise_cvr is not null
),

at_enterprises as (
    {{ marginal_counts('spell_years_at_enterprises', ['year', 'enterprise_cvr'], dimensions, margins, ['count(distinct person_key) as persons']) | indent(4) }}
),

{{ persons_by_enterprise('cells', 'at_enterprises', keys) | indent(0) }},

final as (
    select
        year,
        enterprise_kind,
        municipality_group,
        municipality_code,
        instrument,
        target_group,
        age_band,
        sex,
        persons,
        cast(spells_started as bigint) as spells_started,
        cast(spells_active as bigint) as spells_active,
        enterprises,
        largest_persons,
        second_persons
    from with_enterprises
)

select * from final
