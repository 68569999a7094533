{# One row per person of the warehouse and run of equal weeks, with what its code means (null: an empty week or an unknown code). #}
with runs as (
    select * from {{ ref('stg_benefits__runs') }}
),

people as (
    select person_key from {{ ref('int_people') }}
),

benefit_codes as (
    select * from {{ ref('int_benefit_codes') }}
),

final as (
    select
        runs.person_key,
        runs.first_week,
        runs.last_week,
        runs.code as benefit_code,
        runs.is_unknown,
        benefit_codes.benefit_group,
        coalesce(benefit_codes.is_benefit, false) as is_benefit,
        coalesce(benefit_codes.is_target, false) as is_target,
        coalesce(benefit_codes.is_censoring, false) as is_censoring,
        coalesce(benefit_codes.is_activity_ready, false) as is_activity_ready,
        benefit_codes.group_order,
        benefit_codes.group_number
    from runs
    inner join people
        on runs.person_key = people.person_key
    left join benefit_codes
        on runs.code = benefit_codes.benefit_code
)

select * from final
