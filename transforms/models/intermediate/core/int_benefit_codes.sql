{# One row a code: the code list has ranges. Codes are three digits. #}
with benefit_codes as (
    select
        *,
        {{ unnest_numbers('cast(code_from as integer)', 'cast(code_to as integer)') }} as code_number,
        {# One number a group and priority, in order of priority: it decides between groups with equally many weeks. #}
        dense_rank() over (order by priority, benefit_group) as group_order,
        {# One number for all codes that mean the same: months are counted by it, since a number is a cheaper key than five columns. #}
        dense_rank() over (order by benefit_group, is_benefit, is_target, is_censoring) as group_number
    from {{ ref('benefit_codes') }}
),

final as (
    select
        lpad(cast(code_number as varchar), 3, '0') as benefit_code,
        benefit_group,
        benefit_group_da,
        is_benefit,
        is_target,
        is_censoring,
        priority,
        cast(group_order as integer) as group_order,
        cast(group_number as integer) as group_number,
        coalesce(is_activity_ready, false) as is_activity_ready,
        certainty
    from benefit_codes
)

select * from final
