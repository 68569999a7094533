{% set instruments = [
    "community_service", "flex_job", "guidance_upskilling", "job_rotation", "mentor", "small_job", "wage_subsidy", "work_trial"
] %}
with years as (

    select * from {{ ref('int_scope_years') }}

),

states as (

    select * from {{ ref('int_scope_rsv_states') }}

),

spells as (

    select * from {{ ref('int_scope_spells') }}

),

registered as (

    select
        years.year,
        years.first_day,
        years.last_day,
        years.register_day,
        states.enterprise_cvr,
        states.employees
    from years
    inner join states on {{ month_of("years.register_day") }} = states.month

),

started as (

    select
        registered.year,
        registered.enterprise_cvr,
        {% for instrument in instruments -%}
            count(*) filter (where spells.instrument = '{{ instrument }}') as spells_started_{{ instrument }},
        {% endfor -%}
        count(*) as spells_started
    from registered
    inner join spells
        on
            registered.enterprise_cvr = spells.enterprise_cvr
            and spells.start_date between registered.first_day and registered.last_day
    group by registered.year, registered.enterprise_cvr

),

active_that_day as (

    select
        registered.year,
        registered.enterprise_cvr,
        count(distinct spells.person_key) as persons_active,
        count(distinct spells.person_key) filter (where not spells.is_paid_by_employer) as citizens_unpaid,
        count(distinct spells.person_key) filter (where spells.is_guidance) as guidance_persons
    from registered
    inner join spells
        on
            registered.enterprise_cvr = spells.enterprise_cvr
            and registered.register_day between spells.start_date and spells.active_to
    group by registered.year, registered.enterprise_cvr

),

counted as (

    select
        registered.enterprise_cvr,
        registered.year,
        registered.employees,
        {% for instrument in instruments %}
            coalesce(started.spells_started_{{ instrument }}, 0) as spells_started_{{ instrument }},
        {% endfor %}
        coalesce(active_that_day.persons_active, 0) as persons_active,
        coalesce(active_that_day.citizens_unpaid, 0) as citizens_unpaid,
        coalesce(active_that_day.guidance_persons, 0) as guidance_persons
    from registered
    left join started on registered.year = started.year and registered.enterprise_cvr = started.enterprise_cvr
    left join active_that_day on registered.year = active_that_day.year and registered.enterprise_cvr = active_that_day.enterprise_cvr

),

shared as (

    select
        *,
        cast(guidance_persons as double) / nullif(coalesce(employees, 0) + citizens_unpaid, 0) as guidance_persons_share
    from counted

),

final as (

    select
        *,
        coalesce(guidance_persons_share > {{ var('second_actor_share') }}, false) as is_second_actor
    from shared

)

select * from final
