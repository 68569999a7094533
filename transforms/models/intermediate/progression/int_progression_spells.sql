{# One row a spell that has started by the cut-off, with what progression asks of it and when its person leaves. #}
with spells as (
    select * from {{ ref('fct_placement_spells') }}
),

persons as (
    select * from {{ ref('dim_persons') }}
),

hour_bands as (
    select * from {{ ref('dim_hour_bands') }}
),

build as (
    select as_of from {{ ref('int_build') }}
),

{# What starts after the cut-off has not started: it is nobody's next spell and has no months. #}
started_spells as (
    select
        spells.*,
        {{ month_of('spells.start_date') }} as start_month
    from spells
    cross join build
    where spells.start_date <= build.as_of
),

final as (
    select
        started_spells.spell_id,
        started_spells.person_key,
        started_spells.instrument,
        started_spells.enterprise_cvr,
        {# Errors leave out one enterprise at a time; a spell without one is a cluster of its own. #}
        coalesce('enterprise ' || started_spells.enterprise_cvr, 'spell ' || started_spells.spell_id) as cluster_name,
        started_spells.enterprise_kind,
        started_spells.target_group,
        started_spells.start_date,
        started_spells.start_month,
        started_spells.spell_number,
        started_spells.is_first_of_instrument,
        lead(started_spells.instrument) over persons_spells as next_instrument,
        cast(
            {{ months_between('started_spells.start_month', 'lead(started_spells.start_month) over persons_spells') }} as integer
        ) as months_to_next,
        started_spells.baseline_hours,
        hour_bands.hour_band as baseline_band,
        persons.exit_month,
        persons.exit_reason,
        cast({{ months_between('started_spells.start_month', 'persons.exit_month') }} as integer) as exit_event_month
    from started_spells
    inner join persons
        on started_spells.person_key = persons.person_key
    left join hour_bands
        on
            started_spells.baseline_hours is not null
            and (hour_bands.hours_from_inclusive is null or started_spells.baseline_hours >= hour_bands.hours_from_inclusive)
            and (hour_bands.hours_to_exclusive is null or started_spells.baseline_hours < hour_bands.hours_to_exclusive)
    window persons_spells as (partition by started_spells.person_key order by started_spells.spell_number)
)

select * from final
