{# One row a cell, milestone, enterprise, status and month: spells. A cell is a kind, an instrument and a target group, each with `all`; only spells that are the person's first of the instrument. #}
with spells as (
    select * from {{ ref('int_progression_spells') }}
    where is_first_of_instrument
),

milestones as (
    select * from {{ ref('fct_milestones') }}
),

{# A number for each enterprise: the cells are many, and a number is lighter than a text. #}
clusters as (
    select
        spell_id,
        cast(dense_rank() over (order by cluster_name) as integer) as cluster_id
    from spells
),

outcomes as (
    select
        spells.enterprise_kind as kind,
        spells.instrument as spell_instrument,
        spells.target_group as spell_target_group,
        milestones.milestone,
        clusters.cluster_id,
        milestones.status,
        milestones.months,
        count(*) as spells
    from milestones
    inner join spells
        on milestones.spell_id = spells.spell_id
    inner join clusters
        on milestones.spell_id = clusters.spell_id
    group by spells.enterprise_kind, spells.instrument, spells.target_group, milestones.milestone, clusters.cluster_id, milestones.status, milestones.months
),

final as (
    select
        {{ each_with_all('kind') }} as enterprise_kind,
        {{ each_with_all('spell_instrument') }} as instrument,
        {{ each_with_all('spell_target_group') }} as target_group,
        milestone,
        cluster_id,
        status,
        months,
        {{ sum_whole('spells') }} as spells
    from outcomes
    group by cube(kind, spell_instrument, spell_target_group), milestone, cluster_id, status, months
)

select * from final
