with cohort as (
    select * from {{ ref('stg_estimates__cohort') }}
),

final as (
    select
        cast(design as varchar) as design,
        cast(family as varchar) as family,
        cast(specification as varchar) as specification,
        cast(arm as varchar) as arm,
        cast(instrument as varchar) as instrument,
        cast(quarter as varchar) as quarter,
        cast(treated as bigint) as treated,
        cast(treated_persons as bigint) as treated_persons,
        cast(comparators as bigint) as comparators,
        cast(comparator_persons as bigint) as comparator_persons,
        cast(off_support as bigint) as off_support,
        cast(enterprises as bigint) as enterprises,
        cast(effective_enterprises as double) as effective_enterprises,
        cast(comparator_enterprises as bigint) as comparator_enterprises,
        cast(observed_3 as bigint) as observed_3,
        cast(observed_6 as bigint) as observed_6,
        cast(observed_12 as bigint) as observed_12,
        cast(observed_24 as bigint) as observed_24,
        cast(emigrated as bigint) as emigrated,
        cast(died_or_retired as bigint) as died_or_retired,
        cast(rsv_later as bigint) as rsv_later,
        cast(mean_age as double) as mean_age,
        cast(protocol_hash as varchar) as protocol_hash
    from cohort
)

select * from final
