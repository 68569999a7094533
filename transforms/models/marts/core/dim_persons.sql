with people as (
    select * from {{ ref('int_people') }}
),

exits as (
    select * from {{ ref('int_person_exits') }}
),

final as (
    select
        people.person_key,
        people.sex,
        cast(extract(year from people.birth_date) as integer) as birth_year,
        exits.exit_month,
        exits.exit_reason
    from people
    inner join exits
        on people.person_key = exits.person_key
)

select * from final
