with balance as (
    select * from {{ ref('int_estimates_balance') }}
),

final as (
    select
        design,
        family,
        specification,
        arm,
        instrument,
        estimator,
        covariate,
        mean_treated,
        before,
        after,
        is_worst,
        reason,
        protocol_hash
    from balance
)

select * from final
