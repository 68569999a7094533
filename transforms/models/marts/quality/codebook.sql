with described_columns as (
    {{ codebook_rows() }}
),

final as (
    select
        cast(schema_name as varchar) as schema_name,
        cast(table_name as varchar) as table_name,
        cast(column_name as varchar) as column_name,
        cast(column_position as integer) as column_position,
        cast(data_type as varchar) as data_type,
        cast(unit as varchar) as unit,
        cast(description as varchar) as description,
        cast(label_da as varchar) as label_da,
        cast(value_set as varchar) as value_set,
        cast(source_fields as varchar) as source_fields,
        cast(rule as varchar) as rule,
        cast(tier as varchar) as tier,
        cast(table_description as varchar) as table_description,
        cast(table_label_da as varchar) as table_label_da,
        cast(table_tier as varchar) as table_tier
    from described_columns
)

select * from final
