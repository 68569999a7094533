with rule_results as (
    select * from {{ ref('int_quality_rule_results') }}
),

shared as (
    select
        *,
        {{ share('rows_failed', 'rows_looked_at') }} as failed_share
    from rule_results
),

final as (
    select
        rule,
        file_name,
        severity,
        rows_looked_at,
        rows_failed,
        failed_share as share,
        warn_limit,
        {# Within the limit of the catalogue a failed row warns; above it, and where a single failure is one too many, the rule fails. #}
        case
            when rows_looked_at = 0 then 'not applicable'
            when rows_failed = 0 then 'pass'
            when severity in ('hard', 'soft') and failed_share <= warn_limit then 'warn'
            else 'fail'
        end as outcome
    from shared
)

select * from final
