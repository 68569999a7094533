{# One row a spell and event month in the panel, from -12 to the last month that a measure of progression looks at. #}
{%- set last_event_month = 'greatest(12, ' ~ var('follow_up_months') ~ ', ' ~ var('horizons') | join(', ') ~ ')' -%}
with spells as (
    select * from {{ ref('int_progression_spells') }}
),

person_months as (
    select * from {{ ref('fct_person_months') }}
),

employer_months as (
    select * from {{ ref('int_employer_months') }}
),

spell_months as (
    select
        spells.spell_id,
        cast({{ months_between('spells.start_month', 'person_months.month') }} as integer) as event_month,
        person_months.month,
        person_months.ordinary_hours,
        person_months.supported_hours,
        person_months.hour_band,
        person_months.is_employed,
        person_months.is_small_job,
        person_months.is_self_supporting,
        person_months.labour_state
    from spells
    inner join person_months
        on
            spells.person_key = person_months.person_key
            and person_months.month >= {{ add_months('spells.start_month', -12) }}
            and person_months.month <= {{ add_months('spells.start_month', last_event_month) }}
),

{# A spell's unknown enterprise equals none, neither do unresolved employers: those months have no hours there. #}
same_enterprise_months as (
    select
        spells.spell_id,
        employer_months.month,
        employer_months.ordinary_hours
    from spells
    inner join employer_months
        on spells.person_key = employer_months.person_key and spells.enterprise_cvr = employer_months.enterprise_cvr
),

final as (
    select
        spell_months.spell_id,
        spell_months.event_month,
        spell_months.ordinary_hours,
        spell_months.supported_hours,
        spell_months.hour_band,
        spell_months.is_employed,
        spell_months.is_small_job,
        spell_months.is_self_supporting,
        spell_months.labour_state,
        coalesce(same_enterprise_months.ordinary_hours, 0) as same_enterprise_hours
    from spell_months
    left join same_enterprise_months
        on spell_months.spell_id = same_enterprise_months.spell_id and spell_months.month = same_enterprise_months.month
)

select * from final
