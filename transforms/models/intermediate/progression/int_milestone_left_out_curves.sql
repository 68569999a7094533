{# One row a cell, milestone and step of its curve: how far the curves that leave out one enterprise each lie from the whole one. Cells of one enterprise have none. #}
with cell_outcomes as (
    select * from {{ ref('int_milestone_cells') }}
),

cell_months as (
    select * from {{ ref('int_milestone_steps') }}
    where clusters > 1
),

{# Censored counts at every step up to its month: `step` is the last of them, 0 when none. #}
contributions as (
    select
        cell_months.cell_id,
        cell_outcomes.cluster_id,
        cell_months.step,
        {{ sum_whole('cell_outcomes.spells') }} as leaving,
        {{ sum_whole("case when cell_outcomes.status = 'event' then cell_outcomes.spells else 0 end") }} as events,
        {{ sum_whole("case when cell_outcomes.status = 'competing' then cell_outcomes.spells else 0 end") }} as competing
    from cell_outcomes
    inner join cell_months
        on
            cell_outcomes.enterprise_kind = cell_months.enterprise_kind
            and cell_outcomes.instrument = cell_months.instrument
            and cell_outcomes.target_group = cell_months.target_group
            and cell_outcomes.milestone = cell_months.milestone
            and cell_outcomes.months = cell_months.months
    group by cell_months.cell_id, cell_outcomes.cluster_id, cell_months.step
),

contributions_of_cells as (
    select
        cell_id,
        {{ list_of_rows(['cluster_id', 'step', 'leaving', 'events', 'competing']) }} as contributions
    from contributions
    group by cell_id
),

steps_of_cells as (
    select
        cell_id,
        {{ list_of_rows(['step', 'at_risk', 'events', 'competing']) }} as steps
    from cell_months
    where is_step
    group by cell_id
),

deviations as (
    select
        steps_of_cells.cell_id,
        {{ left_out_curve_deviations('steps_of_cells.steps', 'contributions_of_cells.contributions') }} as deviations
    from steps_of_cells
    inner join contributions_of_cells
        on steps_of_cells.cell_id = contributions_of_cells.cell_id
),

{{ rows_of_lists('deviations', 'deviations', ['cell_id'], ['step', 'deviation_sum', 'deviation_square_sum', 'deviation_min', 'deviation_max']) }},

final as (
    select * from with_rows
)

select * from final
