with hour_bands as (
    select * from {{ ref('hour_bands') }}
),

final as (
    select
        hour_band,
        label as hour_band_label,
        hours_from_inclusive,
        hours_to_exclusive,
        weekly_equivalent
    from hour_bands
)

select * from final
