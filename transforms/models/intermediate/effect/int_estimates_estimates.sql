with estimates as (
    select * from {{ ref('stg_estimates__estimates') }}
),

final as (
    select
        cast(design as varchar) as design,
        cast(family as varchar) as family,
        cast(specification as varchar) as specification,
        cast(arm as varchar) as arm,
        cast(instrument as varchar) as instrument,
        cast(subgroup as varchar) as subgroup,
        cast(outcome as varchar) as outcome,
        cast(horizon as integer) as horizon,
        cast(estimator as varchar) as estimator,
        cast(estimate as double) as estimate,
        cast(se as double) as se,
        cast(low as double) as low,
        cast(high as double) as high,
        cast(band_low as double) as band_low,
        cast(band_high as double) as band_high,
        cast(p as double) as p,
        cast(p_holm as double) as p_holm,
        cast(treated as bigint) as treated,
        cast(comparators as bigint) as comparators,
        cast(enterprises as bigint) as enterprises,
        cast(effective_enterprises as double) as effective_enterprises,
        cast(effective_comparators as double) as effective_comparators,
        cast(off_support as bigint) as off_support,
        cast(mean_treated as double) as mean_treated,
        cast(mean_weighted_comparators as double) as mean_weighted_comparators,
        cast(e_value as double) as e_value,
        cast(e_value_limit as double) as e_value_limit,
        cast(smallest_detectable_effect as double) as smallest_detectable_effect,
        cast(is_primary as boolean) as is_primary,
        cast(gate as varchar) as gate,
        cast(reason as varchar) as reason,
        cast(protocol_hash as varchar) as protocol_hash
    from estimates
)

select * from final
