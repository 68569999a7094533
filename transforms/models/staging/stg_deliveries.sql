with deliveries as (
    select * from {{ source('inputs', 'deliveries') }}
),

final as (
    select
        delivery_id,
        file_name,
        folder,
        kind,
        period,
        part_number,
        municipality_code,
        sha256,
        outcome,
        refusal_reason,
        rows_delivered,
        rows_rejected_by_file,
        file_rank
    from deliveries
)

select * from final
