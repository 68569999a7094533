{%- set dimensions = {'kind': 'enterprise_kind', 'spell_instrument': 'instrument'} -%}
{%- set margins = [['cube(kind, spell_instrument)']] -%}
{%- set always = ['start_year', 'milestone', 'month'] -%}
{%- set keys = always + dimensions.values() | list -%}
with spells as (
    select * from {{ ref('int_progression_spells') }}
),

milestones as (
    select * from {{ ref('fct_milestones') }}
),

build as (
    select observed_through from {{ ref('int_build') }}
),

months as (
    {{ integers([12, 24, 36], 'month') }}
),

{# A fixed cohort: spells whose month is observed whatever happened before it. Taking who completed earlier without waiting for the others would count them too often. #}
outcomes as (
    select
        cast(extract(year from spells.start_date) as integer) as spell_year,
        spells.spell_id,
        spells.person_key,
        spells.enterprise_cvr,
        spells.cluster_name,
        case when spells.enterprise_kind = 'rsv' then 'rsv' else 'other' end as kind,
        spells.instrument as spell_instrument,
        milestones.milestone,
        months.month,
        case when milestones.status = 'event' and milestones.months <= months.month then 1 else 0 end as is_event,
        case when milestones.status = 'competing' and milestones.months <= months.month then 1 else 0 end as is_competing
    from milestones
    inner join spells
        on milestones.spell_id = spells.spell_id
    cross join months
    cross join build
    where
        spells.is_first_of_instrument
        and months.month <= {{ var('follow_up_months') }}
        and {{ add_months('spells.start_month', 'months.month') }} <= build.observed_through
),

outcomes_by_year as (
    {{ in_own_year_and_in_all('outcomes') | indent(4) }}
),

cells as (
    {{ marginal_counts('outcomes_by_year', always, dimensions, margins, [
        'count(distinct person_key) as persons',
        'count(*) as spells',
        sum_whole('is_event') ~ ' as events',
        sum_whole('is_competing') ~ ' as competing',
    ]) | indent(4) }}
),

outcomes_at_enterprises as (
    select * from outcomes_by_year
    where enterprise_cvr is not null
),

at_enterprises as (
    {{ marginal_counts('outcomes_at_enterprises', always + ['enterprise_cvr'], dimensions, margins, ['count(distinct person_key) as persons']) | indent(4) }}
),

{{ persons_by_enterprise('cells', 'at_enterprises', keys) | indent(0) }},

clusters as (
    {{ marginal_counts('outcomes_by_year', always + ['cluster_name'], dimensions, margins, ['count(*) as spells', sum_whole('is_event') ~ ' as events']) | indent(4) }}
),

{{ left_out_shares('with_enterprises', 'clusters', keys, 'events') | indent(0) }},

{{ leave_one_out_errors('estimates') }},

final as (
    select
        start_year,
        enterprise_kind,
        instrument,
        milestone,
        month,
        persons,
        spells,
        events,
        competing,
        estimate as share,
        ci_lower,
        ci_upper,
        enterprises,
        largest_persons,
        second_persons
    from with_errors
)

select * from final
