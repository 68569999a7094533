{# One row per counter that ingest keeps: over the used files. #}
with file_counters as (
    select * from {{ ref('stg_file_counters') }}
),

deliveries as (
    select * from {{ ref('stg_deliveries') }}
    where outcome = 'used'
),

counters as (
    select unnest(['unknown_extra_columns']) as counter
),

counted as (
    select
        file_counters.counter,
        sum(file_counters.value) as value
    from file_counters
    inner join deliveries on file_counters.file_name = deliveries.file_name
    group by file_counters.counter
),

final as (
    select
        counters.counter,
        cast(coalesce(counted.value, 0) as decimal(18, 4)) as value
    from counters
    left join counted on counters.counter = counted.counter
)

select * from final
