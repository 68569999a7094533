with benefit_months as (

    select * from {{ ref('int_person_benefit_months') }}

),

residences as (

    select * from {{ ref('int_residence_periods') }}

),

municipalities as (

    select * from {{ ref('int_municipalities') }}

),

build as (

    select * from {{ ref('int_build') }}

),

target_months as (

    select
        cast(extract(year from benefit_months.month) as integer) as year,
        benefit_months.person_key,
        benefit_months.benefit_group,
        benefit_months.month
    from benefit_months
    cross join build
    where
        benefit_months.is_target
        and benefit_months.weeks > 0
        and benefit_months.month between build.observed_from and build.observed_through

),

last_months as (

    select
        year,
        person_key,
        {{ month_end("max(month)") }} as last_day
    from target_months
    group by year, person_key

),

-- Residence on the last day of the last such month, one municipality a person and year whatever the benefit.
placed as (

    select
        last_months.year,
        last_months.person_key,
        municipalities.municipality_code
    from last_months
    left join residences
        on
            last_months.person_key = residences.person_key
            and last_months.last_day between residences.valid_from and residences.valid_to
    left join municipalities on residences.municipality_code = municipalities.municipality_code

),

groups_had as (

    select distinct
        year,
        person_key,
        benefit_group
    from target_months
    union all
    select
        year,
        person_key,
        'all' as benefit_group
    from last_months

),

final as (

    select
        groups_had.year,
        placed.municipality_code,
        groups_had.benefit_group,
        count(*) as persons
    from groups_had
    inner join placed on groups_had.year = placed.year and groups_had.person_key = placed.person_key
    group by groups_had.year, placed.municipality_code, groups_had.benefit_group

)

select * from final
