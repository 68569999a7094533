with rule_counts as (
    select * from {{ source('inputs', 'rule_counts') }}
),

final as (
    select
        file_name,
        rule,
        rows_looked_at,
        rows_failed
    from rule_counts
)

select * from final
