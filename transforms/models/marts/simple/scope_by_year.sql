with cells as (
    select * from {{ published('fct_scope_yearly') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        cells.year,
        {{ label('cells.breakdown') }} as breakdown,
        case
            when cells.level = 'all' then 'Alle'
            when cells.level = 'unknown' then 'Ukendt'
            when cells.breakdown = 'industry' then 'Branche ' || cells.level
            else coalesce(level_labels.label_da, cells.level)
        end as level,
        {{ label('cells.enterprise_kind') }} as enterprise_kind,
        cells.persons,
        cells.spells_started,
        cells.spells_active
    from cells
    left join labels as level_labels
        on
            level_labels.code_list = case cells.breakdown
                when 'municipality' then 'municipality_code'
                when 'region' then 'region_code'
                when 'sex' then 'sex_short'
                else cells.breakdown
            end
            and cells.level = level_labels.code
    {{ join_labels('breakdown', 'cells.breakdown') }}
    {{ join_labels('kind_short', 'cells.enterprise_kind') }}
)

select * from final
