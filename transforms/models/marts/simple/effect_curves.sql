with cells as (
    select * from {{ published('fct_effect_event_study') }}
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
        {{ label('cells.outcome') }} as outcome,
        cells.event_month,
        {{ label('cells.estimator') }} as estimator,
        cells.estimate,
        cells.se,
        cells.low,
        cells.high,
        reason_labels.label_da as reason,
        cells.band_low,
        cells.band_high,
        cells.treated,
        cells.comparators,
        cells.enterprises,
        cells.mean_treated,
        cells.mean_weighted_comparators
    from cells
    {{ join_labels('reason', 'cells.reason') }}
    {{ join_labels('design', 'cells.design') }}
    {{ join_labels('arm', 'cells.arm') }}
    {{ join_labels('instrument', 'cells.instrument') }}
    {{ join_labels('family', 'cells.family') }}
    {{ join_labels('specification', 'cells.specification') }}
    {{ join_labels('outcome', 'cells.outcome') }}
    {{ join_labels('estimator', 'cells.estimator') }}
)

select * from final
