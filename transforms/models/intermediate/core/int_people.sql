with residences as (
    select * from {{ ref('stg_people__residences') }}
),

runs as (
    select * from {{ ref('stg_benefits__runs') }}
),

activities as (
    select person_key from {{ ref('int_activities') }}
),

benefit_codes as (
    select benefit_code from {{ ref('int_benefit_codes') }}
    where is_target
),

build as (
    select
        observed_from,
        {{ month_end('observed_through') }} as observed_through_date
    from {{ ref('stg_build') }}
),

{# A run of target benefit counts when one of its weeks, by its Thursday, lies in an observed month. #}
people_on_target_benefit as (
    select distinct runs.person_key
    from runs
    inner join benefit_codes
        on runs.code = benefit_codes.benefit_code
    cross join build
    where
        greatest(runs.first_week, {{ thursday_on_or_after('build.observed_from') }})
        <= least(runs.last_week, build.observed_through_date)
),

people_of_the_warehouse as (
    select person_key from people_on_target_benefit
    union
    select person_key from activities
),

final as (
    select
        residences.person_key,
        min(residences.birth_date) as birth_date,
        min(residences.sex) as sex
    from residences
    inner join people_of_the_warehouse
        on residences.person_key = people_of_the_warehouse.person_key
    group by residences.person_key
)

select * from final
