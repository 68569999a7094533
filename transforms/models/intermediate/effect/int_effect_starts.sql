{# One row per spell that has started by the cut-off: the arm and family it enters, or why it enters none (the first reason that holds). #}
with spells as (
    select * from {{ ref('fct_placement_spells') }}
),

build as (
    select * from {{ ref('int_build') }}
),

eligible_months as (
    select * from {{ ref('int_effect_eligible_months') }}
),

rsv_periods as (
    select * from {{ ref('int_enterprise_rsv_periods') }}
),

coverage as (
    select
        municipality_code,
        month
    from {{ ref('int_placement_coverage') }}
    where is_delivered
),

panel as (
    select * from {{ ref('int_panel') }}
),

people as (
    select * from {{ ref('int_people') }}
),

residence_periods as (
    select * from {{ ref('int_residence_periods') }}
    where municipality_code is not null
),

target_months as (
    select distinct
        person_key,
        month
    from {{ ref('int_person_benefit_months') }}
    where is_target
),

municipalities as (
    select
        municipality_code,
        municipality_group
    from {{ ref('int_municipalities') }}
),

instruments as (
    {{ instruments_of_families(protocol('instrument_families')) | indent(4) }}
),

started_spells as (
    select
        spells.*,
        {{ month_of('spells.start_date') }} as month,
        build.observed_from,
        build.observed_through
    from spells
    cross join build
    where spells.start_date <= build.as_of
),

{# Of all instruments: the first start in the month decides, whatever it is. #}
counted_spells as (
    select
        *,
        min(start_date) over (partition by person_key, month) as first_start_date,
        count(*) over (partition by person_key, start_date) as starts_that_day,
        min(case when enterprise_kind = 'rsv' then start_date end) over (partition by person_key) as first_rsv_start_date
    from started_spells
),

{# When the enterprise first was registered, and first after the start. #}
registrations as (
    select
        counted_spells.spell_id,
        min(rsv_periods.valid_from) as first_rsv_date,
        max(rsv_periods.valid_from) as last_rsv_date
    from counted_spells
    inner join rsv_periods
        on counted_spells.enterprise_cvr = rsv_periods.enterprise_cvr
    group by counted_spells.spell_id
),

same_instrument_before as (
    select distinct counted_spells.spell_id
    from counted_spells
    inner join started_spells as spells_before
        on
            counted_spells.person_key = spells_before.person_key
            and counted_spells.instrument = spells_before.instrument
            and counted_spells.month > spells_before.month
            and spells_before.month >= {{ add_months('counted_spells.month', -protocol('months_before')) }}
),

residents as (
    {{ join_periods('residence_periods', ['person_key']) | indent(4) }}
),

resident_spells as (
    select distinct counted_spells.spell_id
    from counted_spells
    inner join residents
        on
            counted_spells.person_key = residents.person_key
            and {{ add_months('counted_spells.month', -protocol('months_before')) }} >= residents.valid_from
            and {{ add_days('counted_spells.month', -1) }} <= residents.valid_to
),

reasoned_spells as (
    select
        counted_spells.spell_id,
        counted_spells.person_key,
        counted_spells.month,
        counted_spells.start_date,
        counted_spells.instrument,
        instruments.instrument_family,
        counted_spells.enterprise_cvr,
        counted_spells.p_number,
        counted_spells.enterprise_kind,
        coalesce(counted_spells.enterprise_kind <> 'rsv' and registrations.last_rsv_date > counted_spells.start_date, false) as is_rsv_later,
        counted_spells.target_group,
        counted_spells.municipality_code,
        eligible_months.family,
        eligible_months.benefit_group,
        eligible_months.age,
        counted_spells.sex,
        case
            when counted_spells.start_date > counted_spells.first_start_date then 'later_in_the_month'
            when counted_spells.starts_that_day > 1 then 'two_on_the_same_day'
            when instruments.instrument is null then 'instrument_not_in_protocol'
            when counted_spells.enterprise_kind = 'unknown' then 'enterprise_unknown'
            when
                counted_spells.enterprise_kind not in {{ text_list(['rsv'] + protocol('comparator_kinds')) }}
                then 'enterprise_not_compared'
            when
                counted_spells.enterprise_kind <> 'rsv' and registrations.first_rsv_date <= counted_spells.start_date
                then 'enterprise_was_rsv_before'
            when counted_spells.first_rsv_start_date < counted_spells.month then 'earlier_rsv_start'
            when
                counted_spells.observed_from is null
                or {{ add_months('counted_spells.month', -protocol('months_before')) }} < counted_spells.observed_from
                or counted_spells.month > counted_spells.observed_through
                then 'month_not_observed'
            when
                {{ age_in_years('people.birth_date', 'counted_spells.month') }}
                not between {{ protocol('age_from') }} and {{ protocol('age_to') }}
                then 'age'
            when resident_spells.spell_id is null then 'not_resident'
            when
                panel.person_key is null or panel.last_month < {{ add_months('counted_spells.month', -1) }}
                then 'not_in_panel'
            when target_months_before.person_key is null or target_months.person_key is null then 'no_target_benefit'
            when same_instrument_before.spell_id is not null then 'same_instrument_before'
            when coverage.month is null then 'municipality_not_delivered'
            when eligible_months.person_key is null then 'hours_outside_families'
        end as reason
    from counted_spells
    inner join people
        on counted_spells.person_key = people.person_key
    left join instruments
        on counted_spells.instrument = instruments.instrument
    left join registrations
        on counted_spells.spell_id = registrations.spell_id
    left join same_instrument_before
        on counted_spells.spell_id = same_instrument_before.spell_id
    left join resident_spells
        on counted_spells.spell_id = resident_spells.spell_id
    left join panel
        on counted_spells.person_key = panel.person_key
    left join target_months as target_months_before
        on
            counted_spells.person_key = target_months_before.person_key
            and {{ add_months('counted_spells.month', -1) }} = target_months_before.month
    left join target_months
        on counted_spells.person_key = target_months.person_key and counted_spells.month = target_months.month
    left join coverage
        on counted_spells.municipality_code = coverage.municipality_code and counted_spells.month = coverage.month
    left join eligible_months
        on counted_spells.person_key = eligible_months.person_key and counted_spells.month = eligible_months.month
),

final as (
    select
        reasoned_spells.spell_id,
        reasoned_spells.person_key,
        reasoned_spells.month,
        reasoned_spells.start_date,
        case
            when reasoned_spells.reason is null and reasoned_spells.enterprise_kind = 'rsv' then 'R'
            when reasoned_spells.reason is null then 'O'
        end as arm,
        reasoned_spells.reason,
        reasoned_spells.family,
        reasoned_spells.instrument,
        reasoned_spells.instrument_family,
        reasoned_spells.enterprise_cvr,
        reasoned_spells.enterprise_kind,
        {# One workplace: of a public enterprise, which may be a whole municipality, the unit when it was given. #}
        case
            when reasoned_spells.enterprise_kind = 'public' then coalesce(reasoned_spells.p_number, reasoned_spells.enterprise_cvr)
            else reasoned_spells.enterprise_cvr
        end as cluster_id,
        reasoned_spells.is_rsv_later,
        reasoned_spells.target_group,
        reasoned_spells.municipality_code,
        municipalities.municipality_group,
        municipalities.municipality_group in {{ text_list(protocol('town_groups')) }} as is_town,
        reasoned_spells.benefit_group,
        {{ quarter_text('reasoned_spells.month') }} as quarter,
        reasoned_spells.age,
        reasoned_spells.sex
    from reasoned_spells
    left join municipalities
        on reasoned_spells.municipality_code = municipalities.municipality_code
)

select * from final
