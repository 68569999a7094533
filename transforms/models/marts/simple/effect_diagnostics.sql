with cells as (
    select * from {{ published('fct_effect_diagnostics') }}
),

labels as (
    select * from {{ published('dim_effect_labels') }}
),

final as (
    select
        {{ label('cells.design') }} as design,
        {{ label('cells.arm') }} as arm,
        {{ label('cells.instrument') }} as instrument,
        {{ label('cells.family') }} as family,
        {{ label('cells.specification') }} as specification,
        {{ label("split_part(cells.subgroup, '=', 1)", 'subgroup_by_labels') }} as subgroup_by,
        case when cells.subgroup = 'all' then 'Alle' else coalesce(subgroup_labels.label_da, cells.subgroup) end as subgroup,
        {{ label('cells.outcome') }} as outcome,
        cells.horizon,
        {{ label('cells.estimator') }} as estimator,
        {{ label('cells.diagnostic') }} as diagnostic,
        cells.figure,
        cells.limit_low,
        cells.limit_high,
        {{ label('cells.verdict') }} as verdict,
        reason_labels.label_da as reason
    from cells
    left join labels as subgroup_labels
        on split_part(cells.subgroup, '=', 1) = subgroup_labels.code_list and split_part(cells.subgroup, '=', 2) = subgroup_labels.code
    {{ join_labels('reason', 'cells.reason') }}
    {{ join_labels('design', 'cells.design') }}
    {{ join_labels('arm', 'cells.arm') }}
    {{ join_labels('instrument', 'cells.instrument') }}
    {{ join_labels('family', 'cells.family') }}
    {{ join_labels('specification', 'cells.specification') }}
    {{ join_labels('subgroup_by', "split_part(cells.subgroup, '=', 1)", 'subgroup_by_labels') }}
    {{ join_labels('outcome', 'cells.outcome') }}
    {{ join_labels('estimator', 'cells.estimator') }}
    {{ join_labels('diagnostic', 'cells.diagnostic') }}
    {{ join_labels('verdict', 'cells.verdict') }}
)

select * from final
