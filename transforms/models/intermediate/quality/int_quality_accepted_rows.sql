{# One row per used file: its accepted rows, counted where the measures read them, so that the sum with the rejected ones is a check of its own. Of the documents of the
   business register the lake keeps one a number, so there the rejected documents are counted and taken off. #}
{%- set counted_kinds = [
    'stg_people__residences', 'stg_benefits__rows', 'stg_payroll__lines', 'stg_se_numbers__periods',
] -%}
with deliveries as (
    select * from {{ ref('stg_deliveries') }}
    where outcome = 'used'
),

placement_versions as (
    select * from {{ ref('int_placement_versions') }}
    where is_accepted
),

enterprises_rejected as (
    select * from {{ ref('stg_enterprises__rejected') }}
),

units_rejected as (
    select * from {{ ref('stg_units__rejected') }}
),

row_counts as (
    {% for model in counted_kinds -%}
        select
            file_name,
            count(*) as row_count
        from {{ ref(model) }}
        group by file_name
        union all
    {% endfor -%}
    select
        file_name,
        count(*) as row_count
    from placement_versions
    group by file_name
    union all
    select
        file_name,
        -count(*) as row_count
    from enterprises_rejected
    group by file_name
    union all
    select
        file_name,
        -count(*) as row_count
    from units_rejected
    group by file_name
),

final as (
    select
        deliveries.file_name,
        case when deliveries.kind in ('cvr_virksomheder', 'cvr_produktionsenheder') then deliveries.rows_delivered else 0 end
        + coalesce(row_counts.row_count, 0) as rows_accepted
    from deliveries
    left join row_counts on deliveries.file_name = row_counts.file_name
)

select * from final
