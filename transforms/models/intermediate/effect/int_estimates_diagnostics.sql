with diagnostics as (
    select * from {{ ref('stg_estimates__diagnostics') }}
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
        cast(diagnostic as varchar) as diagnostic,
        cast(figure as double) as figure,
        cast(limit_low as double) as limit_low,
        cast(limit_high as double) as limit_high,
        cast(verdict as varchar) as verdict,
        cast(reason as varchar) as reason,
        cast(protocol_hash as varchar) as protocol_hash
    from diagnostics
)

select * from final
