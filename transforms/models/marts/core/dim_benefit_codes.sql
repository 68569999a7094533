with benefit_codes as (
    select * from {{ ref('int_benefit_codes') }}
),

final as (
    select
        benefit_code,
        benefit_group,
        benefit_group_da,
        is_benefit,
        is_target,
        is_censoring,
        is_activity_ready,
        priority,
        certainty
    from benefit_codes
)

select * from final
