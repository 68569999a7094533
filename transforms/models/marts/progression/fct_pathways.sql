with spells as (
    select * from {{ ref('int_progression_spells') }}
),

month_twelve as (
    select * from {{ ref('int_spell_event_months') }}
    where event_month = 12
),

next_steps as (
    select
        spells.instrument as from_instrument,
        case
            when spells.months_to_next <= 12 then spells.next_instrument
            when month_twelve.is_employed then 'ordinary_work'
            else 'none'
        end as to_next,
        spells.enterprise_kind
    from spells
    inner join month_twelve
        on spells.spell_id = month_twelve.spell_id
),

final as (
    select
        from_instrument,
        to_next,
        enterprise_kind,
        count(*) as spells
    from next_steps
    group by from_instrument, to_next, enterprise_kind
)

select * from final
