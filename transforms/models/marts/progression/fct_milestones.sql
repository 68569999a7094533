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

{# The months from month 1 on as bits of a number: whether a run is complete is then arithmetic, which costs a tenth of windows over the rows. #}
spells_months as (
    select
        spell_id,
        max(event_month) as last_observed_month,
        min(case when is_employed then event_month end) as first_ordinary_hour,
        min(case when is_half_time then event_month end) as half_time,
        {{ months_as_bits('true') }} as panel_bits,
        {{ months_as_bits('is_employed') }} as employed_bits,
        {{ months_as_bits('is_self_supporting') }} as self_supporting_bits
    from event_months
    where event_month between 1 and {{ last_month }}
    group by spell_id
),

spells_last_months as (
    select
        *,
        {{ unnest_numbers(1, last_month) }} as event_month
    from spells_months
),

{# Windows are of event months, not of rows, and begin at month 1: a window that reaches outside the panel has too few months. #}
months_after as (
    select
        spell_id,
        event_month,
        {{ months_of_window('employed_bits', 1) }} = 1 as is_employed,
        {{ months_of_window('self_supporting_bits', 6) }} as self_supporting_of_six,
        {{ months_of_window('employed_bits', 6) }} as employed_of_six,
        {{ months_of_window('employed_bits', 12) }} as employed_of_twelve,
        {{ months_of_window('panel_bits', 12) }} as months_of_twelve,
        {{ first_month_of_window('employed_bits', 12) }} as first_employed_of_twelve
    from spells_last_months
),

{# The first month that completes each milestone. A later window never begins its run earlier, so the least onset is that of the first. #}
runs as (
    select
        spell_id,
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

completions as (
    select
        spells_months.spell_id,
        spells_months.last_observed_month,
        spells_months.first_ordinary_hour,
        spells_months.half_time,
        runs.self_support_six_months,
        runs.lasting_six_in_row,
        runs.lasting_six_of_twelve,
        runs.lasting_six_of_twelve_onset
    from spells_months
    inner join runs
        on spells_months.spell_id = runs.spell_id
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
