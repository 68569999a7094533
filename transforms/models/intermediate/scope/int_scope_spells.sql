-- One row a spell that has started by the cut-off, with the days on which it counts: it ends no later than the day before its person dies or emigrates.
with spells as (

    select * from {{ ref('fct_placement_spells') }}

),

exits as (

    select * from {{ ref('int_person_exits') }}

),

enterprises as (

    select * from {{ ref('dim_enterprises') }}

),

instruments as (

    select * from {{ ref('int_scope_instruments') }}

),

build as (

    select * from {{ ref('stg_build') }}

),

started as (

    select
        spells.spell_id,
        spells.person_key,
        spells.instrument,
        spells.target_group,
        spells.enterprise_cvr,
        spells.enterprise_kind,
        spells.municipality_code,
        spells.sex,
        spells.age_at_start,
        spells.start_date,
        build.as_of,
        -- least() passes over nulls: the earlier of the two that are known.
        least(spells.end_date, {{ add_days("exits.died_or_emigrated_date", -1) }}) as last_day
    from spells
    cross join build
    left join exits on spells.person_key = exits.person_key
    where spells.start_date <= build.as_of

),

final as (

    select
        started.spell_id,
        started.person_key,
        started.instrument,
        started.target_group,
        started.enterprise_cvr,
        started.enterprise_kind,
        started.municipality_code,
        enterprises.municipality_code as enterprise_municipality_code,
        coalesce(substr(enterprises.industry_code, 1, 2), 'unknown') as industry,
        started.sex,
        case
            when started.age_at_start >= 60 then '60+'
            when started.age_at_start >= 50 then '50-59'
            when started.age_at_start >= 40 then '40-49'
            when started.age_at_start >= 30 then '30-39'
            when started.age_at_start >= 25 then '25-29'
            else '16-24'
        end as age_band,
        instruments.is_company_based,
        instruments.is_paid_by_employer,
        instruments.is_supported,
        instruments.is_guidance,
        started.start_date,
        -- A spell that starts on the day of death or later has started, is never active and never ended.
        case when started.last_day >= started.start_date and started.last_day <= started.as_of then started.last_day end as ended_date,
        case
            when started.last_day is null or started.last_day >= started.as_of then started.as_of
            when started.last_day >= started.start_date then started.last_day
        end as active_to
    from started
    inner join instruments on started.instrument = instruments.instrument
    left join enterprises
        on
            started.enterprise_cvr = enterprises.enterprise_cvr
            and started.start_date >= enterprises.valid_from
            and (enterprises.valid_to is null or started.start_date <= enterprises.valid_to)

)

select * from final
