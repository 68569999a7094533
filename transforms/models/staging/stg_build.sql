with build as (
    select * from {{ source('inputs', 'build') }}
),

final as (
    select
        as_of,
        code_version,
        parameters,
        payroll_first_month,
        payroll_through,
        placement_first_month,
        dream_first_week,
        dream_last_week,
        observed_from,
        observed_through,
        register_day,
        key_fingerprint,
        is_sample_key
    from build
)

select * from final
