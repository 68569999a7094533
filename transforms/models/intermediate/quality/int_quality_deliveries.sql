{# One row per file of the landing zone, with its rows: accepted means by the row rules, whatever the cut-off; of a refused file all rows are rejected. #}
with deliveries as (
    select * from {{ ref('stg_deliveries') }}
),

rejected_in_build as (
    select * from {{ ref('int_quality_rejected_in_build') }}
),

accepted_rows as (
    select * from {{ ref('int_quality_accepted_rows') }}
),

counted as (
    select
        deliveries.*,
        case
            when deliveries.outcome = 'used' then accepted_rows.rows_accepted
            when deliveries.outcome = 'refused' then deliveries.rows_delivered * 0
        end as rows_accepted,
        case
            when deliveries.outcome = 'used' then deliveries.rows_rejected_by_file + coalesce(rejected_in_build.rows_rejected, 0)
            when deliveries.outcome = 'refused' then deliveries.rows_delivered
        end as rows_rejected
    from deliveries
    left join rejected_in_build on deliveries.file_name = rejected_in_build.file_name
    left join accepted_rows on deliveries.file_name = accepted_rows.file_name
),

final as (
    select
        folder,
        file_name,
        kind,
        sha256,
        outcome,
        case when outcome in ('used', 'refused') then rows_delivered end as rows_delivered,
        rows_accepted,
        rows_rejected,
        refusal_reason,
        period,
        municipality_code
    from counted
)

select * from final
