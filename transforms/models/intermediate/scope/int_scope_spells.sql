-- One row a spell that has started by the cut-off, with the days on which it counts: it ends no later than the day before its person dies or emigrates.
with spells as (

    select * from {{ ref('int_spells') }}

),

exits as (

    select * from {{ ref('int_person_exits') }}

),

enterprises as (

    select * from {{ ref('int_enterprise_periods') }}

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
        spells.is_company_based,
        spells.employer_pays_wage as is_paid_by_employer,
        spells.hours_kind = 'supported' as is_supported,
        spells.instrument = 'guidance_upskilling' as is_guidance,
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
        coalesce(nullif(substr(enterprises.industry_code, 1, 2), ''), 'unknown') as industry,
        started.sex,
        {{ age_band('started.age_at_start') }} as age_band,
        started.is_company_based,
        started.is_paid_by_employer,
        started.is_supported,
        started.is_guidance,
        started.start_date,
        -- A spell that starts on the day of death or later has started, is never active and never ended.
        case when started.last_day >= started.start_date and started.last_day <= started.as_of then started.last_day end as ended_date,
        case
            when started.last_day is null or started.last_day >= started.as_of then started.as_of
            when started.last_day >= started.start_date then started.last_day
        end as active_to
    from started
    left join enterprises
        on
            started.enterprise_cvr = enterprises.enterprise_cvr
            and started.start_date between enterprises.valid_from and enterprises.valid_to

)

select * from final
