with event_study as (
    select * from {{ source('estimates', 'event_study') }}
),

final as (
    select
        design,
        family,
        specification,
        arm,
        instrument,
        outcome,
        event_month,
        estimator,
        estimate,
        se,
        low,
        high,
        band_low,
        band_high,
        treated,
        comparators,
        enterprises,
        mean_treated,
        mean_weighted_comparators,
        reason,
        protocol_hash
    from event_study
)

select * from final
