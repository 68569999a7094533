{# One row per person and month in which the person could enter a trial, whatever they start: the part of eligibility that is the person's own. #}
with person_months as (
    select * from {{ ref('fct_person_months') }}
),

benefit_months as (
    select * from {{ ref('int_person_benefit_months') }}
),

people as (
    select * from {{ ref('int_people') }}
),

residence_periods as (
    select * from {{ ref('int_residence_periods') }}
),

spells as (
    select * from {{ ref('fct_placement_spells') }}
),

{# Months of a person follow each other without a gap, so rows before are months before. The row is month m-1. #}
months_before as (
    select
        person_key,
        month as month_before,
        benefit_group,
        count(*) over months_looked_at as months_in_panel,
        min(ordinary_hours) over months_looked_at as least_hours,
        max(ordinary_hours) over months_looked_at as most_hours
    from person_months
    window
        months_looked_at as (
            partition by person_key
            order by month
            rows between {{ protocol('months_before') - 1 }} preceding and current row
        )
),

months_of_families as (
    select
        person_key,
        month_before,
        {{ add_months('month_before', 1) }} as month,
        {{ add_months('month_before', 1 - protocol('months_before')) }} as first_month_before,
        benefit_group,
        case when most_hours = 0 then 'A' else 'B' end as family
    from months_before
    where
        months_in_panel = {{ protocol('months_before') }}
        and (most_hours = 0 or (least_hours > 0 and most_hours <= {{ protocol('small_job_hours') }}))
),

target_months as (
    select distinct
        person_key,
        month
    from benefit_months
    where is_target
),

first_rsv_starts as (
    select
        person_key,
        min(start_date) as first_rsv_start_date
    from spells
    where enterprise_kind = 'rsv'
    group by person_key
),

known_residences as (
    select
        person_key,
        valid_from,
        valid_to
    from residence_periods
    where municipality_code is not null
),

{# Living in a known municipality, wherever it is: moving between two is no gap. #}
residents as (
    {{ join_periods('known_residences', ['person_key']) | indent(4) }}
),

months_of_people as (
    select
        months_of_families.person_key,
        months_of_families.month,
        months_of_families.family,
        months_of_families.benefit_group,
        {{ age_in_years('people.birth_date', 'months_of_families.month') }} as age,
        people.sex
    from months_of_families
    inner join target_months as target_months_before
        on
            months_of_families.person_key = target_months_before.person_key
            and months_of_families.month_before = target_months_before.month
    inner join target_months
        on months_of_families.person_key = target_months.person_key and months_of_families.month = target_months.month
    inner join people
        on months_of_families.person_key = people.person_key
    inner join residents
        on
            months_of_families.person_key = residents.person_key
            and months_of_families.first_month_before >= residents.valid_from
            and {{ add_days('months_of_families.month', -1) }} <= residents.valid_to
    left join first_rsv_starts
        on months_of_families.person_key = first_rsv_starts.person_key
    where first_rsv_starts.first_rsv_start_date is null or first_rsv_starts.first_rsv_start_date >= months_of_families.month
),

final as (
    select
        months_of_people.person_key,
        months_of_people.month,
        months_of_people.family,
        months_of_people.benefit_group,
        months_of_people.age,
        months_of_people.sex,
        residence_periods.municipality_code as residence_code
    from months_of_people
    left join residence_periods
        on
            months_of_people.person_key = residence_periods.person_key
            and months_of_people.month between residence_periods.valid_from and residence_periods.valid_to
    where
        months_of_people.age between {{ protocol('age_from') }} and {{ protocol('age_to') }}
        and months_of_people.family in {{ text_list(protocol('families')) }}
)

select * from final
