{# One row a spell: what its activities say. The first one gives what only one can give. #}
with activities as (
    select * from {{ ref('int_activities') }}
),

activity_spells as (
    select * from {{ ref('int_activity_spells') }}
),

rsv_periods as (
    select * from {{ ref('int_enterprise_rsv_periods') }}
),

form_periods as (
    select * from {{ ref('int_enterprise_attribute_periods') }}
    where attribute = 'legal_form'
),

spell_ends as (
    select
        activity_spells.spell_id,
        {# Null, an open end, is later than any day. #}
        case
            when max(case when activities.effective_end_date is null then 1 else 0 end) = 0 then max(activities.effective_end_date)
        end as end_date,
        max(case when activities.is_stale then 1 else 0 end) = 1 as is_stale,
        cast(count(*) as integer) as activities
    from activity_spells
    inner join activities
        on activity_spells.activity_id = activities.activity_id
    group by activity_spells.spell_id
),

first_activities as (
    select
        activity_spells.spell_id,
        activities.*
    from activity_spells
    inner join activities
        on activity_spells.activity_id = activities.activity_id
    where activity_spells.activity_number = 1
),

final as (
    select
        first_activities.spell_id,
        first_activities.person_key,
        first_activities.instrument,
        first_activities.is_company_based,
        first_activities.employer_pays_wage,
        first_activities.hours_kind,
        first_activities.enterprise_cvr,
        first_activities.p_number,
        {{ enterprise_kind('rsv_periods.enterprise_cvr is not null', 'form_periods.value') }} as enterprise_kind,
        first_activities.start_date,
        spell_ends.end_date,
        spell_ends.is_stale,
        spell_ends.activities,
        first_activities.target_group,
        first_activities.regime,
        first_activities.municipality_code,
        first_activities.planned_weekly_hours,
        {{ age_in_years('first_activities.birth_date', 'first_activities.start_date') }} as age_at_start,
        first_activities.sex
    from first_activities
    inner join spell_ends
        on first_activities.spell_id = spell_ends.spell_id
    left join rsv_periods
        on
            first_activities.enterprise_cvr = rsv_periods.enterprise_cvr
            and first_activities.start_date between rsv_periods.valid_from and rsv_periods.valid_to
    left join form_periods
        on
            first_activities.enterprise_cvr = form_periods.enterprise_cvr
            and first_activities.start_date between form_periods.valid_from and form_periods.valid_to
)

select * from final
