{%- set last_month = var('follow_up_months') -%}
with spells as (
    select * from {{ ref('int_progression_spells') }}
),

event_months as (
    select
        *,
        ordinary_hours >= 78 as is_half_time
    from {{ ref('int_spell_event_months') }}
),

build as (
    select observed_through from {{ ref('int_build') }}
),

months_before as (
    select * from event_months
    where event_month = -1
),

{# Windows are of event months, not of rows, and begin at month 1: a window that reaches outside the panel has too few months. #}
months_after as (
    select
        *,
        sum(case when is_self_supporting then 1 else 0 end) over last_six as self_supporting_of_six,
        sum(case when is_employed then 1 else 0 end) over last_six as employed_of_six,
        sum(case when is_employed then 1 else 0 end) over last_twelve as employed_of_twelve,
        count(*) over last_twelve as months_of_twelve,
        min(case when is_employed then event_month end) over last_twelve as first_employed_of_twelve
    from event_months
    where event_month between 1 and {{ last_month }}
    window
        last_six as (partition by spell_id order by event_month range between 5 preceding and current row),
        last_twelve as (partition by spell_id order by event_month range between 11 preceding and current row)
),

{# The first month that completes each milestone. A later window never begins its run earlier, so the least onset is that of the first. #}
completions as (
    select
        spell_id,
        max(event_month) as last_observed_month,
        min(case when is_employed then event_month end) as first_ordinary_hour,
        min(case when is_half_time then event_month end) as half_time,
        min(case when self_supporting_of_six = 6 then event_month end) as self_support_six_months,
        min(case when employed_of_six = 6 then event_month end) as lasting_six_in_row,
        min(
            case when is_employed and employed_of_twelve >= 6 and months_of_twelve = 12 then event_month end
        ) as lasting_six_of_twelve,
        min(
            case when is_employed and employed_of_twelve >= 6 and months_of_twelve = 12 then first_employed_of_twelve end
        ) as lasting_six_of_twelve_onset
    from months_after
    group by spell_id
),

{# At risk: month -1 is in the panel and does not fulfil the monthly condition. A small job makes the first ordinary hour true by construction. #}
spells_at_risk as (
    select
        spells.spell_id,
        'first_ordinary_hour' as milestone,
        completions.first_ordinary_hour as completed_month,
        completions.first_ordinary_hour as onset_month
    from spells
    inner join months_before
        on spells.spell_id = months_before.spell_id and not months_before.is_employed
    left join completions
        on spells.spell_id = completions.spell_id
    where spells.instrument <> 'small_job'
    union all
    select
        months_before.spell_id,
        'half_time' as milestone,
        completions.half_time as completed_month,
        completions.half_time as onset_month
    from months_before
    left join completions
        on months_before.spell_id = completions.spell_id
    where not months_before.is_half_time
    union all
    select
        months_before.spell_id,
        'self_support_six_months' as milestone,
        completions.self_support_six_months as completed_month,
        completions.self_support_six_months - 5 as onset_month
    from months_before
    left join completions
        on months_before.spell_id = completions.spell_id
    where not months_before.is_self_supporting
    union all
    select
        months_before.spell_id,
        'lasting_six_in_row' as milestone,
        completions.lasting_six_in_row as completed_month,
        completions.lasting_six_in_row - 5 as onset_month
    from months_before
    left join completions
        on months_before.spell_id = completions.spell_id
    where not months_before.is_employed
    union all
    select
        months_before.spell_id,
        'lasting_six_of_twelve' as milestone,
        completions.lasting_six_of_twelve as completed_month,
        completions.lasting_six_of_twelve_onset as onset_month
    from months_before
    left join completions
        on months_before.spell_id = completions.spell_id
    where not months_before.is_employed
),

outcomes as (
    select
        spells_at_risk.*,
        spells.exit_event_month,
        completions.last_observed_month,
        case
            when spells_at_risk.completed_month is not null then 'event'
            when spells.exit_event_month <= {{ last_month }} and spells.exit_month <= build.observed_through then 'competing'
            else 'censored'
        end as status
    from spells_at_risk
    inner join spells
        on spells_at_risk.spell_id = spells.spell_id
    left join completions
        on spells_at_risk.spell_id = completions.spell_id
    cross join build
),

final as (
    select
        spell_id,
        milestone,
        status,
        cast(
            case status
                when 'event' then completed_month
                when 'competing' then greatest(exit_event_month, 1)
                else last_observed_month
            end as integer
        ) as months,
        cast(onset_month as integer) as onset_months
    from outcomes
    {# Censored before a month is observed: no row. #}
    where status <> 'censored' or last_observed_month is not null
)

select * from final
