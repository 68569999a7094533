with deliveries as (
    select * from {{ ref('int_quality_deliveries') }}
),

final as (
    select
        folder,
        file_name,
        kind,
        sha256,
        outcome,
        rows_delivered,
        rows_accepted,
        rows_rejected,
        refusal_reason,
        period,
        municipality_code
    from deliveries
)

select * from final
