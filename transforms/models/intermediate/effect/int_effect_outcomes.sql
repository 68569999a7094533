{#
  One row per person-trial and month h from the start month that is observed (-12 to 24; 0 is the start month).
  After death or pension: no hours, no benefit, not employed, and `state_exit`; after emigration `is_censored`, and every outcome is null.
#}
with trials as (
    select * from {{ ref('int_effect_trials') }}
),

histories as (
    select * from {{ ref('int_effect_histories') }}
),

panel as (
    select
        person_key,
        {{ month_number('first_month') }} as first_number,
        {{ month_number('last_month') }} as last_number
    from {{ ref('int_panel') }}
),

months as (
    select cast({{ unnest_numbers(protocol('first_event_month'), protocol('last_event_month')) }} as integer) as h
),

numbered_trials as (
    select
        trials.trial_id,
        trials.person_key,
        {{ month_number('trials.month') }} as start_number,
        panel.first_number,
        panel.last_number,
        trials.last_h,
        coalesce(trials.exit_h, {{ protocol('last_event_month') }} + 1) as exit_h,
        trials.exit_reason
    from trials
    inner join panel
        on trials.person_key = panel.person_key
),

{# Four months of a trial whose sums are looked up in one join: the start month and month 12 (an exit stops every sum at the person's last month), the month before the start and the fourth before. #}
base_months as (
    select
        trial_id,
        person_key,
        'start' as base,
        least(start_number, last_number) as month_number
    from numbered_trials
    union all
    select
        trial_id,
        person_key,
        'year' as base,
        least(start_number + 12, last_number) as month_number
    from numbered_trials
    union all
    select
        trial_id,
        person_key,
        'before' as base,
        start_number - 1 as month_number
    from numbered_trials
    union all
    select
        trial_id,
        person_key,
        'fourth_before' as base,
        start_number - 4 as month_number
    from numbered_trials
),

{# The fourth month before may lie before the panel: nothing had added up. #}
bases as (
    select
        base_months.trial_id,
        max(case when base_months.base = 'start' then histories.hours_until end) as hours_until,
        max(case when base_months.base = 'start' then histories.wage_until end) as wage_until,
        max(case when base_months.base = 'start' then histories.benefit_weeks_until end) as benefit_weeks_until,
        max(case when base_months.base = 'start' then histories.employed_until end) as employed_until,
        max(case when base_months.base = 'year' then histories.employed_until end) as employed_until_12,
        max(case when base_months.base = 'before' then histories.hours_until end)
        - coalesce(max(case when base_months.base = 'fourth_before' then histories.hours_until end), 0) as hours_before
    from base_months
    inner join histories
        on base_months.person_key = histories.person_key and base_months.month_number = histories.month_number
    group by base_months.trial_id
),

{# Joined before months are: 200,000 rows instead of 7 million. #}
trials_with_bases as (
    select
        numbered_trials.*,
        bases.hours_until as hours_at_start,
        bases.wage_until as wage_at_start,
        bases.benefit_weeks_until as benefit_weeks_at_start,
        bases.employed_until as employed_at_start,
        bases.employed_until_12 as employed_at_12,
        {{ share('bases.hours_before', '30000') }} as baseline_hours
    from numbered_trials
    inner join bases
        on numbered_trials.trial_id = bases.trial_id
),

trial_months as (
    select
        trials_with_bases.*,
        months.h,
        least(trials_with_bases.start_number + months.h, trials_with_bases.last_number) as month_number,
        months.h >= trials_with_bases.exit_h as is_after_exit
    from trials_with_bases
    inner join months
        on trials_with_bases.last_h >= months.h and trials_with_bases.start_number + months.h >= trials_with_bases.first_number
),

measured_months as (
    select
        trial_months.trial_id,
        trial_months.h,
        trial_months.start_number,
        trial_months.is_after_exit,
        trial_months.is_after_exit and trial_months.exit_reason = 'emigrated' as is_censored,
        case when trial_months.is_after_exit then 0 else histories.employed end as employed,
        case when trial_months.is_after_exit then 0 else histories.ordinary_hours end as ordinary_hours,
        case when trial_months.is_after_exit then 0 else greatest(histories.ordinary_hours - histories.imputed_hours, 0) end as reported_hours,
        histories.is_self_supporting and not trial_months.is_after_exit as is_self_supporting,
        case when trial_months.is_after_exit then 'exit' else histories.labour_state end as labour_state,
        trial_months.baseline_hours,
        histories.hours_until - trial_months.hours_at_start as hours_since,
        histories.wage_until - trial_months.wage_at_start as wage_since,
        histories.benefit_weeks_until - trial_months.benefit_weeks_at_start as benefit_weeks_since,
        histories.employed_until - trial_months.employed_at_start as employed_since,
        histories.employed_until - trial_months.employed_at_12 as employed_since_12,
        histories.last_six_in_row,
        histories.last_six_of_twelve
    from trial_months
    inner join histories
        on trial_months.person_key = histories.person_key and trial_months.month_number = histories.month_number
),

final as (
    select
        trial_id,
        h,
        is_censored,
        case when not is_censored then cast(employed as double) end as employed,
        case when not is_censored then {{ indicator('ordinary_hours >= 39') }} end as at_least_39_hours,
        case when not is_censored then {{ indicator('reported_hours >= 1') }} end as employed_reported_hours,
        case when not is_censored then {{ indicator('reported_hours >= 39') }} end as at_least_39_reported_hours,
        case when not is_censored then cast(ordinary_hours as double) end as ordinary_hours,
        case when not is_censored then cast(ordinary_hours as double) - baseline_hours end as hours_change,
        case when not is_censored and h >= 1 then {{ share('hours_since', '10000') }} end as cumulative_hours,
        case when not is_censored and h >= 1 then {{ share('wage_since', '10000') }} end as cumulative_wage_dkk,
        case when not is_censored and h >= 1 then cast(benefit_weeks_since as double) end as cumulative_benefit_weeks,
        case when not is_censored then {{ indicator('is_self_supporting') }} end as self_supporting,
        {{ state_indicators(labour_states() + ['exit']) | indent(8) }},
        case when not is_censored and h >= 1 then {{ indicator('employed_since > 0') }} end as first_ordinary_hour_by,
        {# All months that complete it lie after the start month. #}
        case when not is_censored and h >= 1 then {{ indicator('coalesce(last_six_in_row >= start_number + 6, false)') }} end as lasting_six_in_row_by,
        case when not is_censored and h >= 1 then {{ indicator('coalesce(last_six_of_twelve >= start_number + 12, false)') }} end as lasting_six_of_twelve_by,
        case when not is_censored and h = 24 then cast(employed_since_12 as double) end as months_employed_13_24
    from measured_months
)

select * from final
