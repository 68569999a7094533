with event_study as (
    select * from {{ ref('stg_estimates__event_study') }}
),

final as (
    select
        cast(design as varchar) as design,
        cast(family as varchar) as family,
        cast(specification as varchar) as specification,
        cast(arm as varchar) as arm,
        cast(instrument as varchar) as instrument,
        cast(outcome as varchar) as outcome,
        cast(event_month as integer) as event_month,
        cast(estimator as varchar) as estimator,
        cast(estimate as double) as estimate,
        cast(se as double) as se,
        cast(low as double) as low,
        cast(high as double) as high,
        cast(band_low as double) as band_low,
        cast(band_high as double) as band_high,
        cast(treated as bigint) as treated,
        cast(comparators as bigint) as comparators,
        cast(enterprises as bigint) as enterprises,
        cast(mean_treated as double) as mean_treated,
        cast(mean_weighted_comparators as double) as mean_weighted_comparators,
        cast(reason as varchar) as reason,
        cast(protocol_hash as varchar) as protocol_hash
    from event_study
)

select * from final
