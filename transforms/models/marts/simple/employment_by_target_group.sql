with cells as (
    select * from {{ published('fct_employment_by_target_group') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        {{ label('cells.target_group') }} as target_group,
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        {{ label('cells.instrument') }} as instrument,
        cells.horizon,
        cells.spells,
        cells.persons,
        cells.exited,
        cells.employed,
        cells.persons_employed,
        cells.share,
        cells.small_job_share,
        cells.standard_error,
        cells.ci_lower,
        cells.ci_upper,
        cells.clusters as enterprises
    from cells
    {{ join_labels('target_group', 'cells.target_group') }}
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
    {{ join_labels('instrument', 'cells.instrument') }}
)

select * from final
