with results as (
    select * from {{ published('fct_rule_results') }}
),

labels as (
    select * from {{ published('dim_labels') }}
),

final as (
    select
        results.rule,
        coalesce(kind_labels.label_da, about_labels.label_da, split_part(results.rule, '.', 1)) as about,
        results.file_name,
        {{ label('results.severity') }} as severity,
        results.rows_looked_at,
        results.rows_failed,
        results.share as failed_share,
        results.warn_limit,
        {{ label('results.outcome') }} as outcome
    from results
    {{ join_labels('delivery_kind', "split_part(results.rule, '.', 1)", 'kind_labels') }}
    {{ join_labels('rule_about', "split_part(results.rule, '.', 1)", 'about_labels') }}
    {{ join_labels('severity', 'results.severity') }}
    {{ join_labels('rule_outcome', 'results.outcome') }}
)

select * from final
