with spells as (

    select * from {{ ref('int_scope_spells') }}

),

years as (

    select * from {{ ref('int_scope_years') }}

),

municipalities as (

    select * from {{ ref('int_municipalities') }}

),

spell_years as (

    select
        years.year,
        spells.person_key,
        spells.enterprise_kind,
        spells.municipality_code,
        municipalities.municipality_group,
        municipalities.region_code,
        spells.instrument,
        spells.target_group,
        spells.age_band,
        spells.sex,
        spells.industry,
        spells.start_date between years.first_day and years.last_day as is_started,
        coalesce(spells.active_to >= years.first_day, false) as is_active
    from years
    inner join spells
        on
            years.last_day >= spells.start_date
            and years.first_day <= coalesce(spells.active_to, spells.start_date)
    inner join municipalities on spells.municipality_code = municipalities.municipality_code

),

{% set breakdowns = {
    "all": "'all'",
    "municipality": "municipality_code",
    "municipality_group": "municipality_group",
    "region": "region_code",
    "instrument": "instrument",
    "target_group": "target_group",
    "age_band": "age_band",
    "sex": "sex",
    "industry": "industry",
} %}
-- Persons are distinct within a row, so every spell stands once in each breakdown and under its own kind and all kinds.
levels as (

    {% for breakdown, level in breakdowns.items() %}
        {% for kind in ["'all'", "enterprise_kind"] %}
            select
                year,
                '{{ breakdown }}' as breakdown,
                cast({{ level }} as varchar) as level,
                {{ kind }} as enterprise_kind,
                person_key,
                is_started,
                is_active
            from spell_years
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        year,
        breakdown,
        level,
        enterprise_kind,
        count(distinct person_key) filter (where is_active) as persons,
        count(*) filter (where is_started) as spells_started,
        count(*) filter (where is_active) as spells_active
    from levels
    group by year, breakdown, level, enterprise_kind

)

select * from final
