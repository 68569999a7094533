with benefit_months as (

    select * from {{ ref('int_person_benefit_months') }}

),

residences as (

    select * from {{ ref('int_residence_periods') }}

),

municipalities as (

    select * from {{ ref('int_municipalities') }}

),

person_months as (

    select * from {{ ref('fct_person_months') }}

),

target_months as (

    select
        person_key,
        month,
        benefit_group
    from benefit_months
    where is_target and weeks > 0

),

people as (

    select
        person_key,
        month,
        max(case when benefit_group in ('cash_job_ready', 'cash_activity_ready') then 1 else 0 end) as has_cash,
        max(case when benefit_group in ('pre_rehabilitation', 'rehabilitation') then 1 else 0 end) as has_rehabilitation
    from target_months
    group by person_key, month

),

-- One municipality a person and month, whatever the benefit.
placed as (

    select
        people.person_key,
        people.month,
        people.has_cash,
        people.has_rehabilitation,
        municipalities.municipality_code,
        case when person_months.is_employed then 1 else 0 end as employed,
        case when person_months.is_employed then person_months.ordinary_hours else 0 end as ordinary_hours
    from people
    left join residences
        on
            people.person_key = residences.person_key
            and {{ month_end("people.month") }} between residences.valid_from and residences.valid_to
    left join municipalities on residences.municipality_code = municipalities.municipality_code
    left join person_months on people.person_key = person_months.person_key and people.month = person_months.month

),

-- cash and any_rehabilitation: a person may have both of their groups in a month, and official figures count such a person once.
had as (

    select
        placed.month,
        placed.municipality_code,
        target_months.benefit_group,
        placed.employed,
        placed.ordinary_hours
    from target_months
    inner join placed on target_months.person_key = placed.person_key and target_months.month = placed.month
    union all
    select
        month,
        municipality_code,
        'cash' as benefit_group,
        employed,
        ordinary_hours
    from placed
    where has_cash = 1
    union all
    select
        month,
        municipality_code,
        'any_rehabilitation' as benefit_group,
        employed,
        ordinary_hours
    from placed
    where has_rehabilitation = 1
    union all
    select
        month,
        municipality_code,
        'all' as benefit_group,
        employed,
        ordinary_hours
    from placed

),

final as (

    select
        month,
        municipality_code,
        benefit_group,
        count(*) as persons,
        cast(sum(employed) as bigint) as persons_employed,
        cast(sum(ordinary_hours) as decimal(18, 4)) as ordinary_hours
    from had
    group by month, municipality_code, benefit_group

)

select * from final
