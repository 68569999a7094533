{#
  One row a cell, milestone and month with somebody at risk: who left, and the cumulative incidence (Aalen-Johansen; events and exits before censoring).
  A curve moves only in months with an event or an exit: those are its steps, numbered from 1, and `step` is the number of the last one up to the month.
#}
with cell_outcomes as (
    select * from {{ ref('int_milestone_cells') }}
),

months as (
    {{ integers_up_to(var('follow_up_months'), 'months') }}
),

cells as (
    select
        enterprise_kind,
        instrument,
        target_group,
        milestone,
        row_number() over (order by enterprise_kind, instrument, target_group, milestone) as cell_id,
        {{ sum_whole('spells') }} as spells,
        count(distinct cluster_id) as clusters,
        max(months) as last_month
    from cell_outcomes
    group by enterprise_kind, instrument, target_group, milestone
),

leavers as (
    select
        enterprise_kind,
        instrument,
        target_group,
        milestone,
        months,
        {{ sum_whole("case when status = 'event' then spells else 0 end") }} as events,
        {{ sum_whole("case when status = 'competing' then spells else 0 end") }} as competing,
        {{ sum_whole("case when status = 'censored' then spells else 0 end") }} as censored
    from cell_outcomes
    group by enterprise_kind, instrument, target_group, milestone, months
),

cell_months as (
    select
        cells.*,
        months.months,
        coalesce(leavers.events, 0) as events,
        coalesce(leavers.competing, 0) as competing,
        coalesce(leavers.censored, 0) as censored
    from cells
    inner join months
        on cells.last_month >= months.months
    left join leavers
        on
            cells.enterprise_kind = leavers.enterprise_kind
            and cells.instrument = leavers.instrument
            and cells.target_group = leavers.target_group
            and cells.milestone = leavers.milestone
            and months.months = leavers.months
),

at_risk_months as (
    select
        *,
        cast(
            spells - coalesce(
                sum(events + competing + censored) over (
                    partition by cell_id order by months rows between unbounded preceding and 1 preceding
                ), 0
            ) as bigint
        ) as at_risk,
        cast(
            sum(case when events + competing > 0 then 1 else 0 end) over (
                partition by cell_id order by months rows between unbounded preceding and current row
            ) as integer
        ) as step
    from cell_months
),

{{ incidence('at_risk_months', 'cell_id', 'months') }},

final as (
    select
        cell_id,
        enterprise_kind,
        instrument,
        target_group,
        milestone,
        months,
        step,
        events + competing > 0 as is_step,
        spells,
        clusters,
        at_risk,
        events,
        competing,
        censored,
        cumulative_incidence
    from with_incidence
)

select * from final
