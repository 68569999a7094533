{# Per person and enterprise the days with supported hours: of an activity with supported hours its days, at the enterprise found at its start and, day by day,
   at the owner of its P-unit. Activities count, not merged spells. #}
with activities as (
    select * from {{ ref('int_activities') }}
    where hours_kind = 'supported'
),

owner_periods as (
    select * from {{ ref('int_unit_owner_periods') }}
),

periods as (
    select
        person_key,
        enterprise_cvr,
        start_date,
        effective_end_date
    from activities
    where enterprise_cvr is not null
    union all
    select
        activities.person_key,
        owner_periods.enterprise_cvr,
        greatest(activities.start_date, owner_periods.valid_from) as start_date,
        least(coalesce(activities.effective_end_date, {{ last_day() }}), owner_periods.valid_to) as effective_end_date
    from activities
    inner join owner_periods
        on
            activities.p_number = owner_periods.p_number
            and activities.start_date <= owner_periods.valid_to
            and coalesce(activities.effective_end_date, {{ last_day() }}) >= owner_periods.valid_from
),

final as (
    {{ join_periods('periods', ['person_key', 'enterprise_cvr'], 'start_date', 'effective_end_date') | indent(4) }}
)

select * from final
