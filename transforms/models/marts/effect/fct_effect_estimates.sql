with estimates as (
    select * from {{ ref('int_estimates_estimates') }}
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
        estimate,
        se,
        low,
        high,
        band_low,
        band_high,
        p,
        p_holm,
        treated,
        comparators,
        enterprises,
        effective_enterprises,
        effective_comparators,
        off_support,
        mean_treated,
        mean_weighted_comparators,
        e_value,
        e_value_limit,
        smallest_detectable_effect,
        is_primary,
        gate,
        reason,
        protocol_hash
    from estimates
)

select * from final
