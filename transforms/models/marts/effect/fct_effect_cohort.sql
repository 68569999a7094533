with cohort as (
    select * from {{ ref('int_estimates_cohort') }}
),

final as (
    select
        design,
        family,
        specification,
        arm,
        instrument,
        quarter,
        treated,
        treated_persons,
        comparators,
        comparator_persons,
        off_support,
        enterprises,
        effective_enterprises,
        comparator_enterprises,
        observed_3,
        observed_6,
        observed_12,
        observed_24,
        emigrated,
        died_or_retired,
        rsv_later,
        mean_age,
        protocol_hash
    from cohort
)

select * from final
