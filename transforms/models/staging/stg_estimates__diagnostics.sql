with diagnostics as (
    select * from {{ source('estimates', 'diagnostics') }}
),

final as (
    select
        design,
        family,
        specification,
        arm,
        instrument,
        subgroup,
        outcome,
        horizon,
        estimator,
        diagnostic,
        figure,
        limit_low,
        limit_high,
        verdict,
        reason,
        protocol_hash
    from diagnostics
)

select * from final
