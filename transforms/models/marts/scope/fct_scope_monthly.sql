with spells as (

    select * from {{ ref('int_scope_spells') }}

),

build as (

    select * from {{ ref('int_build') }}

),

months as (

    select {{ unnest_months(month_of("placement_first_month"), month_of("as_of")) }} as month from build

),

spell_months as (

    select
        months.month,
        spells.municipality_code,
        spells.instrument,
        spells.target_group,
        spells.enterprise_kind,
        spells.person_key,
        {{ month_of("spells.start_date") }} = months.month as is_started,
        coalesce({{ month_of("spells.ended_date") }} = months.month, false) as is_ended,
        spells.active_to is not null as is_active
    from months
    inner join spells
        on
            months.month >= {{ month_of("spells.start_date") }}
            and months.month <= {{ month_of("coalesce(spells.active_to, spells.start_date)") }}

),

final as (

    select
        month,
        municipality_code,
        instrument,
        target_group,
        enterprise_kind,
        count(*) filter (where is_started) as spells_started,
        count(*) filter (where is_ended) as spells_ended,
        count(*) filter (where is_active) as spells_active,
        count(distinct person_key) filter (where is_started) as persons_started,
        count(distinct person_key) filter (where is_active) as persons_active
    from spell_months
    group by month, municipality_code, instrument, target_group, enterprise_kind

)

select * from final
