with balance as (
    select * from {{ ref('stg_estimates__balance') }}
),

final as (
    select
        cast(design as varchar) as design,
        cast(family as varchar) as family,
        cast(specification as varchar) as specification,
        cast(arm as varchar) as arm,
        cast(instrument as varchar) as instrument,
        cast(estimator as varchar) as estimator,
        cast(covariate as varchar) as covariate,
        cast(mean_treated as double) as mean_treated,
        cast(before as double) as before,
        cast(after as double) as after,
        cast(is_worst as boolean) as is_worst,
        cast(reason as varchar) as reason,
        cast(protocol_hash as varchar) as protocol_hash
    from balance
)

select * from final
