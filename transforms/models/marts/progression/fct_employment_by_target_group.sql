with spells as (
    select * from {{ ref('int_progression_spells') }}
),

{# Not employed in the month before the start, and that month in the panel. #}
spells_without_work as (
    select spell_id from {{ ref('int_spell_event_months') }}
    where event_month = -1 and not is_employed
),

spell_horizons as (
    select * from {{ ref('fct_progression_horizons') }}
),

{# Who has left is not in work. #}
spells_with_status as (
    select
        spells.person_key,
        spells.cluster_name,
        spells.enterprise_kind as kind,
        spells.instrument as spell_instrument,
        spells.target_group as spell_target_group,
        spell_horizons.horizon,
        case when spell_horizons.status <> 'observed' then 1 else 0 end as exited,
        case when coalesce(spell_horizons.is_employed, false) then 1 else 0 end as employed,
        case when coalesce(spell_horizons.is_small_job, false) then 1 else 0 end as small_job,
        case when coalesce(spell_horizons.is_employed, false) then spells.person_key end as employed_person_key
    from spell_horizons
    inner join spells
        on spell_horizons.spell_id = spells.spell_id
    inner join spells_without_work
        on spell_horizons.spell_id = spells_without_work.spell_id
),

cells as (
    select
        {{ each_with_all('kind') }} as enterprise_kind,
        {{ each_with_all('spell_instrument') }} as instrument,
        {{ each_with_all('spell_target_group') }} as target_group,
        horizon,
        count(*) as spells,
        count(distinct person_key) as persons,
        {{ sum_whole('exited') }} as exited,
        {{ sum_whole('employed') }} as employed,
        {{ sum_whole('small_job') }} as small_jobs,
        count(distinct employed_person_key) as persons_employed
    from spells_with_status
    group by cube(kind, spell_instrument, spell_target_group), horizon
),

clusters as (
    select
        {{ each_with_all('kind') }} as enterprise_kind,
        {{ each_with_all('spell_instrument') }} as instrument,
        {{ each_with_all('spell_target_group') }} as target_group,
        horizon,
        cluster_name,
        count(*) as spells,
        {{ sum_whole('employed') }} as employed
    from spells_with_status
    group by cube(kind, spell_instrument, spell_target_group), horizon, cluster_name
),

{# Enterprises with the same numbers leave the same estimate behind. #}
like_clusters as (
    select
        enterprise_kind,
        instrument,
        target_group,
        horizon,
        spells,
        employed,
        count(*) as clusters
    from clusters
    group by enterprise_kind, instrument, target_group, horizon, spells, employed
),

{# Left out the only enterprise, nothing remains and there is no estimate. #}
left_out as (
    select
        like_clusters.enterprise_kind,
        like_clusters.instrument,
        like_clusters.target_group,
        like_clusters.horizon,
        like_clusters.clusters,
        {{ share('cells.employed - like_clusters.employed', 'cells.spells - like_clusters.spells') }}
        - {{ share('cells.employed', 'cells.spells') }} as deviation
    from like_clusters
    inner join cells
        on
            like_clusters.enterprise_kind = cells.enterprise_kind
            and like_clusters.instrument = cells.instrument
            and like_clusters.target_group = cells.target_group
            and like_clusters.horizon = cells.horizon
),

deviations as (
    select
        enterprise_kind,
        instrument,
        target_group,
        horizon,
        {{ sum_whole('clusters') }} as clusters,
        {{ exact_sum('clusters * deviation') }} as deviation_sum,
        {{ exact_sum('clusters * deviation * deviation') }} as deviation_square_sum,
        min(deviation) as deviation_min,
        max(deviation) as deviation_max
    from left_out
    group by enterprise_kind, instrument, target_group, horizon
),

estimates as (
    select
        cells.*,
        {{ share('cells.employed', 'cells.spells') }} as estimate,
        deviations.clusters,
        deviations.deviation_sum,
        deviations.deviation_square_sum,
        deviations.deviation_min,
        deviations.deviation_max
    from cells
    inner join deviations
        on
            cells.enterprise_kind = deviations.enterprise_kind
            and cells.instrument = deviations.instrument
            and cells.target_group = deviations.target_group
            and cells.horizon = deviations.horizon
),

{{ leave_one_out_errors('estimates') }},

final as (
    select
        target_group,
        enterprise_kind,
        instrument,
        horizon,
        spells,
        persons,
        exited,
        employed,
        persons_employed,
        clusters,
        estimate as share,
        {{ share('small_jobs', 'spells') }} as small_job_share,
        standard_error,
        ci_lower,
        ci_upper
    from with_errors
)

select * from final
