with files as (
    select * from {{ published('fct_deliveries') }}
),

municipalities as (
    select * from {{ published('dim_municipalities') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        files.folder,
        files.file_name,
        {{ label('files.kind') }} as kind,
        files.period,
        municipalities.municipality,
        {{ label('files.outcome') }} as outcome,
        files.refusal_reason,
        files.rows_delivered,
        files.rows_accepted,
        files.rows_rejected,
        files.rows_rejected / nullif(files.rows_delivered, 0) as rejected_share
    from files
    left join municipalities
        on files.municipality_code = municipalities.municipality_code
    {{ join_labels('delivery_kind', 'files.kind') }}
    {{ join_labels('delivery_outcome', 'files.outcome') }}
)

select * from final
