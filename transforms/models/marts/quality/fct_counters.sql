with core_counters as (
    select * from {{ ref('int_counters_core') }}
),

ingest_counters as (
    select * from {{ ref('int_quality_counters') }}
),

final as (
    select
        counter,
        cast(value as decimal(18, 4)) as value
    from core_counters
    union all
    select
        counter,
        value
    from ingest_counters
)

select * from final
