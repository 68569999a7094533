with build as (
    select * from {{ ref('int_build') }}
),

final as (
    select
        as_of,
        code_version,
        parameters,
        observed_from,
        observed_through,
        payroll_first_month,
        payroll_through,
        placement_first_month,
        dream_first_week,
        dream_last_week,
        register_day,
        is_sample_key
    from build
)

select * from final
