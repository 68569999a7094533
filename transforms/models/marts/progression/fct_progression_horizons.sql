with spells as (
    select * from {{ ref('int_progression_spells') }}
),

event_months as (
    select * from {{ ref('int_spell_event_months') }}
),

build as (
    select
        observed_from,
        observed_through
    from {{ ref('int_build') }}
),

horizons as (
    {{ integers(var('horizons'), 'horizon') }}
),

{# Every horizon whose month is observed, also after the person has left. #}
spell_horizons as (
    select
        spells.*,
        horizons.horizon
    from spells
    cross join horizons
    cross join build
    where {{ add_months('spells.start_month', 'horizons.horizon') }} between build.observed_from and build.observed_through
),

{# Hours and months of the panel from event month 1 on, first between the horizons: a month after the start is reached by adding, so a hole shows as a month too few. #}
hours_between_horizons as (
    select
        spell_id,
        {{ least_not_below('event_month', var('horizons')) }} as horizon,
        sum(ordinary_hours) as ordinary_hours,
        count(*) as months
    from event_months
    where event_month between 1 and {{ var('horizons') | max }}
    group by spell_id, horizon
),

running_hours as (
    select
        spell_id,
        horizon,
        sum(ordinary_hours) over months_so_far as cumulative_hours,
        sum(months) over months_so_far as months_in_panel
    from hours_between_horizons
    window months_so_far as (partition by spell_id order by horizon rows between unbounded preceding and current row)
),

final as (
    select
        spell_horizons.spell_id,
        spell_horizons.horizon,
        {# No row in the panel on an observed month: the person has left. #}
        case when event_months.spell_id is not null then 'observed' else spell_horizons.exit_reason end as status,
        event_months.ordinary_hours,
        cast(event_months.ordinary_hours - spell_horizons.baseline_hours as decimal(18, 4)) as hours_change,
        event_months.hour_band,
        case when event_months.spell_id is not null then spell_horizons.baseline_band end as baseline_band,
        event_months.hour_band - spell_horizons.baseline_band as band_change,
        event_months.is_employed,
        event_months.is_small_job,
        event_months.is_self_supporting,
        event_months.labour_state,
        cast(
            case when running_hours.months_in_panel = spell_horizons.horizon then running_hours.cumulative_hours end as decimal(18, 4)
        ) as cumulative_hours,
        case
            when event_months.spell_id is null then null
            when not event_months.is_employed then 'no_ordinary_work'
            when 2 * event_months.same_enterprise_hours > event_months.ordinary_hours then 'same_enterprise'
            else 'other_enterprise'
        end as destination
    from spell_horizons
    left join event_months
        on spell_horizons.spell_id = event_months.spell_id and spell_horizons.horizon = event_months.event_month
    left join running_hours
        on spell_horizons.spell_id = running_hours.spell_id and spell_horizons.horizon = running_hours.horizon
)

select * from final
