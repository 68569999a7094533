with years as (

    select * from {{ ref('int_scope_years') }}

),

municipalities as (

    select * from {{ ref('int_municipalities') }}

),

states as (

    select * from {{ ref('int_scope_rsv_states') }}

),

spells as (

    select * from {{ ref('int_scope_spells') }}

),

target_persons as (

    select * from {{ ref('fct_target_persons_yearly') }}

),

build as (

    select * from {{ ref('int_build') }}

),

registered as (

    select
        years.year,
        states.municipality_code,
        states.enterprise_cvr,
        states.is_active,
        states.industry
    from years
    inner join states on {{ month_of("years.register_day") }} = states.month

),

register_counted as (

    select
        year,
        municipality_code,
        count(*) as rsv_registered,
        count(*) filter (where is_active) as rsv_active,
        count(distinct industry) as industries
    from registered
    group by year, municipality_code

),

active_spells as (

    select
        years.year,
        spells.municipality_code,
        spells.spell_id,
        spells.person_key,
        spells.enterprise_cvr,
        spells.enterprise_kind
    from years
    inner join spells on years.last_day >= spells.start_date and years.first_day <= spells.active_to

),

active_counted as (

    select
        year,
        municipality_code,
        count(distinct person_key) as persons_in_placement,
        count(distinct person_key) filter (where enterprise_kind = 'rsv') as persons_in_rsv
    from active_spells
    group by year, municipality_code

),

started_counted as (

    select
        years.year,
        spells.municipality_code,
        count(*) filter (where spells.is_company_based) as company_based_started,
        count(*) filter (where spells.is_company_based and spells.enterprise_kind = 'rsv') as company_based_rsv_started,
        -- An enterprise of unknown municipality is not outside.
        count(*) filter (
            where spells.enterprise_kind = 'rsv' and spells.enterprise_municipality_code <> spells.municipality_code
        ) as placed_outside
    from years
    inner join spells on spells.start_date between years.first_day and years.last_day
    group by years.year, spells.municipality_code

),

final as (

    select
        municipalities.municipality_code,
        years.year,
        municipalities.municipality_group,
        coalesce(register_counted.rsv_registered, 0) as rsv_registered,
        -- Active rests on spells: null when the register's day lies before the first placement month.
        case when years.register_day >= build.placement_first_month then coalesce(register_counted.rsv_active, 0) end as rsv_active,
        coalesce(register_counted.industries, 0) as industries,
        -- Without an observed month the persons are null, never zero.
        case when years.observed_months > 0 then coalesce(target_persons.persons, 0) end as target_persons,
        years.observed_months,
        coalesce(active_counted.persons_in_placement, 0) as persons_in_placement,
        coalesce(active_counted.persons_in_rsv, 0) as persons_in_rsv,
        cast(started_counted.company_based_rsv_started as double) / nullif(started_counted.company_based_started, 0) as rsv_share,
        coalesce(started_counted.placed_outside, 0) as placed_outside
    from years
    cross join municipalities
    cross join build
    left join register_counted on years.year = register_counted.year and municipalities.municipality_code = register_counted.municipality_code
    left join active_counted on years.year = active_counted.year and municipalities.municipality_code = active_counted.municipality_code
    left join started_counted on years.year = started_counted.year and municipalities.municipality_code = started_counted.municipality_code
    left join target_persons
        on
            years.year = target_persons.year
            and municipalities.municipality_code = target_persons.municipality_code
            and target_persons.benefit_group = 'all'

)

select * from final
