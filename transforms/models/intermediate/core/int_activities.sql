with versions as (
    select * from {{ ref('int_placement_versions') }}
),

instruments as (
    select * from {{ ref('int_instruments') }}
),

target_groups as (
    select * from {{ ref('int_target_groups') }}
),

enterprises as (
    select enterprise_cvr from {{ ref('int_enterprises') }}
),

build as (
    select as_of from {{ ref('stg_build') }}
),

{# When the latest version deletes, there is no activity. #}
standing_versions as (
    select
        *,
        {{ regime_at('start_date') }} as regime
    from versions
    where is_standing and handling <> 'S'
),

described_activities as (
    select
        standing_versions.activity_id,
        standing_versions.person_key,
        standing_versions.birth_date,
        standing_versions.sex,
        standing_versions.handling,
        standing_versions.registered_at,
        standing_versions.instrument_code,
        instruments.instrument,
        instruments.is_company_based,
        instruments.employer_pays_wage,
        instruments.hours_kind,
        standing_versions.regime,
        standing_versions.target_group_number,
        target_groups.target_group,
        standing_versions.benefit,
        standing_versions.cvr,
        standing_versions.p_number,
        {# The owner of the P-unit that day, known to the registry or not; else the given number when the registry has it. #}
        coalesce(standing_versions.owner_cvr, enterprises.enterprise_cvr) as enterprise_cvr,
        standing_versions.start_date,
        standing_versions.end_date,
        {{ add_months('standing_versions.start_date', 'instruments.max_months') }} as longest_end_date,
        build.as_of,
        standing_versions.planned_hours,
        standing_versions.planned_minutes,
        standing_versions.municipality_code,
        standing_versions.end_reason,
        standing_versions.file_name,
        standing_versions.line_number
    from standing_versions
    cross join build
    inner join instruments
        on standing_versions.instrument_code = instruments.instrument_code
    inner join target_groups
        on
            standing_versions.regime = target_groups.regime
            and standing_versions.target_group_number = target_groups.target_group_number
    left join enterprises
        on standing_versions.cvr = enterprises.enterprise_cvr
),

final as (
    select
        activity_id,
        person_key,
        birth_date,
        sex,
        handling,
        registered_at,
        instrument_code,
        instrument,
        is_company_based,
        employer_pays_wage,
        hours_kind,
        regime,
        target_group_number,
        target_group,
        benefit,
        cvr,
        p_number,
        enterprise_cvr,
        start_date,
        end_date,
        {# Null: open. An activity that nobody closed ends, for every measure, after the longest time its instrument can last. #}
        case
            when end_date is null and coalesce(longest_end_date < as_of, false) then longest_end_date
            else end_date
        end as effective_end_date,
        end_date is null and coalesce(longest_end_date < as_of, false) as is_stale,
        planned_hours,
        planned_minutes,
        {{ planned_weekly_hours('planned_hours', 'planned_minutes') }} as planned_weekly_hours,
        municipality_code,
        end_reason,
        file_name,
        line_number
    from described_activities
)

select * from final
