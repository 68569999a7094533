with activities as (
    select * from {{ ref('int_activities') }}
),

activity_spells as (
    select * from {{ ref('int_activity_spells') }}
),

final as (
    select
        activities.activity_id,
        activity_spells.spell_id,
        activities.person_key,
        activities.enterprise_cvr,
        activities.handling,
        activities.registered_at,
        activities.target_group_number,
        activities.regime,
        activities.target_group,
        activities.benefit,
        activities.instrument_code,
        activities.instrument,
        activities.cvr as delivered_cvr,
        activities.p_number,
        activities.start_date,
        activities.end_date,
        activities.effective_end_date,
        activities.is_stale,
        activities.planned_hours,
        activities.planned_minutes,
        activities.municipality_code,
        activities.end_reason
    from activities
    inner join activity_spells
        on activities.activity_id = activity_spells.activity_id
)

select * from final
