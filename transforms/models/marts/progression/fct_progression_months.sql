with event_months as (
    select * from {{ ref('int_spell_event_months') }}
),

final as (
    select
        spell_id,
        event_month,
        ordinary_hours,
        supported_hours,
        hour_band,
        is_employed,
        is_self_supporting,
        labour_state,
        cast(same_enterprise_hours as decimal(18, 4)) as same_enterprise_hours
    from event_months
    where event_month <= {{ var('follow_up_months') }}
)

select * from final
