{#
  One row a cell, milestone and step of its curve: how far the curves that leave out one enterprise each lie from the whole one.
  Enterprises whose spells leave at the same steps in the same way leave the same curve behind: it is drawn once and counted as often as there are such enterprises.
  That, and that nothing moves between steps, is what makes it feasible: most enterprises have one or two spells.
#}
with cell_outcomes as (
    select * from {{ ref('int_milestone_cells') }}
),

cell_months as (
    select * from {{ ref('int_milestone_steps') }}
),

steps as (
    select * from cell_months
    where is_step
),

{# One enterprise has no curve without it. Censored counts at every step up to its month: `step` is the last of them, 0 when none. #}
contributions as (
    select
        cell_months.cell_id,
        cell_outcomes.cluster_id,
        cell_months.step,
        {{ sum_whole('cell_outcomes.spells') }} as leaving,
        {{ sum_whole("case when cell_outcomes.status = 'event' then cell_outcomes.spells else 0 end") }} as events,
        {{ sum_whole("case when cell_outcomes.status = 'competing' then cell_outcomes.spells else 0 end") }} as competing
    from cell_outcomes
    inner join cell_months
        on
            cell_outcomes.enterprise_kind = cell_months.enterprise_kind
            and cell_outcomes.instrument = cell_months.instrument
            and cell_outcomes.target_group = cell_months.target_group
            and cell_outcomes.milestone = cell_months.milestone
            and cell_outcomes.months = cell_months.months
    where cell_months.clusters > 1
    group by cell_months.cell_id, cell_outcomes.cluster_id, cell_months.step
),

{# What an enterprise takes with it, as a text. #}
texts as (
    select
        cell_id,
        cluster_id,
        step,
        step || ':' || leaving || '/' || events || '/' || competing as contribution
    from contributions
),

{# Four of five have one contribution: putting the others alone in order took a fifth of the time. #}
contribution_numbers as (
    select
        cell_id,
        cluster_id,
        min(contribution) as contribution,
        count(*) as contributions
    from texts
    group by cell_id, cluster_id
),

signatures as (
    select
        cell_id,
        cluster_id,
        contribution as signature
    from contribution_numbers
    where contributions = 1
    union all
    select
        texts.cell_id,
        texts.cluster_id,
        {{ texts_in_order('texts.contribution', 'texts.step') }} as signature
    from texts
    inner join contribution_numbers
        on texts.cell_id = contribution_numbers.cell_id and texts.cluster_id = contribution_numbers.cluster_id
    where contribution_numbers.contributions > 1
    group by texts.cell_id, texts.cluster_id
),

like_clusters as (
    select
        cell_id,
        min(cluster_id) as cluster_id,
        count(*) as like_clusters
    from signatures
    group by cell_id, signature
),

{# The whole cell at each of its steps, less what the enterprise takes with it. #}
left_out_steps as (
    select
        steps.cell_id,
        like_clusters.cluster_id,
        like_clusters.like_clusters,
        steps.step,
        steps.cumulative_incidence as whole_incidence,
        steps.at_risk as whole_at_risk,
        steps.events - coalesce(contributions.events, 0) as events,
        steps.competing - coalesce(contributions.competing, 0) as competing,
        coalesce(contributions.leaving, 0) as leaving
    from like_clusters
    inner join steps
        on like_clusters.cell_id = steps.cell_id
    left join contributions
        on
            like_clusters.cell_id = contributions.cell_id
            and like_clusters.cluster_id = contributions.cluster_id
            and steps.step = contributions.step
),

left_out_at_risk as (
    select
        *,
        cast(
            whole_at_risk - sum(leaving) over (
                partition by cell_id, cluster_id order by step desc rows between unbounded preceding and current row
            ) as bigint
        ) as at_risk
    from left_out_steps
),

{{ incidence('left_out_at_risk', 'cell_id, cluster_id', 'step') }},

deviations as (
    select
        *,
        cumulative_incidence - whole_incidence as deviation
    from with_incidence
),

final as (
    select
        cell_id,
        step,
        {{ exact_sum('like_clusters * deviation') }} as deviation_sum,
        {{ exact_sum('like_clusters * deviation * deviation') }} as deviation_square_sum,
        min(deviation) as deviation_min,
        max(deviation) as deviation_max
    from deviations
    group by cell_id, step
)

select * from final
