{%- set last_month = var('horizons') | max | int -%}
{%- set dimensions = {'kind': 'enterprise_kind', 'spell_baseline_band': 'baseline_band'} -%}
{%- set margins = [['cube(kind, spell_baseline_band)']] -%}
{%- set always = ['event_month'] -%}
{%- set keys = always + dimensions.values() | list -%}
with spells as (
    select * from {{ ref('int_progression_spells') }}
    where baseline_band is not null
),

event_months as (
    select * from {{ ref('int_spell_event_months') }}
),

build as (
    select observed_through from {{ ref('int_build') }}
),

months as (
    {{ integers(range(-12, last_month + 1) | list, 'event_month') }}
),

{# In the panel from a year before the start on, so that who is missing later has left. #}
spells_seen_before as (
    select spell_id from event_months
    where event_month between -12 and 0
    group by spell_id
    having count(*) = 13
),

{# A fixed cohort: the last month is observed, whatever happens before it. #}
cohort as (
    select spells.*
    from spells
    inner join spells_seen_before
        on spells.spell_id = spells_seen_before.spell_id
    cross join build
    where {{ add_months('spells.start_month', last_month) }} <= build.observed_through
),

outcomes as (
    select
        cohort.spell_id,
        cohort.person_key,
        cohort.enterprise_cvr,
        case when cohort.enterprise_kind = 'rsv' then 'rsv' else 'other' end as kind,
        {# Half time and more are one: few are there before the start, and rows of few hide the others. #}
        cast(least(cohort.baseline_band, 2) as varchar) as spell_baseline_band,
        months.event_month,
        coalesce(event_months.ordinary_hours, 0) as ordinary_hours,
        case when event_months.hour_band = 0 then 1 else 0 end as is_band_0,
        case when event_months.hour_band = 1 then 1 else 0 end as is_band_1,
        case when event_months.hour_band = 2 then 1 else 0 end as is_band_2,
        case when event_months.hour_band = 3 then 1 else 0 end as is_band_3,
        case when event_months.hour_band = 4 then 1 else 0 end as is_band_4,
        case when event_months.spell_id is null then 1 else 0 end as is_exited
    from cohort
    cross join months
    left join event_months
        on cohort.spell_id = event_months.spell_id and months.event_month = event_months.event_month
),

all_cells as (
    {{ marginal_counts('outcomes', always, dimensions, margins, [
        'count(distinct person_key) as persons',
        'count(*) as spells',
        sum_whole('is_band_0') ~ ' as band_0',
        sum_whole('is_band_1') ~ ' as band_1',
        sum_whole('is_band_2') ~ ' as band_2',
        sum_whole('is_band_3') ~ ' as band_3',
        sum_whole('is_band_4') ~ ' as band_4',
        sum_whole('is_exited') ~ ' as exited',
        'sum(ordinary_hours) as ordinary_hours',
    ]) | indent(4) }}
),

cells as (
    select * from all_cells
    where baseline_band = 'all' or event_month in ({{ var('horizons') | join(', ') }})
),

outcomes_at_enterprises as (
    select * from outcomes
    where enterprise_cvr is not null
),

at_enterprises as (
    {{ marginal_counts('outcomes_at_enterprises', always + ['enterprise_cvr'], dimensions, margins, ['count(distinct person_key) as persons']) | indent(4) }}
),

{{ persons_by_enterprise('cells', 'at_enterprises', keys) | indent(0) }},

final as (
    select
        enterprise_kind,
        baseline_band,
        event_month,
        persons,
        spells,
        band_0,
        band_1,
        band_2,
        band_3,
        band_4,
        exited,
        {# To a tenth: a mean times its spells is a sum, and the difference of two sums may be a few persons' hours. #}
        round({{ share('ordinary_hours', 'spells') }}, 1) as mean_hours,
        enterprises,
        largest_persons,
        second_persons
    from with_enterprises
)

select * from final
