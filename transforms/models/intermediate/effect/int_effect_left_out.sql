{# One row per reason, instrument and kind of enterprise: the starts that enter no trial. #}
with starts as (
    select * from {{ ref('int_effect_starts') }}
    where reason is not null
),

final as (
    select
        reason,
        instrument,
        enterprise_kind,
        cast(count(*) as bigint) as starts
    from starts
    group by reason, instrument, enterprise_kind
)

select * from final
