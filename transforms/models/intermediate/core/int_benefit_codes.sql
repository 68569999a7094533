{# One row a code: the code list has ranges. Codes are three digits. #}
with benefit_codes as (
    select
        *,
        unnest(generate_series(cast(code_from as integer), cast(code_to as integer))) as code_number
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
        certainty
    from benefit_codes
)

select * from final
