{# One row per activity with the spell it belongs to; the spell is named by its first activity. #}
with activities as (
    select
        activity_id,
        person_key,
        instrument,
        enterprise_cvr,
        coalesce(enterprise_cvr, '') as enterprise_place,
        start_date,
        registered_at,
        coalesce(effective_end_date, {{ last_day() }}) as last_covered_date
    from {{ ref('int_activities') }}
),

{# The latest end of the activities before, which need not be the last one's. #}
compared_activities as (
    select
        *,
        max(last_covered_date) over (
            partition by person_key, instrument, enterprise_place
            order by start_date, registered_at, activity_id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_so_far
    from activities
),

numbered_activities as (
    select
        *,
        sum(
            case
                when
                    latest_end_so_far is not null
                    and {{ days_between('latest_end_so_far', 'start_date') }} <= {{ var('spell_gap_days') }}
                    then 0
                else 1
            end
        ) over (
            partition by person_key, instrument, enterprise_place
            order by start_date, registered_at, activity_id
            rows between unbounded preceding and current row
        ) as spell_in_place
    from compared_activities
),

final as (
    select
        activity_id,
        first_value(activity_id) over (
            partition by person_key, instrument, enterprise_place, spell_in_place
            order by start_date, registered_at, activity_id
        ) as spell_id,
        row_number() over (
            partition by person_key, instrument, enterprise_place, spell_in_place
            order by start_date, registered_at, activity_id
        ) as activity_number
    from numbered_activities
)

select * from final
