{# One row per file used or refused and rule: the counts of the pass over the file, completed by what a build decides. #}
with rule_counts as (
    select * from {{ ref('stg_rule_counts') }}
),

rule_changes as (
    select * from {{ ref('int_quality_rule_changes') }}
),

catalogue as (
    select * from {{ ref('stg_catalogue') }}
),

final as (
    select
        rule_counts.rule,
        rule_counts.file_name,
        catalogue.level as severity,
        catalogue.threshold as warn_limit,
        rule_counts.rows_looked_at + coalesce(rule_changes.rows_looked_at, 0) as rows_looked_at,
        rule_counts.rows_failed + coalesce(rule_changes.rows_failed, 0) as rows_failed
    from rule_counts
    inner join catalogue on rule_counts.rule = catalogue.rule
    left join rule_changes on rule_counts.file_name = rule_changes.file_name and rule_counts.rule = rule_changes.rule
)

select * from final
