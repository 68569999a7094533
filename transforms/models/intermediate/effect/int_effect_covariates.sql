{#
  One row per person and month of a trial: what came before it. `x_` looks back from the month, `xp_` from twelve months earlier (for the placebo in time).
  Means are over the months of a window that are in the panel; a window without one is 0, and its flag says so. Nothing is null.
#}
with starts as (
    select * from {{ ref('int_effect_starts') }}
),

controls as (
    select * from {{ ref('int_effect_controls') }}
),

histories as (
    select * from {{ ref('int_effect_histories') }}
),

runs as (
    select * from {{ ref('int_benefit_runs') }}
    where is_activity_ready
),

build as (
    select * from {{ ref('int_build') }}
),

trial_months as (
    select
        person_key,
        month
    from starts
    where arm is not null
    union
    select
        person_key,
        month
    from controls
),

months_back as (
    {{ integers(covariate_bounds(), 'months_back') }}
),

bounds as (
    select
        trial_months.person_key,
        trial_months.month,
        months_back.months_back,
        {{ month_number('trial_months.month') }} - months_back.months_back as month_number
    from trial_months
    cross join months_back
),

sums as (
    select
        bounds.person_key,
        bounds.month,
        {{ sums_at_bounds(covariate_bounds(), covariate_prefixes()) | indent(8) }}
    from bounds
    left join histories
        on bounds.person_key = histories.person_key and bounds.month_number = histories.month_number
    group by bounds.person_key, bounds.month
),

activity_ready_weeks as (
    select
        trial_months.person_key,
        trial_months.month,
        {{ weeks_before(covariate_prefixes()) | indent(8) }}
    from trial_months
    inner join runs
        on
            trial_months.person_key = runs.person_key
            and trial_months.month > runs.first_week
            and {{ add_months('trial_months.month', -15) }} <= runs.last_week
    group by trial_months.person_key, trial_months.month
),

earlier_starts as (
    select
        trial_months.person_key,
        trial_months.month,
        {{ earlier_start_counts(covariate_prefixes(), protocol('instrument_families') | list) | indent(8) }}
    from trial_months
    inner join starts
        on
            trial_months.person_key = starts.person_key
            and trial_months.month > starts.month
    where starts.month >= {{ add_months('trial_months.month', -36) }}
    group by trial_months.person_key, trial_months.month
),

final as (
    select
        sums.person_key,
        sums.month,
        {{ covariate_values(covariate_prefixes(), covariate_windows(), protocol('instrument_families') | list) | indent(8) }}
    from sums
    cross join build
    left join activity_ready_weeks
        on sums.person_key = activity_ready_weeks.person_key and sums.month = activity_ready_weeks.month
    left join earlier_starts
        on sums.person_key = earlier_starts.person_key and sums.month = earlier_starts.month
)

select * from final
