with residences as (
    select * from {{ ref('stg_people__residences') }}
),

people as (
    select person_key from {{ ref('int_people') }}
),

municipalities as (
    select municipality_code from {{ ref('int_municipalities') }}
),

peoples_residences as (
    select
        residences.person_key,
        municipalities.municipality_code,
        residences.residence_from,
        residences.residence_to,
        residences.line_number
    from residences
    inner join people
        on residences.person_key = people.person_key
    left join municipalities
        on residences.municipality_code = municipalities.municipality_code
),

final as (
    {{ resolve_periods('peoples_residences', ['person_key'], ['municipality_code'], 'line_number', 'residence_from', 'residence_to') | indent(4) }}
)

select * from final
