{# Reading the lake (docs/lake.md). #}

{# The period of the partition that a row was read from, out of the path: lake/<kind>/<period>/<table>.parquet; a month becomes its first day.
   A regular expression, since the engine then works once a file: splitting the path cost 0.9 s for each reading of 3 million lines. #}
{% macro partition_period() %}cast(left(regexp_extract(filename, '([^/]+)/[^/]+$', 1) || '-01', 10) as date){% endmacro %}

{# The rows of a lake table that stand in files that are used at this cut-off, with the file's name and rank. #}
{% macro used_rows(lake_table, kind) -%}
    select
        lake_rows.*,
        deliveries.file_name,
        deliveries.file_rank
    from (
        select
            *,
            {{ partition_period() }} as partition_period
        from {{ lake_table }}
    ) as lake_rows
    inner join {{ ref('stg_deliveries') }} as deliveries
        on
            lake_rows.delivery_id = deliveries.delivery_id
            and lake_rows.partition_period = deliveries.period
            and deliveries.kind = '{{ kind }}'
            and deliveries.outcome = 'used'
{%- endmacro %}

{# A 64-bit hash of an identity: it only finds where to look, equality is decided on the columns themselves. #}
{% macro identity_hash(columns) %}hash({{ columns | join(', ') }}){% endmacro %}
