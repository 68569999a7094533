with cells as (
    select * from {{ published('fct_milestone_curves') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        {{ label('cells.instrument') }} as instrument,
        {{ label('cells.target_group') }} as target_group,
        {{ label('cells.milestone') }} as milestone,
        cells.months,
        cells.cumulative_incidence,
        cells.ci_lower,
        cells.ci_upper,
        cells.standard_error,
        cells.at_risk,
        cells.events,
        cells.competing,
        cells.censored,
        cells.clusters as enterprises
    from cells
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
    {{ join_labels('instrument', 'cells.instrument') }}
    {{ join_labels('target_group', 'cells.target_group') }}
    {{ join_labels('milestone', 'cells.milestone') }}
)

select * from final
