-- One row an enterprise registered as RSV and register day: flag valid and enterprise alive, with what is known of it that day.
with register_days as (

    select * from {{ ref('int_scope_rsv_register_days') }}

),

rsv_periods as (

    select * from {{ ref('int_enterprise_rsv_periods') }}

),

life_periods as (

    select * from {{ ref('int_enterprise_life_periods') }}

),

headcounts as (

    select * from {{ ref('int_enterprise_headcounts') }}

),

enterprises as (

    select * from {{ ref('int_enterprise_periods') }}

),

municipalities as (

    select * from {{ ref('int_municipalities') }}

),

spells as (

    select * from {{ ref('int_scope_spells') }}

),

registered as (

    select
        register_days.month,
        register_days.register_day,
        register_days.last_day,
        register_days.is_placement_delivered,
        rsv_periods.enterprise_cvr
    from register_days
    inner join rsv_periods on register_days.register_day between rsv_periods.valid_from and rsv_periods.valid_to
    inner join life_periods
        on
            rsv_periods.enterprise_cvr = life_periods.enterprise_cvr
            and register_days.register_day between life_periods.valid_from and life_periods.valid_to
    group by all

),

founded as (

    select
        enterprise_cvr,
        min(valid_from) as founded_date
    from life_periods
    group by enterprise_cvr

),

employed as (

    select
        registered.month,
        registered.enterprise_cvr,
        headcounts.employees
    from registered
    inner join headcounts
        on
            registered.enterprise_cvr = headcounts.enterprise_cvr
            and registered.month >= headcounts.month
            and registered.month <= {{ add_months("headcounts.month", var("employees_max_age_months")) }}
    where headcounts.employees is not null
    qualify row_number() over (partition by registered.month, registered.enterprise_cvr order by headcounts.month desc) = 1

),

visited as (

    select
        registered.month,
        registered.enterprise_cvr,
        bool_or(spells.is_company_based) as has_company_based_spells
    from registered
    inner join spells
        on
            registered.enterprise_cvr = spells.enterprise_cvr
            and registered.last_day >= spells.start_date
            and registered.month <= spells.active_to
    group by registered.month, registered.enterprise_cvr

),

final as (

    select
        registered.month,
        registered.register_day,
        registered.enterprise_cvr,
        enterprises.municipality_code,
        municipalities.municipality_group,
        nullif(substr(enterprises.industry_code, 1, 2), '') as industry,
        employed.employees,
        visited.enterprise_cvr is not null as has_spells,
        coalesce(visited.has_company_based_spells, false) as has_company_based_spells,
        -- Active rests on spells: nothing is known before the first placement month.
        case
            when registered.is_placement_delivered
                then
                    {{ add_months("founded.founded_date", var("rsv_min_age_months")) }} <= registered.register_day
                    and (coalesce(employed.employees, 0) > 0 or visited.enterprise_cvr is not null)
        end as is_active
    from registered
    inner join founded on registered.enterprise_cvr = founded.enterprise_cvr
    left join employed on registered.month = employed.month and registered.enterprise_cvr = employed.enterprise_cvr
    left join visited on registered.month = visited.month and registered.enterprise_cvr = visited.enterprise_cvr
    left join enterprises
        on
            registered.enterprise_cvr = enterprises.enterprise_cvr
            and registered.register_day between enterprises.valid_from and enterprises.valid_to
    left join municipalities on enterprises.municipality_code = municipalities.municipality_code

)

select * from final
