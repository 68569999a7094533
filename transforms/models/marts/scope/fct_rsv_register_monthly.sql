with register_days as (

    select * from {{ ref('int_scope_rsv_register_days') }}

),

states as (

    select * from {{ ref('int_scope_rsv_states') }}

),

spells as (

    select * from {{ ref('int_scope_spells') }}

),

enterprises_counted as (

    select
        month,
        count(*) as rsv_registered,
        count(*) filter (where is_active) as rsv_active,
        count(*) filter (where has_spells) as rsv_with_spells,
        count(*) filter (where has_company_based_spells) as rsv_with_company_based_spells,
        count(distinct municipality_code) as municipalities_with_rsv,
        coalesce(sum(employees) filter (where is_active), 0) as employees
    from states
    group by month

),

-- A spell counts at an enterprise that is active that day, whatever its kind was at the start; persons are distinct over all enterprises.
citizens as (

    select
        states.month,
        spells.spell_id,
        spells.person_key,
        spells.enterprise_cvr,
        spells.is_paid_by_employer,
        spells.is_supported
    from states
    inner join spells
        on
            states.enterprise_cvr = spells.enterprise_cvr
            and states.register_day between spells.start_date and spells.active_to
    where states.is_active

),

citizens_counted as (

    select
        month,
        count(distinct person_key) filter (where not is_paid_by_employer) as citizens_unpaid,
        count(distinct person_key) filter (where is_supported) as citizens_supported
    from citizens
    group by month

),

started_spells as (

    select
        states.month,
        spells.spell_id,
        spells.person_key,
        spells.enterprise_cvr,
        spells.is_guidance
    from states
    inner join spells
        on
            states.enterprise_cvr = spells.enterprise_cvr
            and spells.start_date between {{ add_months("states.month", -11) }} and states.register_day
    where states.is_active

),

started_counted as (

    select
        month,
        count(*) as spells_started,
        count(*) filter (where is_guidance) as guidance_started
    from started_spells
    group by month

),

counted as (

    select
        register_days.month,
        register_days.is_placement_delivered,
        register_days.is_twelve_months_delivered,
        coalesce(enterprises_counted.rsv_registered, 0) as rsv_registered,
        coalesce(enterprises_counted.rsv_active, 0) as rsv_active,
        coalesce(enterprises_counted.rsv_with_spells, 0) as rsv_with_spells,
        coalesce(enterprises_counted.rsv_with_company_based_spells, 0) as rsv_with_company_based_spells,
        coalesce(enterprises_counted.municipalities_with_rsv, 0) as municipalities_with_rsv,
        coalesce(enterprises_counted.employees, 0) as employees,
        coalesce(citizens_counted.citizens_unpaid, 0) as citizens_unpaid,
        coalesce(citizens_counted.citizens_supported, 0) as citizens_supported,
        coalesce(started_counted.spells_started, 0) as spells_started,
        coalesce(started_counted.guidance_started, 0) as guidance_started
    from register_days
    left join enterprises_counted on register_days.month = enterprises_counted.month
    left join citizens_counted on register_days.month = citizens_counted.month
    left join started_counted on register_days.month = started_counted.month
    where register_days.month >= date '2015-01-01'

),

final as (

    select
        month,
        rsv_registered,
        case when is_placement_delivered then rsv_active end as rsv_active,
        case when is_placement_delivered then rsv_with_spells end as rsv_with_spells,
        case when is_placement_delivered then rsv_with_company_based_spells end as rsv_with_company_based_spells,
        municipalities_with_rsv,
        case when is_placement_delivered then cast(employees as bigint) end as employees,
        case when is_placement_delivered then citizens_unpaid end as citizens_unpaid,
        case when is_placement_delivered then citizens_supported end as citizens_supported,
        case
            when is_placement_delivered
                then cast(greatest(0, employees - citizens_supported) as double) / nullif(employees + citizens_unpaid, 0)
        end as ordinary_share,
        case when is_twelve_months_delivered then cast(guidance_started as double) / nullif(spells_started, 0) end as guidance_share
    from counted

)

select * from final
